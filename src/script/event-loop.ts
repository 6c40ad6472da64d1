import type { Clock, Timer } from '../engine/clock.ts'
import type { VuHost } from '../engine/host.ts'
import { US_PER_MS } from '../core/units.ts'
import { claimWait } from './wait-frame.ts'

/** Whether the VU waits inside one of k6's functions, see `WaitGuard`. */
export interface WaitState {
  readonly isWaiting: boolean
  /** Calls `run` once, when the wait under way is over, right before the script goes on. */
  onceFree(run: () => void): void
}

/** A timer of the script. */
interface ScriptTimer {
  readonly run: () => unknown
  /** 0: fires once. */
  readonly everyUs: number
  dueUs: number
  pending: Timer | undefined
}

/** An interval of nothing would never let virtual time go on. */
const MIN_INTERVAL_US = US_PER_MS
const MIN_DELAY_US = 1

/**
 * What one VU has under way besides the function that runs: timers, and operations whose promises the script holds. As on
 * k6 an iteration lasts until nothing is under way, and a timer's function never runs in the middle of a function
 * that waits in `sleep` or `http`: it comes when the script has returned or awaits a promise of its own.
 */
export class EventLoop {
  readonly #clock: Clock
  readonly #host: VuHost
  readonly #waits: WaitState
  readonly #timers = new Map<number, ScriptTimer>()
  #lastId = 0
  #operationCount = 0
  /** Functions of timers that have not come to their end. */
  #runningCount = 0
  /** Counts the calls of `drop`: what was begun before has no effect any more. */
  #era = 0
  #onIdle: (() => void) | undefined

  constructor(clock: Clock, host: VuHost, waits: WaitState) {
    this.#clock = clock
    this.#host = host
    this.#waits = waits
  }

  /**
   * Calls `run` after `delayUs`, again and again if `repeats`. What it throws ends the iteration.
   *
   * @returns the timer's number, from 1
   */
  setTimer(run: () => unknown, delayUs: number, repeats: boolean): number {
    const id = ++this.#lastId
    const everyUs = repeats ? Math.max(delayUs, MIN_INTERVAL_US) : 0
    const dueUs = this.#clock.nowUs() + Math.max(delayUs, everyUs, MIN_DELAY_US)
    const timer: ScriptTimer = { run, everyUs, dueUs, pending: undefined }
    this.#timers.set(id, timer)
    this.#schedule(id, timer)
    return id
  }

  /** Without effect for a number that is no timer's. */
  clearTimer(id: number): void {
    this.#timers.get(id)?.pending?.cancel()
    this.#timers.delete(id)
    this.#checkSoon()
  }

  /** Lets the iteration last until the operation has ended; once the iteration is over the promise never settles. */
  track<T>(operation: Promise<T>): Promise<T> {
    const era = this.#era
    this.#operationCount++
    return new Promise((resolve, reject) => {
      const settle = (pass: () => void): void => {
        if (era !== this.#era) return
        if (this.#waits.isWaiting) return this.#afterWait(() => settle(pass))
        this.#operationCount--
        pass()
        this.#checkSoon()
      }
      operation.then(
        (value) => settle(() => resolve(value)),
        (error: unknown) => settle(() => reject(error)),
      )
    })
  }

  /** `undefined` when nothing is under way, else a promise that resolves when that is so. */
  idle(): Promise<void> | undefined {
    if (this.#isIdle) return undefined
    return new Promise((resolve) => {
      this.#onIdle = resolve
    })
  }

  /** Ends everything under way: nothing of it runs or resolves any more. */
  drop(): void {
    this.#onIdle = undefined
    if (this.#isIdle) return
    for (const { pending } of this.#timers.values()) pending?.cancel()
    this.#timers.clear()
    this.#operationCount = 0
    this.#runningCount = 0
    this.#era++
  }

  get #isIdle(): boolean {
    return this.#timers.size === 0 && this.#operationCount === 0 && this.#runningCount === 0
  }

  #schedule(id: number, timer: ScriptTimer): void {
    timer.pending = this.#host.schedule(timer.dueUs, () => this.#fire(id, timer))
  }

  #fire(id: number, timer: ScriptTimer): void {
    if (this.#waits.isWaiting) return this.#waits.onceFree(() => this.#fireAfterWait(id, timer))
    if (timer.everyUs === 0) this.#timers.delete(id)
    else {
      timer.dueUs = Math.max(timer.dueUs + timer.everyUs, this.#clock.nowUs())
      this.#schedule(id, timer)
    }
    void this.#run(timer.run)
  }

  /** The script goes on first: it has waited for a result, and runs until it waits again. */
  #fireAfterWait(id: number, timer: ScriptTimer): void {
    if (this.#timers.get(id) !== timer) return
    timer.dueUs = this.#clock.nowUs()
    this.#schedule(id, timer)
  }

  async #run(run: () => unknown): Promise<void> {
    const era = this.#era
    this.#runningCount++
    try {
      // A promise of the script's own is nothing that k6 waits for.
      await claimWait(run())
    } catch (error) {
      if (era === this.#era) this.#host.failIteration(error)
    }
    if (era !== this.#era) return
    this.#runningCount--
    this.#checkSoon()
  }

  /** What has come while the script waits for something else: the script goes on first. */
  #afterWait(run: () => void): void {
    this.#waits.onceFree(() => this.#clock.schedule(this.#clock.nowUs(), run, 'coarse'))
  }

  /** Not at once: what the script has awaited goes on first, and may begin something new. */
  #checkSoon(): void {
    if (this.#onIdle === undefined || !this.#isIdle) return
    this.#clock.schedule(this.#clock.nowUs(), () => this.#check(), 'coarse')
  }

  #check(): void {
    if (!this.#isIdle) return
    if (this.#waits.isWaiting) return this.#waits.onceFree(() => this.#checkSoon())
    const onIdle = this.#onIdle
    this.#onIdle = undefined
    onIdle?.()
  }
}
