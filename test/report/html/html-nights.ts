/** Judged nights for the page. */
import { Rng } from '../../../src/core/rng.ts'
import type { JudgedMetric, NightPoint, NightsData } from '../../../src/report/comparison/nights-data.ts'
import { GATED_METRICS, type Metric } from '../../../src/stats/metric.ts'
import type { NightFigure, NightSeries } from '../../../src/stats/night-base.ts'
import { judgeNight } from '../../../src/stats/night-gate.ts'
import { comparedRun } from './html-comparison.ts'

const REQUEST_COUNT = 20_000

interface NightsCase {
  readonly names: readonly string[]
  readonly nightCount: number
  /** From which night on times are half as long again; none by default. */
  readonly changedAt?: number
  /** Tonight's times over those of the last level. */
  readonly tonight?: number
}

function levelOf({ column }: Metric): number {
  if (column.endsWith('p50_ms')) return 40
  return column.endsWith('_ms') ? 240 : column.startsWith('accepted') ? 0.99 : 0.25
}

/** So many nights with some noise, judged as the gate judges them. */
export function nightsData(nights: NightsCase, parts: Partial<NightsData> = {}): NightsData {
  const series = nights.names.flatMap((name) => GATED_METRICS.map((metric) => seriesOf(metric, name, nights)))
  const metrics = judgeNight(series).map((comparison, i): JudgedMetric => {
    const { past = [], tonight } = series[i] ?? {}
    return {
      comparison,
      past: past.map(({ value }, night) => pointOf(night, value)),
      tonight: pointOf(nights.nightCount, tonight?.value ?? 0),
      isConfirmed: undefined,
    }
  })
  const isRegressed = metrics.some(({ comparison }) => comparison.verdict === 'regressed')
  const isJudged = metrics.some(({ comparison }) => comparison.pValue !== undefined)
  return {
    head: comparedRun('tonight'),
    confirmation: undefined,
    state: isRegressed ? 'candidate' : isJudged ? 'passed' : 'learning',
    metrics,
    noise: [],
    notes: [],
    ...parts,
  }
}

function seriesOf(metric: Metric, name: string, nights: NightsCase): NightSeries {
  const { nightCount, changedAt = Infinity, tonight = 1 } = nights
  const rng = new Rng('html-nights').fork(`${metric.column} ${name}`)
  const isTime = metric.column.endsWith('_ms')
  const night = (index: number, factor: number): NightFigure => {
    const level = levelOf(metric) * (isTime && index >= changedAt ? 1.5 : 1)
    const noise = 1 + (rng.next() - 0.5) / 50
    return { value: level * noise * (isTime ? factor : 1), requestCount: REQUEST_COUNT }
  }
  const past = Array.from({ length: nightCount }, (_, index) => night(index, 1))
  return { metric, name, past, tonight: night(nightCount, tonight) }
}

function pointOf(night: number, value: number): NightPoint {
  const startedAt = new Date(Date.UTC(2026, 8, 1 + night, 2, 17)).toISOString()
  return { runId: `n${night}`, startedAt, commit: `c0ffee${night}`, value }
}
