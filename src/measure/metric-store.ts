import { DEFAULT_TREND_STATS, type TrendStat } from '../core/trend-stat.ts'
import { US_PER_S } from '../core/units.ts'
import { MetricParts, type RunPart } from './metric-parts.ts'
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

/** What k6's summary says of one metric, or of a part of it. */
export interface MetricFigures {
  readonly definition: MetricDefinition
  readonly values: Readonly<Record<string, number>>
}

/** The metrics of the whole run: what the workers' registries tell, added up. */
export class MetricStore {
  readonly #warmupUs: number
  readonly #definitions = new Map<string, MetricDefinition>()
  readonly #sinks = new Map<string, Sink>()
  readonly #parts = new MetricParts()

  /** `warmupUs`: as the registries have it; rates are per second since then. */
  constructor(warmupUs: number) {
    this.#warmupUs = warmupUs
    for (const definition of BUILTIN_METRICS) this.#definitions.set(definition.name, definition)
  }

  merge({ declared, sinks, parts = [] }: MetricDelta): void {
    for (const definition of declared) this.#definitions.set(definition.name, definition)
    for (const { key, data } of sinks) this.#sink(key).merge(data)
    for (const part of parts) this.#parts.merge(this.#known(part.metric), part)
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
        const values = sink.values(this.#elapsedS(nowUs), DEFAULT_TREND_STATS)
        return [{ name, type, isTime: contains === 'time', values }]
      })
  }

  /** Every metric that there is. */
  definitions(): MetricDefinition[] {
    return [...this.#definitions.values()]
  }

  hasSamples(selector: MetricSelector): boolean {
    return this.#sinks.has(selectorKey(selector))
  }

  /** k6's figures of what `selector` shows: zeros without a sample. `undefined` when there is no such metric. */
  figures(
    selector: MetricSelector,
    nowUs: number,
    trendStats: readonly TrendStat[],
  ): MetricFigures | undefined {
    const definition = this.#definitions.get(selector.metric)
    if (definition === undefined) return undefined
    const sink = this.#sinks.get(selectorKey(selector)) ?? createSink(definition)
    return { definition, values: sink.values(this.#elapsedS(nowUs), trendStats) }
  }

  /** The scenarios and their groups, if the registries kept metrics by them. */
  parts(): readonly RunPart[] {
    return this.#parts.parts()
  }

  figuresOfPart(part: RunPart, nowUs: number, trendStats: readonly TrendStat[]): MetricFigures[] {
    return [...this.#parts.sinksOf(part)].map(([name, sink]) => ({
      definition: this.#known(name),
      values: sink.values(this.#elapsedS(nowUs), trendStats),
    }))
  }

  #elapsedS(nowUs: number): number {
    return (nowUs - this.#warmupUs) / US_PER_S
  }

  #sink(key: string): Sink {
    const known = this.#sinks.get(key)
    if (known !== undefined) return known
    const brace = key.indexOf('{')
    const sink = createSink(this.#known(brace === -1 ? key : key.slice(0, brace)))
    this.#sinks.set(key, sink)
    return sink
  }

  #known(name: string): MetricDefinition {
    const definition = this.#definitions.get(name)
    if (definition === undefined) throw new TypeError(`samples of a metric that was never declared: ${name}`)
    return definition
  }
}
