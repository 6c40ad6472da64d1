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
  /**
   * Token bucket and GCRA: most units at one instant, a whole number, at least 1; `limit` when absent.
   * Leaky bucket: units that may queue behind the first, at least 0; 0 when absent.
   */
  readonly burst?: number
  /** Leaky bucket: what would queue passes at once. */
  readonly noDelay?: true
}

export interface Limiter {
  /**
   * How long after `nowUs` the cost would first be admitted if nothing else came: 0 = at once,
   * `Infinity` = never, because the cost is above what the quota can hold. Charges nothing.
   */
  waitUs(cost: number, nowUs: number): number
  /**
   * Charges a cost that `waitUs` has just answered with 0 for the same `nowUs`. The window algorithms (fixed,
   * first-hit, sliding) take a refused cost too, for services that count what they refuse.
   *
   * @returns how long the admitted request is held back: always 0 but for a leaky bucket.
   */
  charge(cost: number, nowUs: number): number
  /** Largest cost that would be admitted at `nowUs`. */
  remaining(nowUs: number): number
  /**
   * Changes limit and burst from `nowUs` on; what has been charged stays charged.
   *
   * @param quota its window must be the one in force.
   */
  setQuota(quota: Quota, nowUs: number): void
}
