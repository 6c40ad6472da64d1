import { US_PER_MS } from '../core/units.ts'
import type { WireError, WireResponse } from '../http/transport.ts'
import type { MetricRegistry, TagSource } from '../measure/metrics.ts'
import type { Outcome, OutcomeRules } from '../measure/outcome.ts'
import type { Recorder } from '../measure/recorder.ts'
import type { RequestLog, RequestRecord } from '../measure/request-log.ts'
import type { Operation } from './operations.ts'
import { RequestMetrics } from './request-metrics.ts'
import type { EnginePorts } from './ports.ts'
import { retryAfterUs } from './retry-after.ts'

/** What a meter needs to know of a request. */
export interface MeteredRequest extends TagSource {
  readonly spec: { readonly name: string; readonly method: string }
  readonly vuId: number
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

/** Sends requests into nothing: those of `handleSummary` come when all figures are made. */
export class UnmeasuredRequests implements RequestMeter {
  readonly rules: OutcomeRules

  constructor(rules: OutcomeRules) {
    this.rules = rules
  }

  asked(): number {
    return 0
  }

  sent(): void {}

  ended(): void {}

  operationFailed(): void {}
}

/** Set-up and teardown: their requests are no part of the load, but k6's metrics have them as on k6. */
export class LifecycleRequests implements RequestMeter {
  readonly rules: OutcomeRules
  readonly #k6: RequestMetrics
  readonly #sampleUs: () => number
  count = 0

  /** @param sampleUs when a sample of now counts as taken */
  constructor(rules: OutcomeRules, metrics: MetricRegistry, sampleUs: () => number) {
    this.rules = rules
    this.#k6 = new RequestMetrics(metrics)
    this.#sampleUs = sampleUs
  }

  asked(): number {
    this.count++
    return 0
  }

  sent(): void {}

  ended(request: MeteredRequest, doneAtUs: number): void {
    this.#k6.ended(request, doneAtUs, this.#sampleUs())
  }

  operationFailed(): void {}
}

/** The load: every request into the recorder and into all metrics. */
export class MeasuredRequests implements RequestMeter {
  readonly rules: OutcomeRules
  readonly #recorder: Recorder
  readonly #metrics: MetricRegistry
  readonly #k6: RequestMetrics
  readonly #log: RequestLog | undefined
  readonly #ids: ReturnType<typeof ownMetricIds>
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

  constructor(
    rules: OutcomeRules,
    { recorder, metrics, requestLog }: Pick<EnginePorts, 'recorder' | 'metrics' | 'requestLog'>,
  ) {
    this.rules = rules
    this.#recorder = recorder
    this.#metrics = metrics
    this.#k6 = new RequestMetrics(metrics)
    this.#log = requestLog
    this.#ids = ownMetricIds(metrics)
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
    this.#k6.ended(request, doneAtUs, doneAtUs)
    this.#countOutcome(request, doneAtUs)
    if (this.#log !== undefined) this.#log.add(this.#recordOf(request, doneAtUs))
    if (isLastAttempt(request)) {
      this.#countOperation(request, request.operation?.startUs ?? request.plannedUs, doneAtUs)
    }
  }

  operationFailed(request: MeteredRequest, startUs: number, doneAtUs: number): void {
    const { nameId, outcome, sentAtUs } = request
    this.#recorder.operationEnded(nameId, outcome, sentAtUs, doneAtUs - startUs)
    this.#countOperation(request, startUs, doneAtUs)
  }

  #recordOf(request: MeteredRequest, doneUs: number): RequestRecord {
    const { response, error, status } = request
    const connecting = response?.timings ?? error
    const { retryAfterUs, sentBytes, receivedBytes } = this.#facts
    return {
      name: this.#recorder.shownName(request.nameId),
      scenario: request.tag('scenario') ?? '',
      method: request.spec.method,
      vuId: request.vuId,
      attempt: request.attempt,
      outcome: request.outcome,
      status: response === undefined ? undefined : status,
      error: error?.kind,
      plannedUs: request.plannedUs,
      sentUs: request.sentAtUs,
      firstByteUs: response?.timings.firstByteAtUs,
      doneUs,
      connectingUs: connecting === undefined ? 0 : connecting.connectingUs + connecting.tlsUs,
      retryAfterUs,
      sentBytes,
      receivedBytes,
    }
  }

  #countOperation(request: MeteredRequest, startUs: number, doneAtUs: number): void {
    const { outcome } = request
    const ids = this.#ids
    this.#metrics.add(ids.operationsFailed, outcome === 'accepted' ? 0 : 1, request, doneAtUs)
    if (outcome === 'aborted') return
    this.#metrics.add(ids.operationDuration, (doneAtUs - startUs) / US_PER_MS, request, doneAtUs)
  }

  #countOutcome(request: MeteredRequest, doneAtUs: number): void {
    const { outcome } = request
    const ids = this.#ids
    this.#metrics.add(ids.throttled, outcome === 'throttled' ? 1 : 0, request, doneAtUs)
    if (request.attempt > 1) this.#metrics.add(ids.retries, 1, request, doneAtUs)
    if (this.#facts.retryAfterUs !== undefined) {
      this.#metrics.add(ids.retryAfter, this.#facts.retryAfterUs / US_PER_MS, request, doneAtUs)
    }
    if (outcome === 'aborted') return
    this.#metrics.add(ids.responseTime, (doneAtUs - request.plannedUs) / US_PER_MS, request, doneAtUs)
  }
}

/** Of a request that says which attempt it is, a failure may be followed by another one. */
export function isLastAttempt({ operation, outcome }: MeteredRequest): boolean {
  return operation === undefined || outcome === 'accepted'
}

/** Metrics that k6 does not have. */
function ownMetricIds(metrics: MetricRegistry) {
  return {
    throttled: metrics.id('http_req_throttled'),
    retries: metrics.id('http_req_retries'),
    retryAfter: metrics.id('retry_after'),
    responseTime: metrics.id('http_req_response_time'),
    operationsFailed: metrics.id('operations_failed'),
    operationDuration: metrics.id('operation_duration'),
  }
}
