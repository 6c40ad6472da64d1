import type { MetricType, VuHost } from '../../engine/host.ts'
import { readTags } from './tags.ts'

type MetricClass = new (name: unknown, isTime?: unknown) => CustomMetric

interface CustomMetric {
  readonly name: string
  add(value: unknown, tags?: unknown): boolean
}

/** The classes of `k6/metrics`. */
export interface MetricsModule {
  readonly Counter: MetricClass
  readonly Gauge: MetricClass
  readonly Rate: MetricClass
  readonly Trend: MetricClass
}

export function createMetricsModule(host: VuHost): MetricsModule {
  return {
    Counter: metricClass(host, 'counter'),
    Gauge: metricClass(host, 'gauge'),
    Rate: metricClass(host, 'rate'),
    Trend: metricClass(host, 'trend'),
  }
}

function metricClass(host: VuHost, type: MetricType): MetricClass {
  return class {
    readonly name: string
    readonly #id: number

    constructor(name: unknown, isTime?: unknown) {
      if (host.mayWait)
        throw new Error(
          `the metric ${String(name)} must be made while the script loads, outside of functions`,
        )
      this.name = String(name)
      this.#id = host.declareMetric(this.name, type, Boolean(isTime))
    }

    /** False, with a warning, for a value that cannot be counted; as in k6 the script goes on. */
    add(value: unknown, tags?: unknown): boolean {
      if (!host.mayWait) throw new Error(`the metric ${this.name} cannot be added to while the script loads`)
      const number = value === null ? Number.NaN : Number(value)
      if (!Number.isFinite(number) || (type === 'counter' && number < 0)) {
        host.warnOnce(`the metric ${this.name} was given ${kindOf(value)}, which it cannot count: left out`)
        return false
      }
      const read = tags === undefined || tags === null ? undefined : readTags(tags)
      host.addToMetric(this.#id, type === 'rate' ? Number(number !== 0) : number, read)
      return true
    }
  }
}

/** In few words: warnings are given once for each text, and values are many. */
function kindOf(value: unknown): string {
  if (typeof value !== 'number') return value === null ? 'null' : `a value of type ${typeof value}`
  return value < 0 && value !== -Infinity ? 'a negative number' : String(value)
}
