import type { RunFigures } from '../../measure/run-totals.ts'
import type { CheckResult } from '../../measure/summary.ts'
import type { RunDirectory } from '../../run-files/run-directory.ts'

/** Makes the run's directory, as soon as it is known when the run began (milliseconds since 1970). */
export type OpenDirectory = (epochMs: number) => Promise<RunDirectory>

/** A run of another tool whose seconds have been written. */
export interface Imported {
  readonly directory: RunDirectory
  /** Milliseconds since 1970, as the next one. */
  readonly epochMs: number
  readonly figures: RunFigures
  readonly wallFinishedAtMs: number
  /** `undefined` where the source does not say. */
  readonly iterations: {
    readonly completedCount: number | undefined
    readonly droppedCount: number | undefined
  }
  readonly checks: readonly CheckResult[]
  /** What is not as in a run of ours, in sentences. */
  readonly warnings: readonly string[]
}
