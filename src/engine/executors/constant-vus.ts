import type { ConstantVusPlan } from '../../script/plan.ts'
import type { Clock, Timer } from '../clock.ts'
import type { IterationEnd, Vu } from '../vu.ts'
import { ActiveVus } from './active-vus.ts'
import type { Executor, LoadListener, VuFactory } from './executor.ts'

/** The closed model: each VU starts its next iteration when its last one has ended. */
export class ConstantVusExecutor implements Executor {
  readonly #plan: ConstantVusPlan
  readonly #clock: Clock
  readonly #createVu: VuFactory
  readonly #listener: LoadListener
  readonly #endUs: number
  readonly #vus: Vu[] = []
  readonly #active: ActiveVus
  #dataJson: string | undefined
  #stopped = false
  #timer: Timer | undefined
  #resolve: () => void = () => {}

  constructor(plan: ConstantVusPlan, clock: Clock, createVu: VuFactory, listener: LoadListener) {
    this.#plan = plan
    this.#endUs = plan.startTimeUs + plan.durationUs
    this.#clock = clock
    this.#createVu = createVu
    this.#listener = listener
    this.#active = new ActiveVus(clock, (vu, end) => this.#iterationEnded(vu, end))
  }

  get activeVus(): number {
    return this.#active.count
  }

  get initializedVus(): number {
    return this.#vus.length
  }

  /** Iterations are due when they start: there is never one that is due and not yet known. */
  nextDueUs(): number {
    return this.#stopped ? Infinity : this.#clock.nowUs()
  }

  async prepare(): Promise<void> {
    while (this.#vus.length < this.#plan.vus) this.#vus.push(await this.#createVu())
  }

  run(dataJson: string | undefined): Promise<void> {
    this.#dataJson = dataJson
    const { startTimeUs, gracefulStopUs } = this.#plan
    const endUs = this.#endUs
    return new Promise((resolve) => {
      this.#resolve = resolve
      this.#clock.schedule(startTimeUs, () => this.#startAll(), 'exact')
      this.#timer = this.#clock.schedule(endUs, () => this.#end(endUs + gracefulStopUs), 'coarse')
    })
  }

  stop(graceUs: number): void {
    this.#timer?.cancel()
    this.#end(this.#clock.nowUs() + graceUs)
  }

  #startAll(): void {
    for (const vu of this.#vus) this.#startNext(vu)
  }

  /** Nothing starts once the duration is over, even if the timer of its end comes a little later. */
  #startNext(vu: Vu): void {
    const dueUs = this.#clock.nowUs()
    if (this.#stopped || dueUs >= this.#endUs) return
    this.#listener.due(dueUs)
    this.#active.start(vu, this.#dataJson, dueUs)
  }

  #iterationEnded(vu: Vu, end: IterationEnd): void {
    if (end === 'interrupted') return this.#listener.interrupted()
    if (vu.hasWaited) return this.#startNext(vu)
    // An iteration that takes no time would otherwise starve everything else, and stop virtual time.
    this.#clock.schedule(this.#clock.nowUs() + 1, () => this.#startNext(vu), 'exact')
  }

  #end(untilUs: number): void {
    this.#stopped = true
    this.#active.drain(untilUs, this.#resolve)
  }
}
