import type { Timer } from '../../../src/engine/clock.ts'
import type {
  ExecutionHost,
  InstanceView,
  MetricType,
  RequestEnd,
  RequestSpec,
  ScenarioView,
  Tags,
  VuHost,
} from '../../../src/engine/host.ts'
import type { HttpPlan } from '../../../src/script/plan.ts'
import { VirtualClock } from '../../../src/engine/virtual-clock.ts'
import { DEFAULT_OUTCOME_RULES, outcomeOfStatus } from '../../../src/measure/outcome.ts'
import { errorOf, responseOf, type Reply } from '../../support/fake-transport.ts'

interface Sample {
  readonly metric: number
  readonly value: number
  readonly tags: Tags | undefined
}

/** A run that does nothing but write down how it was to end. */
class FakeExecution implements ExecutionHost {
  iterationInScenario = 0
  scenario: ScenarioView | undefined
  options: unknown = {}
  tags: Tags = {}
  /** `abort: message` or `fail: message`. */
  readonly ends: string[] = []

  instance(): InstanceView {
    return { activeVus: 0, initializedVus: 0, completedCount: 0, interruptedCount: 0, elapsedMs: 0 }
  }

  setTag(key: string, value: string | undefined): void {
    const { [key]: _, ...others } = this.tags
    this.tags = value === undefined ? others : { ...others, [key]: value }
  }

  abort(message: string): void {
    this.ends.push(`abort: ${message}`)
  }

  markFailed(message: string): void {
    this.ends.push(`fail: ${message}`)
  }
}

/** A VU that answers a microtask later and writes down what it was asked for. */
export class FakeHost implements VuHost {
  readonly vuId = 1
  mayWait = true
  defaultHeaders: RequestSpec['headers'] = [['User-Agent', 'headroom/test']]
  discardResponseBodies = false
  http: HttpPlan = {
    throws: false,
    maxRedirects: 10,
    isMaxRedirectsGiven: false,
    batch: 20,
    batchPerHost: 6,
    noCookiesReset: false,
  }
  iterationCount = 1
  readonly execution: FakeExecution = new FakeExecution()
  readonly requests: RequestSpec[] = []
  readonly sleepsUs: number[] = []
  readonly checks: (readonly [name: string, passed: boolean, tags: Tags | undefined])[] = []
  readonly declared: (readonly [name: string, type: MetricType, isTime: boolean])[] = []
  readonly samples: Sample[] = []
  readonly warnings: string[] = []
  readonly groups: string[] = []
  readonly failures: unknown[] = []
  readonly clock: VirtualClock = new VirtualClock()
  /** What the VU waits for, as the guard was told. */
  readonly waits: string[] = []
  isWaiting = false
  readonly #onceFree: (() => void)[] = []
  readonly #answer: (spec: RequestSpec, index: number) => Reply

  constructor(answer: (spec: RequestSpec, index: number) => Reply = () => ({})) {
    this.#answer = answer
  }

  enter(what: string): void {
    this.waits.push(what)
    this.isWaiting = true
  }

  leave(): void {
    this.isWaiting = false
    for (const run of this.#onceFree.splice(0)) run()
  }

  onceFree(run: () => void): void {
    this.#onceFree.push(run)
  }

  warnOnce(text: string): void {
    if (!this.warnings.includes(text)) this.warnings.push(text)
  }

  async sleep(durationUs: number, beforeResume: () => void): Promise<void> {
    this.sleepsUs.push(durationUs)
    await Promise.resolve()
    beforeResume()
  }

  schedule(atUs: number, run: () => void): Timer {
    return this.clock.schedule(atUs, run, 'coarse')
  }

  failIteration(error: unknown): void {
    this.failures.push(error)
  }

  async request<T>(spec: RequestSpec, toResponse: (end: RequestEnd) => T | Promise<T>): Promise<T> {
    const reply = this.#answer(spec, this.requests.length)
    this.requests.push(spec)
    await Promise.resolve()
    if (reply.error !== undefined) {
      return toResponse({ kind: 'error', error: errorOf(reply.error), outcome: 'network_error' })
    }
    const response = responseOf(reply)
    const outcome = outcomeOfStatus(response.status, DEFAULT_OUTCOME_RULES)
    return toResponse({ kind: 'response', response, outcome })
  }

  async group<T>(name: string, body: () => T | Promise<T>): Promise<T> {
    this.groups.push(name)
    return body()
  }

  check(name: string, passed: boolean, tags: Tags | undefined): void {
    this.checks.push([name, passed, tags])
  }

  declareMetric(name: string, type: MetricType, isTime: boolean): number {
    return this.declared.push([name, type, isTime]) - 1
  }

  addToMetric(metric: number, value: number, tags: Tags | undefined): void {
    this.samples.push({ metric, value, tags })
  }
}
