import type { Rng } from '../../src/core/rng.ts'
import type { RunSeconds, RunStatistic } from '../../src/stats/compare-seconds.ts'
import type { BucketCounts } from '../../src/stats/histogram-quantile.ts'
import { GATED_METRICS, type Metric } from '../../src/stats/metric.ts'
import { meanPerSecond, quantileUs, ratioOfSums, shareOfSums } from '../../src/stats/second-statistic.ts'
import { autoregression } from './autoregression.ts'

/** A service under load: log-normal requests on a level that wanders, behind a cap per second. */
export interface RunModel {
  readonly secondCount: number
  readonly sentRps: number
  /** Of the number sent in a second. */
  readonly sentDeviation: number
  readonly capRps: number
  readonly names: readonly string[]
  readonly medianUs: number
  /** Standard deviation of the logarithm of a request's time. */
  readonly requestDeviation: number
  /** Of the logarithm of the level from second to second, and how much a second resembles the one before. */
  readonly levelDeviation: number
  readonly levelCorrelation: number
}

export const MODEL: RunModel = {
  secondCount: 120,
  sentRps: 50,
  sentDeviation: 6,
  capRps: 55,
  names: ['rank'],
  medianUs: 40_000,
  requestDeviation: 0.5,
  levelDeviation: 0.15,
  levelCorrelation: 0.5,
}

export const P50: Metric = metricOf('response_time_accepted_p50_ms')
export const P99: Metric = metricOf('response_time_accepted_p99_ms')
export const ACCEPTED_TO_CAP: Metric = metricOf('accepted_to_cap_ratio')
export const THROTTLED: Metric = metricOf('throttled_ratio')
export const ACCEPTED_RPS: Metric = {
  column: 'accepted_rps',
  kind: 'ratio',
  better: 'higher',
  leastChange: 0.02,
}

function metricOf(column: string): Metric {
  const metric = GATED_METRICS.find((each) => each.column === column)
  if (metric === undefined) throw new Error(`no metric ${column}`)
  return metric
}

/** Three significant digits, as the histograms of a run keep them. */
function histogramOf(valuesUs: readonly number[]): BucketCounts {
  const counts = new Map<number, number>()
  for (const us of valuesUs) {
    const widthUs = 2 ** Math.max(Math.floor(Math.log2(us)) - 10, 0)
    const lowUs = Math.floor(us / widthUs) * widthUs
    counts.set(lowUs, (counts.get(lowUs) ?? 0) + 1)
  }
  const entries = [...counts].sort(([a], [b]) => a - b)
  return { lowUs: entries.map(([lowUs]) => lowUs), counts: entries.map(([, count]) => count) }
}

function latencies(model: RunModel, accepted: readonly number[], rng: Rng): BucketCounts[] {
  const levels = autoregression(model.secondCount, model.levelCorrelation, rng)
  return accepted.map((count, second) => {
    const level = model.levelDeviation * (levels[second] ?? 0)
    return histogramOf(
      Array.from(
        { length: count },
        () => model.medianUs * Math.exp(level + model.requestDeviation * rng.normal()),
      ),
    )
  })
}

/** One run of the model. `slowdown` multiplies every response time. */
export function simulateRun(model: RunModel, runId: string, rng: Rng, slowdown = 1): RunSeconds {
  const perName = model.names.map((name) => {
    const sent = Array.from({ length: model.secondCount }, () =>
      Math.max(0, Math.round(model.sentRps + model.sentDeviation * rng.normal())),
    )
    const accepted = sent.map((count) => Math.min(count, model.capRps))
    const slow = { ...model, medianUs: model.medianUs * slowdown }
    const histograms = latencies(slow, accepted, rng)
    const throttled = sent.map((count, second) => count - (accepted[second] ?? 0))
    const caps = sent.map(() => model.capRps)
    return [
      { metric: P50, name, statistic: quantileUs(histograms, 0.5) },
      { metric: P99, name, statistic: quantileUs(histograms, 0.99) },
      { metric: THROTTLED, name, statistic: shareOfSums(throttled, sent) },
      { metric: ACCEPTED_TO_CAP, name, statistic: ratioOfSums(accepted, caps) },
      { metric: ACCEPTED_RPS, name, statistic: meanPerSecond(accepted) },
    ] satisfies RunStatistic[]
  })
  return { runId, secondCount: model.secondCount, statistics: perName.flat() }
}
