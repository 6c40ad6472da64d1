import type { IterationsPlan } from '../../script/plan.ts'
import type { Clock, Timer } from '../clock.ts'
import type { Vu } from '../vu.ts'
import { ClosedLoop, type ClosedLoopOwner } from './closed-loop.ts'
import type { Executor, LoadListener, VuFactory } from './executor.ts'

/** Which VU still has iterations to begin. */
export interface IterationShares {
  /** Takes one for the VU; false when there is none for it any more. */
  take(vu: Vu): boolean
  /** How many nobody has taken. */
  readonly leftCount: number
}

/**
 * A planned number of iterations, done as fast as the VUs can: over when they are all done, at the latest when
 * `maxDuration` is over. What had not begun by then is told, as k6 does.
 */
export class IterationsExecutor implements Executor, ClosedLoopOwner {
  readonly endsByTime = false
  readonly #plan: IterationsPlan
  readonly #shares: IterationShares
  readonly #clock: Clock
  readonly #createVu: VuFactory
  readonly #listener: LoadListener
  readonly #totalCount: number
  readonly #vus: Vu[] = []
  readonly #loop: ClosedLoop
  #loadEndUs: number
  /** VUs that have nothing left to do. */
  #finishedVus = 0
  #stopped = false
  #timer: Timer | undefined
  #resolve: () => void = () => {}

  constructor(
    plan: IterationsPlan,
    shares: IterationShares,
    clock: Clock,
    createVu: VuFactory,
    listener: LoadListener,
  ) {
    this.#plan = plan
    this.#shares = shares
    this.#totalCount = shares.leftCount
    this.#loadEndUs = plan.startTimeUs + plan.durationUs
    this.#clock = clock
    this.#createVu = createVu
    this.#listener = listener
    this.#loop = new ClosedLoop(clock, listener, this)
  }

  get loadEndUs(): number {
    return this.#loadEndUs
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
    return this.#loop.completedCount / this.#totalCount
  }

  async prepare(): Promise<void> {
    while (this.#vus.length < this.#plan.vus) this.#vus.push(await this.#createVu())
  }

  run(dataJson: string | undefined): Promise<void> {
    this.#loop.open(dataJson)
    return new Promise((resolve) => {
      this.#resolve = resolve
      for (const vu of this.#vus) this.#loop.nextAt(vu, this.#plan.startTimeUs)
      this.#timer = this.#clock.schedule(this.#loadEndUs, () => this.#timeOver(), 'coarse')
    })
  }

  stop(graceUs: number): void {
    this.#end(this.#clock.nowUs() + graceUs)
  }

  begins(vu: Vu): boolean {
    if (!this.#stopped && this.#clock.nowUs() < this.#loadEndUs && this.#shares.take(vu)) return true
    this.#finishedVus++
    const isDone = this.#shares.leftCount === 0 && this.#finishedVus === this.#vus.length
    if (isDone && !this.#stopped) this.#allDone()
    return false
  }

  lost(): void {}

  #allDone(): void {
    this.#loadEndUs = Math.min(this.#loadEndUs, this.#loop.lastEndUs)
    this.#end(this.#loadEndUs)
  }

  #timeOver(): void {
    const { leftCount } = this.#shares
    if (leftCount > 0) this.#listener.unbegun(leftCount, this.#loadEndUs)
    this.#end(this.#loadEndUs + this.#plan.gracefulStopUs)
  }

  #end(untilUs: number): void {
    this.#stopped = true
    this.#timer?.cancel()
    this.#loop.drain(untilUs, this.#resolve)
  }
}
