import { idle } from './pause.ts'

/**
 * How many looks at the clock one poll is long before it lets the loop turn: about 8 µs, the price of a turn with nothing
 * to do. Longer polls would keep replies waiting, shorter ones would spend most of the time between them.
 */
const LOOKS_PER_POLL = 10

/**
 * Steps of idling between two looks, about 0.8 µs. Every look leaves a boxed number behind: looking without a pause filled
 * 350 MB a second, and the young generation was collected 13 to 25 times a second, up to a millisecond each, while requests
 * were due.
 */
const IDLE_STEPS_PER_LOOK = 600

/** A quarter of what was measured: assumed of a core until it has been watched. */
const CAUTIOUS_STEPS_PER_US = 200

/** Slower looks a core only that was another's for a while. */
const LEAST_STEPS_PER_US = 50

/** Of the time that is left, how much is passed without a look: on a core that has just become a fifth slower nothing is passed. */
const BLIND_RATIO = 0.8

/** The clock counts whole microseconds: a pass of so many may have taken a fifth more, and 0.8 of that is still too little. */
const PACE_FROM_US = 5

/** Nothing becomes due within one poll, on a core five times as slow as well: to look at its end is enough. */
const FAR_US = 40

/** Passes time awake, looking at a clock, where sleeping would be too coarse. All times are microseconds. */
export class ClockWatcher {
  readonly #nowUs: () => number
  #state = 1
  #stepsPerUs = CAUTIOUS_STEPS_PER_US

  constructor(nowUs: () => number) {
    this.#nowUs = nowUs
  }

  /**
   * Looks at the clock the more often the nearer that time is: with what it has learned of the core some six times in 150 µs,
   * where one look every 4 µs, and every 0.8 µs at the end, made 70. @returns the time, when it is.
   */
  waitUntil(untilUs: number, startUs: number): number {
    let nowUs = startUs
    while (nowUs < untilUs) {
      const steps = Math.floor((untilUs - nowUs) * BLIND_RATIO * this.#stepsPerUs)
      nowUs = this.#pass(Math.max(steps, IDLE_STEPS_PER_LOOK), nowUs)
    }
    return nowUs
  }

  /** A wait in which the core was another's makes it look slower, so that the next is passed with more looks. */
  #pass(steps: number, startUs: number): number {
    this.#state = idle(this.#state, steps)
    const nowUs = this.#nowUs()
    const tookUs = nowUs - startUs
    if (tookUs >= PACE_FROM_US) this.#stepsPerUs = Math.max(steps / tookUs, LEAST_STEPS_PER_US)
    return nowUs
  }

  /** @returns the time after one poll, or as soon as it is `untilUs`. */
  pollUntil(untilUs: number, startUs: number): number {
    return untilUs - startUs > FAR_US
      ? this.#lookUntil(untilUs, startUs, LOOKS_PER_POLL * IDLE_STEPS_PER_LOOK, 2)
      : this.#lookUntil(untilUs, startUs, IDLE_STEPS_PER_LOOK, LOOKS_PER_POLL)
  }

  /** @returns the time after so many looks, or as soon as it is `untilUs`. */
  #lookUntil(untilUs: number, startUs: number, stepsPerLook: number, mostLooks: number): number {
    let nowUs = startUs
    for (let looks = 1; looks < mostLooks && nowUs < untilUs; looks++) {
      this.#state = idle(this.#state, stepsPerLook)
      nowUs = this.#nowUs()
    }
    return nowUs
  }
}
