import type { ReplyHandler, WireError, WireResponse } from '../http/transport.ts'
import { outcomeOfStatus, type Outcome } from '../measure/outcome.ts'
import type { RequestEnd, RequestSpec, Tags } from './host.ts'
import { attemptNumber, type Operation } from './operations.ts'
import { isLastAttempt, type MeteredRequest, type RequestMeter } from './request-meter.ts'
import { SYSTEM_TAGS } from './system-tags.ts'
import type { Vu } from './vu.ts'

type State = 'asked' | 'sent' | 'ended'

/** One request under way: hears from the transport, tells the meter, resumes the script. */
export class RequestInFlight<T> implements ReplyHandler, MeteredRequest {
  readonly spec: RequestSpec
  readonly nameId: number
  /** When it should have been sent: the arrival's due time, or when the script asked. */
  readonly plannedUs: number
  /** From 1. */
  readonly attempt: number
  readonly operation: Operation | undefined
  /** The group that it was asked in, and the VU's tags then: a script may go on before the request ends. */
  readonly group: string
  readonly #vuTags: Tags
  sentAtUs = 0
  outcome: Outcome = 'aborted'
  status = 0
  response: WireResponse | undefined
  error: WireError | undefined
  readonly #vu: Vu
  readonly #meter: RequestMeter
  readonly #toResponse: (end: RequestEnd) => T | Promise<T>
  readonly #resume: (value: T | Promise<T>) => void
  #state: State = 'asked'

  constructor(
    vu: Vu,
    meter: RequestMeter,
    spec: RequestSpec,
    plannedUs: number,
    toResponse: (end: RequestEnd) => T | Promise<T>,
    resume: (value: T | Promise<T>) => void,
  ) {
    this.#vu = vu
    this.#meter = meter
    this.spec = spec
    this.plannedUs = plannedUs
    this.group = vu.groupPath
    this.#vuTags = vu.execution.tags
    const attempt = attemptOf(spec, vu)
    this.attempt = attempt ?? 1
    this.operation =
      attempt === undefined ? undefined : vu.operations.attempt(operationKey(spec), attempt, plannedUs)
    this.#toResponse = toResponse
    this.#resume = resume
    this.nameId = meter.asked(spec.name, plannedUs, this.attempt)
  }

  get vuId(): number {
    return this.#vu.vuId
  }

  /** Whether the script expects the reply; an error never is. `undefined` when the script does not want it to be told. */
  get isExpected(): boolean | undefined {
    const { expects } = this.spec
    if (expects === null) return undefined
    return this.response !== undefined && (expects ?? this.#meter.rules.expected)(this.status)
  }

  onSent(atUs: number): void {
    if (this.#state !== 'asked') return
    this.#state = 'sent'
    this.sentAtUs = atUs
    this.#meter.sent(this)
  }

  onResponse(response: WireResponse): void {
    if (this.#state === 'ended') return
    this.response = response
    this.status = response.status
    this.#end(this.#outcomeOf(response.status), response.timings.doneAtUs)
    this.#resumeWith({ kind: 'response', response, outcome: this.outcome })
  }

  #outcomeOf(status: number): Outcome {
    const { rules } = this.#meter
    const { expects } = this.spec
    return outcomeOfStatus(status, expects ? { ...rules, expected: expects } : rules)
  }

  onError(error: WireError): void {
    if (this.#state === 'ended') return
    this.error = error
    this.#end(outcomeOfError(error), error.atUs)
    // The figures only count it; a timeout explains itself.
    if (this.outcome === 'network_error') this.#vu.warnOnce(`a request failed: ${error.message}`)
    this.#resumeWith({ kind: 'error', error, outcome: this.outcome })
  }

  /** What goes wrong in `toResponse` is the script's to hear, not the transport's. */
  #resumeWith(end: RequestEnd): void {
    this.#vu.requestEnded(this as RequestInFlight<unknown>)
    try {
      this.#resume(this.#toResponse(end))
    } catch (error) {
      this.#resume(Promise.reject(error))
    }
  }

  /** The iteration was interrupted: counts as aborted; the script never hears of it again. */
  abandon(nowUs: number): void {
    if (this.#state !== 'ended') this.#end('aborted', nowUs)
  }

  /** A request that never reached the wire counts as sent at the moment it failed. */
  #end(outcome: Outcome, atUs: number): void {
    if (this.#state === 'asked') this.onSent(atUs)
    this.#state = 'ended'
    this.outcome = outcome
    this.#meter.ended(this, atUs)
    if (this.operation) this.#vu.operations.ended(this.operation, this, atUs, isLastAttempt(this))
  }

  tag(key: string): string | undefined {
    const systemTag = SYSTEM_TAGS.get(key)
    return systemTag === undefined ? (this.spec.tags?.[key] ?? this.#vuTags[key]) : systemTag(this)
  }
}

function outcomeOfError(error: WireError): Outcome {
  if (error.kind === 'timeout') return 'timeout'
  return error.kind === 'aborted' ? 'aborted' : 'network_error'
}

/** What the tag `attempt` says; `undefined` without one that can be counted. */
function attemptOf({ tags }: RequestSpec, vu: Vu): number | undefined {
  const tag = tags?.['attempt']
  if (tag === undefined) return undefined
  const attempt = attemptNumber(tag)
  if (attempt === undefined) {
    vu.warnOnce('a request has a tag attempt that is no whole number from 1: it counts as a first attempt')
  }
  return attempt
}

/** Attempts of one operation have the same tag `operation`, or at least the same name. */
function operationKey({ tags, name }: RequestSpec): string {
  return tags?.['operation'] ?? name
}
