import { assertDurationUs, bucketIndex, bucketLowUs } from './buckets.ts'
import type { HistogramSnapshot } from './snapshot.ts'

/** Neighbouring buckets, counted in one array: durations that occur together are near one another. */
const PAGE_SIZE = 16

/**
 * The durations of one open second: counts of the buckets that occur and of their neighbours, no others. Hundreds of these
 * live at once (seconds × names × outcomes while slow requests are under way), which full histograms of tens of kilobytes
 * each would not allow. Counting into a bucket that is known allocates nothing.
 *
 * A snapshot is taken while requests are due: bucket by bucket in a map, with a look for each and a sort of all of them, it took
 * twice as long.
 */
export class BucketCounts {
  readonly #highestUs: number
  /** Counts of `PAGE_SIZE` buckets each, by number of the page. */
  readonly #pages = new Map<number, number[]>()
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
    const offset = index % PAGE_SIZE
    const page = this.#page((index - offset) / PAGE_SIZE)
    page[offset] = (page[offset] ?? 0) + 1
    this.#sumUs += us
    if (us < this.#minUs) this.#minUs = us
    if (us > this.#maxUs) this.#maxUs = us
  }

  #page(number: number): number[] {
    let page = this.#pages.get(number)
    if (page === undefined) {
      page = Array.from({ length: PAGE_SIZE }, () => 0)
      this.#pages.set(number, page)
    }
    return page
  }

  snapshot(): HistogramSnapshot {
    const lowUs: number[] = []
    const counts: number[] = []
    for (const number of Uint32Array.from(this.#pages.keys()).sort()) {
      this.#page(number).forEach((count, offset) => {
        if (count === 0) return
        lowUs.push(bucketLowUs(number * PAGE_SIZE + offset))
        counts.push(count)
      })
    }
    const minUs = lowUs.length === 0 ? 0 : this.#minUs
    return { lowUs, counts, sumUs: this.#sumUs, minUs, maxUs: this.#maxUs }
  }
}
