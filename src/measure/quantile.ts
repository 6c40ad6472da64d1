/**
 * Quantiles of `count` values by rank. `valueAt(rank)` gives the value at 0-based rank `rank`; `quantile` is in [0, 1].
 */

/** What keeps 0.999 · 1000 from being rounded up to the 1000th value. */
const BELOW_ONE = 1 - 2 * Number.EPSILON

/** Nearest rank, as HDR histograms do it: the smallest value with at least `quantile · count` values up to it. */
export function nearestRank(count: number, quantile: number): number {
  return Math.max(1, Math.ceil(quantile * count * BELOW_ONE)) - 1
}

/** As k6 does it: on the straight line between the values around rank `quantile · (count − 1)`. */
export function interpolated(count: number, quantile: number, valueAt: (rank: number) => number): number {
  const rank = quantile * (count - 1)
  const lowerRank = Math.floor(rank)
  const lower = valueAt(lowerRank)
  if (lowerRank === rank) return lower
  return lower + (valueAt(lowerRank + 1) - lower) * (rank - lowerRank)
}
