import type { TagSource } from '../measure/metrics.ts'
import type { HttpPlan } from '../script/plan.ts'
import type { Timer } from './clock.ts'
import type { MetricType, RequestEnd, RequestSpec, ScriptInstance, Tags, VuHost } from './host.ts'
import { IterationCourse, type CourseListener } from './iteration-course.ts'
import { RequestInFlight } from './request.ts'
import { RequestsUnderWay } from './requests-under-way.ts'
import { Operations } from './operations.ts'
import { SampleTags } from './sample-tags.ts'
import { readSetupJson } from './setup-data.ts'
import type { VuContext } from './vu-context.ts'
import { VuExecution } from './vu-execution.ts'
import { VuPlan } from './vu-plan.ts'
import { VuTimers } from './vu-timers.ts'

export type IterationEnd = 'completed' | 'interrupted'

export interface IterationListener {
  iterationEnded(vu: Vu, end: IterationEnd): void
}

/** A virtual user: runs one iteration at a time and waits for one thing at a time. */
export class Vu implements VuHost, TagSource, CourseListener {
  readonly vuId: number
  /** VUs of one group share connections. */
  readonly connectionGroup: number
  readonly execution: VuExecution
  readonly #context: VuContext
  #instance: ScriptInstance | undefined
  #exec: (data: unknown) => unknown = () => undefined
  #course: IterationCourse | undefined
  #listener: IterationListener | undefined
  #iteration = 0
  /** The groups that the script is in, as k6 writes them: `::outer::inner`. */
  #groups = ''
  readonly #requests = new RequestsUnderWay()
  #operations: Operations | undefined
  readonly #plan: VuPlan
  readonly #timers: VuTimers
  #startUs = 0
  /** While set-up or teardown runs. */
  #failCall: ((error: unknown) => void) | undefined
  #hasWaited = false
  #data: unknown
  #dataJson: string | undefined

  constructor(vuId: number, connectionGroup: number, context: VuContext) {
    this.vuId = vuId
    this.connectionGroup = connectionGroup
    this.#context = context
    this.#plan = new VuPlan(context.recorder)
    this.#timers = new VuTimers(context.clock, this.#plan)
    this.execution = new VuExecution(context, () => this.interrupt())
  }

  get mayWait(): boolean {
    return this.#isRunning
  }

  get #isRunning(): boolean {
    return this.#listener !== undefined
  }

  /** Whether the iteration that just ended slept or sent anything, and took any time. */
  get hasWaited(): boolean {
    return this.#hasWaited && this.#context.clock.nowUs() > this.#startUs
  }

  get defaultHeaders(): RequestSpec['headers'] {
    return this.#context.defaultHeaders
  }

  get discardResponseBodies(): boolean {
    return this.#context.discardResponseBodies
  }

  get http(): HttpPlan {
    return this.#context.http
  }

  get iterationCount(): number {
    return this.#iteration
  }

  /** k6 writes nested groups as `::outer::inner`. */
  get groupPath(): string {
    return this.#context.rootGroup + this.#groups
  }

  get operations(): Operations {
    this.#operations ??= new Operations(this.#context.meter)
    return this.#operations
  }

  warnOnce(text: string): void {
    this.#context.warnOnce(text)
  }

  /** Gives the VU its own instance of the script. */
  attach(instance: ScriptInstance): void {
    const { exec } = this.#context
    const run = instance.functions.get(exec)
    if (run === undefined) throw new Error(`the script does not export the function ${exec}`)
    this.#instance = instance
    this.#exec = run
  }

  #loaded(): ScriptInstance {
    if (this.#instance === undefined) throw new Error('a VU was used before its script was loaded')
    return this.#instance
  }

  /**
   * Runs one iteration, planned for `dueUs`; the listener hears exactly once, and never before this returns, how it ended.
   * A script's exception ends the iteration only; breaking the rules of waiting ends the run.
   */
  iterate(dataJson: string | undefined, dueUs: number, listener: IterationListener): void {
    const instance = this.#loaded()
    this.#listener = listener
    this.#hasWaited = false
    this.#startUs = this.#context.clock.nowUs()
    this.#plan.begin(dueUs)
    this.execution.iterationInScenario = this.#context.iterationStarted(dueUs, this.#startUs, this)
    instance.setIteration(this.#iteration++)
    this.#course ??= new IterationCourse(instance, this)
    this.#course.follow(this.#exec, this.#setupData(dataJson))
  }

  iterationReturned(): void {
    this.#endIteration('completed')
  }

  iterationThrew(error: unknown): void {
    this.#context.scriptFailed(error)
    this.#endIteration('completed')
  }

  /** The iteration ends while its function may still run. */
  #leaveIteration(end: IterationEnd): void {
    this.#course?.abandon()
    this.#course = undefined
    this.#endIteration(end)
  }

  failIteration(error: unknown): void {
    if (!this.#isRunning) return
    if (this.#failCall !== undefined) return this.#failCall(error)
    this.#context.scriptFailed(error)
    this.#leaveIteration('completed')
  }

  /**
   * Runs `setup` or `teardown` and gives what it returns; its exceptions are the caller's.
   * What it does after `onInterrupt` was called has no effect.
   */
  async call(data: unknown, onInterrupt: () => void): Promise<unknown> {
    this.#listener = { iterationEnded: onInterrupt }
    this.#plan.drop()
    const failed = new Promise<never>((_, reject) => {
      this.#failCall = reject
    })
    try {
      return await Promise.race([this.#runCall(data), failed])
    } finally {
      this.#failCall = undefined
      this.#loaded().drop()
    }
  }

  async #runCall(data: unknown): Promise<unknown> {
    const instance = this.#loaded()
    const exec = this.#exec
    const result = instance.returned(await exec(data))
    await instance.settled()
    instance.finishIteration()
    this.#listener = undefined
    return result
  }

  /** Every VU has its own copy of what `setup` returned, and cannot change it. */
  #setupData(json: string | undefined): unknown {
    if (json !== this.#dataJson) {
      this.#dataJson = json
      this.#data = readSetupJson(json)
    }
    return this.#data
  }

  /** Ends the iteration where it stands; its script never resumes. */
  interrupt(): void {
    if (!this.#isRunning) return this.#timers.cutRest()
    this.#timers.cancelSleep()
    this.#leaveIteration('interrupted')
  }

  #endIteration(end: IterationEnd): void {
    const listener = this.#listener
    this.#listener = undefined
    this.#groups = ''
    // Pending at the end of an interrupted iteration, or of one that did not wait for it.
    this.#requests.abandon(this.#context.clock.nowUs())
    this.#operations?.closeAll()
    this.#instance?.drop()
    this.#context.transport.endIteration?.(this.connectionGroup)
    this.#plan.release()
    if (end === 'completed') this.#context.iterationCompleted(this.#startUs, this)
    const restUntilUs = this.#startUs + this.#context.minIterationUs
    if (end === 'completed' && restUntilUs > this.#context.clock.nowUs()) this.#rest(restUntilUs, listener)
    else listener?.iterationEnded(this, end)
  }

  /** The iteration is over and counted; its VU is not free before the shortest time for one has passed. */
  #rest(untilUs: number, listener: IterationListener | undefined): void {
    this.#hasWaited = true
    this.#timers.rest(untilUs, () => listener?.iterationEnded(this, 'completed'))
  }

  sleep(durationUs: number, beforeResume: () => void): Promise<void> {
    this.#hasWaited = true
    return this.#timers.sleep(durationUs, beforeResume)
  }

  schedule(atUs: number, run: () => void): Timer {
    this.#hasWaited = true
    return this.#timers.schedule(atUs, run)
  }

  request<T>(spec: RequestSpec, toResponse: (end: RequestEnd) => T | Promise<T>): Promise<T> {
    const context = this.#context
    this.#hasWaited = true
    return new Promise((resolve) => {
      if (!context.takeRequestPermit()) return this.interrupt()
      const askedUs = context.clock.nowUs()
      const plannedUs = this.#plan.timeOf(askedUs)
      const request = new RequestInFlight(this, context.meter, spec, plannedUs, toResponse, resolve)
      this.#plan.drop()
      this.#requests.add(request as RequestInFlight<unknown>)
      context.transport.send(
        {
          method: spec.method,
          target: spec.target,
          path: spec.path,
          headers: spec.headers,
          body: spec.body,
          deadlineUs: askedUs + spec.timeoutUs,
          group: this.connectionGroup,
          dropsBody: spec.dropsBody === true,
        },
        request,
      )
    })
  }

  requestEnded(request: RequestInFlight<unknown>): void {
    this.#requests.ended(request)
  }

  async group<T>(name: string, body: () => T | Promise<T>): Promise<T> {
    const startUs = this.#context.clock.nowUs()
    const outer = this.#groups
    const iteration = this.#iteration
    this.#groups = `${outer}::${name}`
    try {
      return await body()
    } finally {
      // A group that outlives its iteration is none of the next one's.
      if (iteration === this.#iteration && this.#isRunning) {
        this.#context.groupEnded(startUs, this)
        this.#groups = outer
      }
    }
  }

  check(name: string, passed: boolean, tags: Tags | undefined): void {
    this.#context.checked(name, passed, new SampleTags({ ...tags, check: name }, this))
  }

  declareMetric(name: string, type: MetricType, isTime: boolean): number {
    return this.#context.metrics.declare(name, type, isTime)
  }

  addToMetric(metric: number, value: number, tags: Tags | undefined): void {
    this.#context.sampled(metric, value, tags === undefined ? this : new SampleTags(tags, this))
  }

  tag(key: string): string | undefined {
    return key === 'group' ? this.groupPath : this.execution.tags[key]
  }
}

/** A VU loaded with its own instance of the script. */
export async function createVu(vuId: number, connectionGroup: number, context: VuContext): Promise<Vu> {
  const vu = new Vu(vuId, connectionGroup, context)
  vu.attach(await context.script.instantiate(vu, context.env))
  return vu
}
