/** Different messages that are shown; what goes wrong once goes wrong a thousand times a second. */
const MOST_MESSAGES = 20
/** Lines of the script's `console` that are shown in a second: more than anybody can read. */
const MOST_CONSOLE_LINES_PER_S = 100
const MS_PER_S = 1_000

/**
 * Keeps a terminal readable. Messages about the run, exceptions above all, are shown once each, and the first few only; what the
 * script writes is shown line by line, up to a rate. Says at the end how much was left out.
 */
export class LogLimiter {
  readonly #write: (text: string) => void
  readonly #counts = new Map<string, number>()
  #suppressedCount = 0
  #second = 0
  #secondLineCount = 0
  #suppressedLineCount = 0

  constructor(write: (text: string) => void) {
    this.#write = write
  }

  add(text: string): void {
    const count = this.#counts.get(text)
    if (count === undefined && this.#counts.size >= MOST_MESSAGES) {
      this.#suppressedCount++
      return
    }
    this.#counts.set(text, (count ?? 0) + 1)
    if (count === undefined) this.#write(text)
  }

  addConsole(text: string, nowMs: number): void {
    const second = Math.floor(nowMs / MS_PER_S)
    if (second !== this.#second) this.#secondLineCount = 0
    this.#second = second
    if (this.#secondLineCount++ < MOST_CONSOLE_LINES_PER_S) this.#write(text)
    else this.#suppressedLineCount++
  }

  /** What was left out, as warnings. */
  summary(): string[] {
    const repeated = [...this.#counts.values()].reduce((sum, count) => sum + count - 1, 0)
    const total = repeated + this.#suppressedCount
    return [
      ...(total === 0
        ? []
        : [`${total} further messages were not shown (each distinct one once, at most ${MOST_MESSAGES})`]),
      ...(this.#suppressedLineCount === 0
        ? []
        : [
            `${this.#suppressedLineCount} lines of the script were not shown (at most ${MOST_CONSOLE_LINES_PER_S} a second are)`,
          ]),
    ]
  }
}
