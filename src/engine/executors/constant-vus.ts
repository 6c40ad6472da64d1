import type { ConstantVusPlan } from '../../script/plan.ts'
import type { Clock, Timer } from '../clock.ts'
import type { Vu } from '../vu.ts'
import { ClosedLoop, type ClosedLoopOwner } from './closed-loop.ts'
import { elapsedRatio, type Executor, type LoadListener, type VuFactory } from './executor.ts'

/** A fixed number of VUs, each one iteration after the other until the duration is over. */
export class ConstantVusExecutor implements Executor, ClosedLoopOwner {
  readonly endsByTime = true
  readonly loadEndUs: number
  readonly #plan: ConstantVusPlan
  readonly #clock: Clock
  readonly #createVu: VuFactory
  readonly #vus: Vu[] = []
  readonly #loop: ClosedLoop
  #stopped = false
  #timer: Timer | undefined
  #resolve: () => void = () => {}

  constructor(plan: ConstantVusPlan, clock: Clock, createVu: VuFactory, listener: LoadListener) {
    this.#plan = plan
    this.loadEndUs = plan.startTimeUs + plan.durationUs
    this.#clock = clock
    this.#createVu = createVu
    this.#loop = new ClosedLoop(clock, listener, this)
  }

  get activeVus(): number {
    return this.#loop.activeVus
  }

  get initializedVus(): number {
    return this.#vus.length
  }

  /** Iterations are due when they start: there is never one that is due and not yet known. */
  nextDueUs(): number {
    return this.#stopped ? Infinity : this.#clock.nowUs()
  }

  progressRatio(): number {
    return elapsedRatio(this.#plan, this.#clock.nowUs())
  }

  async prepare(): Promise<void> {
    while (this.#vus.length < this.#plan.vus) this.#vus.push(await this.#createVu())
  }

  run(dataJson: string | undefined): Promise<void> {
    this.#loop.open(dataJson)
    const { startTimeUs, gracefulStopUs } = this.#plan
    const endUs = this.loadEndUs
    return new Promise((resolve) => {
      this.#resolve = resolve
      for (const vu of this.#vus) this.#loop.nextAt(vu, startTimeUs)
      this.#timer = this.#clock.schedule(endUs, () => this.#end(endUs + gracefulStopUs), 'coarse')
    })
  }

  stop(graceUs: number): void {
    this.#timer?.cancel()
    this.#end(this.#clock.nowUs() + graceUs)
  }

  /** Nothing starts once the duration is over, even if the timer of its end comes a little later. */
  begins(): boolean {
    return !this.#stopped && this.#clock.nowUs() < this.loadEndUs
  }

  lost(): void {}

  #end(untilUs: number): void {
    this.#stopped = true
    this.#loop.drain(untilUs, this.#resolve)
  }
}
