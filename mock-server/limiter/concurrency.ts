import { DueTimes } from '../due-times.ts'

/** Where requests wait for a slot, first come, first served. */
export interface QueueConfig {
  /** Most requests waiting at once; at least 1. */
  readonly size: number
  /** Longest wait, after which a request is refused; absent: no limit. */
  readonly timeoutUs?: number
}

/**
 * The requests in flight, from the start of their service until its planned end, and the cap on them.
 * Half-open: a request that comes exactly at the end of another finds its slot free.
 *
 * Every end is known when a request enters, and so is the start of the next one in the queue: it takes over the slot whose
 * last request ends first. `#ends` has one entry per busy slot, the end of the last request that is to use it; a request
 * that waits has its start in `#waits`, and its predecessor in the slot is in flight until then.
 */
export class ConcurrencyGate {
  readonly #ends = new DueTimes()
  /** When each waiting request leaves the queue. */
  readonly #waits = new DueTimes()
  #capacity: number
  #queue: QueueConfig | undefined
  #peakCount = 0

  /**
   * @param capacity most requests at once; `Infinity` only counts them.
   * @param queue absent: none waits.
   */
  constructor(capacity: number, queue?: QueueConfig) {
    this.#capacity = capacity
    this.#queue = queue
  }

  get capacity(): number {
    return this.#capacity
  }

  /** Requests in flight stay, and those waiting keep their planned start. */
  set capacity(capacity: number) {
    this.#capacity = capacity
  }

  get queue(): QueueConfig | undefined {
    return this.#queue
  }

  /** Requests already waiting stay. */
  set queue(queue: QueueConfig | undefined) {
    this.#queue = queue
  }

  /** Most requests in flight at once so far. */
  get peakCount(): number {
    return this.#peakCount
  }

  inFlightCount(nowUs: number): number {
    this.#ends.dropUntil(nowUs)
    return this.#ends.size
  }

  waitingCount(nowUs: number): number {
    this.#waits.dropUntil(nowUs)
    return this.#waits.size
  }

  /** How long until a newcomer's service starts if it may queue: 0 = a slot is free. */
  waitUs(nowUs: number): number {
    const busyCount = this.inFlightCount(nowUs)
    return busyCount < this.#capacity ? 0 : this.#ends.nthUs(busyCount - this.#capacity) - nowUs
  }

  hasPlace(nowUs: number): boolean {
    return this.#queue !== undefined && this.waitingCount(nowUs) < this.#queue.size
  }

  /** How long a request that finds neither a slot nor a place has to wait for either. */
  placeWaitUs(nowUs: number): number {
    if (this.#queue === undefined) return this.waitUs(nowUs)
    // More than one too many only after there have been more places.
    return this.#waits.nthUs(this.waitingCount(nowUs) - this.#queue.size) - nowUs
  }

  /** Takes the slot that is free first, from `waitUs(nowUs)` after `nowUs` until `endUs`. */
  enter(nowUs: number, endUs: number): void {
    const waitUs = this.waitUs(nowUs)
    if (waitUs > 0) {
      this.#ends.takeNth(this.#ends.size - this.#capacity)
      this.#waits.push(nowUs + waitUs)
    }
    this.#ends.push(endUs)
    if (this.#ends.size > this.#peakCount) this.#peakCount = this.#ends.size
  }

  /** Waits in the queue without ever getting a slot, until it gives up at `untilUs`. */
  waitInVain(untilUs: number): void {
    this.#waits.push(untilUs)
  }
}
