/**
 * What is compared, and on which scale. Latencies and rates are compared as ratios, on logarithms; shares as
 * differences.
 */
export interface Metric {
  /** Column of summary.csv; `server_error_ratio` and `timeout_ratio` follow from its counts over `sent_count`. */
  readonly column: string
  readonly kind: 'ratio' | 'share'
  readonly better: 'lower' | 'higher'
  /** The smallest change that matters, above 0: of a ratio 0.1 for 10 %, of a share 0.02 for 2 percentage points. */
  readonly leastChange: number
}

const P50: Metric = {
  column: 'response_time_accepted_p50_ms',
  kind: 'ratio',
  better: 'lower',
  leastChange: 0.05,
}
const P99: Metric = {
  column: 'response_time_accepted_p99_ms',
  kind: 'ratio',
  better: 'lower',
  leastChange: 0.1,
}
const ACCEPTED_TO_CAP: Metric = {
  column: 'accepted_to_cap_ratio',
  kind: 'ratio',
  better: 'higher',
  leastChange: 0.02,
}
const THROTTLED: Metric = { column: 'throttled_ratio', kind: 'share', better: 'lower', leastChange: 0.02 }

/** The metrics that a nightly gate judges. */
export const GATED_METRICS: readonly Metric[] = [P50, P99, ACCEPTED_TO_CAP, THROTTLED]

/**
 * Of shares of failures: one request in a thousand, which is all that an availability of 99.9 % has to give. Twice 1 %
 * is ten times that, and told from chance by some 3,000 requests a side; the points of `throttled_ratio` would hide it.
 */
const LEAST_FAILURE_CHANGE = 0.001

function failureShare(column: string): Metric {
  return { column, kind: 'share', better: 'lower', leastChange: LEAST_FAILURE_CHANGE }
}

/** The metrics by which two sides are compared, in the order in which they are shown. */
export const COMPARED_METRICS: readonly Metric[] = [
  P50,
  { column: 'response_time_accepted_p95_ms', kind: 'ratio', better: 'lower', leastChange: 0.1 },
  P99,
  { column: 'operation_duration_p99_ms', kind: 'ratio', better: 'lower', leastChange: 0.1 },
  ACCEPTED_TO_CAP,
  { column: 'accepted_rps', kind: 'ratio', better: 'higher', leastChange: 0.02 },
  THROTTLED,
  failureShare('error_ratio'),
  failureShare('server_error_ratio'),
  failureShare('timeout_ratio'),
  { column: 'retry_amplification_ratio', kind: 'ratio', better: 'lower', leastChange: 0.05 },
  { column: 'sent_peak_to_average_1s_ratio', kind: 'ratio', better: 'lower', leastChange: 0.1 },
]

/** Where a figure of `metric` is added and averaged: its logarithm, or the share itself. */
export function scaled(metric: Metric, value: number): number {
  return metric.kind === 'ratio' ? Math.log(value) : value
}

/** A change on the metric's scale as users read it: head/base of a ratio, head − base of a share. */
export function shown(metric: Metric, change: number): number {
  return metric.kind === 'ratio' ? Math.exp(change) : change
}

/** The smallest change that matters, on the metric's scale. */
export function leastScaledChange(metric: Metric): number {
  return metric.kind === 'ratio' ? Math.log1p(metric.leastChange) : metric.leastChange
}
