import type { ConnectionPlan } from '../core/connection-plan.ts'

/** A script's options after validation: defaults filled in, every duration in microseconds. Plain data: it crosses to the worker as is. */

interface StagePlan {
  readonly durationUs: number
  readonly target: number
}

interface ScenarioCommon {
  readonly name: string
  /** The exported function that one iteration calls. */
  readonly exec: string
  readonly startTimeUs: number
  /**
   * Length of the planned load, without startTime and gracefulStop. Where a number of iterations is planned, the most
   * that it may take: it is over when they are.
   */
  readonly durationUs: number
  readonly gracefulStopUs: number
  readonly env: Readonly<Record<string, string>>
  readonly tags: Readonly<Record<string, string>>
}

/** How arrivals are spread around the planned rate. */
export type ArrivalKind = 'even' | 'poisson'

interface ArrivalCommon extends ScenarioCommon {
  readonly timeUnitUs: number
  readonly preAllocatedVUs: number
  readonly maxVUs: number
  readonly arrival: ArrivalKind
}

export interface ConstantArrivalRatePlan extends ArrivalCommon {
  readonly executor: 'constant-arrival-rate'
  /** Iterations per `timeUnitUs`. */
  readonly rate: number
}

export interface RampingArrivalRatePlan extends ArrivalCommon {
  readonly executor: 'ramping-arrival-rate'
  /** Iterations per `timeUnitUs` at the start of the first stage. */
  readonly startRate: number
  readonly stages: readonly StagePlan[]
}

export interface ConstantVusPlan extends ScenarioCommon {
  readonly executor: 'constant-vus'
  readonly vus: number
}

export interface RampingVusPlan extends ScenarioCommon {
  readonly executor: 'ramping-vus'
  readonly startVUs: number
  readonly stages: readonly StagePlan[]
  /** How long the iteration of a VU that the ramp takes away may go on. */
  readonly gracefulRampDownUs: number
}

export interface SharedIterationsPlan extends ScenarioCommon {
  readonly executor: 'shared-iterations'
  readonly vus: number
  /** Of all VUs together. */
  readonly iterations: number
}

export interface PerVuIterationsPlan extends ScenarioCommon {
  readonly executor: 'per-vu-iterations'
  readonly vus: number
  /** Of each VU. */
  readonly iterations: number
}

export type ArrivalRatePlan = ConstantArrivalRatePlan | RampingArrivalRatePlan
export type IterationsPlan = SharedIterationsPlan | PerVuIterationsPlan
export type ScenarioPlan = ArrivalRatePlan | ConstantVusPlan | RampingVusPlan | IterationsPlan

/** A threshold as written; its grammar is checked by `measure/thresholds`. */
export interface ThresholdSpec {
  /** Metric with its selector, e.g. `http_req_duration{name:rank}`. */
  readonly metric: string
  readonly expression: string
  readonly abortOnFail: boolean
  readonly delayAbortEvalUs: number
  /** Where it stands, for messages: `options.thresholds` or `options.ext.headroom.thresholds`. */
  readonly where: string
}

export interface HeadroomPlan {
  /** Mock profile spec, e.g. `personalizer-s0,tps=50`, or a mock's whole configuration; the mock checks it. */
  readonly mock: string | Readonly<Record<string, unknown>> | undefined
  /** Statuses that mean "slow down" besides 429. */
  readonly throttled: readonly number[]
  readonly cap: { readonly rps: number | undefined; readonly concurrency: number | undefined }
  readonly warmupUs: number
  readonly clients: number
  readonly connections: 'shared' | 'per-vu'
  readonly seed: number | undefined
}

/** What `k6/http` does unless a request says otherwise. */
export interface HttpPlan {
  /** `throw`: a request that fails is an exception. */
  readonly throws: boolean
  readonly maxRedirects: number
  /** `maxRedirects` stands in the options: a script that stops there does so on purpose. */
  readonly isMaxRedirectsGiven: boolean
  /** Requests of one `http.batch` under way at once, in all and to one host; 0: any number. */
  readonly batch: number
  readonly batchPerHost: number
  readonly noCookiesReset: boolean
}

/** What k6's summary shows, and how long `handleSummary` may take. */
export interface SummaryPlan {
  /** k6's statistics of trends: `avg`, `p(95)`. */
  readonly trendStats: readonly string[]
  /** Of all times; empty: whatever suits each. */
  readonly timeUnit: '' | 's' | 'ms' | 'us'
  readonly handleTimeoutUs: number
  /** System tags that samples do not have: thresholds that look at them see nothing. Never `name`, which scripts give. */
  readonly hiddenTags: readonly string[]
}

export interface RunPlan {
  readonly scenarios: readonly ScenarioPlan[]
  /** When the planned load of all scenarios is over at the latest, from the start of the run. */
  readonly loadEndUs: number
  readonly thresholds: readonly ThresholdSpec[]
  readonly headroom: HeadroomPlan
  /** `noSetup`, `noTeardown`: the function is not called even if there is one. */
  readonly noSetup: boolean
  readonly noTeardown: boolean
  readonly setupTimeoutUs: number
  readonly teardownTimeoutUs: number
  /** A VU whose iteration took less waits for the rest of it. */
  readonly minIterationDurationUs: number
  readonly insecureSkipTLSVerify: boolean
  readonly summary: SummaryPlan
  /** `undefined`: the default user agent. */
  readonly userAgent: string | undefined
  readonly discardResponseBodies: boolean
  readonly connection: ConnectionPlan
  /** No more requests are sent per second, by all VUs together; `undefined`: no limit. */
  readonly rps: number | undefined
  readonly http: HttpPlan
  /** Tags of every metric sample of the run. */
  readonly tags: Readonly<Record<string, string>>
}
