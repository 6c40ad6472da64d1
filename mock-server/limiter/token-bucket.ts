import type { Limiter, Quota } from './limiter.ts'

/**
 * Continuous token bucket, full at the start: b ← min(B, b + r·Δt), a cost c passes iff b ≥ c, else it has to
 * wait (c − b)/r. AWS API Gateway and Envoy's local rate limit work like this.
 *
 * With r = limit/windowUs tokens per µs, everything is counted in parts of 1/windowUs of a token: a µs brings `limit`
 * parts and a token is `windowUs` parts, so no arithmetic is ever rounded but the wait, which is rounded up.
 * Exact while burst·windowUs < 2^53.
 */
export class TokenBucket implements Limiter {
  #quota: Quota
  #levelParts: number
  #atUs = 0

  constructor(quota: Quota) {
    this.#quota = quota
    this.#levelParts = capacityParts(quota)
  }

  waitUs(cost: number, nowUs: number): number {
    this.#advance(nowUs)
    const { limit, windowUs } = this.#quota
    if (cost > burstOf(this.#quota)) return Infinity
    const missingParts = cost * windowUs - this.#levelParts
    return missingParts <= 0 ? 0 : this.#atUs + Math.ceil(missingParts / limit) - nowUs
  }

  charge(cost: number, nowUs: number): number {
    this.#advance(nowUs)
    this.#levelParts -= cost * this.#quota.windowUs
    return 0
  }

  remaining(nowUs: number): number {
    this.#advance(nowUs)
    return Math.floor(this.#levelParts / this.#quota.windowUs)
  }

  /** The level stays, as far as it fits. */
  setQuota(quota: Quota, nowUs: number): void {
    this.#advance(nowUs)
    this.#quota = quota
    this.#levelParts = Math.min(this.#levelParts, capacityParts(quota))
  }

  #advance(nowUs: number): void {
    if (nowUs <= this.#atUs) return
    const { limit } = this.#quota
    const fullParts = capacityParts(this.#quota)
    const elapsedUs = nowUs - this.#atUs
    // Compared before multiplying: after a long pause the product would leave the exact integers.
    const refillUs = Math.ceil((fullParts - this.#levelParts) / limit)
    this.#levelParts = elapsedUs >= refillUs ? fullParts : this.#levelParts + limit * elapsedUs
    this.#atUs = nowUs
  }
}

function burstOf(quota: Quota): number {
  return quota.burst ?? quota.limit
}

function capacityParts(quota: Quota): number {
  return burstOf(quota) * quota.windowUs
}
