/**
 * Rate limiters. Time is an argument, state is integers only, and a time before the latest one seen counts as the latest.
 *
 * Admission over several limiters has two steps, so that a request which one of them refuses is charged to none:
 * ask each for its `waitUs`, then `charge` all of them at the same `nowUs`.
 */

/** `limit` units of cost per window of `windowUs`. */
export interface Quota {
  /** Whole number, at least 1. */
  readonly limit: number
  /** Whole number of µs, at least 1. */
  readonly windowUs: number
  /** Most units at one instant, for algorithms with a bucket: a whole number, at least 1; `limit` when absent. */
  readonly burst?: number
}

export interface Limiter {
  /**
   * How long after `nowUs` the cost would first be admitted if nothing else came: 0 = at once,
   * `Infinity` = never, because the cost is above what the quota can hold. Charges nothing.
   */
  waitUs(cost: number, nowUs: number): number
  /** Charges a cost that `waitUs` has just answered with 0 for the same `nowUs`. */
  charge(cost: number, nowUs: number): void
  /** Largest cost that would be admitted at `nowUs`. */
  remaining(nowUs: number): number
  /** Changes the quota's limit from `nowUs` on; what has been charged stays charged. */
  setLimit(limit: number, nowUs: number): void
}
