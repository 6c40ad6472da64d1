/** How far the nightly gate can be trusted: its false alarms, and what it finds. */
import type { Rng } from '../core/rng.ts'
import type { Interval } from './interval.ts'
import type { Metric } from './metric.ts'
import type { NightFigure } from './night-base.ts'
import { judgeNight, type NightComparison } from './night-gate.ts'
import { wilsonInterval } from './share.ts'
import { simulateNights, type SteadyMetric } from './simulated-nights.ts'
import { CONFIDENCE } from './verdict.ts'

/** A metric in all valid nights, oldest first. Series of a family have as many nights each. */
export interface NightHistory {
  readonly metric: Metric
  readonly name: string
  readonly nights: readonly NightFigure[]
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
function judgeIndex(family: readonly NightHistory[], index: number): NightComparison[] {
  return judgeNight(
    family.flatMap(({ metric, name, nights }) => {
      const tonight = nights[index]
      return tonight === undefined ? [] : [{ metric, name, past: nights.slice(0, index), tonight }]
    }),
  )
}

/**
 * Share of nights in which the gate would have alarmed, each judged by the nights before it. Over nights in which
 * nothing changed it is the rate of false alarms, to be compared with the 1 % that the gate promises.
 */
export function falseNights(family: readonly NightHistory[]): Rate {
  const nightCount = Math.max(0, ...family.map(({ nights }) => nights.length))
  let falseCount = 0
  let judgedCount = 0
  for (let index = 0; index < nightCount; index++) {
    const results = judgeIndex(family, index)
    if (results.some(({ pValue }) => pValue !== undefined)) judgedCount++
    if (results.some(({ verdict }) => verdict === 'regressed')) falseCount++
  }
  return rateOf(falseCount, judgedCount)
}

export interface DetectionOptions {
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
  { pastCount, withinCount, trialCount }: DetectionOptions,
  rng: Rng,
): Rate {
  const found = (trial: number): boolean => {
    const histories = family.map((steady, position): NightHistory => {
      const stream = rng.fork(`${trial}/${position}`)
      const past = simulateNights(steady, pastCount, stream)
      const changed = position === 0 ? { ...steady, level: steady.level * factor } : steady
      const nights = [...past, ...simulateNights(changed, withinCount, stream)]
      return { metric: steady.metric, name: steady.name, nights }
    })
    return Array.from({ length: withinCount }, (_, night) => judgeIndex(histories, pastCount + night)).some(
      (results) => results[0]?.verdict === 'regressed',
    )
  }
  let foundCount = 0
  for (let trial = 0; trial < trialCount; trial++) if (found(trial)) foundCount++
  return rateOf(foundCount, trialCount)
}
