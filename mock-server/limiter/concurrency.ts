import { DueHeap } from '../due-heap.ts'

/**
 * The requests in flight, from admission until their planned end, and the cap on them.
 * Half-open: a request that arrives exactly at the end of another finds its slot free.
 */
export class ConcurrencyGate {
  readonly #ends = new DueHeap<null>()
  #capacity: number
  #peakCount = 0

  /** @param capacity most requests at once; `Infinity` only counts them. */
  constructor(capacity: number) {
    this.#capacity = capacity
  }

  get capacity(): number {
    return this.#capacity
  }

  /** Requests already in flight stay. */
  set capacity(capacity: number) {
    this.#capacity = capacity
  }

  /** Most requests in flight at once so far. */
  get peakCount(): number {
    return this.#peakCount
  }

  inFlightCount(nowUs: number): number {
    while (this.#ends.nextUs <= nowUs) this.#ends.pop()
    return this.#ends.size
  }

  /**
   * How long until a slot is free: 0 = there is one. Exact at a fixed capacity;
   * after a lowered one it is the wait for the next end, and more ends may be needed.
   */
  waitUs(nowUs: number): number {
    return this.inFlightCount(nowUs) < this.#capacity ? 0 : this.#ends.nextUs - nowUs
  }

  enter(nowUs: number, endUs: number): void {
    const inFlightCount = this.inFlightCount(nowUs) + 1
    if (inFlightCount > this.#peakCount) this.#peakCount = inFlightCount
    this.#ends.push(endUs, null)
  }
}
