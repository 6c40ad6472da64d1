import type { TrendStat } from '../core/trend-stat.ts'
import { US_PER_MS } from '../core/units.ts'
import { DurationHistogram } from './histogram.ts'
import type { Aggregation } from './metric-types.ts'
import { wrongKind, type Sink, type SinkData } from './sink.ts'
import { QuantileSketch } from './sketch.ts'

/** A trend of either kind of sample; both give k6's interpolated percentiles. */
abstract class TrendSink implements Sink {
  protected abstract readonly count: number
  protected abstract readonly average: number | undefined
  protected abstract readonly min: number | undefined
  protected abstract readonly max: number | undefined

  abstract add(value: number): void
  abstract take(): SinkData | undefined
  abstract merge(data: SinkData): void
  protected abstract percentile(percent: number): number | undefined

  observe({ method, percent }: Aggregation): number | undefined {
    switch (method) {
      case 'avg':
        return this.average
      case 'min':
        return this.min
      case 'max':
        return this.max
      case 'med':
        return this.percentile(50)
      case 'p':
        return percent === undefined ? undefined : this.percentile(percent)
      default:
        return undefined
    }
  }

  values(_elapsedS: number, stats: readonly TrendStat[]): Record<string, number> {
    const value = (stat: TrendStat): number =>
      stat.method === 'count' ? this.count : (this.observe(stat) ?? 0)
    return Object.fromEntries(stats.map((stat) => [stat.name, value(stat)]))
  }
}

function toMs(us: number | undefined): number | undefined {
  return us === undefined ? undefined : us / US_PER_MS
}

/** Durations that headroom measures: ms come in and go out, whole µs are kept. */
export class DurationsSink extends TrendSink {
  readonly #histogram: DurationHistogram

  constructor(highestUs: number) {
    super()
    this.#histogram = new DurationHistogram(highestUs)
  }

  protected get count(): number {
    return this.#histogram.count
  }

  protected get average(): number | undefined {
    return this.count === 0 ? undefined : this.#histogram.sumUs / this.count / US_PER_MS
  }

  protected get min(): number | undefined {
    return toMs(this.#histogram.minUs)
  }

  protected get max(): number | undefined {
    return toMs(this.#histogram.maxUs)
  }

  add(valueMs: number): void {
    this.#histogram.record(Math.round(valueMs * US_PER_MS))
  }

  take(): SinkData | undefined {
    if (this.count === 0) return undefined
    const data: SinkData = { kind: 'durations', histogram: this.#histogram.snapshot() }
    this.#histogram.reset()
    return data
  }

  merge(data: SinkData): void {
    if (data.kind !== 'durations') throw wrongKind(data, 'durations')
    this.#histogram.merge(data.histogram)
  }

  protected percentile(percent: number): number | undefined {
    return toMs(this.#histogram.interpolatedUs(percent / 100))
  }
}

/** Trends of the script: any number. */
export class NumbersSink extends TrendSink {
  #sketch: QuantileSketch = new QuantileSketch()

  protected get count(): number {
    return this.#sketch.count
  }

  protected get average(): number | undefined {
    return this.count === 0 ? undefined : this.#sketch.sum / this.count
  }

  protected get min(): number | undefined {
    return this.#sketch.min
  }

  protected get max(): number | undefined {
    return this.#sketch.max
  }

  add(value: number): void {
    this.#sketch.add(value)
  }

  take(): SinkData | undefined {
    if (this.count === 0) return undefined
    const data: SinkData = { kind: 'numbers', sketch: this.#sketch.snapshot() }
    this.#sketch = new QuantileSketch()
    return data
  }

  merge(data: SinkData): void {
    if (data.kind !== 'numbers') throw wrongKind(data, 'numbers')
    this.#sketch.merge(data.sketch)
  }

  protected percentile(percent: number): number | undefined {
    return this.#sketch.interpolated(percent / 100)
  }
}
