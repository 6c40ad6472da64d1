import type { Arrivals } from '../../load/arrivals.ts'
import type { ArrivalRatePlan } from '../../script/plan.ts'
import type { Clock, Timer } from '../clock.ts'
import type { IterationEnd, Vu } from '../vu.ts'
import { ActiveVus } from './active-vus.ts'
import { elapsedRatio, type Executor, type LoadListener, type VuFactory } from './executor.ts'

/**
 * The open model: iterations start when the plan says, whatever the target does. An arrival that finds
 * every VU busy gets a new one up to `maxVUs`; beyond that it is dropped, and counted.
 */
export class ArrivalRateExecutor implements Executor {
  readonly endsByTime = true
  readonly loadEndUs: number
  readonly #plan: ArrivalRatePlan
  readonly #arrivals: Arrivals
  readonly #clock: Clock
  readonly #createVu: VuFactory
  readonly #listener: LoadListener
  readonly #idle: Vu[] = []
  readonly #active: ActiveVus
  #vuCount = 0
  #starting = 0
  #nextDueUs: number
  #dataJson: string | undefined
  #timer: Timer | undefined
  #stopped = false
  #resolve: () => void = () => {}

  constructor(
    plan: ArrivalRatePlan,
    arrivals: Arrivals,
    clock: Clock,
    createVu: VuFactory,
    listener: LoadListener,
  ) {
    this.#plan = plan
    this.loadEndUs = plan.startTimeUs + plan.durationUs
    this.#arrivals = arrivals
    this.#clock = clock
    this.#createVu = createVu
    this.#listener = listener
    this.#active = new ActiveVus(clock, (vu, end) => this.#iterationEnded(vu, end))
    this.#nextDueUs = plan.startTimeUs
  }

  get activeVus(): number {
    return this.#active.count
  }

  get initializedVus(): number {
    return this.#vuCount
  }

  nextDueUs(): number {
    return this.#nextDueUs
  }

  progressRatio(): number {
    return elapsedRatio(this.#plan, this.#clock.nowUs())
  }

  async prepare(): Promise<void> {
    while (this.#vuCount < this.#plan.preAllocatedVUs) {
      this.#vuCount++
      this.#idle.push(await this.#createVu())
    }
    // The stack is used from its end: the first VU goes first.
    this.#idle.reverse()
  }

  run(dataJson: string | undefined): Promise<void> {
    this.#dataJson = dataJson
    return new Promise((resolve) => {
      this.#resolve = resolve
      this.#scheduleNext()
    })
  }

  stop(graceUs: number): void {
    this.#timer?.cancel()
    this.#end(this.#clock.nowUs() + graceUs)
  }

  #scheduleNext(): void {
    const dueUs = this.#arrivals.next()
    if (dueUs === undefined) {
      this.#nextDueUs = Infinity
      const endUs = this.loadEndUs
      this.#timer = this.#clock.schedule(endUs, () => this.#end(endUs + this.#plan.gracefulStopUs), 'coarse')
      return
    }
    this.#nextDueUs = this.#plan.startTimeUs + dueUs
    this.#timer = this.#clock.schedule(this.#nextDueUs, this.#arrive, 'exact')
  }

  readonly #arrive = (): void => {
    const dueUs = this.#nextDueUs
    this.#listener.due(dueUs)
    const vu = this.#idle.pop()
    if (vu !== undefined) this.#active.start(vu, this.#dataJson, dueUs)
    else if (this.#vuCount < this.#plan.maxVUs) void this.#startWithNewVu(dueUs)
    else this.#listener.dropped(dueUs)
    if (!this.#stopped) this.#scheduleNext()
  }

  async #startWithNewVu(dueUs: number): Promise<void> {
    this.#vuCount++
    this.#starting++
    try {
      const vu = await this.#createVu()
      this.#active.start(vu, this.#dataJson, dueUs)
    } catch (error) {
      this.#vuCount--
      this.#listener.dropped(dueUs)
      this.#listener.failed(error)
    } finally {
      this.#starting--
    }
  }

  #iterationEnded(vu: Vu, end: IterationEnd): void {
    if (end === 'completed') this.#idle.push(vu)
    else {
      // Its script stands in the middle of an iteration for ever: the VU is gone.
      this.#vuCount--
      this.#listener.interrupted()
    }
  }

  #end(untilUs: number): void {
    this.#stopped = true
    this.#nextDueUs = Infinity
    // A VU still being loaded has its arrival on its conscience: it starts first.
    if (this.#starting > 0) {
      this.#clock.schedule(this.#clock.nowUs() + 1_000, () => this.#end(untilUs), 'coarse')
      return
    }
    this.#active.drain(untilUs, this.#resolve)
  }
}
