import type { ReplyHandler, WireError, WireResponse } from '../http/transport.ts'
import { outcomeOfStatus, type Outcome } from '../measure/outcome.ts'
import type { RequestEnd, RequestSpec } from './host.ts'
import type { MeteredRequest, RequestMeter } from './request-meter.ts'
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
    this.attempt = 1
    this.#toResponse = toResponse
    this.#resume = resume
    this.nameId = meter.asked(spec.name, plannedUs, this.attempt)
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
    this.#end(outcomeOfStatus(response.status, this.#meter.rules), response.timings.doneAtUs)
    this.#resumeWith({ kind: 'response', response, outcome: this.outcome })
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
    this.#vu.requestEnded()
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
  }

  tag(key: string): string | undefined {
    switch (key) {
      case 'name':
        return this.spec.name
      case 'outcome':
        return this.outcome
      case 'status':
        return String(this.status)
      case 'method':
        return this.spec.method
      case 'url':
        return this.spec.url
      case 'expected_response':
        return String(this.status !== 0 && this.#meter.rules.expected(this.status))
      default:
        return this.spec.tags?.[key] ?? this.#vu.tag(key)
    }
  }
}

function outcomeOfError(error: WireError): Outcome {
  if (error.kind === 'timeout') return 'timeout'
  return error.kind === 'aborted' ? 'aborted' : 'network_error'
}
