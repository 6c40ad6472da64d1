import { US_PER_MS } from '../core/units.ts'
import type { WireError, WireResponse } from '../http/transport.ts'
import type { MetricRegistry, TagSource } from '../measure/metrics.ts'
import type { Outcome, OutcomeRules } from '../measure/outcome.ts'
import type { Recorder } from '../measure/recorder.ts'
import type { Operation } from './operations.ts'
import { retryAfterUs } from './retry-after.ts'

/** What a meter needs to know of a request. */
export interface MeteredRequest extends TagSource {
  readonly spec: { readonly name: string }
  readonly nameId: number
  readonly plannedUs: number
  readonly attempt: number
  /** The operation it is an attempt of; `undefined`: one of its own. */
  readonly operation: Operation | undefined
  readonly sentAtUs: number
  readonly outcome: Outcome
  readonly status: number
  /** Whether the script expected the reply; `undefined` when it does not want to say. */
  readonly isExpected: boolean | undefined
  readonly response: WireResponse | undefined
  readonly error: WireError | undefined
}

/** Counts requests. `asked`, `sent` and `ended` come in this order, each once. */
export interface RequestMeter {
  readonly rules: OutcomeRules
  /** Gives the number of the request's name. */
  asked(name: string, plannedUs: number, attempt: number): number
  sent(request: MeteredRequest): void
  ended(request: MeteredRequest, doneAtUs: number): void
  /** There was no attempt after this one, which ended at `doneAtUs`, of an operation that began at `startUs`. */
  operationFailed(request: MeteredRequest, startUs: number, doneAtUs: number): void
}

/** Set-up and teardown: their requests are in no figure of the run, but their number is told. */
export class UnmeasuredRequests implements RequestMeter {
  readonly rules: OutcomeRules
  count = 0

  constructor(rules: OutcomeRules) {
    this.rules = rules
  }

  asked(): number {
    this.count++
    return 0
  }

  sent(): void {}

  ended(): void {}

  operationFailed(): void {}
}

/** The load: every request into the recorder and into k6's metrics. */
export class MeasuredRequests implements RequestMeter {
  readonly rules: OutcomeRules
  readonly #recorder: Recorder
  readonly #metrics: MetricRegistry
  readonly #ids: ReturnType<typeof requestMetricIds>
  /** Reused for every request: the recorder copies what it needs. */
  readonly #facts = {
    outcome: 'accepted' as Outcome,
    plannedUs: 0,
    sentUs: 0,
    doneUs: 0,
    attempt: 1,
    retryAfterUs: undefined as number | undefined,
    sentBytes: 0,
    receivedBytes: 0,
    operation: undefined as { startUs: number; isLast: boolean } | undefined,
  }

  constructor(rules: OutcomeRules, recorder: Recorder, metrics: MetricRegistry) {
    this.rules = rules
    this.#recorder = recorder
    this.#metrics = metrics
    this.#ids = requestMetricIds(metrics)
  }

  asked(name: string, plannedUs: number, attempt: number): number {
    const nameId = this.#recorder.nameId(name)
    if (attempt === 1) this.#recorder.offered(nameId, plannedUs)
    this.#recorder.hold(plannedUs)
    return nameId
  }

  sent(request: MeteredRequest): void {
    this.#recorder.sent(request.nameId, request.sentAtUs, request.attempt)
  }

  ended(request: MeteredRequest, doneAtUs: number): void {
    const facts = this.#facts
    const end = request.response ?? request.error
    facts.outcome = request.outcome
    facts.plannedUs = request.plannedUs
    facts.sentUs = request.sentAtUs
    facts.doneUs = doneAtUs
    facts.attempt = request.attempt
    facts.retryAfterUs = request.outcome === 'throttled' ? retryAfterUs(request.response) : undefined
    facts.sentBytes = end?.sentBytes ?? 0
    facts.receivedBytes = end?.receivedBytes ?? 0
    const { operation } = request
    facts.operation = operation && { startUs: operation.startUs, isLast: isLastAttempt(request) }
    this.#recorder.done(request.nameId, facts)
    this.#recorder.release(request.plannedUs)
    this.#countOutcome(request, doneAtUs)
    this.#countDurations(request, doneAtUs)
    if (isLastAttempt(request)) {
      this.#countOperation(request, request.operation?.startUs ?? request.plannedUs, doneAtUs)
    }
  }

  operationFailed(request: MeteredRequest, startUs: number, doneAtUs: number): void {
    const { nameId, outcome, sentAtUs } = request
    this.#recorder.operationEnded(nameId, outcome, sentAtUs, doneAtUs - startUs)
    this.#countOperation(request, startUs, doneAtUs)
  }

  #countOperation(request: MeteredRequest, startUs: number, doneAtUs: number): void {
    const { outcome } = request
    const ids = this.#ids
    this.#metrics.add(ids.operationsFailed, outcome === 'accepted' ? 0 : 1, request, doneAtUs)
    if (outcome === 'aborted') return
    this.#metrics.add(ids.operationDuration, (doneAtUs - startUs) / US_PER_MS, request, doneAtUs)
  }

  #countOutcome(request: MeteredRequest, atUs: number): void {
    const { outcome, isExpected } = request
    const ids = this.#ids
    const metrics = this.#metrics
    const throttled = outcome === 'throttled'
    metrics.add(ids.reqs, 1, request, atUs)
    if (isExpected !== undefined) metrics.add(ids.failed, isExpected ? 0 : 1, request, atUs)
    metrics.add(ids.throttled, throttled ? 1 : 0, request, atUs)
    metrics.add(ids.dataSent, this.#facts.sentBytes, request, atUs)
    metrics.add(ids.dataReceived, this.#facts.receivedBytes, request, atUs)
    if (request.attempt > 1) metrics.add(ids.retries, 1, request, atUs)
    if (this.#facts.retryAfterUs !== undefined) {
      metrics.add(ids.retryAfter, this.#facts.retryAfterUs / US_PER_MS, request, atUs)
    }
  }

  #countDurations(request: MeteredRequest, doneAtUs: number): void {
    const ids = this.#ids
    const add = (id: number, us: number): void => this.#metrics.add(id, us / US_PER_MS, request, doneAtUs)
    if (request.outcome === 'aborted') return
    add(ids.duration, doneAtUs - request.sentAtUs)
    add(ids.responseTime, doneAtUs - request.plannedUs)
    this.#countPhases(request, add)
  }

  /** k6 gives the phases of failed requests too: zero for those they did not reach. */
  #countPhases({ response, error }: MeteredRequest, add: (id: number, us: number) => void): void {
    const ids = this.#ids
    const timings = response?.timings
    const connecting = timings ?? error
    if (connecting === undefined) return
    add(ids.blocked, connecting.blockedUs)
    add(ids.connecting, connecting.connectingUs)
    add(ids.tlsHandshaking, connecting.tlsUs)
    add(ids.sending, timings === undefined ? 0 : timings.requestEndAtUs - timings.sentAtUs)
    add(ids.waiting, timings === undefined ? 0 : timings.firstByteAtUs - timings.requestEndAtUs)
    add(ids.receiving, timings === undefined ? 0 : timings.doneAtUs - timings.firstByteAtUs)
  }
}

/** Of a request that says which attempt it is, a failure may be followed by another one. */
export function isLastAttempt({ operation, outcome }: MeteredRequest): boolean {
  return operation === undefined || outcome === 'accepted'
}

function requestMetricIds(metrics: MetricRegistry) {
  return {
    reqs: metrics.id('http_reqs'),
    failed: metrics.id('http_req_failed'),
    throttled: metrics.id('http_req_throttled'),
    retries: metrics.id('http_req_retries'),
    retryAfter: metrics.id('retry_after'),
    operationsFailed: metrics.id('operations_failed'),
    dataSent: metrics.id('data_sent'),
    dataReceived: metrics.id('data_received'),
    duration: metrics.id('http_req_duration'),
    responseTime: metrics.id('http_req_response_time'),
    operationDuration: metrics.id('operation_duration'),
    blocked: metrics.id('http_req_blocked'),
    connecting: metrics.id('http_req_connecting'),
    tlsHandshaking: metrics.id('http_req_tls_handshaking'),
    sending: metrics.id('http_req_sending'),
    waiting: metrics.id('http_req_waiting'),
    receiving: metrics.id('http_req_receiving'),
  }
}
