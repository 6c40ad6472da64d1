/**
 * The buckets of an HDR histogram with 3 significant digits and a unit of 1 µs: 1 µs wide up to 2048 µs, then
 * doubling in width with every doubling of the value, so that a bucket is never wider than 1/1024 of its values.
 * Every histogram of a run uses these buckets, so merging loses nothing.
 *
 * Source: http://hdrhistogram.org, "lowestEquivalentValue".
 */

const HOUR_US = 3_600_000_000

/** Longer durations count in the bucket of one hour; sums and maxima stay exact. */
export const HIGHEST_DURATION_US: number = HOUR_US

/** Services with monthly quotas say Retry-After in days. */
export const HIGHEST_RETRY_AFTER_US: number = 400 * 24 * HOUR_US

/** log2 of half of HDR's sub-bucket count, which is the power of two that holds 2 · 10³ values. */
const HALF_SUB_BUCKET_BITS = 10
const HALF_SUB_BUCKETS = 1_024
const TWO_POW_32 = 4_294_967_296

/** Log2 of the width of the bucket that holds `us`. */
function widthBits(us: number): number {
  const exponent = us < TWO_POW_32 ? 31 - Math.clz32(us) : Math.floor(Math.log2(us))
  return exponent <= HALF_SUB_BUCKET_BITS ? 0 : exponent - HALF_SUB_BUCKET_BITS
}

/** Number of the bucket that holds `us`, an integer ≥ 0: a small integer, in the order of the values. */
export function bucketIndex(us: number): number {
  const bits = widthBits(us)
  const position = us < TWO_POW_32 ? us >>> bits : Math.floor(us / 2 ** bits)
  return bits * HALF_SUB_BUCKETS + position
}

/** Smallest value of bucket number `index`. */
export function bucketLowUs(index: number): number {
  const bits = Math.max(Math.floor(index / HALF_SUB_BUCKETS) - 1, 0)
  return (index - bits * HALF_SUB_BUCKETS) * 2 ** bits
}

/** Largest value of the bucket that holds `us`, an integer ≥ 0. */
export function bucketHighUs(us: number): number {
  const widthUs = 2 ** widthBits(us)
  return us - (us % widthUs) + widthUs - 1
}

/** @throws RangeError unless `us` is an integer ≥ 0: a duration that is none is a fault of the caller. */
export function assertDurationUs(us: number): void {
  if (!Number.isSafeInteger(us) || us < 0) {
    throw new RangeError(`a duration must be a whole number of µs, at least 0, not ${us}`)
  }
}
