import { RevolvingSet } from '../../core/revolving-set.ts'
import type { Clock, Timer } from '../clock.ts'
import type { IterationEnd, IterationListener, Vu } from '../vu.ts'

/**
 * The iterations under way in one scenario. Knows when the last one has ended, and interrupts
 * what is left when the grace time is over.
 */
export class ActiveVus implements IterationListener {
  readonly #clock: Clock
  readonly #onEnd: (vu: Vu, end: IterationEnd) => void
  readonly #active = new RevolvingSet<Vu>()
  #onIdle: (() => void) | undefined
  #graceTimer: Timer | undefined
  #untilUs = Infinity

  constructor(clock: Clock, onEnd: (vu: Vu, end: IterationEnd) => void) {
    this.#clock = clock
    this.#onEnd = onEnd
  }

  get count(): number {
    return this.#active.size
  }

  start(vu: Vu, dataJson: string | undefined, dueUs: number): void {
    this.#active.add(vu)
    vu.iterate(dataJson, dueUs, this)
  }

  iterationEnded(vu: Vu, end: IterationEnd): void {
    this.#active.delete(vu)
    this.#onEnd(vu, end)
    if (this.#active.size === 0) this.#becomeIdle()
  }

  /** Waits for the iterations under way, at most until `untilUs`; then interrupts them. A second call may only shorten the wait. */
  drain(untilUs: number, onIdle: () => void): void {
    this.#onIdle = onIdle
    this.#graceTimer?.cancel()
    if (this.#active.size === 0) return this.#becomeIdle()
    this.#untilUs = Math.min(untilUs, this.#untilUs)
    this.#graceTimer = this.#clock.schedule(this.#untilUs, () => this.#interruptAll(), 'coarse')
  }

  #interruptAll(): void {
    for (const vu of this.#active.members()) vu.interrupt()
  }

  #becomeIdle(): void {
    const onIdle = this.#onIdle
    this.#onIdle = undefined
    if (onIdle === undefined) return
    this.#graceTimer?.cancel()
    onIdle()
  }
}
