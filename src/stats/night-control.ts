/** Whether the machine is as it was: a control run against the control runs before it. */
import { around, type Interval } from './interval.ts'
import { leastScaledChange, type Metric } from './metric.ts'
import { judgedPast, nightUnscaled, type Learning, type NightSeries } from './night-base.ts'
import { studentQuantile } from './student.ts'

/** How often a machine that is as ever is called noisy, by one metric of one control run. */
const FALSE_NOISE_RATIO = 0.01

/** What control runs are judged by, in either direction: their service never changes. */
export const CONTROL_METRICS: readonly Metric[] = [
  { column: 'response_time_accepted_p50_ms', kind: 'ratio', better: 'lower', leastChange: 0.05 },
  { column: 'response_time_accepted_p99_ms', kind: 'ratio', better: 'lower', leastChange: 0.05 },
]

/** A metric of a control run. */
export interface ControlFigure {
  readonly metric: Metric
  readonly value: number
  /** Of the control runs before it; `undefined` while there are too few. */
  readonly base: number | undefined
  /** Where `value` lies in 99 of 100 runs on a machine that is as ever; `undefined` while there are too few. */
  readonly expected: Interval | undefined
  /** Outside of what is expected, and by enough to matter. */
  readonly isNoisy: boolean
  /** Present while there are too few runs to judge. */
  readonly learning?: Learning
}

/** Holds the last control run against its past: a two-sided prediction interval on the logarithms, as nights have. */
export function judgeControl(series: NightSeries): ControlFigure {
  const { metric, tonight } = series
  const { base, learning } = judgedPast(series)
  const figure = { metric, value: tonight.value, ...(learning !== undefined && { learning }) }
  if (base === undefined) return { ...figure, base: undefined, expected: undefined, isNoisy: false }
  const error = base.deviation * Math.sqrt(1 + 1 / base.count)
  const halfWidth = studentQuantile(1 - FALSE_NOISE_RATIO / 2, base.count - 1) * error
  const { low, high } = around(base.mean, halfWidth)
  return {
    ...figure,
    base: nightUnscaled(metric, base.mean),
    expected: { low: nightUnscaled(metric, low), high: nightUnscaled(metric, high) },
    isNoisy: Math.abs(base.tonight) > Math.max(halfWidth, leastScaledChange(metric)),
  }
}
