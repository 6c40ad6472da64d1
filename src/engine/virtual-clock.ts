import type { Clock, Precision, Timer } from './clock.ts'
import { TimerQueue } from './timer-queue.ts'

/**
 * Time that jumps from event to event. It advances only when every microtask has run *and* no host operation is
 * pending, so whatever a script awaits has happened before the next event; events of one instant keep the order
 * in which they were scheduled. Nothing ever waits.
 */
export class VirtualClock implements Clock {
  readonly polledUs = 0
  readonly #timers = new TimerQueue()
  #uptimeUs = 0
  #originUs = 0
  #hostOperations = 0
  #stepPending = false

  uptimeUs(): number {
    return this.#uptimeUs
  }

  nowUs(): number {
    return this.#uptimeUs - this.#originUs
  }

  rebase(): void {
    this.#originUs = this.#uptimeUs
  }

  schedule(atUs: number, run: () => void, _precision: Precision): Timer {
    const timer = this.#timers.add(Math.max(atUs + this.#originUs, this.#uptimeUs), run)
    this.#requestStep()
    return timer
  }

  beginHostOperation(): void {
    this.#hostOperations++
  }

  endHostOperation(): void {
    this.#hostOperations--
    this.#requestStep()
  }

  /**
   * A tick queued from a microtask runs only when the microtask queue, with everything chained to it, is empty.
   * This is what "drained" means, and several times cheaper than a turn of the event loop.
   */
  #requestStep(): void {
    if (this.#stepPending) return
    this.#stepPending = true
    queueMicrotask(() => process.nextTick(this.#step))
  }

  readonly #step = (): void => {
    this.#stepPending = false
    if (this.#hostOperations > 0) return
    const nextUs = this.#timers.nextUs()
    if (nextUs === undefined) return
    this.#uptimeUs = nextUs
    const run = this.#timers.takeDue(nextUs)
    this.#requestStep()
    run?.()
  }
}
