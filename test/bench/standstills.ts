/** Between two looks is at most the work on one request, some 15 µs. */
const LIMIT_MS = 0.1

/**
 * Knows when a process has stood still, because another one had the core or its own garbage was collected: what came meanwhile was
 * noted when it ran again, and nobody can tell when it was there.
 */
export class Standstills {
  #lastLookMs = Infinity
  #blindTurns = 0

  /** The process runs. To be called before and after every piece of work. */
  look(nowMs: number): void {
    // What came during the standstill is read in this turn of the event loop or in the next.
    if (nowMs - this.#lastLookMs > LIMIT_MS) this.#blindTurns = 2
    this.#lastLookMs = nowMs
  }

  /** A turn of the event loop is over. */
  endTurn(): void {
    if (this.#blindTurns > 0) this.#blindTurns--
  }

  /** Whether what is noted now may have been there before. */
  get isBlind(): boolean {
    return this.#blindTurns > 0
  }
}
