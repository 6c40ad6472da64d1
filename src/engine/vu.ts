import type { TagSource } from '../measure/metrics.ts'
import type { Timer } from './clock.ts'
import type { MetricType, RequestEnd, RequestSpec, ScriptInstance, Tags, VuHost } from './host.ts'
import { RequestInFlight } from './request.ts'
import type { VuContext } from './vu-context.ts'

export type IterationEnd = 'completed' | 'interrupted'

export interface IterationListener {
  iterationEnded(vu: Vu, end: IterationEnd): void
}

/** Marks an iteration whose first request was asked: later ones are planned for when they are asked. */
const NOT_PLANNED = -1

/** Tags of a sample that belongs to no request: the caller's own, then the VU's. */
class SampleTags implements TagSource {
  readonly #tags: Tags | undefined
  readonly #vu: Vu

  constructor(tags: Tags | undefined, vu: Vu) {
    this.#tags = tags
    this.#vu = vu
  }

  tag(key: string): string | undefined {
    return this.#tags?.[key] ?? this.#vu.tag(key)
  }
}

/** A virtual user: runs one iteration at a time and waits for one thing at a time. */
export class Vu implements VuHost, TagSource {
  readonly vuId: number
  /** VUs of one group share connections. */
  readonly connectionGroup: number
  readonly #context: VuContext
  #instance: ScriptInstance | undefined
  #exec: (data: unknown) => unknown = () => undefined
  #listener: IterationListener | undefined
  #iteration = 0
  #groups: string[] = []
  #request: RequestInFlight<unknown> | undefined
  #sleep: Timer | undefined
  /** Due time of the current iteration, moved by what the script has slept: when its first request should leave. */
  #plannedUs = 0
  /** Second that is held open in the recorder until the first request is asked. */
  #heldUs: number | undefined
  #startUs = 0
  #hasWaited = false
  #data: unknown
  #dataJson: string | undefined

  constructor(vuId: number, connectionGroup: number, context: VuContext) {
    this.vuId = vuId
    this.connectionGroup = connectionGroup
    this.#context = context
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

  get userAgent(): string {
    return this.#context.userAgent
  }

  get discardResponseBodies(): boolean {
    return this.#context.discardResponseBodies
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
   * Runs one iteration, planned for `dueUs`; the listener hears exactly once how it ended.
   * A script's exception ends the iteration only; breaking the rules of waiting ends the run.
   */
  async iterate(dataJson: string | undefined, dueUs: number, listener: IterationListener): Promise<void> {
    const { clock, recorder } = this.#context
    const instance = this.#loaded()
    this.#listener = listener
    this.#hasWaited = false
    this.#startUs = clock.nowUs()
    this.#plannedUs = dueUs
    this.#heldUs = dueUs
    recorder.hold(dueUs)
    this.#context.iterationStarted(dueUs, this.#startUs, this)
    try {
      instance.setIteration(this.#iteration++)
      const exec = this.#exec
      await exec(this.#setupData(dataJson))
      instance.finishIteration()
    } catch (error) {
      if (this.#isRunning) this.#context.scriptFailed(error)
    }
    // Interrupted, an iteration may still come to an end by waiting for nothing of ours: it has ended before.
    if (this.#isRunning) this.#endIteration('completed')
  }

  /**
   * Runs `setup` or `teardown` and gives what it returns; its exceptions are the caller's.
   * What it does after `onInterrupt` was called has no effect.
   */
  async call(data: unknown, onInterrupt: () => void): Promise<unknown> {
    this.#listener = { iterationEnded: onInterrupt }
    this.#plannedUs = NOT_PLANNED
    const exec = this.#exec
    const result = await exec(data)
    this.#loaded().finishIteration()
    this.#listener = undefined
    return result
  }

  /** Every VU has its own copy of what `setup` returned. */
  #setupData(json: string | undefined): unknown {
    if (json !== this.#dataJson) {
      this.#dataJson = json
      this.#data = json === undefined ? undefined : JSON.parse(json)
    }
    return this.#data
  }

  /** Ends the iteration where it stands; its script never resumes. */
  interrupt(): void {
    if (!this.#isRunning) return
    this.#sleep?.cancel()
    this.#endIteration('interrupted')
  }

  #endIteration(end: IterationEnd): void {
    const listener = this.#listener
    this.#listener = undefined
    this.#groups = []
    // Pending at the end of an interrupted iteration, or of one that did not wait for it.
    this.#request?.abandon(this.#context.clock.nowUs())
    this.#request = undefined
    this.#releaseHold()
    if (end === 'completed') this.#context.iterationCompleted(this.#startUs, this)
    listener?.iterationEnded(this, end)
  }

  #releaseHold(): void {
    if (this.#heldUs === undefined) return
    this.#context.recorder.release(this.#heldUs)
    this.#heldUs = undefined
  }

  sleep(durationUs: number, beforeResume: () => void): Promise<void> {
    const { clock } = this.#context
    this.#hasWaited = true
    if (this.#plannedUs !== NOT_PLANNED) this.#plannedUs += durationUs
    this.#releaseHold()
    return new Promise((resolve) => {
      this.#sleep = clock.schedule(
        clock.nowUs() + durationUs,
        () => {
          beforeResume()
          resolve()
        },
        'coarse',
      )
    })
  }

  request<T>(spec: RequestSpec, toResponse: (end: RequestEnd) => T | Promise<T>): Promise<T> {
    const context = this.#context
    this.#hasWaited = true
    const isFirst = this.#plannedUs !== NOT_PLANNED
    return new Promise((resolve) => {
      if (!context.takeRequestPermit()) return this.interrupt()
      const askedUs = context.clock.nowUs()
      // A sleep may end early by its timer's grain: a request is never planned after it was asked.
      const plannedUs = isFirst ? Math.min(this.#plannedUs, askedUs) : askedUs
      const request = new RequestInFlight(this, context.meter, spec, plannedUs, toResponse, resolve)
      this.#plannedUs = NOT_PLANNED
      this.#releaseHold()
      this.#request = request as RequestInFlight<unknown>
      context.transport.send(
        {
          method: spec.method,
          target: spec.target,
          path: spec.path,
          headers: spec.headers,
          body: spec.body,
          deadlineUs: askedUs + spec.timeoutUs,
          group: this.connectionGroup,
        },
        request,
      )
    })
  }

  requestEnded(): void {
    this.#request = undefined
  }

  async group<T>(name: string, body: () => T | Promise<T>): Promise<T> {
    const startUs = this.#context.clock.nowUs()
    const groups = this.#groups
    groups.push(name)
    try {
      return await body()
    } finally {
      // A group that outlives its iteration is none of the next one's.
      if (groups === this.#groups) this.#context.groupEnded(startUs, this)
      groups.pop()
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

  /** k6 writes nested groups as `::outer::inner`. */
  tag(key: string): string | undefined {
    const { rootGroup, tags } = this.#context
    if (key === 'group') return rootGroup + this.#groups.map((group) => `::${group}`).join('')
    return tags[key]
  }
}

/** A VU loaded with its own instance of the script. */
export async function createVu(vuId: number, connectionGroup: number, context: VuContext): Promise<Vu> {
  const vu = new Vu(vuId, connectionGroup, context)
  vu.attach(await context.script.instantiate(vu, context.env))
  return vu
}
