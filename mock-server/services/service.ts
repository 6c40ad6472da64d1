/** What the app needs to know of an API: how to read a request and how each answer looks. No service knows its limits. */
import type { Refusal, Slots } from '../admission.ts'
import type { MockRequest, ReplyPlan } from '../exchange.ts'
import type { RefusalStatus, Unit } from '../rule.ts'

/** A reply before its time is known. `Content-Length` is added by the resource. */
export interface Reply extends Omit<ReplyPlan, 'replyAtUs' | 'bodyBytes'> {
  /** Where it has been counted already. */
  readonly bodyBytes?: number
}

/** A valid request, before the limits have been asked. */
export interface Call {
  readonly kind: 'call'
  /** What the oracle counts it under; from a small fixed set. */
  readonly operation: string
  /** How many of these units it is charged. */
  readonly cost: (unit: Unit) => number
  /** Absent: the request is under the resource's cap on requests in flight. */
  readonly slots?: Slots
  /**
   * How long the service works on it where the latency model says `drawnUs`; absent: just that. Called at most once, when
   * the request has been admitted.
   */
  readonly workUs?: (drawnUs: number) => number
  /**
   * What the service answers once the request has been admitted.
   *
   * @param latencyUs how long the service took.
   * @param dueUs when the reply is ready.
   */
  succeed(latencyUs: number, dueUs: number): Reply
  /** What it answers when it is told to fail with this status; absent: an error in Azure's envelope. */
  fail?(status: number): Reply
  /** Without headers that say when to come again: those are the resource's. */
  refuse(refusal: Refusal): Reply
}

/** A request that is answered at once and charged to no limit: a client error, or the management of the service. */
export interface Answered {
  readonly kind: 'invalid' | 'managed'
  readonly operation: string
  readonly reply: Reply
  /** The most requests in flight from now on; absent: as before. */
  readonly concurrency?: number
}

export interface Service {
  /** @param path without the resource's prefix and without the query. */
  read(request: MockRequest, path: string, nowUs: number): Call | Answered
  /** What the admin API shows of the service beside its limits; absent: nothing. */
  state?(nowUs: number): object
  /** Is told the most requests in flight that the admin API has set, for a service that shows the figure itself. */
  setConcurrency?(concurrency: number): void
}

/** The oracle's operation for requests that match no route. */
export const UNMATCHED = 'unmatched'

/** What any service can count: requests and the bytes of their bodies. */
export function plainCost(request: MockRequest): (unit: Unit) => number {
  return (unit) => (unit === 'bytes' ? request.body.length : 1)
}

/** Of a refusal: the rule's own, else 403 for a spent quota, 503 for a saturated service and 429 for any other limit. */
export function statusOfRefusal({ status, kind }: Refusal): RefusalStatus {
  if (status !== undefined) return status
  if (kind === 'quota') return 403
  return kind === 'capacity' ? 503 : 429
}

/** A wait as `Retry-After` says it: whole seconds, rounded up so that waiting them is enough, at least 1. */
export function retryAfterSeconds(retryAfterUs: number): number {
  return Math.max(1, Math.ceil(retryAfterUs / 1_000_000))
}
