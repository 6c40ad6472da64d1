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
  /** Length of the planned load, without startTime and gracefulStop. */
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

export type ScenarioPlan = ConstantArrivalRatePlan | RampingArrivalRatePlan | ConstantVusPlan

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

export interface RunPlan {
  readonly scenarios: readonly ScenarioPlan[]
  /** When the planned load of all scenarios is over, from the start of the run. */
  readonly loadEndUs: number
  readonly thresholds: readonly ThresholdSpec[]
  readonly headroom: HeadroomPlan
  readonly setupTimeoutUs: number
  readonly teardownTimeoutUs: number
  readonly insecureSkipTLSVerify: boolean
  /** `undefined`: the default user agent. */
  readonly userAgent: string | undefined
  readonly discardResponseBodies: boolean
  /** Tags of every metric sample of the run. */
  readonly tags: Readonly<Record<string, string>>
}
