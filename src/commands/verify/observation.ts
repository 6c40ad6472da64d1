import type { Traffic } from '../../measure/snapshot.ts'
import type { Times } from '../../../mock-server/times.ts'
import type { Load } from './load.ts'

/** Quantiles of a duration, in µs. */
export interface Quantiles {
  readonly minUs?: number | undefined
  readonly p50Us?: number | undefined
  readonly p90Us?: number | undefined
  readonly p95Us?: number | undefined
  readonly p99Us?: number | undefined
  readonly p999Us?: number | undefined
  readonly maxUs?: number | undefined
}

/** What an engine says of a run; a figure that it does not have is `undefined`. */
export interface Observation {
  /** Requests that were due. */
  readonly offeredCount?: number | undefined
  /** Those of a warm-up too, which is in no other figure. */
  readonly sentCount?: number | undefined
  readonly sentRps?: number | undefined
  readonly acceptedCount?: number | undefined
  /** Replies with status 429. */
  readonly throttledCount?: number | undefined
  /** Of accepted requests: from when it left to its reply. */
  readonly serviceTime?: Quantiles | undefined
  /** Of accepted requests: from when it was due to its reply. */
  readonly responseTime?: Quantiles | undefined
  readonly retryAfter?: Quantiles | undefined
  /** How late the engine itself was. */
  readonly scheduleDelay?: Quantiles | undefined
  readonly peaks?: readonly ObservedPeak[] | undefined
  readonly inFlightMaxCount?: number | undefined
  readonly sentBytes?: number | undefined
  readonly receivedBytes?: number | undefined
  /** Why the engine itself says that its figures do not count. */
  readonly invalidity?: string | undefined
}

export interface ObservedPeak {
  readonly traffic: Traffic
  readonly windowMs: number
  readonly peakToAverageRatio?: number | undefined
}

/** What the mock says of the same run. */
export interface Truth extends Times {
  /** Counted on the way between the engine and the mock; absent: nobody did. */
  readonly wire?: WireBytes
}

export interface WireBytes {
  readonly sentBytes: number
  readonly receivedBytes: number
}

/** Everything that is known of a run apart from what the engine says of it. */
export interface Expectation {
  readonly load: Load
  /** Absent: the target is not ours. */
  readonly truth?: Truth
}
