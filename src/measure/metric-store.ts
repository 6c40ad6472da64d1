import { US_PER_S } from '../core/units.ts'
import type { MetricDelta } from './metrics.ts'
import {
  BUILTIN_METRICS,
  selectorKey,
  type Aggregation,
  type MetricDefinition,
  type MetricSelector,
} from './metric-types.ts'
import type { Sink } from './sink.ts'
import { createSink } from './sinks.ts'
import type { MetricSummary } from './summary.ts'

/** The metrics of the whole run: what the workers' registries tell, added up. */
export class MetricStore {
  readonly #warmupUs: number
  readonly #definitions = new Map<string, MetricDefinition>()
  readonly #sinks = new Map<string, Sink>()

  /** `warmupUs`: as the registries have it; rates are per second since then. */
  constructor(warmupUs: number) {
    this.#warmupUs = warmupUs
    for (const definition of BUILTIN_METRICS) this.#definitions.set(definition.name, definition)
  }

  merge({ declared, sinks }: MetricDelta): void {
    for (const definition of declared) this.#definitions.set(definition.name, definition)
    for (const { key, data } of sinks) this.#sink(key).merge(data)
  }

  definition(name: string): MetricDefinition | undefined {
    return this.#definitions.get(name)
  }

  /** What `selector` shows at `nowUs`; `undefined` when it has no sample. */
  observe(selector: MetricSelector, aggregation: Aggregation, nowUs: number): number | undefined {
    return this.#sinks.get(selectorKey(selector))?.observe(aggregation, this.#elapsedS(nowUs))
  }

  /** The metrics that the script declared, in order, with k6's summary values. */
  summaries(nowUs: number): MetricSummary[] {
    return [...this.#definitions.values()]
      .filter(({ origin }) => origin === 'script')
      .flatMap(({ name, type, contains }) => {
        const sink = this.#sinks.get(name)
        if (sink === undefined) return []
        return [{ name, type, isTime: contains === 'time', values: sink.values(this.#elapsedS(nowUs)) }]
      })
  }

  #elapsedS(nowUs: number): number {
    return (nowUs - this.#warmupUs) / US_PER_S
  }

  #sink(key: string): Sink {
    const known = this.#sinks.get(key)
    if (known !== undefined) return known
    const brace = key.indexOf('{')
    const name = brace === -1 ? key : key.slice(0, brace)
    const definition = this.#definitions.get(name)
    if (definition === undefined) throw new TypeError(`samples of a metric that was never declared: ${name}`)
    const sink = createSink(definition)
    this.#sinks.set(key, sink)
    return sink
  }
}
