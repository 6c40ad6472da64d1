import { Gcra } from './gcra.ts'
import type { Limiter, Quota } from './limiter.ts'

/**
 * Leaky bucket as a queue, as NGINX limit_req: requests leave one by one at the rate; one that finds others before it is
 * admitted and held back until its turn, and refused, with nothing charged, when more than `burst` units would queue.
 * With `noDelay` what would queue leaves at once.
 *
 * NGINX's rule is excess ← max(0, excess − rate·Δt + 1), refused iff excess > burst, delay = excess/rate, and an excess of 0
 * for the first request. One unit more than the excess is the debt of a GCRA of burst + 1, which does the counting.
 */
export class LeakyBucket implements Limiter {
  readonly #meter: Gcra
  readonly #noDelay: boolean

  constructor(quota: Quota) {
    this.#meter = new Gcra(meterOf(quota))
    this.#noDelay = quota.noDelay === true
  }

  waitUs(cost: number, nowUs: number): number {
    return this.#meter.waitUs(cost, nowUs)
  }

  charge(cost: number, nowUs: number): number {
    const delayUs = this.#noDelay ? 0 : this.#meter.backlogUs(nowUs)
    this.#meter.charge(cost, nowUs)
    return delayUs
  }

  remaining(nowUs: number): number {
    return this.#meter.remaining(nowUs)
  }

  setQuota(quota: Quota, nowUs: number): void {
    this.#meter.setQuota(meterOf(quota), nowUs)
  }
}

/** The first unit is the one that leaves at once. */
function meterOf(quota: Quota): Quota {
  return { limit: quota.limit, windowUs: quota.windowUs, burst: (quota.burst ?? 0) + 1 }
}
