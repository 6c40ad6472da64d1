import type { Clock } from '../clock.ts'
import type { IterationEnd, Vu } from '../vu.ts'
import { ActiveVus } from './active-vus.ts'
import type { LoadListener } from './executor.ts'

/** The executor that a loop works for: it says which VU goes on. */
export interface ClosedLoopOwner {
  /** Whether the VU begins an iteration now; asked once for each. */
  begins(vu: Vu): boolean
  /** The VU was interrupted: its script stands in the middle of an iteration for ever. */
  lost(vu: Vu): void
}

/** The closed model: each VU starts its next iteration when its last one has ended, for as long as its executor says. */
export class ClosedLoop {
  readonly #clock: Clock
  readonly #listener: LoadListener
  readonly #owner: ClosedLoopOwner
  readonly #active: ActiveVus
  #dataJson: string | undefined
  #completedCount = 0
  #lastEndUs = 0

  constructor(clock: Clock, listener: LoadListener, owner: ClosedLoopOwner) {
    this.#clock = clock
    this.#listener = listener
    this.#owner = owner
    this.#active = new ActiveVus(clock, (vu, end) => this.#iterationEnded(vu, end))
  }

  get activeVus(): number {
    return this.#active.count
  }

  get completedCount(): number {
    return this.#completedCount
  }

  /** When an iteration ended last. */
  get lastEndUs(): number {
    return this.#lastEndUs
  }

  /** What `setup` returned, for every VU. */
  open(dataJson: string | undefined): void {
    this.#dataJson = dataJson
  }

  /**
   * `next` at that time. Where many VUs begin at once each is to have a timer of its own: replies to the first are read
   * while the last are being started then, and are not taken for slow.
   */
  nextAt(vu: Vu, atUs: number): void {
    this.#clock.schedule(atUs, () => this.next(vu), 'exact')
  }

  /** For a VU that does nothing: begins an iteration if the executor says so. */
  next(vu: Vu): void {
    if (!this.#owner.begins(vu)) return
    const dueUs = this.#clock.nowUs()
    this.#listener.due(dueUs)
    this.#active.start(vu, this.#dataJson, dueUs)
  }

  /** Waits for the iterations under way, at most until `untilUs`; then interrupts them. */
  drain(untilUs: number, onIdle: () => void): void {
    this.#active.drain(untilUs, onIdle)
  }

  #iterationEnded(vu: Vu, end: IterationEnd): void {
    this.#lastEndUs = this.#clock.nowUs()
    if (end === 'interrupted') {
      this.#listener.interrupted()
      return this.#owner.lost(vu)
    }
    this.#completedCount++
    if (vu.hasWaited) return this.next(vu)
    // An iteration that takes no time would otherwise starve everything else, and stop virtual time.
    this.nextAt(vu, this.#clock.nowUs() + 1)
  }
}
