import type { Fault } from '../core/errors.ts'
import { METHODS, type Aggregation, type MetricDefinition, type MetricSelector } from './metric-types.ts'
import type { MetricStore } from './metric-store.ts'
import { nearNames } from './near-names.ts'
import type { ThresholdResult } from './summary.ts'
import { whereOf, type Operator, type Threshold } from './threshold-parser.ts'

const OURS = 'options.ext.headroom.thresholds'
const K6S = 'options.thresholds'

/**
 * What is wrong with thresholds that can be read: metrics that do not exist, methods that their type does not
 * have, and the wrong place, since k6 refuses to run a script with a threshold on a metric that it does not know.
 *
 * @param metrics every metric there is, those of the script included.
 */
export function checkThresholds(
  thresholds: readonly Threshold[],
  metrics: readonly MetricDefinition[],
): Fault[] {
  const byName = new Map(metrics.map((metric) => [metric.name, metric]))
  return thresholds.flatMap((threshold) => {
    const metric = byName.get(threshold.selector.metric)
    if (metric === undefined) return [unknownMetric(threshold, [...byName.keys()])]
    return [...checkMethod(threshold, metric), ...checkPlace(threshold, metric)]
  })
}

function unknownMetric(threshold: Threshold, names: readonly string[]): Fault {
  const { metric } = threshold.selector
  const near = nearNames(metric, names)
  const todo =
    near.length === 0
      ? 'declare it in the script, or use a built-in one'
      : `did you mean ${near.join(' or ')}?`
  return { where: whereOf(threshold), what: `there is no metric "${metric}"`, todo }
}

function checkMethod(threshold: Threshold, { name, type }: MetricDefinition): Fault[] {
  const { method } = threshold.aggregation
  if (METHODS[type].includes(method)) return []
  const allowed = METHODS[type].map((known) => (known === 'p' ? 'p(N)' : known)).join(', ')
  const what = `"${threshold.expression}": ${name} is a ${type}, which has no ${method === 'p' ? 'p(N)' : method}`
  return [{ where: whereOf(threshold), what, todo: `use ${allowed}` }]
}

function checkPlace(threshold: Threshold, { name, origin }: MetricDefinition): Fault[] {
  const right = origin === 'headroom' ? OURS : K6S
  if (threshold.where === right) return []
  const whose =
    origin === 'headroom' ? 'a metric of headroom, which k6 does not know' : 'a metric that k6 knows'
  return [{ where: whereOf(threshold), what: `${name} is ${whose}`, todo: `move it to ${right}` }]
}

/** What the workers' registries must keep for these thresholds. */
export function selectorsOf(thresholds: readonly Threshold[]): MetricSelector[] {
  return thresholds.map(({ selector }) => selector)
}

export interface Evaluation {
  readonly results: readonly ThresholdResult[]
  /** A threshold with `abortOnFail` has failed: the run is to end. */
  readonly abort: boolean
}

/**
 * Holds a run against its thresholds. One without a sample passes, as in k6, but says so. One that ended the run
 * stays failed with what it saw then, whatever the requests still under way did to it.
 */
export class ThresholdWatch {
  readonly #thresholds: readonly Threshold[]
  readonly #aborted = new Map<Threshold, ThresholdResult>()

  constructor(thresholds: readonly Threshold[]) {
    this.#thresholds = thresholds
  }

  /** `isFinal`: the run is over and there is nothing left to abort. */
  evaluate(store: MetricStore, nowUs: number, isFinal: boolean): Evaluation {
    const results = this.#thresholds.map((threshold) => {
      const known = this.#aborted.get(threshold)
      if (known !== undefined) return known
      const result = evaluateOne(threshold, store, nowUs)
      if (isFinal || !abortsAt(threshold, nowUs) || result.result !== 'fail') return result
      const aborted = { ...result, aborted: true }
      this.#aborted.set(threshold, aborted)
      return aborted
    })
    return { results, abort: this.#aborted.size > 0 }
  }
}

function abortsAt({ abortOnFail, delayAbortEvalUs }: Threshold, nowUs: number): boolean {
  return abortOnFail && nowUs >= delayAbortEvalUs
}

function evaluateOne(threshold: Threshold, store: MetricStore, nowUs: number): ThresholdResult {
  const { metric, expression, selector, aggregation, operator, limit } = threshold
  const observed = store.observe(selector, aggregation, nowUs)
  const definition = store.definition(selector.metric)
  const unit = definition === undefined ? '' : unitOf(definition, aggregation.method)
  return { metric, expression, observed, unit, result: verdictOn(observed, operator, limit), aborted: false }
}

function verdictOn(
  observed: number | undefined,
  operator: Operator,
  limit: number,
): ThresholdResult['result'] {
  if (observed === undefined) return 'no_data'
  return holds(observed, operator, limit) ? 'pass' : 'fail'
}

function holds(observed: number, operator: Operator, limit: number): boolean {
  switch (operator) {
    case '<':
      return observed < limit
    case '<=':
      return observed <= limit
    case '>':
      return observed > limit
    case '>=':
      return observed >= limit
    case '!=':
      return observed !== limit
    default:
      return observed === limit
  }
}

function unitOf({ type, contains }: MetricDefinition, method: Aggregation['method']): string {
  if (type === 'rate') return 'ratio'
  if (type === 'counter' && contains === 'default') return method === 'rate' ? 'rps' : 'count'
  if (contains === 'time') return method === 'rate' ? 'ms/s' : 'ms'
  if (contains === 'data') return method === 'rate' ? 'bytes/s' : 'bytes'
  return ''
}
