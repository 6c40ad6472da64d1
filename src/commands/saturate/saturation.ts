import { performance } from 'node:perf_hooks'
import { setTimeout as wait } from 'node:timers/promises'
import { US_PER_MS, US_PER_S } from '../../core/units.ts'
import type { EngineSnapshot } from '../../engine/protocol.ts'
import { SystemClock } from '../../engine/system-clock.ts'
import { Recorder } from '../../measure/recorder.ts'
import { ClosedStep, type ClosedLoad, type ClosedStepEnd, type ClosedStepPlan } from './closed-step.ts'
import type { ClosedCall, SaturateRequest } from './request.ts'
import type { PreparedSaturation } from './prepare.ts'

/** A step as it ran. */
export interface SaturationStep extends ClosedStepEnd {
  /** Busiest second of the generator's own event loop, 0–1; `undefined` when the step was too short to tell. */
  readonly loopUtilizationMaxRatio: number | undefined
}

export interface SaturationEnd {
  readonly steps: readonly SaturationStep[]
  /** When the last step ended. */
  readonly loadEndUs: number
  readonly wasInterrupted: boolean
}

/** Who is told how the steps go. */
export interface SaturationAudience {
  begins(step: ClosedStepPlan): void
  ended(step: ClosedStepEnd): void
  take(snapshot: EngineSnapshot): void
}

/** A step that is told to stop needs a moment; the next one begins with the first whole second after it. */
const PAUSE_US = US_PER_S / 2
/** For each step: on a machine that stalls it begins a second later. */
const SLACK_US = US_PER_S

/** From the beginning of a step to that of the next, whole seconds. */
function periodUs({ stepDurationUs }: SaturateRequest): number {
  return Math.ceil((stepDurationUs + PAUSE_US) / US_PER_S) * US_PER_S
}

/** When the last step is over at the latest. */
export function latestEndUs(request: SaturateRequest): number {
  return request.connectionSteps.length * (periodUs(request) + SLACK_US)
}

/** The steps of one run, one after another, all in one recorder. */
export class Saturation {
  readonly #request: SaturateRequest
  readonly #load: ClosedLoad
  readonly #clock = new SystemClock()
  readonly #audience: SaturationAudience
  readonly #steps: SaturationStep[] = []
  #step: ClosedStep | undefined
  #connections = 0
  #wasInterrupted = false
  readonly #wakeUp = new AbortController()
  #utilization = performance.eventLoopUtilization()
  #loopUtilizationMaxRatio: number | undefined

  constructor({ request, outcomeRules }: PreparedSaturation, call: ClosedCall, audience: SaturationAudience) {
    const { timeoutUs } = request
    this.#request = request
    this.#audience = audience
    this.#load = { clock: this.#clock, recorder: new Recorder(), call, timeoutUs, outcomeRules }
  }

  async run(): Promise<SaturationEnd> {
    this.#clock.rebase()
    this.#utilization = performance.eventLoopUtilization()
    const ticker = setInterval(() => this.#tick(), US_PER_S / US_PER_MS)
    try {
      for (const [index, connections] of this.#request.connectionSteps.entries()) {
        await this.#untilStart(index)
        if (this.#wasInterrupted) break
        await this.#runStep(connections)
      }
    } finally {
      clearInterval(ticker)
    }
    this.#audience.take(this.#snapshot(true))
    return { steps: this.#steps, loadEndUs: this.#endUs, wasInterrupted: this.#wasInterrupted }
  }

  /** Ends the step under way and begins no other. */
  stop(): void {
    this.#wasInterrupted = true
    this.#wakeUp.abort()
    this.#step?.stop()
  }

  get #endUs(): number {
    return this.#steps.at(-1)?.endUs ?? 0
  }

  async #runStep(connections: number): Promise<void> {
    const startUs = Math.floor(this.#clock.nowUs() / US_PER_S) * US_PER_S
    const plan = { name: `c=${connections}`, connections, startUs, durationUs: this.#request.stepDurationUs }
    this.#connections = connections
    this.#loopUtilizationMaxRatio = undefined
    this.#audience.begins(plan)
    this.#step = new ClosedStep(this.#load, plan)
    const end = await this.#step.run()
    this.#step = undefined
    this.#connections = 0
    this.#steps.push({ ...end, loopUtilizationMaxRatio: this.#loopUtilizationMaxRatio })
    this.#audience.ended(end)
  }

  /** Steps begin with a whole second, so that every second of the files belongs to one. */
  async #untilStart(index: number): Promise<void> {
    const plannedUs = index * periodUs(this.#request)
    const startUs = Math.max(plannedUs, Math.ceil(this.#endUs / US_PER_S) * US_PER_S)
    const { signal } = this.#wakeUp
    for (let leftUs = startUs - this.#clock.nowUs(); leftUs > 0; leftUs = startUs - this.#clock.nowUs()) {
      const isOver = await wait(Math.ceil(leftUs / US_PER_MS), false, { signal }).catch(() => true)
      if (isOver) return
    }
  }

  #tick(): void {
    this.#audience.take(this.#snapshot(false))
  }

  #snapshot(isFinal: boolean): EngineSnapshot {
    const nowUs = this.#clock.nowUs()
    const { recorder } = this.#load
    return {
      nowUs,
      loadEndUs: isFinal ? this.#endUs : Infinity,
      recorder: isFinal ? recorder.close(nowUs) : recorder.snapshot(nowUs, nowUs),
      metrics: { declared: [], sinks: [] },
      checks: [],
      progress: {
        activeVus: this.#connections,
        initializedVus: this.#connections,
        doneRatio: this.#doneRatio(nowUs),
        startedCount: 0,
        completedCount: 0,
        interruptedCount: 0,
        exceptionCount: 0,
        unbegunCount: 0,
      },
      loopUtilizationRatio: isFinal ? undefined : this.#loopUtilization(),
    }
  }

  #doneRatio(nowUs: number): number {
    return Math.min(nowUs / (this.#request.connectionSteps.length * periodUs(this.#request)), 1)
  }

  /** Of the last second. autocannon runs in this thread. */
  #loopUtilization(): number {
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, this.#utilization)
    this.#utilization = now
    this.#loopUtilizationMaxRatio = Math.max(this.#loopUtilizationMaxRatio ?? 0, utilization)
    return utilization
  }
}
