/** What the past nights of a metric have in common, and how far the last ones are from it. */
import { changePoints, type ChangePoint } from './change-points.ts'
import type { Metric } from './metric.ts'
import { lag1Correlation, mean, variance } from './sample.ts'

/** Fewer nights do not show how much nights differ. */
export const LEAST_NIGHT_COUNT = 10
/** Of one level: since the last change. */
const LEAST_BASE_COUNT = 5
/** Of nights that the base is from at most, when nothing else is asked for. */
const DEFAULT_BASE_COUNT = 20
/** Above it, and when it is not chance, the nights are no independent samples. */
const MAX_CORRELATION = 0.2

/** A metric in one valid night. */
export interface NightFigure {
  readonly value: number
  /** Requests that a share is of; ratios do not need it. */
  readonly requestCount: number
}

export interface NightSeries {
  readonly metric: Metric
  readonly name: string
  /** Valid nights of the same scenario on the same kind of machine, oldest first. */
  readonly past: readonly NightFigure[]
  readonly tonight: NightFigure
}

export interface GateOptions {
  /** Nights that the base is from at most: the last ones since the last lasting change. Default 20. */
  readonly maxBaseCount?: number
}

/** How far the gate is from judging a metric. */
export interface Learning {
  /** Valid nights that there are. */
  readonly nightCount: number
  readonly neededCount: number
  /** Whether they are counted from the last lasting change. */
  readonly isSinceChange: boolean
}

/** Where nights are averaged: logarithms of ratios; logits of shares, with half a request added to either side. */
export function nightScaled(metric: Metric, { value, requestCount }: NightFigure): number {
  if (metric.kind === 'ratio') return Math.log(value)
  const count = value * requestCount
  return Math.log((count + 0.5) / (requestCount - count + 0.5))
}

/** The inverse, for a night of `requestCount` requests: what users read. */
export function nightUnscaled(metric: Metric, scaled: number, requestCount: number = Infinity): number {
  if (metric.kind === 'ratio') return Math.exp(scaled)
  const share = 1 / (1 + Math.exp(-scaled))
  if (!Number.isFinite(requestCount)) return share
  return Math.min(1, Math.max(0, (share * (requestCount + 1) - 0.5) / requestCount))
}

/** The past of a series, ready to be asked about tonight; no base while there are too few nights. */
export interface JudgedPast {
  readonly series: NightSeries
  readonly changes: readonly ChangePoint[]
  readonly warnings: readonly string[]
  readonly base: Base | undefined
  /** Present without a base. */
  readonly learning?: Learning
}

/** A level as nights since the last change show it, on the logarithmic (logit) scale. */
export interface Base {
  readonly count: number
  readonly mean: number
  /** Of one night. */
  readonly deviation: number
  /** Nights after those of the base, less the base's mean: last night and tonight. */
  readonly lastNight: number
  readonly tonight: number
}

function correlationWarnings(values: readonly number[]): string[] {
  const correlation = lag1Correlation(values)
  // One-sided 5 %: the estimate from n independent nights has a standard deviation of 1/√n.
  if (correlation <= Math.max(MAX_CORRELATION, 1.645 / Math.sqrt(values.length))) return []
  return [
    `nights resemble the one before (correlation ${correlation.toFixed(2)}): expect more false alarms than 1 %, look for drift of the machine`,
  ]
}

function learningText({ nightCount, neededCount, isSinceChange }: Learning): string {
  const since = isSinceChange ? ' since the last change' : ''
  return `learning: ${nightCount} of ${neededCount} valid nights${since}`
}

function baseOf(level: readonly number[], tonight: number, maxCount: number): Base | undefined {
  const values = level.slice(0, -1).slice(-maxCount)
  if (values.length < LEAST_BASE_COUNT) return undefined
  const centre = mean(values)
  return {
    count: values.length,
    mean: centre,
    deviation: Math.sqrt(variance(values)),
    lastNight: (level.at(-1) ?? NaN) - centre,
    tonight: tonight - centre,
  }
}

/** Finds the level that the metric has had since its last lasting change. Nights at 0 have no logarithm and are left out. */
export function judgedPast(
  series: NightSeries,
  { maxBaseCount = DEFAULT_BASE_COUNT }: GateOptions = {},
): JudgedPast {
  const { metric, past, tonight } = series
  const nights = past
    .map((night, index) => ({ index, value: nightScaled(metric, night) }))
    .filter(({ value }) => Number.isFinite(value))
  if (nights.length < LEAST_NIGHT_COUNT) {
    return learningFrom(series, [], {
      nightCount: nights.length,
      neededCount: LEAST_NIGHT_COUNT,
      isSinceChange: false,
    })
  }
  const values = nights.map(({ value }) => value)
  const found = changePoints(values)
  const level = values.slice(found.at(-1)?.index ?? 0)
  const base = baseOf(level, nightScaled(metric, tonight), maxBaseCount)
  const changes = found.map(({ index, before, after, pValue }) => ({
    index: nights[index]?.index ?? index,
    before: nightUnscaled(metric, before, tonight.requestCount),
    after: nightUnscaled(metric, after, tonight.requestCount),
    pValue,
  }))
  if (base !== undefined) return { series, changes, warnings: correlationWarnings(level), base }
  return learningFrom(series, changes, {
    nightCount: level.length,
    neededCount: LEAST_BASE_COUNT + 1,
    isSinceChange: true,
  })
}

function learningFrom(series: NightSeries, changes: readonly ChangePoint[], learning: Learning): JudgedPast {
  return { series, changes, warnings: [learningText(learning)], base: undefined, learning }
}
