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
  readonly #seconds: (readonly number[])[]

  constructor(seconds: readonly (readonly number[])[] = []) {
    this.#seconds = [...seconds]
  }

  /** @param distancesMs in the order of the plan, `rate` of them a second. */
  add(distancesMs: readonly number[], rate: number): void {
    for (let start = 0; start < distancesMs.length; start += rate) {
      this.#seconds.push(distancesMs.slice(start, start + rate))
    }
  }

  /** All of several. */
  static pooled(all: readonly ArrivalDistances[]): ArrivalDistances {
    return new ArrivalDistances(all.flatMap((each) => each.#seconds))
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
