import { Int32Histogram } from 'hdr-histogram-js'
import { HIGHEST_DURATION_US, assertDurationUs, bucketHighUs, bucketIndex } from './buckets.ts'
import { nearestRank } from '../core/nearest-rank.ts'
import { interpolated } from './quantile.ts'
import type { HistogramSnapshot } from './snapshot.ts'
import type { DurationSummary } from './summary.ts'

/**
 * Durations in integer µs: an HDR histogram with 3 significant digits, guarded against what the library lets
 * through (NaN, fractions), with exact count, sum, minimum and maximum beside it. Grows with its largest value.
 *
 * A quantile is the upper bound of its bucket, as every HDR tool reports it, kept within the exact minimum and
 * maximum: at most 0.1 % above the true value, and exact where all values are equal.
 */
export class DurationHistogram {
  readonly #highestUs: number
  readonly #counts: Int32Histogram
  #count = 0
  #sumUs = 0
  #minUs = Infinity
  #maxUs = 0

  /** Values above `highestUs` count in its bucket. */
  constructor(highestUs: number = HIGHEST_DURATION_US) {
    this.#highestUs = highestUs
    this.#counts = new Int32Histogram(1, 2, 3)
    this.#counts.autoResize = true
  }

  get count(): number {
    return this.#count
  }

  get sumUs(): number {
    return this.#sumUs
  }

  get minUs(): number | undefined {
    return this.#count === 0 ? undefined : this.#minUs
  }

  get maxUs(): number | undefined {
    return this.#count === 0 ? undefined : this.#maxUs
  }

  /** @throws RangeError unless `us` is an integer ≥ 0. */
  record(us: number): void {
    assertDurationUs(us)
    this.#counts.recordValue(Math.min(us, this.#highestUs))
    this.#addExact(1, us, us, us)
  }

  /** Adds what another histogram, or the cell of one second, counted. */
  merge({ lowUs, counts, sumUs, minUs, maxUs }: HistogramSnapshot): void {
    let count = 0
    // From the largest down: what has to grow grows once.
    for (let i = lowUs.length - 1; i >= 0; i--) {
      const entryCount = counts[i] ?? 0
      this.#addToBucket(lowUs[i] ?? 0, entryCount)
      count += entryCount
    }
    if (count > 0) this.#addExact(count, sumUs, minUs, maxUs)
  }

  snapshot(): HistogramSnapshot {
    const lowUs: number[] = []
    const counts: number[] = []
    if (this.#count > 0) {
      const last = this.#counts.countsArrayIndex(Math.min(this.#maxUs, this.#highestUs))
      for (let index = this.#firstIndex(); index <= last; index++) {
        const count = this.#counts.getCountAtIndex(index)
        if (count === 0) continue
        lowUs.push(this.#counts.valueFromIndex(index))
        counts.push(count)
      }
    }
    return { lowUs, counts, sumUs: this.#sumUs, minUs: this.minUs ?? 0, maxUs: this.#maxUs }
  }

  reset(): void {
    this.#counts.reset()
    this.#count = 0
    this.#sumUs = 0
    this.#minUs = Infinity
    this.#maxUs = 0
  }

  /** Nearest rank; `quantile` in [0, 1]. `undefined` when nothing was recorded. */
  quantileUs(quantile: number): number | undefined {
    return this.#count === 0 ? undefined : this.#valueAt(nearestRank(this.#count, quantile))
  }

  /** k6's percentile: between ranks on a straight line, so not whole. `undefined` when nothing was recorded. */
  interpolatedUs(quantile: number): number | undefined {
    return this.#count === 0 ? undefined : interpolated(this.#count, quantile, (rank) => this.#valueAt(rank))
  }

  summary(): DurationSummary {
    return {
      count: this.#count,
      minUs: this.minUs,
      meanUs: this.#count === 0 ? undefined : this.#sumUs / this.#count,
      p50Us: this.quantileUs(0.5),
      p90Us: this.quantileUs(0.9),
      p95Us: this.quantileUs(0.95),
      p99Us: this.quantileUs(0.99),
      p999Us: this.quantileUs(0.999),
      maxUs: this.maxUs,
    }
  }

  /** The library's way, by logarithms and with totals of its own that nothing here reads, only where it has to grow. */
  #addToBucket(us: number, count: number): void {
    const index = bucketIndex(us)
    if (index < this.#counts.countsArrayLength) this.#counts.addToCountAtIndex(index, count)
    else this.#counts.recordValueWithCount(us, count)
  }

  #addExact(count: number, sumUs: number, minUs: number, maxUs: number): void {
    this.#count += count
    this.#sumUs += sumUs
    if (minUs < this.#minUs) this.#minUs = minUs
    if (maxUs > this.#maxUs) this.#maxUs = maxUs
  }

  #firstIndex(): number {
    return this.#counts.countsArrayIndex(Math.min(this.#minUs, this.#highestUs))
  }

  /** Value at 0-based rank `rank` < count. */
  #valueAt(rank: number): number {
    if (rank === 0) return this.#minUs
    if (rank === this.#count - 1) return this.#maxUs
    let index = this.#firstIndex()
    let seen = this.#counts.getCountAtIndex(index)
    while (seen <= rank) seen += this.#counts.getCountAtIndex(++index)
    return Math.min(bucketHighUs(this.#counts.valueFromIndex(index)), this.#maxUs)
  }
}
