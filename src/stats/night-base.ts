/** What the past nights of a metric have in common, and how far the last ones are from it. */
import { changePoints, type ChangePoint } from './change-points.ts'
import type { Metric } from './metric.ts'
import { lag1Correlation, mean, variance } from './sample.ts'

/** Fewer nights do not show how much nights differ. */
const LEAST_NIGHT_COUNT = 10
/** Of one level: since the last change. */
const LEAST_BASE_COUNT = 5
const MAX_BASE_COUNT = 20
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

/** Where nights are averaged: logarithms of ratios; logits of shares, with half a request added to either side. */
export function nightScaled(metric: Metric, { value, requestCount }: NightFigure): number {
  if (metric.kind === 'ratio') return Math.log(value)
  const count = value * requestCount
  return Math.log((count + 0.5) / (requestCount - count + 0.5))
}

/** The inverse: what users read. */
export function nightUnscaled(metric: Metric, scaled: number): number {
  return metric.kind === 'ratio' ? Math.exp(scaled) : 1 / (1 + Math.exp(-scaled))
}

/** The past of a series, ready to be asked about tonight; no base while there are too few nights. */
export interface JudgedPast {
  readonly series: NightSeries
  readonly changes: readonly ChangePoint[]
  readonly warnings: readonly string[]
  readonly base: Base | undefined
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

function baseOf(level: readonly number[], tonight: number): Base | undefined {
  const values = level.slice(0, -1).slice(-MAX_BASE_COUNT)
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
export function judgedPast(series: NightSeries): JudgedPast {
  const { metric, past, tonight } = series
  const nights = past
    .map((night, index) => ({ index, value: nightScaled(metric, night) }))
    .filter(({ value }) => Number.isFinite(value))
  if (nights.length < LEAST_NIGHT_COUNT) {
    const warning = `learning: ${nights.length} of ${LEAST_NIGHT_COUNT} valid nights`
    return { series, changes: [], warnings: [warning], base: undefined }
  }
  const values = nights.map(({ value }) => value)
  const found = changePoints(values)
  const level = values.slice(found.at(-1)?.index ?? 0)
  const base = baseOf(level, nightScaled(metric, tonight))
  const changes = found.map(({ index, before, after, pValue }) => ({
    index: nights[index]?.index ?? index,
    before: nightUnscaled(metric, before),
    after: nightUnscaled(metric, after),
    pValue,
  }))
  const warning = `learning: ${level.length} of ${LEAST_BASE_COUNT + 1} valid nights since the last change`
  return { series, changes, warnings: base === undefined ? [warning] : correlationWarnings(level), base }
}
