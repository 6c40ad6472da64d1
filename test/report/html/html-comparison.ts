/** Comparisons for the page. */
import type { ComparedRun, ComparisonData } from '../../../src/report/comparison/comparison-data.ts'
import type { Comparison } from '../../../src/stats/comparison.ts'
import { COMPARED_METRICS, type Metric } from '../../../src/stats/metric.ts'
import type { Verdict } from '../../../src/stats/verdict.ts'

export function comparedRun(runId: string, parts: Partial<ComparedRun> = {}): ComparedRun {
  return {
    runId,
    path: `results/${runId}`,
    scenario: 'rank-reward',
    startedAt: '2026-11-21T02:17:00.000Z',
    verdict: 'VALID',
    target: 'mock:personalizer-s0,tps=60',
    toolVersion: '0.1.0',
    host: 'runner-7',
    commit: 'c0ffee1c0ffee1c0ffee1',
    ...parts,
  }
}

const VERDICTS: readonly Verdict[] = ['equivalent', 'inconclusive', 'regressed', 'equivalent', 'improved']

/** What the base measured, by the unit of its column. */
function baseOf({ column }: Metric): number {
  if (column.endsWith('_ms')) return 251.4
  if (column.endsWith('_rps')) return 59.5
  if (column.startsWith('accepted')) return 0.97
  return column.startsWith('retry') || column.includes('peak') ? 1.25 : 0.02
}

/** Every fifth figure regressed, every fifth improved, each by a little more than the one before. */
export function comparisonOf(metric: Metric, name: string, index: number): Comparison {
  const verdict = VERDICTS[index % VERDICTS.length] ?? 'inconclusive'
  const size =
    verdict === 'equivalent' ? metric.leastChange / 4 : metric.leastChange * (1.5 + (index % 7) / 4)
  const up = (verdict === 'improved') === (metric.better === 'higher')
  const half = verdict === 'inconclusive' ? size : size / 4
  const onScale = (change: number): number => (metric.kind === 'ratio' ? Math.exp(change) : change)
  const centre = up ? size : -size
  const base = baseOf(metric)
  return {
    metric,
    name,
    base,
    head: metric.kind === 'ratio' ? base * onScale(centre) : base + Math.max(-base, centre),
    change: onScale(centre),
    interval: { low: onScale(centre - half), high: onScale(centre + half) },
    basis: 'within-run only',
    verdict,
    warnings: [],
  }
}

export const NAMES: readonly string[] = [
  '_all',
  'login',
  'list',
  'item',
  'cart',
  'order',
  'https://example.test/a/long/path',
]

const QUANTILES = [...Array.from({ length: 99 }, (_, i) => (i + 1) / 100), 0.995, 0.999]

/** Two runs with the given names, every metric each. */
export function comparisonData(
  names: readonly string[],
  parts: Partial<ComparisonData> = {},
): ComparisonData {
  return {
    base: [comparedRun('20261120T021700Z-rank-reward-1a2b3c4')],
    head: [comparedRun('20261121T021700Z-rank-reward-5d6e7f8', { commit: 'deadbeef' })],
    differences: [],
    comparisons: names.flatMap((name, i) =>
      COMPARED_METRICS.map((metric, j) => comparisonOf(metric, name, i * 3 + j)),
    ),
    throttling: names.flatMap((name, i) => [
      { side: 'base', name, throttledRatio: 0.25 + i / 50, expectedThrottledRatio: 0.25 },
      { side: 'head', name, throttledRatio: 0.3 + i / 50, expectedThrottledRatio: 0.25 },
    ]),
    quantileRatios: names.map((name, i) => ({
      name,
      ratios: QUANTILES.map((quantile) => ({ quantile, ratio: 1 + (i - 2) / 20 + quantile ** 20 / (i + 3) })),
    })),
    notes: ['timeseries.csv of the base has no cap_rps'],
    ...parts,
  }
}

/** Two bare CSV files: no histograms, no intervals, and not every figure on both sides. */
export function bareComparison(): ComparisonData {
  const bare = { scenario: '', startedAt: '', target: '', toolVersion: '', host: '', commit: '' }
  const comparisons = COMPARED_METRICS.map((metric, i): Comparison => {
    const known = i % 3 !== 2
    return {
      ...comparisonOf(metric, '_all', i),
      ...(known ? {} : { head: undefined, change: undefined }),
      interval: undefined,
      basis: 'no interval',
      verdict: 'inconclusive',
      warnings: known ? ['one run a side: give several with --base to learn how runs differ'] : [],
    }
  })
  return comparisonData(['_all'], {
    base: [comparedRun('base', { ...bare, path: 'base.csv' })],
    head: [comparedRun('head', { ...bare, path: 'head.csv', verdict: 'SUSPECT' })],
    differences: ['script: 1a2b3c4 and 5d6e7f8'],
    comparisons,
    quantileRatios: [],
    throttling: [],
    notes: [],
  })
}
