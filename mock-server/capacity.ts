import { DueTimes } from './due-times.ts'

/** How much work a service gets done at once. Latencies then say how long a request keeps its worker. */
export interface CapacityConfig {
  /** Whole number, at least 1. */
  readonly workers: number
  /** Most requests that wait for a worker, at least 0; absent: any number. */
  readonly backlog?: number
}

/** Name under which the oracle counts what found the backlog full; no rate rule may have it. */
export const CAPACITY_RULE = 'capacity'

/** Other figures for a capacity; `undefined`: as it was, `null`: without. */
interface CapacityChange {
  readonly workers?: number | null | undefined
  readonly backlog?: number | null | undefined
}

/** The capacity with the change; without workers there is nothing to limit. */
export function changeCapacity(
  base: CapacityConfig | undefined,
  change: CapacityChange,
): CapacityConfig | undefined {
  const workers = change.workers === undefined ? base?.workers : change.workers
  const backlog = change.backlog === undefined ? base?.backlog : change.backlog
  if (typeof workers !== 'number') return undefined
  return { workers, ...(typeof backlog === 'number' && { backlog }) }
}

/** Where a pool stands, for the admin API. */
export interface CapacityState {
  readonly workers: number
  /** `null`: any number. */
  readonly backlog: number | null
  readonly busyCount: number
  readonly backlogCount: number
}

/**
 * Workers behind one first-in-first-out queue. Since a request's service time is known when it arrives, so is the time
 * at which it will be done: it starts when the first worker is free, and nothing that comes later can change that.
 * Half-open as everything here: at the time when it is done its worker is free. Calls come in order of `nowUs`.
 */
export class WorkerPool {
  /** Another one holds from the next request on; those waiting keep their planned start. */
  config: CapacityConfig
  /** When each worker that has something to do has done all that it has been given. */
  readonly #ends = new DueTimes()
  /** When the requests that wait for a worker get one. */
  readonly #starts = new DueTimes()

  constructor(config: CapacityConfig) {
    this.config = config
  }

  /** How long after `nowUs` there is room for one more: 0 = now. */
  waitUs(nowUs: number): number {
    const { workers, backlog = Infinity } = this.config
    this.#drop(nowUs)
    if (this.#ends.size < workers || this.#starts.size < backlog) return 0
    // Above 0 only after there have been more workers, or more places to wait in.
    const tooMany = backlog === 0 ? this.#ends.size - workers : this.#starts.size - backlog
    return (backlog === 0 ? this.#ends : this.#starts).nthUs(tooMany) - nowUs
  }

  /**
   * Takes in a request for which there is room.
   *
   * @param readyUs when it comes to the workers: `nowUs`, or later when something in front of them holds it back.
   * @returns when it is done.
   */
  serve(nowUs: number, readyUs: number, serviceUs: number): number {
    this.#drop(nowUs)
    const busyCount = this.#ends.size
    const { workers } = this.config
    const freeUs = busyCount < workers ? nowUs : this.#ends.takeNth(busyCount - workers)
    const startUs = Math.max(readyUs, freeUs)
    if (startUs > readyUs) this.#starts.push(startUs)
    const endUs = startUs + serviceUs
    this.#ends.push(endUs)
    return endUs
  }

  state(nowUs: number): CapacityState {
    this.#drop(nowUs)
    const { workers, backlog = null } = this.config
    return { workers, backlog, busyCount: this.#ends.size, backlogCount: this.#starts.size }
  }

  #drop(nowUs: number): void {
    this.#starts.dropUntil(nowUs)
    this.#ends.dropUntil(nowUs)
  }
}
