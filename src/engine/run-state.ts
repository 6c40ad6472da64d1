import { US_PER_MS } from '../core/units.ts'
import type { MetricRegistry, TagSource } from '../measure/metrics.ts'
import type { ScenarioPlan } from '../script/plan.ts'
import type { LoadListener } from './executors/executor.ts'
import type { EngineConfig, EnginePorts } from './ports.ts'
import type { EngineProgress, StopReason } from './protocol.ts'
import { MeasuredRequests, UnmeasuredRequests, type RequestMeter } from './request-meter.ts'
import type { VuContext } from './vu-context.ts'

type Counts = Omit<EngineProgress, 'activeVus' | 'initializedVus'>

const NO_TAGS: TagSource = { tag: () => undefined }

/** What all scenarios of a run share: counts, the request limit, what stopped it. Makes the VUs' contexts. */
export class RunState {
  readonly unmeasured: UnmeasuredRequests
  readonly #config: EngineConfig
  readonly #ports: EnginePorts
  readonly #stop: (reason: StopReason) => void
  readonly #measured: MeasuredRequests
  readonly #ids: ReturnType<typeof iterationMetricIds>
  readonly #counts = { startedCount: 0, completedCount: 0, interruptedCount: 0, exceptionCount: 0 }
  readonly #warnings = new Set<string>()
  #requestCount = 0
  #stopReason: StopReason | undefined
  #fatal: string | undefined

  constructor(config: EngineConfig, ports: EnginePorts, stop: (reason: StopReason) => void) {
    this.#config = config
    this.#ports = ports
    this.#stop = stop
    this.unmeasured = new UnmeasuredRequests(config.outcomeRules)
    this.#measured = new MeasuredRequests(config.outcomeRules, ports.recorder, ports.metrics)
    this.#ids = iterationMetricIds(ports.metrics)
  }

  get stopReason(): StopReason | undefined {
    return this.#stopReason
  }

  /** The error that ended the run, described for the user. */
  get fatal(): string | undefined {
    return this.#fatal
  }

  counts(): Counts {
    return { ...this.#counts }
  }

  /** False when it was stopped before: the first reason stands. */
  markStopped(reason: StopReason): boolean {
    if (this.#stopReason !== undefined) return false
    this.#stopReason = reason
    return true
  }

  gaugeVus(active: number, initialized: number): void {
    const nowUs = this.#ports.clock.nowUs()
    this.#ports.metrics.add(this.#ids.vus, active, NO_TAGS, nowUs)
    this.#ports.metrics.add(this.#ids.vusMax, initialized, NO_TAGS, nowUs)
  }

  /** Hears what an executor does with its plan. */
  loadListener(scenario: ScenarioPlan): LoadListener {
    const { recorder, metrics, clock } = this.#ports
    const tags: TagSource = { tag: (key) => (key === 'scenario' ? scenario.name : scenario.tags[key]) }
    return {
      due: (dueUs) => recorder.iterationDue(dueUs),
      dropped: (dueUs) => {
        recorder.iterationDropped(dueUs)
        metrics.add(this.#ids.dropped, 1, tags, clock.nowUs())
      },
      interrupted: () => {
        this.#counts.interruptedCount++
      },
      failed: (error) => this.#fail(error),
    }
  }

  measuredContext(scenario: ScenarioPlan): VuContext {
    const tags = { ...this.#config.plan.tags, ...scenario.tags, scenario: scenario.name }
    return this.#context(scenario.exec, { ...this.#config.env, ...scenario.env }, tags, this.#measured)
  }

  unmeasuredContext(exec: string): VuContext {
    return this.#context(
      exec,
      this.#config.env,
      { ...this.#config.plan.tags, group: `::${exec}` },
      this.unmeasured,
    )
  }

  #context(exec: string, env: VuContext['env'], tags: VuContext['tags'], meter: RequestMeter): VuContext {
    const { clock, transport, script, recorder, metrics, checks } = this.#ports
    const { plan, defaultUserAgent } = this.#config
    return {
      clock,
      transport,
      script,
      recorder,
      metrics,
      meter,
      exec,
      env,
      tags,
      userAgent: plan.userAgent ?? defaultUserAgent,
      discardResponseBodies: plan.discardResponseBodies,
      takeRequestPermit: () => this.#takeRequestPermit(),
      iterationStarted: (dueUs, startUs, source) => {
        this.#counts.startedCount++
        recorder.iterationStarted(dueUs, startUs)
        metrics.add(this.#ids.scheduleDelay, (startUs - dueUs) / US_PER_MS, source, startUs)
      },
      iterationCompleted: (startUs, source) => this.#iterationCompleted(startUs, source),
      groupEnded: (startUs, source) => {
        const nowUs = clock.nowUs()
        metrics.add(this.#ids.groupDuration, (nowUs - startUs) / US_PER_MS, source, nowUs)
      },
      checked: (name, passed, source) => {
        checks.add(name, passed)
        metrics.add(this.#ids.checks, passed ? 1 : 0, source, clock.nowUs())
      },
      warnOnce: (text) => this.#warnOnce(text),
      scriptFailed: (error) => this.scriptFailed(error),
    }
  }

  #iterationCompleted(startUs: number, source: TagSource): void {
    const nowUs = this.#ports.clock.nowUs()
    this.#counts.completedCount++
    this.#ports.metrics.add(this.#ids.iterations, 1, source, nowUs)
    this.#ports.metrics.add(this.#ids.iterationDuration, (nowUs - startUs) / US_PER_MS, source, nowUs)
  }

  #warnOnce(text: string): void {
    if (this.#warnings.has(text)) return
    this.#warnings.add(text)
    this.#ports.log('warn', text)
  }

  #takeRequestPermit(): boolean {
    if (this.#requestCount >= this.#config.maxRequests) {
      this.#stop('max-requests')
      return false
    }
    this.#requestCount++
    return true
  }

  /** An iteration threw. It ends the run when going on would measure something wrong. */
  scriptFailed(error: unknown): void {
    if (this.#ports.isFatal(error)) return this.#fail(error)
    this.#counts.exceptionCount++
    this.#ports.log('error', this.#ports.describeError(error))
  }

  #fail(error: unknown): void {
    this.#fatal ??= this.#ports.describeError(error)
    this.#stop('script-error')
  }
}

function iterationMetricIds(metrics: MetricRegistry) {
  return {
    iterations: metrics.id('iterations'),
    iterationDuration: metrics.id('iteration_duration'),
    dropped: metrics.id('dropped_iterations'),
    scheduleDelay: metrics.id('schedule_delay'),
    groupDuration: metrics.id('group_duration'),
    checks: metrics.id('checks'),
    vus: metrics.id('vus'),
    vusMax: metrics.id('vus_max'),
  }
}
