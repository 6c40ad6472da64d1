import type { Limiter, Quota } from './limiter.ts'

const INITIAL_SLOTS = 64

/**
 * Exact sliding window: a cost c passes iff the costs charged in (t − W, t] plus c are at most the limit.
 * A charge made at s therefore counts until just before s + W.
 *
 * The charges are a ring, oldest at `head`; charges of one instant share a slot, so there are never more slots in use
 * than the limit. A cost of 1 takes O(1) amortised; the wait of a refused cost c looks at no more than c slots
 * (after a lowered limit, the excess too). Where refused costs are charged as well, the ring keeps the newest charges that
 * fill the limit: older ones leave the window before those do, and can refuse nothing by themselves.
 *
 *     head          head + count − 1
 *       v             v
 *     [ t0 ][ t1 ]…[ tn ][ free ]…      #usedCost = sum of their costs
 */
export class SlidingLog implements Limiter {
  #quota: Quota
  #timesUs = new Float64Array(INITIAL_SLOTS)
  #costs = new Float64Array(INITIAL_SLOTS)
  #head = 0
  #count = 0
  #usedCost = 0
  #atUs = 0

  constructor(quota: Quota) {
    this.#quota = quota
  }

  waitUs(cost: number, nowUs: number): number {
    this.#expire(nowUs)
    const { limit, windowUs } = this.#quota
    if (cost > limit) return Infinity
    let excessCost = this.#usedCost + cost - limit
    if (excessCost <= 0) return 0
    let slot = this.#head
    for (;;) {
      excessCost -= this.#costs[slot]!
      if (excessCost <= 0) return this.#timesUs[slot]! + windowUs - nowUs
      slot = this.#next(slot)
    }
  }

  charge(cost: number, nowUs: number): number {
    this.#expire(nowUs)
    if (cost > 0) this.#append(cost)
    while (this.#usedCost - this.#costs[this.#head]! >= this.#quota.limit) this.#dropOldest()
    return 0
  }

  remaining(nowUs: number): number {
    this.#expire(nowUs)
    return Math.max(0, this.#quota.limit - this.#usedCost)
  }

  setQuota(quota: Quota, nowUs: number): void {
    this.#expire(nowUs)
    this.#quota = quota
  }

  #append(cost: number): void {
    this.#usedCost += cost
    const newest = (this.#head + this.#count - 1) % this.#costs.length
    if (this.#count > 0 && this.#timesUs[newest] === this.#atUs) {
      this.#costs[newest]! += cost
      return
    }
    if (this.#count === this.#costs.length) this.#grow()
    const slot = (this.#head + this.#count) % this.#costs.length
    this.#timesUs[slot] = this.#atUs
    this.#costs[slot] = cost
    this.#count++
  }

  #expire(nowUs: number): void {
    if (nowUs > this.#atUs) this.#atUs = nowUs
    const expiredUs = this.#atUs - this.#quota.windowUs
    while (this.#count > 0 && this.#timesUs[this.#head]! <= expiredUs) this.#dropOldest()
  }

  #dropOldest(): void {
    this.#usedCost -= this.#costs[this.#head]!
    this.#head = this.#next(this.#head)
    this.#count--
  }

  #next(slot: number): number {
    return slot + 1 === this.#costs.length ? 0 : slot + 1
  }

  /** Doubles the ring, unrolled so that the oldest charge stands at 0. */
  #grow(): void {
    const timesUs = new Float64Array(this.#timesUs.length * 2)
    const costs = new Float64Array(timesUs.length)
    timesUs.set(this.#timesUs.subarray(this.#head))
    timesUs.set(this.#timesUs.subarray(0, this.#head), this.#timesUs.length - this.#head)
    costs.set(this.#costs.subarray(this.#head))
    costs.set(this.#costs.subarray(0, this.#head), this.#costs.length - this.#head)
    this.#timesUs = timesUs
    this.#costs = costs
    this.#head = 0
  }
}
