import type { SparseHistogram } from '../../measure/snapshot.ts'
import type { RunSummary, SecondRow } from '../../measure/summary.ts'

/** Who, what, where and when. Text is empty where nothing is known. */
interface Identity {
  readonly runId: string
  readonly scenario: string
  readonly time: 'real' | 'virtual'
  /** ISO 8601, UTC. */
  readonly wallStartedAt: string
  readonly exitCode: number | undefined
  readonly toolVersion: string
  readonly nodeVersion: string
  readonly host: string
  readonly os: string
  readonly cpuModel: string
  readonly cpuCount: number | undefined
  readonly commit: string
  readonly branch: string
  readonly scriptPath: string
  readonly seed: number | undefined
  readonly target: string
  /** How many requests the service lets be under way at once. */
  readonly capConcurrency: number | undefined
}

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
  readonly exitCode: number | undefined
  /** By column of summary.csv. */
  readonly figures: Readonly<Record<string, number | undefined>>
}

/** Everything that the page is made from. */
export interface RunData {
  readonly identity: Identity
  readonly summary: RunSummary
  /** Of `_all`, in order. */
  readonly seconds: readonly SecondRow[]
  /** Empty when the run has kept none. */
  readonly latency: readonly LatencySpan[]
  /** Oldest first; this run is the last one with its id. */
  readonly history: readonly PastRun[]
  /** The text of summary.csv. */
  readonly summaryCsv: string
  /** What the files of the run do not have. */
  readonly lacks: readonly string[]
}
