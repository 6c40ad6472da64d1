/** Different lines that are shown; what a script does once it does a thousand times a second. */
const MOST_LINES = 20

/** Passes each distinct line on once, and the first few only; says at the end how often the rest came. */
export class LogLimiter {
  readonly #write: (text: string) => void
  readonly #counts = new Map<string, number>()
  #suppressedCount = 0

  constructor(write: (text: string) => void) {
    this.#write = write
  }

  add(text: string): void {
    const count = this.#counts.get(text)
    if (count === undefined && this.#counts.size >= MOST_LINES) {
      this.#suppressedCount++
      return
    }
    this.#counts.set(text, (count ?? 0) + 1)
    if (count === undefined) this.#write(text)
  }

  /** What was left out, as warnings. */
  summary(): string[] {
    const repeated = [...this.#counts.values()].reduce((sum, count) => sum + count - 1, 0)
    const total = repeated + this.#suppressedCount
    return total === 0
      ? []
      : [
          `${total} further messages of the script were not shown (each distinct one once, at most ${MOST_LINES})`,
        ]
  }
}
