import type { Clock } from '../engine/clock.ts'

/**
 * Work of the host's threads (cryptography) that scripts wait for. In virtual time, which stands still meanwhile,
 * results come in the order in which the work was asked for, and each one only when all that followed from the one
 * before has happened: how fast the threads were must not show.
 */
export class HostOperations {
  readonly #clock: Clock
  readonly #isVirtual: boolean
  #last: Promise<void> = Promise.resolve()

  constructor(clock: Clock, isVirtual: boolean) {
    this.#clock = clock
    this.#isVirtual = isVirtual
  }

  /** Starts the work at once; the promise settles as that of `start` does. */
  run<T>(start: () => Promise<T>): Promise<T> {
    const operation = start()
    this.#clock.beginHostOperation()
    return this.#isVirtual ? this.#runInTurn(operation) : this.#runFreely(operation)
  }

  #runFreely<T>(operation: Promise<T>): Promise<T> {
    return operation.finally(() => this.#clock.endHostOperation())
  }

  #runInTurn<T>(operation: Promise<T>): Promise<T> {
    operation.catch(() => {}) // whoever waits for its turn hears of it
    const turn = this.#last
    return new Promise((resolve, reject) => {
      this.#last = this.#deliver(turn, () => operation.then(resolve, reject))
    })
  }

  async #deliver(turn: Promise<void>, settle: () => Promise<void>): Promise<void> {
    await turn
    await settle()
    await new Promise((resolve) => setImmediate(resolve))
    this.#clock.endHostOperation()
  }
}
