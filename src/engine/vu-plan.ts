import type { Recorder } from '../measure/recorder.ts'

/** Marks an iteration whose first request was asked: later ones are planned for when they are asked. */
const NOT_PLANNED = -1

/**
 * When the first request of a VU's iteration should leave: at the due time, moved along by what the script waits before it.
 * Until that request is asked its second is held open in the recorder.
 */
export class VuPlan {
  readonly #recorder: Recorder
  #plannedUs = NOT_PLANNED
  #heldUs: number | undefined

  constructor(recorder: Recorder) {
    this.#recorder = recorder
  }

  begin(dueUs: number): void {
    this.#plannedUs = dueUs
    this.#heldUs = dueUs
    this.#recorder.hold(dueUs)
  }

  /** What is asked from now on was planned for when it is asked. */
  drop(): void {
    this.#plannedUs = NOT_PLANNED
    this.release()
  }

  release(): void {
    if (this.#heldUs === undefined) return
    this.#recorder.release(this.#heldUs)
    this.#heldUs = undefined
  }

  /** The script waits so long before it asks. */
  moveBy(durationUs: number): void {
    if (this.#plannedUs !== NOT_PLANNED) this.#plannedUs += durationUs
    this.release()
  }

  /** The plan as it would be after a wait; to be given to `reach` when that is over. */
  after(durationUs: number): number {
    return this.#plannedUs === NOT_PLANNED ? NOT_PLANNED : this.#plannedUs + durationUs
  }

  /** A wait is over, beside which others may have been. */
  reach(plannedUs: number): void {
    if (this.#plannedUs !== NOT_PLANNED) this.#plannedUs = Math.max(this.#plannedUs, plannedUs)
  }

  /** A wait may end early by its timer's grain: a request is never planned after it was asked. */
  timeOf(askedUs: number): number {
    return this.#plannedUs === NOT_PLANNED ? askedUs : Math.min(this.#plannedUs, askedUs)
  }
}
