import type { Limiter, Quota } from './limiter.ts'

/**
 * Sliding window from two counters: what passed in the previous fixed window is taken to have been spread evenly, so
 * that the part of it in (t − W, t] is n_prev·(W − e)/W, where e is the time since the current window began.
 *
 *       previous: n_prev        current: n_cur
 *     |------------[##########|========]·········|
 *                t − W        |<-- e -->t
 *
 * A cost c passes iff n_prev·(W − e) + n_cur·W + c·W ≤ limit·W; all whole numbers, exact while count·windowUs < 2^53.
 * Against the exact sliding log it errs where the previous window was uneven, by a few per cent on ordinary traffic.
 */
export class SlidingCounter implements Limiter {
  #quota: Quota
  #previousCost = 0
  #currentCost = 0
  #startUs = 0
  #atUs = 0

  constructor(quota: Quota) {
    this.#quota = quota
  }

  waitUs(cost: number, nowUs: number): number {
    this.#advance(nowUs)
    const { limit, windowUs } = this.#quota
    if (cost > limit) return Infinity
    if (this.#estimateParts() + cost * windowUs <= limit * windowUs) return 0
    return this.#startUs + this.#admittedAfterUs(limit - cost) - nowUs
  }

  charge(cost: number, nowUs: number): number {
    this.#advance(nowUs)
    this.#currentCost += cost
    return 0
  }

  remaining(nowUs: number): number {
    this.#advance(nowUs)
    const { limit, windowUs } = this.#quota
    return Math.max(0, Math.floor((limit * windowUs - this.#estimateParts()) / windowUs))
  }

  setQuota(quota: Quota, nowUs: number): void {
    this.#advance(nowUs)
    this.#quota = quota
  }

  /** The cost in the sliding window, in parts of 1/windowUs. */
  #estimateParts(): number {
    const { windowUs } = this.#quota
    const elapsedUs = this.#atUs - this.#startUs
    return this.#previousCost * (windowUs - elapsedUs) + this.#currentCost * windowUs
  }

  /** When the estimate falls to `room` if nothing comes, counted from the start of the current window. */
  #admittedAfterUs(room: number): number {
    const { windowUs } = this.#quota
    const besideCurrent = room - this.#currentCost
    if (besideCurrent >= 0) return decayUs(this.#previousCost, besideCurrent, windowUs)
    return windowUs + decayUs(this.#currentCost, room, windowUs)
  }

  #advance(nowUs: number): void {
    if (nowUs <= this.#atUs) return
    this.#atUs = nowUs
    const { windowUs } = this.#quota
    const startUs = Math.floor(nowUs / windowUs) * windowUs
    if (startUs === this.#startUs) return
    this.#previousCost = startUs === this.#startUs + windowUs ? this.#currentCost : 0
    this.#currentCost = 0
    this.#startUs = startUs
  }
}

/** Smallest e in 0 … windowUs with cost·(windowUs − e) ≤ room·windowUs. */
function decayUs(cost: number, room: number, windowUs: number): number {
  return cost <= room ? 0 : windowUs - Math.floor((room * windowUs) / cost)
}
