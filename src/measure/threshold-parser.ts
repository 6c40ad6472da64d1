import type { Fault } from '../core/errors.ts'
import type { Aggregation, MetricSelector } from './metric-types.ts'

/** A threshold as written in the options. */
export interface ThresholdSource {
  /** Metric with its selector, e.g. `http_req_duration{name:rank}`. */
  readonly metric: string
  readonly expression: string
  readonly abortOnFail: boolean
  /** The run is not aborted before this time. */
  readonly delayAbortEvalUs: number
  /** Where it stands, for messages: `options.thresholds` or `options.ext.headroom.thresholds`. */
  readonly where: string
}

const OPERATORS = ['<', '<=', '>', '>=', '==', '===', '!='] as const
export type Operator = (typeof OPERATORS)[number]

/** A threshold understood: passes while `aggregation` of `selector` stands in relation `operator` to `limit`. */
export interface Threshold extends ThresholdSource {
  readonly selector: MetricSelector
  readonly aggregation: Aggregation
  readonly operator: Operator
  readonly limit: number
}

/** Where a threshold stands, for the user. */
export function whereOf({ where, metric }: ThresholdSource): string {
  return `${where}['${metric}']`
}

/** A piece of text that is not what it should be. `todo` says what it should be. */
class Unreadable extends Error {
  override readonly name = 'Unreadable'
  readonly todo: string

  constructor(what: string, todo: string) {
    super(what)
    this.todo = todo
  }
}

const METHODS_TEXT = 'count, rate, value, avg, min, max, med or p(N)'
const EXPRESSION_TODO = 'write it as method, operator, number, e.g. "p(95)<500" or "rate<0.01"'
const SELECTOR_TODO = 'write it as metric{tag:value,tag:value}, e.g. http_req_duration{name:rank}'

/** Reads text from left to right, in pieces given by sticky patterns. */
class Reader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  /** The next piece, `undefined` when it does not match. */
  take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at
    const match = pattern.exec(this.#text)
    if (match === null) return undefined
    this.#at = pattern.lastIndex
    return match
  }

  expected(what: string): Unreadable {
    const rest = this.#text.slice(this.#at)
    const found = rest === '' ? 'the end' : `"${rest}"`
    return new Unreadable(
      `"${this.#text}": expected ${what} at character ${this.#at + 1}, found ${found}`,
      EXPRESSION_TODO,
    )
  }
}

const METHOD = /\s*(?:(count|rate|value|avg|min|max|med)(?![\w(])|p\(\s*(\d+(?:\.\d+)?)\s*\))\s*/y
const OPERATOR = /(<=|>=|===|==|!=|<|>)\s*/y
const LIMIT = /([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*$/y

function readMethod(reader: Reader): Aggregation {
  const match = reader.take(METHOD)
  if (match === undefined) throw reader.expected(METHODS_TEXT)
  const [, method, percent] = match
  if (percent === undefined) return { method: method as Aggregation['method'], percent: undefined }
  if (Number(percent) > 100)
    throw new Unreadable(`p(${percent}): a percentile is at most 100`, EXPRESSION_TODO)
  return { method: 'p', percent: Number(percent) }
}

/** Reads `p(95)<500`. @throws Unreadable */
function readExpression(text: string): Pick<Threshold, 'aggregation' | 'operator' | 'limit'> {
  const reader = new Reader(text)
  const aggregation = readMethod(reader)
  const operator = reader.take(OPERATOR)?.[1]
  if (operator === undefined) throw reader.expected(`one of ${OPERATORS.join(' ')}`)
  const limit = reader.take(LIMIT)?.[1]
  if (limit === undefined) throw reader.expected('a number and nothing else')
  return { aggregation, operator: operator as Operator, limit: Number(limit) }
}

function unquoted(text: string): string {
  return text.trim().replace(/^(["'])(.*)\1$/, '$2')
}

function readTag(text: string): readonly [string, string] {
  const colon = text.indexOf(':')
  const key = unquoted(text.slice(0, Math.max(colon, 0)))
  const value = unquoted(text.slice(colon + 1))
  if (colon === -1 || key === '' || value === '') {
    throw new Unreadable(`"${text.trim()}" is not a tag and its value`, SELECTOR_TODO)
  }
  return [key, value]
}

/** Reads `http_req_duration{name:rank,status:200}`. @throws Unreadable */
function readSelector(text: string): MetricSelector {
  const open = text.indexOf('{')
  if (open === -1 && !text.includes('}')) return { metric: text.trim(), tags: [] }
  if (open === -1 || !text.endsWith('}')) {
    throw new Unreadable('the braces around the tags do not match', SELECTOR_TODO)
  }
  const tags = text
    .slice(open + 1, -1)
    .split(',')
    .map(readTag)
  return { metric: text.slice(0, open).trim(), tags }
}

function parseThreshold(source: ThresholdSource): Threshold {
  return { ...source, selector: readSelector(source.metric), ...readExpression(source.expression) }
}

/** Reads every threshold in k6's grammar; what cannot be read is a fault. */
export function parseThresholds(sources: readonly ThresholdSource[]): {
  readonly thresholds: readonly Threshold[]
  readonly faults: readonly Fault[]
} {
  const thresholds: Threshold[] = []
  const faults: Fault[] = []
  for (const source of sources) {
    try {
      thresholds.push(parseThreshold(source))
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error
      faults.push({ where: whereOf(source), what: error.message, todo: error.todo })
    }
  }
  return { thresholds, faults }
}
