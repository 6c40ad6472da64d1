import type { SharedIterationsPlan } from '../../script/plan.ts'
import type { IterationShares } from './iterations.ts'

/** One heap of iterations for all VUs: a faster VU does more of them. */
export class SharedIterations implements IterationShares {
  #leftCount: number

  constructor({ iterations }: SharedIterationsPlan) {
    this.#leftCount = iterations
  }

  get leftCount(): number {
    return this.#leftCount
  }

  take(): boolean {
    if (this.#leftCount === 0) return false
    this.#leftCount--
    return true
  }
}
