import { MetricParts, type PartData } from './metric-parts.ts'
import {
  BUILTIN_METRICS,
  selectorKey,
  type BuiltinMetric,
  type MetricDefinition,
  type MetricSelector,
  type MetricType,
} from './metric-types.ts'
import type { Sink, SinkData } from './sink.ts'
import { createSink } from './sinks.ts'

/** The tags of one sample, looked up only when a threshold asks for them. */
export interface TagSource {
  tag(key: string): string | undefined
}

/** What a worker's metrics took in since the last delta. Plain data. */
export interface MetricDelta {
  /** Metrics that the script declared since then. */
  readonly declared: readonly MetricDefinition[]
  readonly sinks: readonly { readonly key: string; readonly data: SinkData }[]
  /** By scenario and group, where that is wanted. */
  readonly parts?: readonly PartData[]
}

export interface MetricRegistryOptions {
  /** What the thresholds look at. */
  readonly selectors: readonly MetricSelector[]
  /** Samples from before this time are ignored. */
  readonly warmupUs: number
  /** Keep every metric also by scenario and group. Costs a lookup more for every sample. */
  readonly byPart?: boolean
}

/** Where the samples of a metric go. */
interface Route {
  add(value: number, tags: TagSource, atUs: number): void
}

/** To what one selector shows. */
class SelectorRoute implements Route {
  readonly key: string
  readonly sink: Sink
  readonly #selector: MetricSelector

  constructor(selector: MetricSelector, sink: Sink) {
    this.key = selectorKey(selector)
    this.sink = sink
    this.#selector = selector
  }

  add(value: number, tags: TagSource, atUs: number): void {
    if (hasTags(this.#selector, tags)) this.sink.add(value, atUs)
  }
}

/** To the scenario and the group of the sample. */
class PartRoute implements Route {
  readonly #definition: MetricDefinition
  readonly #parts: MetricParts

  constructor(definition: MetricDefinition, parts: MetricParts) {
    this.#definition = definition
    this.#parts = parts
  }

  add(value: number, tags: TagSource, atUs: number): void {
    this.#parts.add(this.#definition, value, tags.tag('scenario'), tags.tag('group') ?? '', atUs)
  }
}

/** k6's rule for the names of metrics. */
const METRIC_NAME = /^[a-zA-Z_][a-zA-Z0-9_]{1,127}$/

function hasTags(selector: MetricSelector, source: TagSource): boolean {
  for (const [key, value] of selector.tags) {
    if (source.tag(key) !== value) return false
  }
  return true
}

/**
 * A worker's metrics. Every counter, gauge, rate and metric of the script is kept whole; a built-in trend only when
 * a threshold looks at it, since the recorder has the durations already. Every selector has a sink of its own.
 */
export class MetricRegistry {
  readonly #options: MetricRegistryOptions
  readonly #definitions: MetricDefinition[] = []
  readonly #ids = new Map<string, number>()
  /** By metric number: where a sample goes. Most built-in trends go nowhere. */
  readonly #routes: (readonly Route[])[] = []
  readonly #selectorRoutes: SelectorRoute[] = []
  readonly #parts: MetricParts | undefined
  #declared: MetricDefinition[] = []

  constructor(options: MetricRegistryOptions) {
    this.#options = options
    this.#parts = options.byPart === true ? new MetricParts() : undefined
    for (const definition of BUILTIN_METRICS) this.#define(definition)
  }

  /** The number of a built-in metric. */
  id(name: BuiltinMetric): number {
    const id = this.#ids.get(name)
    if (id === undefined) throw new TypeError(`${name} is no built-in metric`)
    return id
  }

  /**
   * Makes a metric of the script known and gives its number; every VU may declare the same one.
   *
   * @throws TypeError when the name is not one for k6, belongs to a built-in metric, or is taken by another type.
   */
  declare(name: string, type: MetricType, isTime: boolean): number {
    const contains = isTime ? 'time' : 'default'
    const id = this.#ids.get(name)
    const known = id === undefined ? undefined : this.#definitions[id]
    if (id === undefined || known === undefined) {
      if (!METRIC_NAME.test(name)) throw new TypeError(invalidName(name))
      const definition: MetricDefinition = { name, type, contains, origin: 'script' }
      this.#declared.push(definition)
      return this.#define(definition)
    }
    if (known.origin !== 'script') throw new TypeError(`metric "${name}" is built in: choose another name`)
    if (known.type !== type || known.contains !== contains) {
      throw new TypeError(
        `metric "${name}" is already a ${describe(known)}: give this ${describe({ type, contains })} another name`,
      )
    }
    return id
  }

  /**
   * Adds a sample: times in ms, rates as 0 or not 0. `atUs` decides whether it belongs to the warm-up.
   *
   * @throws RangeError when `value` is kept and is not finite.
   */
  add(metric: number, value: number, tags: TagSource, atUs: number): void {
    const routes = this.#routes[metric]
    if (routes === undefined || routes.length === 0 || atUs < this.#options.warmupUs) return
    if (!Number.isFinite(value)) throw new RangeError(`a sample must be a finite number, not ${value}`)
    for (const route of routes) route.add(value, tags, atUs)
  }

  /** Every metric there is, built-in ones included. */
  definitions(): readonly MetricDefinition[] {
    return this.#definitions
  }

  delta(): MetricDelta {
    const declared = this.#declared
    this.#declared = []
    const sinks = this.#selectorRoutes.flatMap(({ key, sink }) => {
      const data = sink.take()
      return data === undefined ? [] : [{ key, data }]
    })
    const parts = this.#parts?.take()
    return { declared, sinks, ...(parts !== undefined && { parts }) }
  }

  #define(definition: MetricDefinition): number {
    const id = this.#definitions.length
    this.#definitions.push(definition)
    this.#ids.set(definition.name, id)
    this.#routes.push(this.#routesOf(definition))
    return id
  }

  #routesOf(definition: MetricDefinition): Route[] {
    const { name, type, origin } = definition
    const selectors = this.#options.selectors.filter(({ metric }) => metric === name)
    if (type !== 'trend' || origin === 'script') selectors.push({ metric: name, tags: [] })
    const byKey = new Map(selectors.map((selector) => [selectorKey(selector), selector]))
    const routes = [...byKey.values()].map((each) => new SelectorRoute(each, createSink(definition)))
    this.#selectorRoutes.push(...routes)
    return this.#parts === undefined ? routes : [...routes, new PartRoute(definition, this.#parts)]
  }
}

function describe({ type, contains }: Pick<MetricDefinition, 'type' | 'contains'>): string {
  return contains === 'time' ? `${type} of times` : type
}

function invalidName(name: string): string {
  return `"${name}" is no name for a metric: use 2 to 128 letters, digits and underscores, not starting with a digit`
}
