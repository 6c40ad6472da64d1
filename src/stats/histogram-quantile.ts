import { nearestRank } from '../core/nearest-rank.ts'

/** Counts by bucket, in ascending order of the buckets' lower bounds. Several may have the same bound. */
export interface BucketCounts {
  readonly lowUs: readonly number[]
  readonly counts: readonly number[]
}

/** How many values are in it. */
export function histogramTotal({ counts }: BucketCounts): number {
  return counts.reduce((sum, count) => sum + count, 0)
}

/** A quantile in [0, 1], µs; `undefined` of an empty histogram. */
export function histogramQuantileUs(histogram: BucketCounts, quantile: number): number | undefined {
  const { lowUs, counts } = histogram
  let left = nearestRank(histogramTotal(histogram), quantile)
  const index = counts.findIndex((count) => (left -= count) < 0)
  return lowUs[index]
}

/** How many times longer the same quantile is in the one histogram than in the other. */
export interface QuantileRatio {
  readonly quantile: number
  /** `undefined` where a histogram is empty or the base is 0 µs. */
  readonly ratio: number | undefined
}

/**
 * head/base, quantile by quantile: tells a shift of everything from a longer tail.
 *
 * Source: K. Doksum, "Empirical Probability Plots and Statistical Inference for Nonlinear Models in the Two-Sample
 * Case", Annals of Statistics 2(2), 1974; as a ratio.
 */
export function quantileRatios(
  base: BucketCounts,
  head: BucketCounts,
  quantiles: readonly number[],
): QuantileRatio[] {
  return quantiles.map((quantile) => {
    const baseUs = histogramQuantileUs(base, quantile)
    const headUs = histogramQuantileUs(head, quantile)
    const defined = baseUs !== undefined && headUs !== undefined && baseUs > 0
    return { quantile, ratio: defined ? headUs / baseUs : undefined }
  })
}
