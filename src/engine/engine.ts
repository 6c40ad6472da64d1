import { performance } from 'node:perf_hooks'
import { EXIT, UserError } from '../core/errors.ts'
import type { Steps } from '../core/steps.ts'
import { US_PER_MS, US_PER_S } from '../core/units.ts'
import type { Timer } from './clock.ts'
import type { Executor } from './executors/executor.ts'
import { LifecycleCall, type LifecycleExec } from './lifecycle-call.ts'
import type { EngineConfig, EnginePorts } from './ports.ts'
import type { EngineResult, EngineSnapshot, StopReason } from './protocol.ts'
import { RunState } from './run-state.ts'
import { createExecutors } from './scenario.ts'
import { readSetupJson, toSetupJson } from './setup-data.ts'

/** How long what is under way may go on after a stop before it is interrupted. */
const INTERRUPT_GRACE_US = 5 * US_PER_S

/** Who is told how the run goes. */
export interface EngineAudience {
  /** Set-up is over; traffic begins when this has resolved. */
  start(): Promise<void>
  /**
   * Resolves when the snapshot was taken in: virtual time waits for it. Its first step has to be taken at once, since it
   * belongs to this moment; between two of them requests may be sent, which would be late by all of them at once.
   */
  post(snapshot: Steps<EngineSnapshot>): Promise<void>
}

/** Whether set-up came to its end, and what it returned. */
type SetUp = { readonly isDone: true; readonly dataJson: string | undefined } | { readonly isDone: false }

/** How the engine's thread fared since the last snapshot. */
type Condition = Pick<EngineSnapshot, 'loopUtilizationRatio' | 'vitals'>

/** Over less than this the share of busy time says nothing. */
const SHORTEST_UTILIZATION_MS = 500

/** Runs the whole script: set-up, the load of every scenario, teardown. Posts a snapshot once a second. */
export class Engine {
  readonly #config: EngineConfig
  readonly #ports: EnginePorts
  readonly #audience: EngineAudience
  readonly #state: RunState
  #executors: readonly Executor[] = []
  #loadEndUs = 0
  #loadRunning = false
  /** When the last iteration had ended, and how the thread had fared until then. */
  #drainedAtUs = 0
  #drainedCondition: Condition = { loopUtilizationRatio: undefined }
  #setUpCall: LifecycleCall | undefined
  #setUpDataJson: string | undefined
  #utilization = performance.eventLoopUtilization()
  #polledUs = 0

  constructor(config: EngineConfig, ports: EnginePorts, audience: EngineAudience) {
    this.#config = config
    this.#ports = ports
    this.#audience = audience
    this.#state = new RunState(config, ports, (reason) => this.stop(reason))
  }

  /**
   * @throws UserError when the script cannot be loaded, or set-up or teardown fail (107) or take too long (100, 101).
   * What an iteration throws never rejects: it is in the result, or counted.
   */
  async run(): Promise<EngineResult> {
    this.#executors = await createExecutors(this.#config, this.#ports, this.#state)
    const setUp = await this.#setUp()
    if (setUp.isDone) await this.#runLoad(setUp.dataJson)
    try {
      if (setUp.isDone) await this.#tearDown(setUp.dataJson)
    } finally {
      // What was measured is told whatever becomes of teardown.
      await this.#audience.post(this.#snapshotInSteps(this.#drainedAtUs, true))
      if (!this.#config.exports.includes('handleSummary')) this.#ports.transport.close()
    }
    return {
      stopReason: this.#state.stopReason,
      loadEndUs: this.#loadEndUs,
      fatal: this.#state.fatal,
      isMarkedFailed: this.#state.isMarkedFailed,
      unmeasuredRequestCount: this.#state.unmeasuredRequestCount,
    }
  }

  /**
   * Ends set-up or the load early; the first reason stands. What is under way gets a short grace, but none when the
   * script wants it. Teardown runs all the same, unless set-up did not come to its end.
   */
  stop(reason: StopReason): void {
    if (!this.#state.markStopped(reason)) return
    const graceUs = reason === 'script-error' || reason === 'abort' ? 0 : INTERRUPT_GRACE_US
    this.#setUpCall?.cut(graceUs)
    if (!this.#loadRunning) return
    this.#loadEndUs = Math.min(this.#loadEndUs, this.#ports.clock.nowUs())
    for (const executor of this.#executors) executor.stop(graceUs)
  }

  /** What `setup` returned, as JSON. */
  get setUpDataJson(): string | undefined {
    return this.#setUpDataJson
  }

  /**
   * Calls the script's `handleSummary`, which it has, when the run is over. Its requests are in no figure.
   *
   * @throws UserError when the function throws or takes too long.
   */
  async handleSummary(data: unknown): Promise<unknown> {
    const timeoutUs = this.#config.plan.summary.handleTimeoutUs
    try {
      const end = await this.#call('handleSummary', timeoutUs).run(data)
      if (end?.kind === 'returned') return end.value
      const what = 'handleSummary() was cut short: it asked for more requests than may be sent'
      throw new UserError(EXIT.script, [{ where: '', what }])
    } finally {
      this.#ports.transport.close()
    }
  }

  /** The script let go of a promise that failed: nobody can say in which iteration. */
  promiseFailed(error: unknown): void {
    this.#state.scriptFailed(error)
  }

  async #setUp(): Promise<SetUp> {
    if (this.#isStopped) return { isDone: false }
    this.#setUpCall = this.#lifecycleCall('setup', this.#config.plan.setupTimeoutUs)
    const end = await this.#setUpCall?.run(undefined)
    this.#setUpCall = undefined
    if (end?.kind === 'interrupted') return { isDone: false }
    this.#setUpDataJson = toSetupJson(end?.value)
    return { isDone: true, dataJson: this.#setUpDataJson }
  }

  async #tearDown(dataJson: string | undefined): Promise<void> {
    const call = this.#lifecycleCall('teardown', this.#config.plan.teardownTimeoutUs)
    const end = await call?.run(readSetupJson(dataJson))
    if (end?.kind !== 'interrupted' || this.#state.stopReason !== 'max-requests') return
    this.#ports.log('warn', 'teardown() was cut short: it asked for more requests than may be sent')
  }

  #lifecycleCall(exec: 'setup' | 'teardown', timeoutUs: number): LifecycleCall | undefined {
    const { noSetup, noTeardown } = this.#config.plan
    const isLeftOut = exec === 'setup' ? noSetup : noTeardown
    if (isLeftOut || !this.#config.exports.includes(exec)) return undefined
    return this.#call(exec, timeoutUs)
  }

  #call(exec: LifecycleExec, timeoutUs: number): LifecycleCall {
    const context = this.#state.lifecycleContext(exec)
    return new LifecycleCall(exec, timeoutUs, context, this.#ports.describeError)
  }

  async #runLoad(dataJson: string | undefined): Promise<void> {
    const { clock } = this.#ports
    if (this.#isStopped) return
    clock.beginHostOperation()
    await this.#audience.start()
    clock.endHostOperation()
    if (this.#isStopped) return
    clock.rebase()
    this.#utilization = performance.eventLoopUtilization()
    this.#polledUs = clock.polledUs
    this.#ports.vitals?.begin()
    this.#state.beginLoad()
    this.#loadRunning = true
    this.#loadEndUs = this.#config.plan.loadEndUs
    const ticker = this.#startTicking()
    await Promise.all(this.#executors.map((executor) => executor.run(dataJson)))
    this.#loadRunning = false
    const endsUs = this.#executors.map((executor) => executor.loadEndUs)
    this.#loadEndUs = Math.min(this.#loadEndUs, Math.max(...endsUs))
    ticker.stop()
    this.#drainedAtUs = clock.nowUs()
    this.#drainedCondition = this.#takeCondition()
    this.#ports.vitals?.end()
  }

  get #isStopped(): boolean {
    return this.#state.stopReason !== undefined
  }

  /** Simulated seconds may not run ahead of whoever takes them in. Real ones do: no request waits for that. */
  #holdTime(until: Promise<void>): void {
    const { clock } = this.#ports
    clock.beginHostOperation()
    void until.finally(() => clock.endHostOperation())
  }

  #startTicking(): { stop(): void } {
    const { clock } = this.#ports
    let second = 0
    let timer: Timer | undefined
    const tick = (): void => {
      const taken = this.#audience.post(this.#snapshotInSteps(clock.nowUs(), false))
      if (this.#config.isVirtual) this.#holdTime(taken)
      schedule()
    }
    const schedule = (): void => {
      second = Math.max(second + 1, Math.ceil(clock.nowUs() / US_PER_S))
      timer = clock.schedule(second * US_PER_S, tick, 'spare')
    }
    schedule()
    return { stop: () => timer?.cancel() }
  }

  /** The final one is of when the load had drained: teardown is no part of it. */
  *#snapshotInSteps(nowUs: number, final: boolean): Steps<EngineSnapshot> {
    const { recorder, metrics, checks } = this.#ports
    const nextDueUs = Math.min(...this.#executors.map((executor) => executor.nextDueUs()))
    const seconds = final ? recorder.close(nowUs) : recorder.snapshot(nowUs, nextDueUs)
    yield
    const { activeVus, initializedVus, doneRatio } = this.#state.execution
    // When the load has drained no VU is active: k6's last sample is one of the load, too.
    if (!final) this.#state.gaugeVus(activeVus, initializedVus)
    const progress = { activeVus, initializedVus, doneRatio, ...this.#state.counts() }
    const delta = metrics.delta()
    yield
    return {
      nowUs,
      loadEndUs: this.#loadEndUs,
      recorder: seconds,
      metrics: delta,
      checks: checks.takeDelta(),
      groups: checks.takeNewGroups(),
      progress,
      ...(final ? this.#drainedCondition : this.#takeCondition()),
    }
  }

  #takeCondition(): Condition {
    return { loopUtilizationRatio: this.#loopUtilization(), vitals: this.#ports.vitals?.take() }
  }

  #loopUtilization(): number | undefined {
    if (this.#config.isVirtual) return undefined
    const now = performance.eventLoopUtilization()
    const { polledUs } = this.#ports.clock
    const { active, idle } = performance.eventLoopUtilization(now, this.#utilization)
    if (active + idle < SHORTEST_UTILIZATION_MS) return undefined
    const busyMs = active - (polledUs - this.#polledUs) / US_PER_MS
    this.#utilization = now
    this.#polledUs = polledUs
    return Math.max(busyMs, 0) / (active + idle)
  }
}
