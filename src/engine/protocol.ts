/** What an engine tells while and after it runs. Plain data: it crosses threads as is. */
import type { PlacedCheck } from '../measure/checks.ts'
import type { MetricDelta } from '../measure/metrics.ts'
import type { RecorderSnapshot } from '../measure/snapshot.ts'
import type { Vitals } from '../measure/vitals.ts'

export type StopReason = 'interrupt' | 'threshold' | 'max-requests' | 'abort' | 'script-error' | 'hang'

export interface EngineProgress {
  readonly activeVus: number
  readonly initializedVus: number
  /** How much of the load is done, 0–1; `undefined` when it ends by time alone. */
  readonly doneRatio?: number | undefined
  readonly startedCount: number
  readonly completedCount: number
  readonly interruptedCount: number
  /** Iterations that ended in an exception of the script. */
  readonly exceptionCount: number
  /**
   * Iterations of a planned number that had not begun when their time was over, after the warm-up: dropped, but not for
   * want of a VU.
   */
  readonly unbegunCount: number
}

/** Posted once a second and at the end; every part merges by addition, except `progress`, which is the state now. */
export interface EngineSnapshot {
  readonly nowUs: number
  /** When the load ends by plan, or has ended. */
  readonly loadEndUs: number
  readonly recorder: RecorderSnapshot
  readonly metrics: MetricDelta
  readonly checks: readonly PlacedCheck[]
  /** Groups that the script entered for the first time. */
  readonly groups?: readonly string[]
  readonly progress: EngineProgress
  /**
   * Share of the time since the last snapshot in which the event loop was busy, 0–1, polling for arrivals not counted;
   * `undefined` in virtual time.
   */
  readonly loopUtilizationRatio: number | undefined
  /** How the engine's thread fared since the last snapshot; none in virtual time. */
  readonly vitals?: Vitals | undefined
}

export interface EngineResult {
  /** Why the load ended before its plan did. */
  readonly stopReason: StopReason | undefined
  /** When the load ended: the end of the plan, or of what was carried out of it. */
  readonly loadEndUs: number
  /** The script's error that ended the run, with file and line. */
  readonly fatal: string | undefined
  /** The script said that the run has failed. */
  readonly isMarkedFailed?: boolean
  /** Requests of set-up and teardown: sent and in k6's metrics, but no part of the load. */
  readonly unmeasuredRequestCount: number
}
