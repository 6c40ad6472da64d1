import type { Rng } from '../core/rng.ts'
import type { SecondStatistic } from './second-statistic.ts'

export interface Resampling {
  /** Whole seconds. */
  readonly secondCount: number
  /** Whole seconds that stay together, at least 1. */
  readonly blockSeconds: number
  readonly resampleCount: number
}

/**
 * Draws as many seconds as there are, in blocks that start anywhere and go on at the start when they pass the end,
 * and counts in `weights` how often each was drawn.
 */
function drawSeconds(weights: Uint32Array, blockSeconds: number, rng: Rng): void {
  weights.fill(0)
  const secondCount = weights.length
  for (let drawn = 0; drawn < secondCount; drawn += blockSeconds) {
    const start = rng.int(secondCount)
    const length = Math.min(blockSeconds, secondCount - drawn)
    for (let i = 0; i < length; i++) {
      const second = (start + i) % secondCount
      weights[second] = (weights[second] ?? 0) + 1
    }
  }
}

/**
 * Circular block bootstrap over the seconds of a run: what each statistic would have been in runs made of the same
 * stretches in another order. All statistics of a resample see the same seconds, which keeps their correlation.
 *
 * Source: D. Politis and J. Romano, "A circular block-resampling procedure for stationary data", in: Exploring the
 * Limits of Bootstrap, 1992.
 *
 * @returns for each statistic its value in each resample.
 */
export function blockBootstrap(
  statistics: readonly SecondStatistic[],
  { secondCount, blockSeconds, resampleCount }: Resampling,
  rng: Rng,
): Float64Array[] {
  const weights = new Uint32Array(secondCount)
  const replicates = statistics.map(() => new Float64Array(resampleCount))
  for (let resample = 0; resample < resampleCount; resample++) {
    drawSeconds(weights, blockSeconds, rng)
    statistics.forEach((statistic, index) => {
      const values = replicates[index]
      if (values !== undefined) values[resample] = statistic.of(weights)
    })
  }
  return replicates
}
