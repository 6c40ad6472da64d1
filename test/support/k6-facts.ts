/** Figures of a small run, as k6's summary is made from them. */
import { createHash } from 'node:crypto'
import { DEFAULT_TREND_STATS } from '../../src/core/trend-stat.ts'
import { CheckTally } from '../../src/measure/checks.ts'
import { MetricStore } from '../../src/measure/metric-store.ts'
import { MetricRegistry, type TagSource } from '../../src/measure/metrics.ts'
import type { BuiltinMetric, MetricSelector } from '../../src/measure/metric-types.ts'
import { parseThresholds } from '../../src/measure/threshold-parser.ts'
import { selectorsOf, ThresholdWatch } from '../../src/measure/thresholds.ts'
import { K6_SUMMARY_SELECTORS, type K6Facts, type K6Settings } from '../../src/report/k6-data.ts'

const SECOND = 1_000_000
const DURATION_US = 5 * SECOND

export function md5(text: string): string {
  return createHash('md5').update(text).digest('hex')
}

export const SETTINGS: K6Settings = {
  trendStats: DEFAULT_TREND_STATS,
  timeUnit: '',
  terminal: { isStdOutTTY: false, isStdErrTTY: true, noColor: false },
  md5,
}

export interface SmallRun {
  /** Expressions by metric. */
  readonly thresholds?: Readonly<Record<string, readonly string[]>>
  readonly byPart?: boolean
  /** Does what the run does; times are before 5 s. */
  readonly play?: (stage: Stage) => void
}

/** Where a small run is played. */
export class Stage {
  readonly checks: CheckTally = new CheckTally()
  readonly registry: MetricRegistry

  constructor(selectors: readonly MetricSelector[], byPart: boolean) {
    this.registry = new MetricRegistry({ selectors, warmupUs: 0, byPart })
  }

  add(metric: BuiltinMetric, value: number, tags: Readonly<Record<string, string>> = {}): void {
    this.registry.add(this.registry.id(metric), value, tagged(tags), SECOND)
  }

  addOwn(metric: number, value: number, tags: Readonly<Record<string, string>> = {}): void {
    this.registry.add(metric, value, tagged(tags), SECOND)
  }

  check(name: string, passed: boolean, group = '', scenario = 'default'): void {
    this.checks.add(name, passed, { group, scenario })
    this.add('checks', passed ? 1 : 0, { group, scenario, check: name })
  }

  /** A request that took so long, of which the last tenth was receiving. */
  request(ms: number, status = 200, place: Readonly<Record<string, string>> = {}): void {
    const expected = String(status < 400)
    const tags = {
      scenario: 'default',
      group: '',
      ...place,
      status: String(status),
      expected_response: expected,
    }
    this.add('http_reqs', 1, tags)
    this.add('http_req_failed', status < 400 ? 0 : 1, tags)
    this.add('http_req_duration', ms, tags)
    this.add('http_req_waiting', 0.9 * ms, tags)
    this.add('http_req_receiving', 0.1 * ms, tags)
    this.add('data_sent', 100, tags)
    this.add('data_received', 2_500, tags)
  }
}

function tagged(tags: Readonly<Record<string, string>>): TagSource {
  return { tag: (key) => tags[key] }
}

export function smallRun({ thresholds: given = {}, byPart = false, play = () => {} }: SmallRun): K6Facts {
  const { thresholds, faults } = parseThresholds(
    Object.entries(given).flatMap(([metric, expressions]) =>
      expressions.map((expression) => ({
        metric,
        expression,
        abortOnFail: false,
        delayAbortEvalUs: 0,
        where: 'options.thresholds',
      })),
    ),
  )
  if (faults.length > 0) throw new Error(JSON.stringify(faults))
  const stage = new Stage([...selectorsOf(thresholds), ...K6_SUMMARY_SELECTORS], byPart)
  play(stage)
  const metrics = new MetricStore(0)
  metrics.merge(structuredClone(stage.registry.delta()))
  return {
    metrics,
    nowUs: DURATION_US,
    warmupUs: 0,
    thresholds,
    results: new ThresholdWatch(thresholds).evaluate(metrics, DURATION_US, true).results,
    checks: stage.checks.placed(),
    groups: stage.checks.groups(),
  }
}
