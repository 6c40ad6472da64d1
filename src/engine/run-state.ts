import { US_PER_MS } from '../core/units.ts'
import type { MetricRegistry, TagSource } from '../measure/metrics.ts'
import type { ScenarioPlan } from '../script/plan.ts'
import { Execution } from './execution.ts'
import { parseFrozen } from './frozen-json.ts'
import type { LoadListener } from './executors/executor.ts'
import type { Tags } from './host.ts'
import type { LifecycleExec } from './lifecycle-call.ts'
import type { EngineConfig, EnginePorts } from './ports.ts'
import type { EngineProgress, StopReason } from './protocol.ts'
import { LifecycleRequests, MeasuredRequests, UnmeasuredRequests } from './request-meter.ts'
import type { VuContext } from './vu-context.ts'

type Counts = Omit<EngineProgress, 'activeVus' | 'initializedVus' | 'doneRatio'>

/** What differs between the contexts of a run. */
type OwnContext = Pick<
  VuContext,
  'scenario' | 'minIterationUs' | 'exec' | 'env' | 'tags' | 'rootGroup' | 'meter'
>

const NO_TAGS: TagSource = { tag: () => undefined }

/** What all scenarios of a run share: counts, the request limit, what stopped it. Makes the VUs' contexts. */
export class RunState {
  readonly execution: Execution
  readonly #config: EngineConfig
  readonly #ports: EnginePorts
  readonly #stop: (reason: StopReason) => void
  readonly #measured: MeasuredRequests
  readonly #lifecycle: LifecycleRequests
  readonly #ids: ReturnType<typeof iterationMetricIds>
  readonly #counts = {
    startedCount: 0,
    completedCount: 0,
    interruptedCount: 0,
    exceptionCount: 0,
    unbegunCount: 0,
  }
  readonly #options: unknown
  readonly #warnings = new Set<string>()
  #requestCount = 0
  #hasBegun = false
  #stopReason: StopReason | undefined
  #fatal: string | undefined
  #isMarkedFailed = false

  constructor(config: EngineConfig, ports: EnginePorts, stop: (reason: StopReason) => void) {
    this.#config = config
    this.#ports = ports
    this.#options = parseFrozen(config.optionsJson)
    this.#stop = stop
    const { outcomeRules } = config
    this.#measured = new MeasuredRequests(outcomeRules, ports)
    this.#lifecycle = new LifecycleRequests(outcomeRules, ports.metrics, () => this.#sampleUs())
    this.#ids = iterationMetricIds(ports.metrics)
    this.execution = new Execution(ports, this.#counts)
  }

  get stopReason(): StopReason | undefined {
    return this.#stopReason
  }

  /** The error that ended the run, described for the user. */
  get fatal(): string | undefined {
    return this.#fatal
  }

  /** The script said so; the run goes on. */
  get isMarkedFailed(): boolean {
    return this.#isMarkedFailed
  }

  /** Requests of set-up and teardown: sent, but no part of the load. */
  get unmeasuredRequestCount(): number {
    return this.#lifecycle.count
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

  /** The clock was rebased: the load begins. */
  beginLoad(): void {
    this.#hasBegun = true
    this.execution.begin()
  }

  gaugeVus(active: number, initialized: number): void {
    this.#sample(this.#ids.vus, active, NO_TAGS)
    this.#sample(this.#ids.vusMax, initialized, NO_TAGS)
  }

  /** Hears what an executor does with its plan. */
  loadListener(scenario: ScenarioPlan): LoadListener {
    const { recorder } = this.#ports
    const tags = this.#tagsOf(scenario)
    const source: TagSource = { tag: (key) => tags[key] }
    return {
      due: (dueUs) => recorder.iterationDue(dueUs),
      dropped: (dueUs) => {
        recorder.iterationDropped(dueUs)
        this.#sample(this.#ids.dropped, 1, source)
      },
      unbegun: (count, atUs) => {
        recorder.iterationDue(atUs, count)
        recorder.iterationDropped(atUs, count)
        if (atUs >= this.#config.plan.headroom.warmupUs) this.#counts.unbegunCount += count
        this.#sample(this.#ids.dropped, count, source)
      },
      interrupted: () => {
        this.#counts.interruptedCount++
      },
      failed: (error) => this.#fail(error),
    }
  }

  measuredContext(scenario: ScenarioPlan): VuContext {
    return this.#context({
      scenario: this.execution.scenario(scenario),
      minIterationUs: this.#config.plan.minIterationDurationUs,
      exec: scenario.exec,
      env: { ...this.#config.env, ...scenario.env },
      tags: this.#tagsOf(scenario),
      rootGroup: '',
      meter: this.#measured,
    })
  }

  lifecycleContext(exec: LifecycleExec): VuContext {
    const { env, plan, outcomeRules } = this.#config
    const isOver = exec === 'handleSummary'
    return this.#context({
      scenario: undefined,
      minIterationUs: 0,
      exec,
      env,
      tags: plan.tags,
      rootGroup: isOver ? '' : `::${exec}`,
      meter: isOver ? new UnmeasuredRequests(outcomeRules) : this.#lifecycle,
    })
  }

  #tagsOf(scenario: ScenarioPlan): Tags {
    return { ...this.#config.plan.tags, ...scenario.tags, scenario: scenario.name }
  }

  #context(own: OwnContext): VuContext {
    const { clock, transport, script, recorder, metrics } = this.#ports
    const { plan, defaultUserAgent } = this.#config
    let iteration = 0
    return {
      ...own,
      clock,
      transport,
      script,
      recorder,
      metrics,
      defaultHeaders: [['User-Agent', plan.userAgent ?? defaultUserAgent]],
      discardResponseBodies: plan.discardResponseBodies,
      http: plan.http,
      options: this.#options,
      instance: () => this.execution.instance(),
      abort: (message) => this.#abort(message),
      markFailed: (message) => this.#markFailed(message),
      takeRequestPermit: () => this.#takeRequestPermit(),
      iterationStarted: (dueUs, startUs, source) => {
        this.#counts.startedCount++
        recorder.iterationStarted(dueUs, startUs)
        this.#sample(this.#ids.scheduleDelay, (startUs - dueUs) / US_PER_MS, source, startUs)
        return iteration++
      },
      iterationCompleted: (startUs, source) => this.#iterationCompleted(startUs, source),
      groupEnded: (startUs, source) => {
        this.#ports.checks.seeGroup(source.tag('group') ?? '')
        this.#sample(this.#ids.groupDuration, (clock.nowUs() - startUs) / US_PER_MS, source)
      },
      checked: (name, passed, source) => this.#checked(name, passed, source),
      sampled: (metric, value, source) => this.#sample(metric, value, source),
      warnOnce: (text) => this.#warnOnce(text),
      scriptFailed: (error) => this.scriptFailed(error),
    }
  }

  /** Samples of set-up count as taken when the load begins: its own time is not the run's. */
  #sampleUs(): number {
    return this.#hasBegun ? this.#ports.clock.nowUs() : 0
  }

  #sample(metric: number, value: number, tags: TagSource, atUs: number = this.#sampleUs()): void {
    this.#ports.metrics.add(metric, value, tags, atUs)
  }

  /** The tally leaves the warm-up out, as the metrics do by themselves. */
  #checked(name: string, passed: boolean, tags: TagSource): void {
    const atUs = this.#sampleUs()
    this.#sample(this.#ids.checks, passed ? 1 : 0, tags, atUs)
    if (atUs < this.#config.plan.headroom.warmupUs) return
    const place = { scenario: tags.tag('scenario') ?? '', group: tags.tag('group') ?? '' }
    this.#ports.checks.add(name, passed, place)
  }

  #iterationCompleted(startUs: number, source: TagSource): void {
    const nowUs = this.#ports.clock.nowUs()
    this.#counts.completedCount++
    this.#sample(this.#ids.iterations, 1, source, nowUs)
    this.#sample(this.#ids.iterationDuration, (nowUs - startUs) / US_PER_MS, source, nowUs)
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

  #abort(message: string): void {
    this.#ports.log('error', message)
    this.#stop('abort')
  }

  #markFailed(message: string): void {
    this.#isMarkedFailed = true
    this.#ports.log('error', message)
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
