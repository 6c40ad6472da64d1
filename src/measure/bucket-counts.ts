import { assertDurationUs, bucketIndex, bucketLowUs } from './buckets.ts'
import type { HistogramSnapshot } from './snapshot.ts'

/**
 * The durations of one open second: counts of the buckets that occur, no others. Hundreds of these live at once
 * (seconds × names × outcomes while slow requests are under way), which full histograms of tens of kilobytes
 * each would not allow. Counting into a bucket that is known allocates nothing.
 */
export class BucketCounts {
  readonly #highestUs: number
  /** By number of the bucket. */
  readonly #counts = new Map<number, number>()
  #sumUs = 0
  #minUs = Infinity
  #maxUs = 0

  /** Values above `highestUs` count in its bucket. */
  constructor(highestUs: number) {
    this.#highestUs = highestUs
  }

  /** @throws RangeError unless `us` is an integer ≥ 0. */
  add(us: number): void {
    assertDurationUs(us)
    const index = bucketIndex(Math.min(us, this.#highestUs))
    this.#counts.set(index, (this.#counts.get(index) ?? 0) + 1)
    this.#sumUs += us
    if (us < this.#minUs) this.#minUs = us
    if (us > this.#maxUs) this.#maxUs = us
  }

  snapshot(): HistogramSnapshot {
    const buckets = Uint32Array.from(this.#counts.keys()).sort()
    const lowUs: number[] = []
    const counts: number[] = []
    for (const index of buckets) {
      lowUs.push(bucketLowUs(index))
      counts.push(this.#counts.get(index) ?? 0)
    }
    const minUs = lowUs.length === 0 ? 0 : this.#minUs
    return { lowUs, counts, sumUs: this.#sumUs, minUs, maxUs: this.#maxUs }
  }
}
