import TinyQueue from 'tinyqueue'
import type { Timer } from './clock.ts'

/** A timer in the queue. `run` is dropped on cancel, so that a cancelled timer holds nothing alive. */
class QueuedTimer implements Timer {
  readonly atUs: number
  readonly sequence: number
  run: (() => void) | null

  constructor(atUs: number, sequence: number, run: () => void) {
    this.atUs = atUs
    this.sequence = sequence
    this.run = run
  }

  cancel(): void {
    this.run = null
  }
}

/** Timers ordered by (time, sequence of scheduling). Cancelled ones are skipped when they come up. */
export class TimerQueue {
  readonly #queue = new TinyQueue<QueuedTimer>([], (a, b) => a.atUs - b.atUs || a.sequence - b.sequence)
  #sequence = 0

  add(atUs: number, run: () => void): Timer {
    const timer = new QueuedTimer(atUs, this.#sequence++, run)
    this.#queue.push(timer)
    return timer
  }

  /** The instant of the earliest timer still wanted. */
  nextUs(): number | undefined {
    for (let timer = this.#queue.peek(); timer !== undefined; timer = this.#queue.peek()) {
      if (timer.run !== null) return timer.atUs
      this.#queue.pop()
    }
    return undefined
  }

  /** Takes the earliest timer out if it is due at `nowUs`. */
  takeDue(nowUs: number): (() => void) | undefined {
    const nextUs = this.nextUs()
    if (nextUs === undefined || nextUs > nowUs) return undefined
    return this.#queue.pop()?.run ?? undefined
  }
}
