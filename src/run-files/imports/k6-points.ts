import { DEFAULT_OUTCOME_RULES, outcomeOfStatus, type Outcome } from '../../measure/outcome.ts'
import type { CheckResult } from '../../measure/summary.ts'
import { requestName, RowFault, type RequestSample } from './request-sample.ts'
import { msToUs } from './sample-time.ts'

/** One sample of one of k6's metrics. */
export interface K6Point {
  readonly metric: string
  /** When it was taken: the end of a request. */
  readonly timeUs: number
  readonly value: number
  /** `''` where there is none. */
  readonly tag: (name: string) => string
}

/** Metrics that are read; every other row is passed over. */
const REQUEST_METRIC = 'http_req_duration'
const READ_METRICS = new Set([REQUEST_METRIC, 'iterations', 'dropped_iterations', 'checks'])

export function isReadMetric(metric: string): boolean {
  return READ_METRICS.has(metric)
}

/** k6's error codes of requests that took too long: the request, and the dialling. */
const TIMEOUT_CODES: readonly string[] = ['1050', '1211']

/** Groups that are no load. */
const LIFECYCLE_GROUPS: readonly string[] = ['::setup', '::teardown']

/** What k6's samples say beside requests. */
export interface K6Counts {
  readonly completedCount: number
  readonly droppedCount: number
  readonly checks: readonly CheckResult[]
  /** Requests of setup() and teardown(). */
  readonly unmeasuredCount: number
}

/** Makes requests of k6's samples and counts the rest. */
export class K6Points {
  readonly #throttled: ReadonlySet<number>
  readonly #checks = new Map<string, { passes: number; fails: number }>()
  #completedCount = 0
  #droppedCount = 0
  #unmeasuredCount = 0

  constructor(throttled: ReadonlySet<number>) {
    this.#throttled = throttled
  }

  get counts(): K6Counts {
    return {
      completedCount: this.#completedCount,
      droppedCount: this.#droppedCount,
      checks: Array.from(this.#checks, ([name, counts]) => ({ name, ...counts })),
      unmeasuredCount: this.#unmeasuredCount,
    }
  }

  /** @throws RowFault for a request that does not say what became of it. */
  read(point: K6Point): RequestSample | undefined {
    if (point.metric === REQUEST_METRIC) return this.#request(point)
    if (point.metric === 'iterations') this.#completedCount += point.value
    if (point.metric === 'dropped_iterations') this.#droppedCount += point.value
    if (point.metric === 'checks') this.#countCheck(point)
    return undefined
  }

  #request({ timeUs, value, tag }: K6Point): RequestSample | undefined {
    const outcome = outcomeOf(tag, this.#throttled)
    if (LIFECYCLE_GROUPS.includes(tag('group'))) {
      this.#unmeasuredCount++
      return undefined
    }
    return {
      name: requestName(tag('name') || tag('url') || tag('method') || 'http'),
      outcome,
      startUs: timeUs - msToUs(value),
      endUs: timeUs,
      sentBytes: undefined,
      receivedBytes: undefined,
    }
  }

  #countCheck({ value, tag }: K6Point): void {
    const name = tag('check')
    const counts = this.#checks.get(name) ?? { passes: 0, fails: 0 }
    if (value === 0) counts.fails++
    else counts.passes++
    this.#checks.set(name, counts)
  }
}

function outcomeOf(tag: K6Point['tag'], throttled: ReadonlySet<number>): Outcome {
  const text = tag('status')
  const status = Number(text)
  if (text === '' || !Number.isInteger(status)) {
    throw new RowFault('a request has no tag status: leave it in the option systemTags')
  }
  if (status === 0) return TIMEOUT_CODES.includes(tag('error_code')) ? 'timeout' : 'network_error'
  const expectedTag = tag('expected_response')
  const expected = (code: number): boolean =>
    expectedTag === '' ? DEFAULT_OUTCOME_RULES.expected(code) : expectedTag === 'true'
  return outcomeOfStatus(status, { expected, throttled })
}
