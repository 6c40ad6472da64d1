/** The mean of a cap over some time. */
export class CapMean {
  #lengthUs = 0
  #rps: number | undefined = 0

  get isEmpty(): boolean {
    return this.#lengthUs === 0
  }

  /** Requests per second; `undefined` when there was a time without a cap, and 0 before there was any. */
  get rps(): number | undefined {
    return this.#rps
  }

  /** @param lengthUs above 0. */
  add(rps: number | undefined, lengthUs: number): void {
    this.#lengthUs += lengthUs
    // A cap that does not change stays exactly what it is, where a sum would be rounded.
    this.#rps =
      rps === undefined || this.#rps === undefined
        ? undefined
        : this.#rps + (rps - this.#rps) * (lengthUs / this.#lengthUs)
  }
}
