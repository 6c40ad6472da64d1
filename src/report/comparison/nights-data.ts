import type { NightComparison } from '../../stats/night-gate.ts'
import type { ComparedRun } from './comparison-data.ts'

/**
 * What the gate says of a night. `learning`: too few nights in every metric. `candidate`: a metric regressed, and no
 * confirmation run has been looked at. `confirmed`: the same metric and name regressed there too; only that fails.
 * `cleared`: it did not. `noisy`: a control run says that the machine was not itself, so nothing is judged.
 */
export type NightState = 'passed' | 'learning' | 'candidate' | 'confirmed' | 'cleared' | 'noisy'

/** A metric in one of the nights. */
export interface NightPoint {
  readonly runId: string
  /** ISO 8601, UTC. */
  readonly startedAt: string
  /** Empty where it is not known. */
  readonly commit: string
  readonly value: number
}

/** A judged metric of a request name (or `_all`) and where it comes from. */
export interface JudgedMetric {
  readonly comparison: NightComparison
  /** Past valid nights, oldest first; `comparison.changes` has indexes of it. */
  readonly past: readonly NightPoint[]
  readonly tonight: NightPoint
  /** Whether the confirmation run shows the regression too; `undefined` without such a run, or where it lacks the metric. */
  readonly isConfirmed: boolean | undefined
}

/** Everything that a night's judgement is written from, in whatever format. */
export interface NightsData {
  readonly head: ComparedRun
  readonly confirmation: ComparedRun | undefined
  readonly state: NightState
  readonly metrics: readonly JudgedMetric[]
  /** Why the night is noisy; empty when it is not, or when there were no control runs. */
  readonly noise: readonly string[]
  /** Nights left out and why, lacking files, drift. */
  readonly notes: readonly string[]
}
