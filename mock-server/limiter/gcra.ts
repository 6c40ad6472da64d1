import type { Limiter, Quota } from './limiter.ts'

/**
 * Generic cell rate algorithm. With T = windowUs/limit (the time that one unit takes at the permitted rate), burst B and
 * TAT, the theoretical arrival time of the next unit: a cost c passes at t iff max(t, TAT) + c·T − t ≤ B·T, and then
 * TAT ← max(t, TAT) + c·T. It decides exactly as a continuous token bucket of size B that starts full.
 *
 * T is seldom whole, so TAT is kept as whole µs and a remainder in parts of 1/limit µs; a unit is windowUs such parts.
 * Exact while burst·windowUs < 2^53; only waits are rounded, up.
 */
export class Gcra implements Limiter {
  #quota: Quota
  #tatUs = 0
  #tatParts = 0
  #atUs = 0

  constructor(quota: Quota) {
    this.#quota = quota
  }

  waitUs(cost: number, nowUs: number): number {
    this.#advance(nowUs)
    const { limit, windowUs } = this.#quota
    const burst = burstOf(this.#quota)
    if (cost > burst) return Infinity
    const excessParts = this.#debtParts() - (burst - cost) * windowUs
    return excessParts <= 0 ? 0 : this.#atUs + Math.ceil(excessParts / limit) - nowUs
  }

  charge(cost: number, nowUs: number): number {
    this.#advance(nowUs)
    this.#setDebt(this.#debtParts() + cost * this.#quota.windowUs)
    return 0
  }

  remaining(nowUs: number): number {
    this.#advance(nowUs)
    const { windowUs } = this.#quota
    return Math.max(0, Math.floor((burstOf(this.#quota) * windowUs - this.#debtParts()) / windowUs))
  }

  /** The debt stays, counted in units: a larger burst is there at once, where a token bucket would have to fill. */
  setQuota(quota: Quota, nowUs: number): void {
    this.#advance(nowUs)
    const debtParts = this.#debtParts()
    this.#quota = quota
    this.#setDebt(debtParts)
  }

  /** How long what has been charged takes at the permitted rate: TAT − t, at least 0. */
  backlogUs(nowUs: number): number {
    this.#advance(nowUs)
    return this.#atUs + Math.ceil(this.#debtParts() / this.#quota.limit) - nowUs
  }

  #debtParts(): number {
    const ahead = this.#tatUs - this.#atUs
    return ahead < 0 ? 0 : ahead * this.#quota.limit + this.#tatParts
  }

  #setDebt(debtParts: number): void {
    const { limit } = this.#quota
    this.#tatUs = this.#atUs + Math.floor(debtParts / limit)
    this.#tatParts = debtParts % limit
  }

  #advance(nowUs: number): void {
    if (nowUs > this.#atUs) this.#atUs = nowUs
  }
}

function burstOf(quota: Quota): number {
  return quota.burst ?? quota.limit
}
