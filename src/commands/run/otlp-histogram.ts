import type { Histogram } from '@opentelemetry/sdk-metrics'
import { US_PER_S } from '../../core/units.ts'
import type { HistogramSnapshot } from '../../measure/snapshot.ts'

/** Ten steps to a decade (Renard's preferred numbers R10, ISO 3), so that a quantile is off by an eighth at most. */
const STEPS = [100, 125, 160, 200, 250, 315, 400, 500, 630, 800]
const DECADES = [1, 10, 100, 1_000, 10_000, 100_000]

/** Upper bounds, included, of all buckets but the last: 0.1 ms to 80 s. */
const BOUNDS_US: readonly number[] = DECADES.flatMap((factor) => STEPS.map((step) => step * factor))
const BOUNDS_S: readonly number[] = BOUNDS_US.map((us) => us / US_PER_S)

/** Durations as OpenTelemetry counts them: in seconds, in buckets that every receiver takes. Count, sum, minimum and maximum are exact. */
export class OtlpHistogram {
  readonly #counts = Array.from({ length: BOUNDS_US.length + 1 }, () => 0)
  #count = 0
  #sumUs = 0
  #minUs = Infinity
  #maxUs = 0

  /** A bucket of ours lies in the one of its lower bound; its width is a thousandth of its values. */
  add({ lowUs, counts, sumUs, minUs, maxUs }: HistogramSnapshot): void {
    let bucket = 0
    for (const [i, us] of lowUs.entries()) {
      while (us > (BOUNDS_US[bucket] ?? Infinity)) bucket++
      const count = counts[i] ?? 0
      this.#counts[bucket] = (this.#counts[bucket] ?? 0) + count
      this.#count += count
    }
    if (lowUs.length === 0) return
    this.#sumUs += sumUs
    this.#minUs = Math.min(this.#minUs, minUs)
    this.#maxUs = Math.max(this.#maxUs, maxUs)
  }

  /** A copy: it is sent while counting goes on. */
  value(): Histogram {
    const counted = { buckets: { boundaries: [...BOUNDS_S], counts: [...this.#counts] }, count: this.#count }
    if (this.#count === 0) return { ...counted, sum: 0 }
    return {
      ...counted,
      sum: this.#sumUs / US_PER_S,
      min: this.#minUs / US_PER_S,
      max: this.#maxUs / US_PER_S,
    }
  }
}
