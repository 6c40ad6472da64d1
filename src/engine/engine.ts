import { performance } from 'node:perf_hooks'
import { EXIT, UserError } from '../core/errors.ts'
import { US_PER_S, formatDuration } from '../core/units.ts'
import type { Executor } from './executors/executor.ts'
import type { EngineConfig, EnginePorts } from './ports.ts'
import type { EngineResult, EngineSnapshot, StopReason } from './protocol.ts'
import { RunState } from './run-state.ts'
import { createExecutors } from './scenario.ts'
import { createVu, type Vu } from './vu.ts'

/** How long iterations may go on after Ctrl-C before they are interrupted. */
const INTERRUPT_GRACE_US = 5 * US_PER_S

/** Who is told how the run goes. */
export interface EngineAudience {
  /** Set-up is over; traffic begins when this has resolved. */
  start(): Promise<void>
  /** Resolves when the snapshot was taken in: virtual time waits for it. */
  post(snapshot: EngineSnapshot): Promise<void>
}

/** Runs the whole script: set-up, the load of every scenario, teardown. Posts a snapshot once a second. */
export class Engine {
  readonly #config: EngineConfig
  readonly #ports: EnginePorts
  readonly #audience: EngineAudience
  readonly #state: RunState
  #executors: readonly Executor[] = []
  #loadEndUs = 0
  #loadRunning = false
  #utilization = performance.eventLoopUtilization()

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
    const { plan } = this.#config
    this.#executors = await createExecutors(this.#config, this.#ports, this.#state)
    const dataJson = await this.#setUp()
    await this.#runLoad(dataJson)
    await this.#callOnce('teardown', plan.teardownTimeoutUs, EXIT.teardownTimeout, dataJson)
    await this.#audience.post(this.#snapshot(true))
    this.#ports.transport.close()
    return {
      stopReason: this.#state.stopReason,
      loadEndUs: this.#loadEndUs,
      fatal: this.#state.fatal,
      unmeasuredRequestCount: this.#state.unmeasured.count,
    }
  }

  /** Ends the load early; the first reason stands. Iterations under way get a short grace, after a script error none. */
  stop(reason: StopReason): void {
    if (!this.#state.markStopped(reason)) return
    if (!this.#loadRunning) return
    this.#loadEndUs = Math.min(this.#loadEndUs, this.#ports.clock.nowUs())
    for (const executor of this.#executors) executor.stop(reason === 'script-error' ? 0 : INTERRUPT_GRACE_US)
  }

  /** The script let go of a promise that failed: nobody can say in which iteration. */
  promiseFailed(error: unknown): void {
    this.#state.scriptFailed(error)
  }

  async #setUp(): Promise<string | undefined> {
    const { setupTimeoutUs } = this.#config.plan
    const data = await this.#callOnce('setup', setupTimeoutUs, EXIT.setupTimeout, undefined)
    return data === undefined ? undefined : JSON.stringify(data)
  }

  async #runLoad(dataJson: string | undefined): Promise<void> {
    const { clock } = this.#ports
    if (this.#state.stopReason !== undefined) return
    clock.beginHostOperation()
    await this.#audience.start()
    clock.endHostOperation()
    clock.rebase()
    this.#loadRunning = true
    this.#loadEndUs = this.#config.plan.loadEndUs
    const ticker = this.#startTicking()
    await Promise.all(this.#executors.map((executor) => executor.run(dataJson)))
    this.#loadRunning = false
    ticker.stop()
  }

  /** Runs `setup` or `teardown`, if the script has it, on a VU of its own (number 0). */
  async #callOnce(
    exec: 'setup' | 'teardown',
    timeoutUs: number,
    timeoutCode: typeof EXIT.setupTimeout | typeof EXIT.teardownTimeout,
    dataJson: string | undefined,
  ): Promise<unknown> {
    if (!this.#config.exports.includes(exec)) return undefined
    const vu = await createVu(0, 0, this.#state.unmeasuredContext(exec))
    try {
      return await this.#withTimeout(vu, exec, timeoutUs, timeoutCode, dataJson)
    } catch (error) {
      if (error instanceof UserError) throw error
      const what = `${exec}() failed: ${this.#ports.describeError(error)}`
      throw new UserError(EXIT.script, [{ where: '', what }], { cause: error })
    }
  }

  #withTimeout(
    vu: Vu,
    exec: string,
    timeoutUs: number,
    code: typeof EXIT.setupTimeout | typeof EXIT.teardownTimeout,
    dataJson: string | undefined,
  ): Promise<unknown> {
    const { clock } = this.#ports
    return new Promise((resolve, reject) => {
      const what = `${exec}() did not end within ${formatDuration(timeoutUs)}`
      const todo = `raise options.${exec}Timeout, or find out what it waits for`
      const giveUp = (): void => {
        vu.interrupt()
        reject(new UserError(code, [{ where: '', what, todo }]))
      }
      const timer = clock.schedule(clock.nowUs() + timeoutUs, giveUp, 'coarse')
      const data: unknown = dataJson === undefined ? undefined : JSON.parse(dataJson)
      vu.call(data)
        .finally(() => timer.cancel())
        .then(resolve, reject)
    })
  }

  #startTicking(): { stop(): void } {
    const { clock } = this.#ports
    let second = 0
    let timer = clock.schedule(0, () => {}, 'coarse')
    const tick = (): void => {
      clock.beginHostOperation()
      void this.#audience.post(this.#snapshot(false)).finally(() => clock.endHostOperation())
      schedule()
    }
    const schedule = (): void => {
      second = Math.max(second + 1, Math.ceil(clock.nowUs() / US_PER_S))
      timer = clock.schedule(second * US_PER_S, tick, 'coarse')
    }
    schedule()
    return { stop: () => timer.cancel() }
  }

  #snapshot(final: boolean): EngineSnapshot {
    const { clock, recorder, metrics, checks } = this.#ports
    const nowUs = clock.nowUs()
    const sum = (count: (executor: Executor) => number): number =>
      this.#executors.reduce((total, executor) => total + count(executor), 0)
    const activeVus = sum((executor) => executor.activeVus)
    const initializedVus = sum((executor) => executor.initializedVus)
    this.#state.gaugeVus(activeVus, initializedVus)
    const nextDueUs = Math.min(...this.#executors.map((executor) => executor.nextDueUs()))
    return {
      nowUs,
      recorder: final ? recorder.close(nowUs) : recorder.snapshot(nowUs, nextDueUs),
      metrics: metrics.delta(),
      checks: checks.takeDelta(),
      progress: { activeVus, initializedVus, ...this.#state.counts() },
      loopUtilizationRatio: this.#loopUtilization(),
    }
  }

  #loopUtilization(): number | undefined {
    if (this.#config.isVirtual) return undefined
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, this.#utilization)
    this.#utilization = now
    return utilization
  }
}
