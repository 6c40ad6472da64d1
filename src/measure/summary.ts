/** What a finished (or running) run looks like to reports and files. Numbers only; no formatting. */
import type { Outcome } from './outcome.ts'
import type { Measure, SparseHistogram, Traffic } from './snapshot.ts'

/** Quantiles of a duration in µs; `undefined` where there is no sample. */
export interface DurationSummary {
  readonly count: number
  readonly minUs: number | undefined
  readonly meanUs: number | undefined
  readonly p50Us: number | undefined
  readonly p90Us: number | undefined
  readonly p95Us: number | undefined
  readonly p99Us: number | undefined
  readonly p999Us: number | undefined
  readonly maxUs: number | undefined
}

export interface PeakSummary {
  /** Highest count in one whole window divided by the window, per second. */
  readonly peakRps: number | undefined
  readonly meanRps: number | undefined
  readonly peakToAverageRatio: number | undefined
  /** Index of dispersion: variance over mean of the counts per window; 1 for Poisson arrivals, 0 for even ones. */
  readonly dispersionRatio: number | undefined
}

export interface BurstRow extends PeakSummary {
  readonly name: string
  readonly traffic: Traffic
  readonly windowMs: number
}

/** One row of summary.csv: a request name, or `_all`. */
export interface NameSummary {
  readonly name: string
  readonly durationS: number
  readonly offeredCount: number
  readonly retryCount: number
  readonly sentCount: number
  readonly outcomeCounts: Readonly<Record<Outcome, number>>
  /** Only in the `_all` row. */
  readonly iterationsDueCount: number | undefined
  readonly iterationsDroppedCount: number | undefined
  readonly operationsCount: number
  readonly operationsFailedCount: number
  readonly offeredRps: number
  readonly sentRps: number
  readonly acceptedRps: number
  readonly capRps: number | undefined
  readonly acceptedToCapRatio: number | undefined
  readonly throttledRatio: number | undefined
  readonly expectedThrottledRatio: number | undefined
  /** (client_error + server_error + timeout + network_error) / sent. */
  readonly errorRatio: number | undefined
  readonly peak1s: Readonly<Record<Traffic, PeakSummary>>
  readonly retryAmplificationRatio: number | undefined
  readonly inflightMeanCount: number
  readonly inflightMaxCount: number
  readonly responseTimeAccepted: DurationSummary
  readonly serviceTimeAccepted: DurationSummary
  readonly responseTimeThrottled: DurationSummary
  /** Of operations that ended accepted: a quick refusal improves nothing. */
  readonly operationDuration: DurationSummary
  readonly retryAfter: DurationSummary
  /** Only in the `_all` row. */
  readonly scheduleDelay: DurationSummary | undefined
  readonly loopUtilizationMaxRatio: number | undefined
  readonly sentBytes: number
  readonly receivedBytes: number
}

export type Phase = 'warmup' | 'measure' | 'drain'

/** One row of timeseries.csv: one second of a request name, or of `_all`. */
export interface SecondRow {
  readonly second: number
  readonly phase: Phase
  readonly name: string
  readonly offeredCount: number
  readonly retryCount: number
  readonly sentCount: number
  readonly outcomeCounts: Readonly<Record<Outcome, number>>
  readonly responseTimeAcceptedSumUs: number
  readonly responseTimeAccepted: DurationSummary
  readonly responseTimeThrottledP50Us: number | undefined
  readonly inflightMaxCount: number
  readonly capRps: number | undefined
  /** The next three only in `_all` rows. */
  readonly scheduleDelayMaxUs: number | undefined
  readonly iterationsDueCount: number | undefined
  readonly iterationsDroppedCount: number | undefined
}

export interface HistogramRows {
  readonly name: string
  readonly outcome: Outcome | null
  readonly measure: Measure
  readonly histogram: SparseHistogram
}

export interface ThresholdResult {
  /** As written, with its selector: `http_req_duration{name:rank}`. */
  readonly metric: string
  readonly expression: string
  readonly observed: number | undefined
  /** `ms`, `ratio`, `count`, `rps`, `bytes`, `bytes/s`, `ms/s` or `` for a plain number. */
  readonly unit: string
  readonly result: 'pass' | 'fail' | 'no_data'
  /** This threshold ended the run. */
  readonly aborted: boolean
}

export interface CheckResult {
  readonly name: string
  readonly passes: number
  readonly fails: number
}

/** A custom metric of the script, by type. */
export interface MetricSummary {
  readonly name: string
  readonly type: 'counter' | 'gauge' | 'rate' | 'trend'
  readonly isTime: boolean
  /** k6's aggregate names: count, rate, value, min, max, avg, med, `p(90)`, `p(95)`, passes, fails. */
  readonly values: Readonly<Record<string, number>>
}

export type VerdictLevel = 'VALID' | 'SUSPECT' | 'INVALID'

/** What is doubted. */
export const VERDICT_CODES = [
  'schedule_delay',
  'dropped',
  'achieved_rate',
  'loop_delay',
  'cpu_delay',
  'loop_utilization',
  'connection_wait',
  'connection_shortage',
  'clock_step',
  /** Nobody watched the load generator, which was another tool. */
  'imported',
] as const

/** A doubt about the instrument: what was seen and what to do. */
export interface VerdictReason {
  readonly level: Exclude<VerdictLevel, 'VALID'>
  readonly code: (typeof VERDICT_CODES)[number]
  readonly what: string
  readonly todo: string
}

export interface Verdict {
  readonly level: VerdictLevel
  readonly reasons: readonly VerdictReason[]
}

export interface RunSummary {
  /** Length of the measured part, seconds. */
  readonly durationS: number
  readonly verdict: Verdict
  /** `_all` first, then names in order of first use. */
  readonly names: readonly NameSummary[]
  readonly burst: readonly BurstRow[]
  readonly histograms: readonly HistogramRows[]
  readonly thresholds: readonly ThresholdResult[]
  readonly checks: readonly CheckResult[]
  readonly metrics: readonly MetricSummary[]
  readonly iterations: {
    readonly dueCount: number
    readonly droppedCount: number
    readonly startedCount: number
    readonly completedCount: number
    readonly interruptedCount: number
  }
  /** Sentences that say what to do, for the summary and the report. */
  readonly warnings: readonly string[]
}
