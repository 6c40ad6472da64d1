/** What keeps 0.999 · 1000 from being rounded up to the 1000th value. */
const BELOW_ONE = 1 - 2 * Number.EPSILON

/**
 * 0-based rank of a quantile in [0, 1] of `count` values, the nearest one, as HDR histograms do it: that of the smallest value
 * with at least `quantile · count` values up to it.
 */
export function nearestRank(count: number, quantile: number): number {
  return Math.max(1, Math.ceil(quantile * count * BELOW_ONE)) - 1
}
