import { performance } from 'node:perf_hooks'
import { onTestFinished, vi } from 'vitest'

/** How much longer a nap takes than was asked for. */
const OVERSLEPT_MS = 0.1

/** So many looks while the time stands still are somebody's who waits for it, for ever. */
const LOOKS_AT_ONCE = 10_000

interface Timeout {
  readonly atMs: number
  readonly run: () => void
}

/**
 * Node's event loop with a time of its own: `performance.now`, `setTimeout`, `setImmediate` and `Atomics.wait` until the test
 * is over. As in libuv, timeouts count whole milliseconds of a truncated clock: one of n ms fires n - 1 to n + 1 ms later.
 */
export class FakeEventLoop {
  nowMs = 0.3
  /** How often the loop turned because of `setImmediate`. */
  turnCount = 0
  /** How often somebody asked for the time. */
  lookCount = 0
  /** How long each nap was meant to be. */
  readonly napsMs: number[] = []
  /** What a turn takes. */
  turnMs = 0.05
  /** What a look takes; by default time goes on from turn to turn only. */
  lookMs = 0
  #timeouts: Timeout[] = []
  #looksAtOnce = 0
  #immediates: (() => void)[] = []

  constructor() {
    vi.spyOn(performance, 'now').mockImplementation(() => this.#look())
    vi.spyOn(Atomics, 'wait').mockImplementation((_array, _index, _value, ms = 0) => {
      this.napsMs.push(ms)
      this.nowMs += ms + OVERSLEPT_MS
      return 'timed-out'
    })
    vi.stubGlobal('setImmediate', (run: () => void) => this.#immediates.push(run))
    vi.stubGlobal('setTimeout', (run: () => void, ms: number) => this.#setTimeout(run, ms))
    vi.stubGlobal('clearTimeout', (timeout: Timeout | undefined) => {
      this.#timeouts = this.#timeouts.filter((other) => other !== timeout)
    })
    onTestFinished(() => {
      vi.unstubAllGlobals()
      vi.restoreAllMocks()
    })
  }

  /** Turns until nothing is left to wait for. */
  run(): void {
    while (this.#timeouts.length > 0 || this.#immediates.length > 0) this.#turn()
  }

  #look(): number {
    this.lookCount++
    this.#looksAtOnce = this.lookMs > 0 ? 0 : this.#looksAtOnce + 1
    if (this.#looksAtOnce > LOOKS_AT_ONCE)
      throw new Error('Waiting for a time that stands still: set lookMs.')
    return (this.nowMs += this.lookMs)
  }

  #setTimeout(run: () => void, ms: number): Timeout {
    const timeout = { atMs: Math.floor(this.nowMs) + Math.max(ms, 1), run }
    this.#timeouts.push(timeout)
    return timeout
  }

  #turn(): void {
    this.#looksAtOnce = 0
    const immediates = this.#immediates
    this.#immediates = []
    if (immediates.length > 0) this.turnCount++
    else this.nowMs = Math.max(this.nowMs, ...this.#nextTimeouts().map(({ atMs }) => atMs))
    this.nowMs += this.turnMs
    for (const timeout of this.#timeouts.filter(({ atMs }) => atMs <= this.nowMs)) {
      if (!this.#timeouts.includes(timeout)) continue
      this.#timeouts = this.#timeouts.filter((other) => other !== timeout)
      timeout.run()
    }
    for (const run of immediates) run()
  }

  #nextTimeouts(): Timeout[] {
    const earliestMs = Math.min(...this.#timeouts.map(({ atMs }) => atMs))
    return this.#timeouts.filter(({ atMs }) => atMs === earliestMs)
  }
}
