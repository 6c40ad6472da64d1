/**
 * Quantiles of `count` values by rank. `valueAt(rank)` gives the value at 0-based rank `rank`; `quantile` is in [0, 1].
 */

/** As k6 does it: on the straight line between the values around rank `quantile · (count − 1)`. */
export function interpolated(count: number, quantile: number, valueAt: (rank: number) => number): number {
  const rank = quantile * (count - 1)
  const lowerRank = Math.floor(rank)
  const lower = valueAt(lowerRank)
  if (lowerRank === rank) return lower
  return lower + (valueAt(lowerRank + 1) - lower) * (rank - lowerRank)
}
