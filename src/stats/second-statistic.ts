/**
 * Figures of a run as functions of its seconds, which is what lets seconds be drawn anew.
 */
import { nearestRank } from '../core/nearest-rank.ts'
import type { BucketCounts } from './histogram-quantile.ts'
import { overdispersion, type ShareCount } from './share.ts'

/** Values that a quantile needs beyond it, on either side, before its resampled spread means anything. */
const LEAST_BEYOND_COUNT = 10

export interface SecondStatistic {
  /** The figure when second t counts `weights[t]` times; NaN when nothing in them bears on it. */
  readonly of: (weights: Uint32Array) => number
  /** What each second adds to the figure's deviation, up to a factor: the series whose correlation matters. */
  readonly influence: readonly number[]
  /** Why a resampled interval would mean nothing here. */
  readonly doubt?: string
  /** Of shares: what they are shares of. */
  readonly share?: ShareCount
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}

function weighted(weights: Uint32Array, values: readonly number[]): number {
  let sum = 0
  for (let second = 0; second < weights.length; second++) {
    sum += (weights[second] ?? 0) * (values[second] ?? 0)
  }
  return sum
}

/** Σ numerators / Σ denominators: retry amplification (sent / offered), accepted to cap. One entry a second. */
export function ratioOfSums(numerators: readonly number[], denominators: readonly number[]): SecondStatistic {
  const totalDenominator = total(denominators)
  const ratio = totalDenominator === 0 ? 0 : total(numerators) / totalDenominator
  return {
    of: (weights) => weighted(weights, numerators) / weighted(weights, denominators),
    influence: numerators.map((numerator, second) => numerator - ratio * (denominators[second] ?? 0)),
  }
}

/** Σ counts / Σ totals of things counted among others, such as throttled replies among requests sent. */
export function shareOfSums(counts: readonly number[], totals: readonly number[]): SecondStatistic {
  return {
    ...ratioOfSums(counts, totals),
    share: { count: total(counts), totalCount: total(totals), dispersion: overdispersion(counts, totals) },
  }
}

/** A rate per second. */
export function meanPerSecond(counts: readonly number[]): SecondStatistic {
  return ratioOfSums(
    counts,
    counts.map(() => 1),
  )
}

/** The buckets of all seconds in ascending order of their values. */
interface Cells {
  readonly lowUs: Float64Array
  readonly counts: Uint32Array
  readonly seconds: Uint32Array
}

function cellsOf(seconds: readonly BucketCounts[]): Cells {
  const cells = seconds.flatMap(({ lowUs, counts }, second) =>
    lowUs.map((us, index) => ({ us, count: counts[index] ?? 0, second })),
  )
  cells.sort((a, b) => a.us - b.us)
  return {
    lowUs: Float64Array.from(cells, ({ us }) => us),
    counts: Uint32Array.from(cells, ({ count }) => count),
    seconds: Uint32Array.from(cells, ({ second }) => second),
  }
}

/** Value at 0-based `rank` in ascending order. */
function valueFromBelow({ lowUs, counts, seconds }: Cells, weights: Uint32Array, rank: number): number {
  let left = rank
  for (let cell = 0; cell < counts.length; cell++) {
    left -= (weights[seconds[cell] ?? 0] ?? 0) * (counts[cell] ?? 0)
    if (left < 0) return lowUs[cell] ?? NaN
  }
  return NaN
}

/** Value at 0-based `rank` in descending order. */
function valueFromAbove({ lowUs, counts, seconds }: Cells, weights: Uint32Array, rank: number): number {
  let left = rank
  for (let cell = counts.length - 1; cell >= 0; cell--) {
    left -= (weights[seconds[cell] ?? 0] ?? 0) * (counts[cell] ?? 0)
    if (left < 0) return lowUs[cell] ?? NaN
  }
  return NaN
}

function doubtOf(quantile: number, count: number): string | undefined {
  const neededCount = Math.ceil(LEAST_BEYOND_COUNT / Math.min(quantile, 1 - quantile) - 1e-6)
  if (count >= neededCount) return undefined
  return `p${Number((quantile * 100).toPrecision(6))} of ${count} values; an interval needs ${neededCount}`
}

/** A quantile in (0, 1), µs, of all values of all seconds together. One histogram a second, empty ones too. */
export function quantileUs(seconds: readonly BucketCounts[], quantile: number): SecondStatistic {
  const cells = cellsOf(seconds)
  const counts = seconds.map((histogram) => total(histogram.counts))
  // From the nearer end: the walk to a p99 passes a hundredth of the values.
  const of = (weights: Uint32Array): number => {
    const count = weighted(weights, counts)
    if (count === 0) return NaN
    const rank = nearestRank(count, quantile)
    return quantile < 0.5
      ? valueFromBelow(cells, weights, rank)
      : valueFromAbove(cells, weights, count - 1 - rank)
  }
  const us = of(new Uint32Array(seconds.length).fill(1))
  const above = seconds.map(({ lowUs, counts }) => total(counts.filter((_, i) => (lowUs[i] ?? 0) > us)))
  const doubt = doubtOf(quantile, total(counts))
  return {
    of,
    influence: ratioOfSums(above, counts).influence,
    ...(doubt === undefined ? {} : { doubt }),
  }
}
