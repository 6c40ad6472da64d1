/**
 * What an engine worker hands to the main thread: plain data that survives structured clone and merges by addition.
 */
import type { Outcome } from './outcome.ts'

/** A histogram as sorted bucket entries: values are the buckets' lower bounds in microseconds. */
export interface SparseHistogram {
  readonly lowUs: readonly number[]
  readonly counts: readonly number[]
}

/** A sparse histogram with what its buckets do not tell exactly; all 0 when it is empty. */
export interface HistogramSnapshot extends SparseHistogram {
  readonly sumUs: number
  readonly minUs: number
  readonly maxUs: number
}

/** Which duration a histogram holds. */
export type Measure = 'service_time' | 'response_time' | 'operation_duration' | 'schedule_delay'

export interface CellHistogram {
  readonly measure: Measure
  /** The outcome of the requests counted; `null` for measures that have none (schedule_delay). */
  readonly outcome: Outcome | null
  readonly histogram: HistogramSnapshot
}

/** The kinds of traffic whose peaks are followed. */
export const TRAFFIC = ['offered', 'sent', 'accepted'] as const
export type Traffic = (typeof TRAFFIC)[number]

/** Sub-second bins of a cell: peak-to-average needs windows of 100 ms. */
export const BINS_PER_SECOND = 10

/** One second of one request name. */
export interface NameCell {
  readonly name: string
  /** First attempts by the second in which they were due. */
  readonly offeredCount: number
  /** The rest by the second in which they were sent. */
  readonly sentCount: number
  readonly retryCount: number
  readonly outcomeCounts: Readonly<Record<Outcome, number>>
  /** Exact sum of service time over every outcome, µs (Little's law: mean in flight = sum / duration). */
  readonly serviceTimeSumUs: number
  readonly operationsCount: number
  readonly operationsFailedCount: number
  readonly sentBytes: number
  readonly receivedBytes: number
  readonly inflightMaxCount: number
  /** Retry-After of throttled replies. */
  readonly retryAfter: HistogramSnapshot
  /** `BINS_PER_SECOND` counts for each kind of traffic. */
  readonly bins: Readonly<Record<Traffic, readonly number[]>>
  readonly histograms: readonly CellHistogram[]
}

/** One second of the run: every name that was active in it, and what belongs to no name. */
export interface SecondCell {
  readonly second: number
  readonly names: readonly NameCell[]
  readonly iterationsDueCount: number
  readonly iterationsDroppedCount: number
  readonly iterationsStartedCount: number
  readonly scheduleDelay: HistogramSnapshot
  /** Requests in flight over all names: the most at once. */
  readonly inflightMaxCount: number
}

export interface RecorderSnapshot {
  /** Seconds in which nothing can change any more, in order; each is posted once. */
  readonly closed: readonly SecondCell[]
  /** Seconds still open, complete so far: replaces what the previous snapshot said of them. */
  readonly open: readonly SecondCell[]
  /** Set once more than the allowed number of names was used. */
  readonly namesOverflowed: boolean
}
