/**
 * What is compared, and on which scale. Latencies and rates are compared as ratios, on logarithms; shares as
 * differences.
 */
export interface Metric {
  /** Column of summary.csv. */
  readonly column: string
  readonly kind: 'ratio' | 'share'
  readonly better: 'lower' | 'higher'
  /** The smallest change that matters, above 0: of a ratio 0.1 for 10 %, of a share 0.02 for 2 percentage points. */
  readonly leastChange: number
}

/** The metrics that a nightly gate judges. */
export const GATED_METRICS: readonly Metric[] = [
  { column: 'response_time_accepted_p50_ms', kind: 'ratio', better: 'lower', leastChange: 0.05 },
  { column: 'response_time_accepted_p99_ms', kind: 'ratio', better: 'lower', leastChange: 0.1 },
  { column: 'accepted_to_cap_ratio', kind: 'ratio', better: 'higher', leastChange: 0.02 },
  { column: 'throttled_ratio', kind: 'share', better: 'lower', leastChange: 0.02 },
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
