import { HIGHEST_DURATION_US, HIGHEST_RETRY_AFTER_US } from './buckets.ts'
import type { Aggregation, MetricDefinition } from './metric-types.ts'
import { wrongKind, type Sink, type SinkData } from './sink.ts'
import { DurationsSink, NumbersSink } from './trend-sinks.ts'

/** The sink for a metric: durations that headroom measures are histograms of µs, other trends take any number. */
export function createSink({ name, type, contains, origin }: MetricDefinition): Sink {
  if (type === 'counter') return new CounterSink()
  if (type === 'gauge') return new GaugeSink()
  if (type === 'rate') return new RateSink()
  if (contains !== 'time' || origin === 'script') return new NumbersSink()
  return new DurationsSink(name === 'retry_after' ? HIGHEST_RETRY_AFTER_US : HIGHEST_DURATION_US)
}

class CounterSink implements Sink {
  #isEmpty = true
  #sum = 0

  add(value: number): void {
    this.#isEmpty = false
    this.#sum += value
  }

  take(): SinkData | undefined {
    if (this.#isEmpty) return undefined
    const sum = this.#sum
    this.#isEmpty = true
    this.#sum = 0
    return { kind: 'counter', sum }
  }

  merge(data: SinkData): void {
    if (data.kind !== 'counter') throw wrongKind(data, 'counter')
    this.add(data.sum)
  }

  observe({ method }: Aggregation, elapsedS: number): number | undefined {
    if (this.#isEmpty) return undefined
    if (method === 'count') return this.#sum
    return method === 'rate' && elapsedS > 0 ? this.#sum / elapsedS : undefined
  }

  values(elapsedS: number): Record<string, number> {
    return { count: this.#sum, rate: elapsedS > 0 ? this.#sum / elapsedS : 0 }
  }
}

class GaugeSink implements Sink {
  #atUs = -1
  #value = 0
  #min = Infinity
  #max = -Infinity

  get #isEmpty(): boolean {
    return this.#atUs < 0
  }

  add(value: number, atUs: number): void {
    this.merge({ kind: 'gauge', value, min: value, max: value, atUs })
  }

  take(): SinkData | undefined {
    if (this.#isEmpty) return undefined
    const data: SinkData = {
      kind: 'gauge',
      value: this.#value,
      min: this.#min,
      max: this.#max,
      atUs: this.#atUs,
    }
    this.#atUs = -1
    this.#min = Infinity
    this.#max = -Infinity
    return data
  }

  merge(data: SinkData): void {
    if (data.kind !== 'gauge') throw wrongKind(data, 'gauge')
    if (data.atUs >= this.#atUs) {
      this.#atUs = data.atUs
      this.#value = data.value
    }
    this.#min = Math.min(this.#min, data.min)
    this.#max = Math.max(this.#max, data.max)
  }

  observe({ method }: Aggregation): number | undefined {
    return this.#isEmpty || method !== 'value' ? undefined : this.#value
  }

  values(): Record<string, number> {
    if (this.#isEmpty) return { value: 0, min: 0, max: 0 }
    return { value: this.#value, min: this.#min, max: this.#max }
  }
}

class RateSink implements Sink {
  #passes = 0
  #total = 0

  get #isEmpty(): boolean {
    return this.#total === 0
  }

  /** Anything but 0 is a pass. */
  add(value: number): void {
    this.#total++
    if (value !== 0) this.#passes++
  }

  take(): SinkData | undefined {
    if (this.#isEmpty) return undefined
    const data: SinkData = { kind: 'rate', passes: this.#passes, total: this.#total }
    this.#passes = 0
    this.#total = 0
    return data
  }

  merge(data: SinkData): void {
    if (data.kind !== 'rate') throw wrongKind(data, 'rate')
    this.#passes += data.passes
    this.#total += data.total
  }

  observe({ method }: Aggregation): number | undefined {
    return this.#isEmpty || method !== 'rate' ? undefined : this.#passes / this.#total
  }

  values(): Record<string, number> {
    const fails = this.#total - this.#passes
    return { rate: this.#isEmpty ? 0 : this.#passes / this.#total, passes: this.#passes, fails }
  }
}
