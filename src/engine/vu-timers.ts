import type { Clock, Timer } from './clock.ts'
import type { VuPlan } from './vu-plan.ts'

/** What a VU waits for besides requests; waiting moves its plan along. */
export class VuTimers {
  readonly #clock: Clock
  readonly #plan: VuPlan
  #sleep: Timer | undefined
  /** While the VU waits because its iteration took less than it has to. */
  #endRest: (() => void) | undefined

  constructor(clock: Clock, plan: VuPlan) {
    this.#clock = clock
    this.#plan = plan
  }

  sleep(durationUs: number, beforeResume: () => void): Promise<void> {
    this.#plan.moveBy(durationUs)
    return new Promise((resolve) => {
      this.#sleep = this.#clock.schedule(
        this.#clock.nowUs() + durationUs,
        () => {
          beforeResume()
          resolve()
        },
        'coarse',
      )
    })
  }

  /** What the script asks for from then on was planned for then, as after a sleep. */
  schedule(atUs: number, run: () => void): Timer {
    const plannedUs = this.#plan.after(atUs - this.#clock.nowUs())
    this.#plan.release()
    const fire = (): void => {
      this.#plan.reach(plannedUs)
      run()
    }
    return this.#clock.schedule(atUs, fire, 'coarse')
  }

  /** The script never resumes. */
  cancelSleep(): void {
    this.#sleep?.cancel()
  }

  /** Calls `end` at that time, or when the rest is cut short. */
  rest(untilUs: number, end: () => void): void {
    const timer = this.#clock.schedule(untilUs, () => this.#endRest?.(), 'coarse')
    this.#endRest = () => {
      this.#endRest = undefined
      timer.cancel()
      end()
    }
  }

  cutRest(): void {
    this.#endRest?.()
  }
}
