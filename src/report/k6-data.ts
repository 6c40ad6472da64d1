/** The end-of-test data of k6: what `handleSummary` gets. Names and layout are k6's. */
import type { TrendStat } from '../core/trend-stat.ts'
import { US_PER_MS } from '../core/units.ts'
import { CheckTally, type PlacedCheck } from '../measure/checks.ts'
import type { RunPart } from '../measure/metric-parts.ts'
import type { MetricFigures, MetricStore } from '../measure/metric-store.ts'
import { BUILTIN_METRICS, selectorKey, type MetricSelector } from '../measure/metric-types.ts'
import type { CheckResult, ThresholdResult } from '../measure/summary.ts'
import type { Threshold } from '../measure/threshold-parser.ts'
import { groupTree, type K6Group } from './k6-groups.ts'

/** The unit of all times in k6's summary; empty: whatever suits each. */
export type K6TimeUnit = '' | 's' | 'ms' | 'us'

export interface K6Metric {
  readonly type: 'counter' | 'gauge' | 'rate' | 'trend'
  readonly contains: 'default' | 'time' | 'data'
  /** Counter: count, rate (per second); gauge: value, min, max; rate: rate, passes, fails; trend: the chosen statistics. */
  readonly values: Readonly<Record<string, number>>
  /** By expression. */
  readonly thresholds?: Readonly<Record<string, { readonly ok: boolean }>>
}

/** By name; submetrics as `http_req_duration{name:rank}`. */
export type K6Metrics = Readonly<Record<string, K6Metric>>

export interface K6Data {
  readonly root_group: K6Group
  readonly options: {
    readonly summaryTrendStats: readonly string[]
    readonly summaryTimeUnit: K6TimeUnit
    readonly noColor: boolean
  }
  readonly state: {
    readonly isStdOutTTY: boolean
    readonly isStdErrTTY: boolean
    /** The time that counts are divided by for their rates: from the end of the warm-up until the load had drained. */
    readonly testRunDurationMs: number
  }
  readonly metrics: K6Metrics
}

/** What k6's full summary says of one scenario, or of one group of it. */
export interface K6Part extends RunPart {
  readonly metrics: K6Metrics
  readonly checks: readonly CheckResult[]
}

/** All that k6 shows at the end of a test. */
export interface K6Summary {
  readonly data: K6Data
  readonly thresholds: readonly ThresholdResult[]
  /** Of the run, by name. */
  readonly checks: readonly CheckResult[]
  readonly parts: readonly K6Part[]
}

export interface K6Facts {
  readonly metrics: MetricStore
  /** When the load had drained. */
  readonly nowUs: number
  readonly warmupUs: number
  readonly thresholds: readonly Threshold[]
  /** Of these thresholds, in their order. */
  readonly results: readonly ThresholdResult[]
  readonly checks: readonly PlacedCheck[]
  /** Paths of the groups that were entered. */
  readonly groups: readonly string[]
}

export interface K6Settings {
  readonly trendStats: readonly TrendStat[]
  readonly timeUnit: K6TimeUnit
  readonly terminal: {
    readonly isStdOutTTY: boolean
    readonly isStdErrTTY: boolean
    readonly noColor: boolean
  }
  /** The hexadecimal MD5 of a text: k6's identifier of a group or check is that of its path. */
  readonly md5: (text: string) => string
}

/** k6 shows this part of the durations by itself. */
const EXPECTED_RESPONSES: MetricSelector = {
  metric: 'http_req_duration',
  tags: [['expected_response', 'true']],
}
const EXPECTED_KEY = selectorKey(EXPECTED_RESPONSES)

/** What the workers' registries must keep for k6's summary, besides what thresholds look at. */
export const K6_SUMMARY_SELECTORS: readonly MetricSelector[] = [
  ...BUILTIN_METRICS.filter(({ type, origin }) => type === 'trend' && origin === 'k6').map(({ name }) => ({
    metric: name,
    tags: [],
  })),
  EXPECTED_RESPONSES,
]

export function k6Summary(facts: K6Facts, settings: K6Settings): K6Summary {
  return {
    data: k6Data(facts, settings),
    thresholds: facts.results,
    checks: byName(facts.checks),
    parts: k6Parts(facts, settings.trendStats),
  }
}

/** Everything but what set-up returned, which the engine has. */
function k6Data(facts: K6Facts, settings: K6Settings): K6Data {
  const { trendStats, timeUnit, terminal, md5 } = settings
  const { isStdOutTTY, isStdErrTTY, noColor } = terminal
  return {
    root_group: groupTree(facts.checks, facts.groups, md5),
    options: { summaryTrendStats: trendStats.map(({ name }) => name), summaryTimeUnit: timeUnit, noColor },
    state: {
      isStdOutTTY,
      isStdErrTTY,
      testRunDurationMs: Math.max(facts.nowUs - facts.warmupUs, 0) / US_PER_MS,
    },
    metrics: k6Metrics(facts, trendStats),
  }
}

/** The scenarios and their groups, if the metrics were kept by them. */
function k6Parts({ metrics, nowUs, checks }: K6Facts, trendStats: readonly TrendStat[]): K6Part[] {
  return metrics.parts().map(({ scenario, group }) => {
    const figures = metrics.figuresOfPart({ scenario, group }, nowUs, trendStats)
    const shown = figures.filter(({ definition }) => definition.origin !== 'headroom')
    const within = (check: PlacedCheck): boolean =>
      check.scenario === scenario && (group === undefined || check.group === group)
    return {
      scenario,
      group,
      metrics: Object.fromEntries(shown.map((each) => [each.definition.name, k6Metric(each)])),
      checks: byName(checks.filter(within)),
    }
  })
}

function byName(checks: readonly PlacedCheck[]): CheckResult[] {
  const tally = new CheckTally()
  tally.merge(checks)
  return tally.results()
}

/**
 * As in k6: every metric with samples, and all that thresholds look at. Those that k6 does not have are left out
 * unless a threshold names them: who reads the data may go through all of it.
 */
function k6Metrics(
  { metrics, nowUs, thresholds, results }: K6Facts,
  trendStats: readonly TrendStat[],
): K6Metrics {
  const selectors = new Map<string, MetricSelector>()
  for (const { name, origin } of metrics.definitions()) {
    const whole = { metric: name, tags: [] }
    if (origin !== 'headroom' && metrics.hasSamples(whole)) selectors.set(name, whole)
  }
  if (metrics.hasSamples(EXPECTED_RESPONSES)) selectors.set(EXPECTED_KEY, EXPECTED_RESPONSES)
  for (const { metric, selector } of thresholds) {
    const isOfK6 = metrics.definition(selector.metric)?.origin !== 'headroom'
    if (isOfK6) selectors.set(selector.metric, { metric: selector.metric, tags: [] })
    selectors.set(metric, selector)
  }
  const verdicts = thresholdVerdicts(results)
  const entries = [...selectors].flatMap(([name, selector]): [string, K6Metric][] => {
    const figures = metrics.figures(selector, nowUs, trendStats)
    const verdict = verdicts.get(name)
    if (figures === undefined) return []
    return [[name, { ...k6Metric(figures), ...(verdict !== undefined && { thresholds: verdict }) }]]
  })
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
}

function k6Metric({ definition, values }: MetricFigures): K6Metric {
  return { type: definition.type, contains: definition.contains, values }
}

/** A threshold without a sample has not failed. */
function thresholdVerdicts(
  results: readonly ThresholdResult[],
): Map<string, Record<string, { ok: boolean }>> {
  const verdicts = new Map<string, Record<string, { ok: boolean }>>()
  for (const { metric, expression, result } of results) {
    verdicts.set(metric, { ...verdicts.get(metric), [expression]: { ok: result !== 'fail' } })
  }
  return verdicts
}
