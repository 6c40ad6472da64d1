/** Shorter stretches say nothing about their own spread. */
export const LEAST_SEGMENT_COUNT = 3

/** Where a series falls apart best. */
export interface EnergySplit {
  /** First value of the right part. */
  readonly index: number
  /** The statistic there: the larger, the more the parts differ. */
  readonly energy: number
}

/** Mean of the distances between different ones of `count` values. */
function meanWithin(distanceSum: number, count: number): number {
  return (2 * distanceSum) / (count * (count - 1))
}

/**
 * The split of the values into two parts, neither shorter than three, that maximises
 *
 *     Q = km/(k + m) · (2 · mean|X − Y| − mean|X − X′| − mean|Y − Y′|)
 *
 * for a left part X of k and a right part Y of m values; `undefined` when there are fewer than six.
 *
 * Source: D. Matteson and N. James, "A Nonparametric Approach for Multiple Change Point Analysis of Multivariate
 * Data", Journal of the American Statistical Association 109, 2014, with exponent 1.
 */
export function bestSplit(values: readonly number[]): EnergySplit | undefined {
  const count = values.length
  const distanceSum = (value: number, from: number, to: number): number => {
    let sum = 0
    for (let i = from; i < to; i++) sum += Math.abs(value - (values[i] ?? 0))
    return sum
  }
  let best: EnergySplit | undefined
  let left = 0
  let across = 0
  let right = values.reduce((sum, value, index) => sum + distanceSum(value, index + 1, count), 0)
  values.forEach((value, index) => {
    // Here `value` moves from the right part to the left one, which then ends after it.
    const toLeft = distanceSum(value, 0, index)
    const toRight = distanceSum(value, index + 1, count)
    left += toLeft
    across += toRight - toLeft
    right -= toRight
    const k = index + 1
    const m = count - k
    if (k < LEAST_SEGMENT_COUNT || m < LEAST_SEGMENT_COUNT) return
    const energy = ((k * m) / count) * ((2 * across) / (k * m) - meanWithin(left, k) - meanWithin(right, m))
    if (best === undefined || energy > best.energy) best = { index: k, energy }
  })
  return best
}
