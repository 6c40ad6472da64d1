/** Two sides as literals: one metric of each verdict, and each basis. */
import type { ComparedRun, ComparisonData } from '../../src/report/comparison/comparison-data.ts'
import type { Comparison } from '../../src/stats/comparison.ts'
import { COMPARED_METRICS, type Metric } from '../../src/stats/metric.ts'

export function metricNamed(column: string): Metric {
  const metric = COMPARED_METRICS.find((each) => each.column === column)
  if (metric === undefined) throw new Error(`no metric ${column}`)
  return metric
}

export const RUN: ComparedRun = {
  runId: '1a2b3c4d5e6f7081',
  path: 'results/20261121T021700Z-rank-1a2b3c4',
  scenario: 'rank',
  startedAt: '2026-11-21T02:17:00.000Z',
  verdict: 'VALID',
  target: 'mock:custom,tps=60',
  toolVersion: '0.1.0',
  host: 'runner-7',
  commit: 'c0ffee1c0ffee1c0ffee1',
}

const P99: Comparison = {
  metric: metricNamed('response_time_accepted_p99_ms'),
  name: '_all',
  base: 251,
  head: 312,
  change: 312 / 251,
  interval: { low: 1.15, high: 1.342 },
  basis: 'within-run only',
  verdict: 'regressed',
  warnings: [],
}

export const COMPARISONS: readonly Comparison[] = [
  P99,
  {
    ...P99,
    metric: metricNamed('accepted_rps'),
    base: 48.5,
    head: 51.2,
    change: 51.2 / 48.5,
    interval: { low: 1.03, high: 1.08 },
    basis: 'within and between runs',
    verdict: 'improved',
  },
  {
    ...P99,
    metric: metricNamed('server_error_ratio'),
    name: 'rank',
    base: 0.01,
    head: 0.0103,
    change: 0.0003,
    interval: { low: -0.0004, high: 0.0009 },
    basis: 'between runs',
    verdict: 'equivalent',
  },
  {
    ...P99,
    metric: metricNamed('accepted_to_cap_ratio'),
    name: 'rank',
    base: undefined,
    head: 0.98,
    change: undefined,
    interval: undefined,
    basis: 'no interval',
    verdict: 'inconclusive',
    warnings: ['one run a side: give several with --base to learn how runs differ'],
  },
]

export const COMPARISON: ComparisonData = {
  base: [RUN],
  head: [
    { ...RUN, runId: '9f8e7d6c5b4a3928', path: 'results/20261122T021700Z-rank-9f8e7d6', verdict: 'SUSPECT' },
  ],
  differences: ['options: scenarios.main.rate 80 against 100'],
  comparisons: COMPARISONS,
  throttling: [
    { side: 'base', name: '_all', throttledRatio: 0.25, expectedThrottledRatio: 0.248 },
    { side: 'head', name: '_all', throttledRatio: 0.4, expectedThrottledRatio: undefined },
    { side: 'base', name: 'rank', throttledRatio: 0, expectedThrottledRatio: undefined },
    { side: 'head', name: 'rank', throttledRatio: undefined, expectedThrottledRatio: undefined },
  ],
  quantileRatios: [{ name: '_all', ratios: [{ quantile: 0.5, ratio: 1.2 }] }],
  notes: ['host: runner-7 against runner-8'],
}
