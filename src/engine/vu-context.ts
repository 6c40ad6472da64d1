import type { Transport } from '../http/transport.ts'
import type { MetricRegistry, TagSource } from '../measure/metrics.ts'
import type { Recorder } from '../measure/recorder.ts'
import type { HttpPlan } from '../script/plan.ts'
import type { Clock } from './clock.ts'
import type { InstanceView, RequestSpec, ScenarioView, ScriptPort, Tags } from './host.ts'
import type { RequestMeter } from './request-meter.ts'

/** What the VUs of one scenario (or of set-up) share. */
export interface VuContext {
  readonly clock: Clock
  readonly transport: Transport
  readonly script: ScriptPort
  readonly recorder: Recorder
  readonly metrics: MetricRegistry
  readonly meter: RequestMeter
  /** The exported function to run. */
  readonly exec: string
  readonly env: Tags
  /** Tags of every sample: the scenario's name and tags, and the run's. */
  readonly tags: Tags
  /** The group that everything is in: none in iterations, `::setup` or `::teardown` else, as in k6. */
  readonly rootGroup: '' | '::setup' | '::teardown'
  /** `undefined` in set-up and teardown. */
  readonly scenario: ScenarioView | undefined
  readonly options: unknown
  /** An iteration takes at least so long; 0 for no such limit. */
  readonly minIterationUs: number
  readonly defaultHeaders: RequestSpec['headers']
  readonly discardResponseBodies: boolean
  readonly http: HttpPlan
  /** False once the run may send no more; asking ends the run. */
  takeRequestPermit(): boolean
  instance(): InstanceView
  abort(message: string): void
  markFailed(message: string): void
  /** Gives the number of the iteration among all of its scenario, from 0. */
  iterationStarted(dueUs: number, startUs: number, tags: TagSource): number
  iterationCompleted(startUs: number, tags: TagSource): void
  groupEnded(startUs: number, tags: TagSource): void
  checked(name: string, passed: boolean, tags: TagSource): void
  /** A sample of the metric with this number, as of now. */
  sampled(metric: number, value: number, tags: TagSource): void
  warnOnce(text: string): void
  scriptFailed(error: unknown): void
}
