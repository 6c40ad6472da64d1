/** What the app needs to know of an API: how to read a request and how each answer looks. No service knows its limits. */
import type { MockRequest, ReplyPlan } from '../exchange.ts'
import type { Refusal } from '../admission.ts'

/** A reply before its time is known. `Content-Length` is added by the resource. */
export type Reply = Omit<ReplyPlan, 'replyAtUs'>

/** A valid request, before the limits have been asked. */
export interface Call {
  readonly valid: true
  /** What the oracle counts it under; from a small fixed set. */
  readonly operation: string
  /** Units that it is charged on every rate rule. */
  readonly cost: number
  /** @param latencyUs how long the service took. */
  succeed(latencyUs: number): Reply
  refuse(refusal: Refusal): Reply
}

/** A request that is answered with a client error and charged to no limit. */
export interface InvalidCall {
  readonly valid: false
  readonly operation: string
  readonly reply: Reply
}

export interface Service {
  /** @param path without the resource's prefix and without the query. */
  read(request: MockRequest, path: string): Call | InvalidCall
}

/** The oracle's operation for requests that match no route. */
export const UNMATCHED = 'unmatched'

/** A wait as `Retry-After` says it: whole seconds, rounded up so that waiting them is enough, at least 1. */
export function retryAfterSeconds(retryAfterUs: number): number {
  return Math.max(1, Math.ceil(retryAfterUs / 1_000_000))
}
