import { changePoints } from './change-points.ts'
import type { RunSpread } from './compare-seconds.ts'
import { scaled, type Metric } from './metric.ts'
import { variance } from './sample.ts'

/** Fewer runs do not show how much runs differ. */
const LEAST_RUN_COUNT = 5

/**
 * How much runs of the same thing differ in a metric, from those since its last lasting change.
 *
 * @param values one a run, oldest first; those without a place on the metric's scale (a ratio of 0) are left out
 * @returns `undefined` for fewer than five runs
 */
export function runSpread(metric: Metric, values: readonly number[]): RunSpread | undefined {
  const runs = values.map((value) => scaled(metric, value)).filter(Number.isFinite)
  const level = runs.slice(changePoints(runs).at(-1)?.index ?? 0)
  if (level.length < LEAST_RUN_COUNT) return undefined
  return { deviation: Math.sqrt(variance(level)), degrees: level.length - 1 }
}
