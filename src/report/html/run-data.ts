import type { RunIdentity } from '../../measure/run-identity.ts'
import type { SparseHistogram } from '../../measure/snapshot.ts'
import type { HistogramRows, RunSummary, SecondRow } from '../../measure/summary.ts'
import type { ComparisonData } from '../comparison/comparison-data.ts'

/** Response times of accepted replies in a stretch of the run. */
export interface LatencySpan {
  readonly startS: number
  readonly lengthS: number
  readonly histogram: SparseHistogram
}

/** A run of the same scenario against the same target. */
export interface PastRun {
  readonly runId: string
  /** ISO 8601, UTC. */
  readonly startedAt: string
  /** Empty where it is not known. */
  readonly commit: string
  readonly exitCode: number | undefined
  /** By column of summary.csv. */
  readonly figures: Readonly<Record<string, number | undefined>>
}

/** The run before: the latest of the same scenario and target whose figures count. */
interface Baseline {
  readonly identity: RunIdentity
  readonly histograms: readonly HistogramRows[]
}

/** Everything that the page is made from. */
export interface RunData {
  readonly identity: RunIdentity
  readonly summary: RunSummary
  /** Of `_all`, in order. */
  readonly seconds: readonly SecondRow[]
  /** Empty when the run has kept none. */
  readonly latency: readonly LatencySpan[]
  /** Oldest first; this run is the last one with its id. */
  readonly history: readonly PastRun[]
  /** `undefined`: there is none, or this run's own figures do not count. */
  readonly baseline: Baseline | undefined
  /** This run against the one before it. */
  readonly comparison: ComparisonData | undefined
  /** The text of summary.csv. */
  readonly summaryCsv: string
  /** What the files of the run do not have. */
  readonly lacks: readonly string[]
}
