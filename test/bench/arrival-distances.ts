import { Rng } from '../../src/core/rng.ts'
import { nearestRank } from '../../src/core/nearest-rank.ts'
import { blockBootstrap } from '../../src/stats/block-bootstrap.ts'
import { type Interval, percentileIntervals } from '../../src/stats/interval.ts'
import { quantileUs, type SecondStatistic } from '../../src/stats/second-statistic.ts'

const RESAMPLE_COUNT = 1_000
/** What keeps a machine from running anything at all comes about once or twice a second. */
const BLOCK_SECONDS = 2
const CONFIDENCE = 0.95

/** How many times longer, and between what bounds that can be told. */
export interface Ratio extends Interval {
  readonly ratio: number
}

/** How far requests arrived from their plan, in ms, second by second over all rounds. */
export class ArrivalDistances {
  readonly #seconds: (readonly number[])[] = []
  #unseenCount = 0

  /** @param distancesMs in the order of the plan, `rate` of them a second; NaN where it is not known. */
  add(distancesMs: ArrayLike<number>, rate: number): void {
    const all = Array.from(distancesMs)
    for (let start = 0; start < all.length; start += rate) {
      const second = all.slice(start, start + rate)
      const seen = second.filter((distanceMs) => !Number.isNaN(distanceMs))
      this.#seconds.push(seen)
      this.#unseenCount += second.length - seen.length
    }
  }

  /** All of several. */
  static pooled(all: readonly ArrivalDistances[]): ArrivalDistances {
    const pooled = new ArrivalDistances()
    for (const each of all) {
      pooled.#seconds.push(...each.#seconds)
      pooled.#unseenCount += each.#unseenCount
    }
    return pooled
  }

  /** Nearest rank; NaN of nothing. */
  quantileMs(quantile: number): number {
    const sorted = Float64Array.from(this.#seconds.flat()).sort()
    return sorted[nearestRank(sorted.length, quantile)] ?? NaN
  }

  /** Which share of the requests was further away. */
  shareAbove(limitMs: number): number {
    const distancesMs = this.#seconds.flat()
    return distancesMs.filter((distanceMs) => distanceMs > limitMs).length / distancesMs.length
  }

  /** Of which share of the requests the distance is not known; they are in no other figure. */
  get unseenShare(): number {
    const seenCount = this.#seconds.flat().length
    return this.#unseenCount / (this.#unseenCount + seenCount)
  }

  /** A quantile beside that of others, with what it could have been in other seconds like these. */
  ratioTo(others: ArrivalDistances, quantile: number): Ratio {
    const own = this.#resampled(quantile, 'own')
    const theirs = others.#resampled(quantile, 'theirs')
    const ratios = own.map((ms, index) => ms / (theirs[index] ?? NaN))
    const ratio = this.quantileMs(quantile) / others.quantileMs(quantile)
    return { ratio, ...percentileIntervals(ratios)(CONFIDENCE) }
  }

  #resampled(quantile: number, seed: string): Float64Array {
    const secondCount = this.#seconds.length
    const resampling = { secondCount, blockSeconds: BLOCK_SECONDS, resampleCount: RESAMPLE_COUNT }
    const statistics = [this.#statistic(quantile)]
    const [replicates] = blockBootstrap(statistics, resampling, new Rng('arrivals').fork(seed))
    return replicates ?? new Float64Array()
  }

  /** The unit is that of the values. */
  #statistic(quantile: number): SecondStatistic {
    return quantileUs(
      this.#seconds.map((values) => ({ lowUs: values, counts: values.map(() => 1) })),
      quantile,
    )
  }
}
