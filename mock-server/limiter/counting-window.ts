import type { Limiter, Quota } from './limiter.ts'

/** When the window that the first charge at `atUs` opens ends; after `atUs`. */
type WindowEnd = (atUs: number, windowUs: number) => number

/** One counter that starts again when its window ends: a cost c passes iff what the window has counted plus c fits. */
export abstract class CountingWindow implements Limiter {
  readonly #windowEnd: WindowEnd
  #quota: Quota
  #usedCost = 0
  #endUs = 0
  #atUs = 0

  constructor(quota: Quota, windowEnd: WindowEnd) {
    this.#quota = quota
    this.#windowEnd = windowEnd
  }

  waitUs(cost: number, nowUs: number): number {
    this.#advance(nowUs)
    const { limit } = this.#quota
    if (cost > limit) return Infinity
    return this.#usedCost + cost <= limit ? 0 : this.#endUs - nowUs
  }

  charge(cost: number, nowUs: number): number {
    this.#advance(nowUs)
    if (this.#usedCost === 0) this.#endUs = this.#windowEnd(this.#atUs, this.#quota.windowUs)
    this.#usedCost += cost
    return 0
  }

  remaining(nowUs: number): number {
    this.#advance(nowUs)
    return Math.max(0, this.#quota.limit - this.#usedCost)
  }

  setQuota(quota: Quota, nowUs: number): void {
    this.#advance(nowUs)
    this.#quota = quota
  }

  #advance(nowUs: number): void {
    if (nowUs > this.#atUs) this.#atUs = nowUs
    if (this.#atUs >= this.#endUs) this.#usedCost = 0
  }
}
