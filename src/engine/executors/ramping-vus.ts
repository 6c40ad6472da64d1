import { mostVus, vuSteps, type VuStep } from '../../load/vu-ramp.ts'
import type { RampingVusPlan } from '../../script/plan.ts'
import type { Clock, Timer } from '../clock.ts'
import type { Vu } from '../vu.ts'
import { ClosedLoop, type ClosedLoopOwner } from './closed-loop.ts'
import { elapsedRatio, type Executor, type LoadListener, type VuFactory } from './executor.ts'

/** A place for one VU: the nth is used while at least n VUs are planned. */
class Slot {
  isPlanned = false
  /** `looping`: an iteration is under way, or about to begin. */
  state: 'empty' | 'loading' | 'idle' | 'looping' = 'empty'
  vu: Vu | undefined
  /** Interrupts the iteration of a VU that the ramp took away. */
  graceTimer: Timer | undefined
}

/**
 * A number of VUs that follows a ramp, each one iteration after the other while it is planned. One that is taken away
 * may end its iteration within `gracefulRampDown`; wanted again before that, it just goes on.
 */
export class RampingVusExecutor implements Executor, ClosedLoopOwner {
  readonly endsByTime = true
  readonly loadEndUs: number
  readonly #plan: RampingVusPlan
  readonly #clock: Clock
  readonly #createVu: VuFactory
  readonly #listener: LoadListener
  readonly #slots: Slot[] = []
  readonly #slotOf = new Map<Vu, Slot>()
  readonly #loop: ClosedLoop
  readonly #steps: Iterator<VuStep, void>
  #plannedVus = 0
  #stopped = false
  #stepTimer: Timer | undefined
  #endTimer: Timer | undefined
  #resolve: () => void = () => {}

  constructor(plan: RampingVusPlan, clock: Clock, createVu: VuFactory, listener: LoadListener) {
    this.#plan = plan
    this.loadEndUs = plan.startTimeUs + plan.durationUs
    this.#clock = clock
    this.#createVu = createVu
    this.#listener = listener
    this.#loop = new ClosedLoop(clock, listener, this)
    this.#steps = vuSteps(plan.startVUs, plan.stages)
  }

  get activeVus(): number {
    return this.#loop.activeVus
  }

  get initializedVus(): number {
    return this.#slots.length
  }

  /** Iterations are due when they start: there is never one that is due and not yet known. */
  nextDueUs(): number {
    return this.#stopped ? Infinity : this.#clock.nowUs()
  }

  progressRatio(): number {
    return elapsedRatio(this.#plan, this.#clock.nowUs())
  }

  async prepare(): Promise<void> {
    const { startVUs, stages } = this.#plan
    while (this.#slots.length < mostVus(startVUs, stages)) {
      const slot = new Slot()
      this.#fill(slot, await this.#createVu())
      this.#slots.push(slot)
    }
  }

  run(dataJson: string | undefined): Promise<void> {
    this.#loop.open(dataJson)
    const endUs = this.loadEndUs
    return new Promise((resolve) => {
      this.#resolve = resolve
      this.#scheduleStep()
      this.#endTimer = this.#clock.schedule(
        endUs,
        () => this.#end(endUs + this.#plan.gracefulStopUs),
        'coarse',
      )
    })
  }

  stop(graceUs: number): void {
    this.#endTimer?.cancel()
    this.#end(this.#clock.nowUs() + graceUs)
  }

  /** Nothing starts once the duration is over, even if the timer of its end comes a little later. */
  begins(vu: Vu): boolean {
    const slot = this.#slotFor(vu)
    const goesOn = !this.#stopped && slot.isPlanned && this.#clock.nowUs() < this.loadEndUs
    slot.state = goesOn ? 'looping' : 'idle'
    if (!goesOn) slot.graceTimer?.cancel()
    return goesOn
  }

  lost(vu: Vu): void {
    const slot = this.#slotFor(vu)
    this.#slotOf.delete(vu)
    slot.vu = undefined
    slot.state = 'empty'
  }

  #fill(slot: Slot, vu: Vu): void {
    slot.vu = vu
    slot.state = 'idle'
    this.#slotOf.set(vu, slot)
  }

  #slotFor(vu: Vu): Slot {
    const slot = this.#slotOf.get(vu)
    if (slot === undefined) throw new Error('a VU without a place in its ramp')
    return slot
  }

  #scheduleStep(): void {
    const step = this.#steps.next().value
    if (step === undefined) return
    const atUs = this.#plan.startTimeUs + step.atUs
    this.#stepTimer = this.#clock.schedule(atUs, () => this.#step(step, atUs), 'exact')
  }

  #step({ vus }: VuStep, atUs: number): void {
    for (const slot of this.#slots.slice(this.#plannedVus, vus)) this.#want(slot, atUs)
    for (const slot of this.#slots.slice(vus, this.#plannedVus)) this.#takeAway(slot)
    this.#plannedVus = vus
    this.#scheduleStep()
  }

  #want(slot: Slot, atUs: number): void {
    slot.isPlanned = true
    slot.graceTimer?.cancel()
    if (slot.state === 'empty') return void this.#refill(slot)
    if (slot.state !== 'idle' || slot.vu === undefined) return
    slot.state = 'looping'
    this.#loop.nextAt(slot.vu, atUs)
  }

  #takeAway(slot: Slot): void {
    slot.isPlanned = false
    if (slot.state !== 'looping') return
    const atUs = this.#clock.nowUs() + this.#plan.gracefulRampDownUs
    slot.graceTimer = this.#clock.schedule(atUs, () => slot.vu?.interrupt(), 'coarse')
  }

  /** The VU that was here was interrupted: another one takes its place. */
  async #refill(slot: Slot): Promise<void> {
    slot.state = 'loading'
    try {
      const vu = await this.#createVu()
      this.#fill(slot, vu)
      this.#loop.next(vu)
    } catch (error) {
      this.#listener.failed(error)
    }
  }

  #end(untilUs: number): void {
    this.#stopped = true
    this.#stepTimer?.cancel()
    this.#loop.drain(untilUs, this.#resolve)
  }
}
