import { type Cap, isSameCap } from './cap.ts'

/** Looks at a cap now and then, and tells when it has become another one. */
export class CapWatch {
  readonly #look: () => Cap
  #told: Cap | undefined

  constructor(look: () => Cap) {
    this.#look = look
  }

  /** @returns the cap; `undefined`: it is the one that was told last. */
  news(): Cap | undefined {
    const cap = this.#look()
    if (this.#told !== undefined && isSameCap(cap, this.#told)) return undefined
    this.#told = cap
    return cap
  }
}
