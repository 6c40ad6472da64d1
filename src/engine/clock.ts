/**
 * The engine's port to time. With the system clock the engine is a load generator; with the virtual
 * clock the same code simulates. All times are integer microseconds.
 */

/**
 * How punctual a timer must be. `exact` timers (arrivals) are polled for over their last stretch, because
 * the platform's timers are millisecond-grained; `coarse` ones (think times) may be up to about a millisecond late and cost no CPU;
 * `spare` ones (snapshots) wait a few milliseconds for a moment in which their work makes no exact timer late.
 */
export type Precision = 'exact' | 'coarse' | 'spare'

export interface Timer {
  /** Never fires once cancelled; cancelling twice or after it fired does nothing. */
  cancel(): void
}

export interface Clock {
  /** Time since the last `rebase` (or since creation). */
  nowUs(): number
  /** Time since creation; never rebased. */
  uptimeUs(): number
  /** How much of the uptime was spent polling for exact timers with nothing else to do. */
  readonly polledUs: number
  /** Makes now the zero of `nowUs`: the run starts here, after set-up. Timers already scheduled keep their instant. */
  rebase(): void
  /**
   * Calls `run` once `nowUs() >= atUs`, in order of time; timers of the same instant and precision in the order in
   * which they were scheduled. What is allowed to be late may be overtaken by an exact timer that is due after it.
   */
  schedule(atUs: number, run: () => void, precision: Precision): Timer
  /**
   * Tells the clock that work outside JavaScript's queues is under way (a message to another thread, compression):
   * virtual time stands still until `end` is called, and the system clock lets the event loop turn while it polls.
   */
  beginHostOperation(): void
  endHostOperation(): void
}
