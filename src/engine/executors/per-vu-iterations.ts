import type { PerVuIterationsPlan } from '../../script/plan.ts'
import type { Vu } from '../vu.ts'
import type { IterationShares } from './iterations.ts'

/** The same number of iterations for each VU: a faster VU is done earlier. */
export class PerVuIterations implements IterationShares {
  readonly #iterations: number
  readonly #takenByVu = new Map<number, number>()
  #leftCount: number

  constructor({ vus, iterations }: PerVuIterationsPlan) {
    this.#iterations = iterations
    this.#leftCount = vus * iterations
  }

  get leftCount(): number {
    return this.#leftCount
  }

  take({ vuId }: Vu): boolean {
    const taken = this.#takenByVu.get(vuId) ?? 0
    if (taken === this.#iterations) return false
    this.#takenByVu.set(vuId, taken + 1)
    this.#leftCount--
    return true
  }
}
