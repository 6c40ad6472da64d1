/** How far the nightly gate can be trusted: its false alarms, and what it finds. */
import type { Rng } from '../core/rng.ts'
import type { Interval } from './interval.ts'
import type { Metric } from './metric.ts'
import { judgedPast, nightUnscaled, type GateOptions, type NightFigure } from './night-base.ts'
import { judgeNight, type NightComparison } from './night-gate.ts'
import { mean } from './sample.ts'
import { wilsonInterval } from './share.ts'
import { simulateNights, type SteadyMetric } from './simulated-nights.ts'
import { CONFIDENCE } from './verdict.ts'

/**
 * A metric in all valid nights, oldest first; `undefined` in a night that does not have it. Series of a family have as
 * many nights each.
 */
export interface NightHistory {
  readonly metric: Metric
  readonly name: string
  readonly nights: readonly (NightFigure | undefined)[]
}

/** So many of so many nights or trials. */
export interface Rate {
  readonly count: number
  readonly totalCount: number
  /** `count / totalCount`, with the 95 % score interval. Both undefined for no trials. */
  readonly ratio: number | undefined
  readonly interval: Interval | undefined
}

function rateOf(count: number, totalCount: number): Rate {
  if (totalCount === 0) return { count, totalCount, ratio: undefined, interval: undefined }
  return {
    count,
    totalCount,
    ratio: count / totalCount,
    interval: wilsonInterval({ count, totalCount }, CONFIDENCE),
  }
}

/** What the gate said in night number `index`, knowing only the nights before it. */
function judgeIndex(family: readonly NightHistory[], index: number, options: GateOptions): NightComparison[] {
  const series = family.flatMap(({ metric, name, nights }) => {
    const tonight = nights[index]
    return tonight === undefined ? [] : [{ metric, name, past: known(nights.slice(0, index)), tonight }]
  })
  return judgeNight(series, options)
}

function known(nights: readonly (NightFigure | undefined)[]): NightFigure[] {
  return nights.filter((night) => night !== undefined)
}

/**
 * Share of nights in which the gate would have alarmed, each judged by the nights before it. Over nights in which
 * nothing changed it is the rate of false alarms, to be compared with the 1 % that the gate promises.
 */
export function falseNights(family: readonly NightHistory[], options: GateOptions = {}): Rate {
  const nightCount = Math.max(0, ...family.map(({ nights }) => nights.length))
  let falseCount = 0
  let judgedCount = 0
  for (let index = 0; index < nightCount; index++) {
    const results = judgeIndex(family, index, options)
    if (results.some(({ pValue }) => pValue !== undefined)) judgedCount++
    if (results.some(({ verdict }) => verdict === 'regressed')) falseCount++
  }
  return rateOf(falseCount, judgedCount)
}

/**
 * What a metric has been like since its last lasting change, to see what the gate would find of it; `undefined` while
 * there are too few nights.
 */
export function steadyMetric(
  { metric, name, nights }: NightHistory,
  options: GateOptions = {},
): SteadyMetric | undefined {
  const past = known(nights)
  const tonight = past.at(-1)
  if (tonight === undefined) return undefined
  const { base } = judgedPast({ metric, name, past, tonight }, options)
  if (base === undefined) return undefined
  const requestCount = Math.round(mean(past.map((night) => night.requestCount)))
  const level = nightUnscaled(metric, base.mean, requestCount)
  return { metric, name, level, deviation: base.deviation, requestCount }
}

export interface DetectionOptions extends GateOptions {
  /** Nights before the change. */
  readonly pastCount: number
  /** Nights, from the change on, within which it counts as found. */
  readonly withinCount: number
  readonly trialCount: number
}

/**
 * Share of trials in which the gate finds that the first metric of the family, a ratio, became `factor` times what it
 * was, while nothing else changed.
 */
export function detectionRate(
  family: readonly SteadyMetric[],
  factor: number,
  options: DetectionOptions,
  rng: Rng,
): Rate {
  const { pastCount, withinCount, trialCount } = options
  const found = (trial: number): boolean => {
    const histories = family.map((steady, position): NightHistory => {
      const stream = rng.fork(`${trial}/${position}`)
      const past = simulateNights(steady, pastCount, stream)
      const changed = position === 0 ? { ...steady, level: steady.level * factor } : steady
      const nights = [...past, ...simulateNights(changed, withinCount, stream)]
      return { metric: steady.metric, name: steady.name, nights }
    })
    for (let night = 0; night < withinCount; night++) {
      const [changed] = judgeIndex(histories, pastCount + night, options)
      if (changed?.verdict === 'regressed') return true
    }
    return false
  }
  let foundCount = 0
  for (let trial = 0; trial < trialCount; trial++) if (found(trial)) foundCount++
  return rateOf(foundCount, trialCount)
}
