import { performance } from 'node:perf_hooks'
import type { Clock, Precision, Timer } from './clock.ts'
import { TimerQueue } from './timer-queue.ts'

/**
 * `setTimeout` counts whole milliseconds of the loop's own truncated time: asked for n ms it fires n-1 to n+1 ms later.
 * Waking this much early leaves at most about two milliseconds to poll for an exact timer.
 */
const EARLY_MS = 1

/** Below this distance to an exact timer the clock polls (one turn of the event loop a poll, so sockets are served meanwhile). */
const POLL_WITHIN_US = 2_000

/**
 * How often one poll looks at the clock before it lets the loop turn: about 7 µs, the price of a turn with nothing to
 * do. More looks would keep replies waiting, fewer would spend most of the time between two looks.
 */
const LOOKS_PER_POLL = 16

/**
 * Steps of idling between two looks, about 0.4 µs. Every look leaves a boxed number behind: looking without a pause filled
 * 350 MB a second, and the young generation was collected 13 to 25 times a second, up to a millisecond each, while requests
 * were due.
 */
const IDLE_STEPS_PER_LOOK = 300

/** The real, monotonic clock. */
export class SystemClock implements Clock {
  readonly #createdMs = performance.now()
  #originUs = 0
  readonly #exact = new TimerQueue()
  readonly #coarse = new TimerQueue()
  #timeout: NodeJS.Timeout | undefined
  #timeoutAtUs = Infinity
  #immediate: NodeJS.Immediate | undefined
  #firing = false
  #polledUs = 0
  #idleState = 1

  get polledUs(): number {
    return this.#polledUs
  }

  uptimeUs(): number {
    return Math.floor((performance.now() - this.#createdMs) * 1_000)
  }

  nowUs(): number {
    return this.uptimeUs() - this.#originUs
  }

  rebase(): void {
    this.#originUs = this.uptimeUs()
  }

  schedule(atUs: number, run: () => void, precision: Precision): Timer {
    const queue = precision === 'exact' ? this.#exact : this.#coarse
    const timer = queue.add(atUs + this.#originUs, run)
    this.#arm()
    return timer
  }

  beginHostOperation(): void {}

  endHostOperation(): void {}

  /** Makes sure that something wakes us in time: a poll when an exact timer is near, else a platform timer. */
  #arm(): void {
    if (this.#firing || this.#immediate !== undefined) return
    const exactUs = this.#exact.nextUs() ?? Infinity
    const coarseUs = this.#coarse.nextUs() ?? Infinity
    const nowUs = this.uptimeUs()
    if (exactUs - nowUs <= POLL_WITHIN_US || coarseUs <= nowUs) {
      this.#immediate = setImmediate(this.#poll)
      return
    }
    const wakeUs = Math.min(exactUs - EARLY_MS * 1_000, coarseUs)
    if (wakeUs < this.#timeoutAtUs) this.#setTimeout(wakeUs, nowUs)
  }

  #setTimeout(wakeUs: number, nowUs: number): void {
    clearTimeout(this.#timeout)
    this.#timeoutAtUs = wakeUs
    // Longer waits than setTimeout can count (24.8 days) wake early and arm again.
    this.#timeout = setTimeout(this.#wake, Math.min(Math.floor((wakeUs - nowUs) / 1_000), 2_147_483_647))
  }

  readonly #wake = (): void => {
    this.#timeout = undefined
    this.#timeoutAtUs = Infinity
    this.#fire()
  }

  readonly #poll = (): void => {
    this.#immediate = undefined
    this.#look()
    this.#fire()
  }

  /** Looks at the clock until the next exact timer is due, or for a short while. */
  #look(): void {
    const dueUs = this.#exact.nextUs() ?? 0
    const startUs = this.uptimeUs()
    let nowUs = startUs
    for (let looks = 1; looks < LOOKS_PER_POLL && nowUs < dueUs; looks++) {
      this.#idle()
      nowUs = this.uptimeUs()
    }
    this.#polledUs += nowUs - startUs
  }

  /** Passes a moment with arithmetic, whose result is kept, or the compiler would leave it out. */
  #idle(): void {
    let state = this.#idleState
    for (let step = 0; step < IDLE_STEPS_PER_LOOK; step++)
      state = (Math.imul(state, 1_103_515_245) + 12_345) | 0
    this.#idleState = state
  }

  /** Runs what is due as of now. What becomes due meanwhile waits for the next turn, so that sockets are never starved. */
  #fire(): void {
    const nowUs = this.uptimeUs()
    this.#firing = true
    try {
      for (let run = this.#takeDue(nowUs); run !== undefined; run = this.#takeDue(nowUs)) run()
    } finally {
      this.#firing = false
      this.#arm()
    }
  }

  /** The earliest timer of both kinds, if it is due. */
  #takeDue(nowUs: number): (() => void) | undefined {
    const exactUs = this.#exact.nextUs() ?? Infinity
    const coarseUs = this.#coarse.nextUs() ?? Infinity
    return (exactUs <= coarseUs ? this.#exact : this.#coarse).takeDue(nowUs)
  }
}
