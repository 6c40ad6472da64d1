import type { CheckResult } from './summary.ts'

/** Counts the script's checks by name, in order of first use. Merges by addition. */
export class CheckTally {
  readonly #byName = new Map<string, { passes: number; fails: number }>()

  add(name: string, passed: boolean): void {
    const tally = this.#entry(name)
    if (passed) tally.passes++
    else tally.fails++
  }

  merge(results: readonly CheckResult[]): void {
    for (const { name, passes, fails } of results) {
      const tally = this.#entry(name)
      tally.passes += passes
      tally.fails += fails
    }
  }

  results(): CheckResult[] {
    return [...this.#byName].map(([name, { passes, fails }]) => ({ name, passes, fails }))
  }

  /** The counts since the last call. */
  takeDelta(): CheckResult[] {
    const delta = this.results().filter(({ passes, fails }) => passes + fails > 0)
    for (const tally of this.#byName.values()) {
      tally.passes = 0
      tally.fails = 0
    }
    return delta
  }

  #entry(name: string): { passes: number; fails: number } {
    let entry = this.#byName.get(name)
    if (entry === undefined) {
      entry = { passes: 0, fails: 0 }
      this.#byName.set(name, entry)
    }
    return entry
  }
}
