import { LogCollapsingLowestDenseDDSketch } from '@datadog/sketches-js'
import { interpolated } from './quantile.ts'

/** 0.1 %, as the histograms. */
const RELATIVE_ACCURACY = 0.001

/** At this accuracy 14 decades of magnitude; what spreads wider loses its smallest magnitudes, not its memory bound. */
const MOST_BINS = 16_384

/** The library's own names, which its index does not export. */
type Ddsketch = LogCollapsingLowestDenseDDSketch
type Store = Ddsketch['store']

/** Bins that hold something, by the sketch's own keys. */
interface BinCounts {
  readonly keys: readonly number[]
  readonly counts: readonly number[]
}

/** A sketch as plain data. */
export interface SketchSnapshot {
  readonly count: number
  readonly sum: number
  readonly min: number
  readonly max: number
  readonly zeroCount: number
  readonly positive: BinCounts
  readonly negative: BinCounts
}

/**
 * Any finite numbers, negative ones too: a DDSketch for quantiles within 0.1 %, with exact count, sum, minimum and
 * maximum. Bounded memory.
 */
export class QuantileSketch {
  readonly #bins: Ddsketch = new LogCollapsingLowestDenseDDSketch({
    relativeAccuracy: RELATIVE_ACCURACY,
    binLimit: MOST_BINS,
  })
  #count = 0
  #sum = 0
  #min = Infinity
  #max = -Infinity

  get count(): number {
    return this.#count
  }

  get sum(): number {
    return this.#sum
  }

  /** `undefined` when nothing was added. */
  get min(): number | undefined {
    return this.#count === 0 ? undefined : this.#min
  }

  /** `undefined` when nothing was added. */
  get max(): number | undefined {
    return this.#count === 0 ? undefined : this.#max
  }

  /** @throws RangeError for NaN and infinities. */
  add(value: number): void {
    if (!Number.isFinite(value)) throw new RangeError(`a sample must be a finite number, not ${value}`)
    this.#bins.accept(value)
    this.#addExact(1, value, value, value)
  }

  // The library's own merge forgets the negative values.
  merge(other: SketchSnapshot): void {
    addBins(this.#bins.store, other.positive)
    addBins(this.#bins.negativeStore, other.negative)
    this.#bins.zeroCount += other.zeroCount
    this.#addExact(other.count, other.sum, other.min, other.max)
  }

  snapshot(): SketchSnapshot {
    return {
      count: this.#count,
      sum: this.#sum,
      min: this.#min,
      max: this.#max,
      zeroCount: this.#bins.zeroCount,
      positive: binsOf(this.#bins.store),
      negative: binsOf(this.#bins.negativeStore),
    }
  }

  /** k6's percentile; `quantile` in [0, 1]. `undefined` when nothing was added. */
  interpolated(quantile: number): number | undefined {
    return this.#count === 0 ? undefined : interpolated(this.#count, quantile, (rank) => this.#valueAt(rank))
  }

  #addExact(count: number, sum: number, min: number, max: number): void {
    this.#count += count
    this.#sum += sum
    this.#min = Math.min(this.#min, min)
    this.#max = Math.max(this.#max, max)
  }

  /** Value at 0-based rank `rank` < count. */
  #valueAt(rank: number): number {
    if (rank === 0) return this.#min
    if (rank === this.#count - 1) return this.#max
    const { negativeStore, zeroCount, store, mapping } = this.#bins
    const positiveRank = rank - negativeStore.count - zeroCount
    if (positiveRank >= 0) return this.#bounded(mapping.value(store.keyAtRank(positiveRank)))
    if (rank >= negativeStore.count) return 0
    // Negative values are stored by magnitude: the lowest rank has the highest key.
    const magnitudeRank = negativeStore.count - 1 - rank
    return this.#bounded(-mapping.value(negativeStore.keyAtRank(magnitudeRank)))
  }

  #bounded(value: number): number {
    return Math.min(Math.max(value, this.#min), this.#max)
  }
}

function addBins(store: Store, { keys, counts }: BinCounts): void {
  for (const [index, key] of keys.entries()) store.add(key, counts[index] ?? 0)
}

function binsOf({ bins, offset }: Store): BinCounts {
  const keys: number[] = []
  const counts: number[] = []
  for (const [index, count] of bins.entries()) {
    if (count === 0) continue
    keys.push(index + offset)
    counts.push(count)
  }
  return { keys, counts }
}
