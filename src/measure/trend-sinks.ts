import { US_PER_MS } from '../core/units.ts'
import { DurationHistogram } from './histogram.ts'
import type { Aggregation } from './metric-types.ts'
import { wrongKind, type Sink, type SinkData } from './sink.ts'
import { QuantileSketch } from './sketch.ts'

/** A trend of either kind of sample; both give k6's interpolated percentiles. */
abstract class TrendSink implements Sink {
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

  values(): Record<string, number> {
    return {
      avg: this.average ?? 0,
      min: this.min ?? 0,
      med: this.percentile(50) ?? 0,
      max: this.max ?? 0,
      'p(90)': this.percentile(90) ?? 0,
      'p(95)': this.percentile(95) ?? 0,
    }
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

  get #isEmpty(): boolean {
    return this.#histogram.count === 0
  }

  protected get average(): number | undefined {
    return this.#isEmpty ? undefined : this.#histogram.sumUs / this.#histogram.count / US_PER_MS
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
    if (this.#isEmpty) return undefined
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

  get #isEmpty(): boolean {
    return this.#sketch.count === 0
  }

  protected get average(): number | undefined {
    return this.#isEmpty ? undefined : this.#sketch.sum / this.#sketch.count
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
    if (this.#isEmpty) return undefined
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
