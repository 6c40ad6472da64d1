/** What an engine tells while and after it runs. Plain data: it crosses threads as is. */
import type { MetricDelta } from '../measure/metrics.ts'
import type { RecorderSnapshot } from '../measure/snapshot.ts'
import type { CheckResult } from '../measure/summary.ts'

export type StopReason = 'interrupt' | 'threshold' | 'max-requests' | 'script-error' | 'hang'

export interface EngineProgress {
  readonly activeVus: number
  readonly initializedVus: number
  readonly startedCount: number
  readonly completedCount: number
  readonly interruptedCount: number
  /** Iterations that ended in an exception of the script. */
  readonly exceptionCount: number
}

/** Posted once a second and at the end; every part merges by addition, except `progress`, which is the state now. */
export interface EngineSnapshot {
  readonly nowUs: number
  readonly recorder: RecorderSnapshot
  readonly metrics: MetricDelta
  readonly checks: readonly CheckResult[]
  readonly progress: EngineProgress
  /** Share of the time since the last snapshot in which the event loop was busy, 0–1; `undefined` in virtual time. */
  readonly loopUtilizationRatio: number | undefined
}

export interface EngineResult {
  /** Why the load ended before its plan did. */
  readonly stopReason: StopReason | undefined
  /** When the load ended: the end of the plan, or of what was carried out of it. */
  readonly loadEndUs: number
  /** The script's error that ended the run, with file and line. */
  readonly fatal: string | undefined
  /** Requests of set-up and teardown: sent, but in no figure of the run. */
  readonly unmeasuredRequestCount: number
}
