import type { Interval } from '../../stats/interval.ts'
import type { Metric } from '../../stats/metric.ts'
import { nightUnscaled } from '../../stats/night-base.ts'
import type { NightComparison } from '../../stats/night-gate.ts'

/**
 * Where tonight lies with 95 % certainty when nothing has changed: around the base, as wide as the interval of the
 * change is around the change. `undefined` while there are too few nights.
 */
export function predictedInterval({ metric, base, interval }: NightComparison): Interval | undefined {
  if (base === undefined || interval === undefined) return undefined
  const [low, high] = [interval.low, interval.high].map((change) =>
    nightScaled(metric, changed(metric, base, change)),
  )
  const halfWidth = ((high ?? NaN) - (low ?? NaN)) / 2
  const centre = nightScaled(metric, base)
  if (!Number.isFinite(halfWidth) || !Number.isFinite(centre)) return undefined
  return {
    low: nightUnscaled(metric, centre - halfWidth),
    high: nightUnscaled(metric, centre + halfWidth),
  }
}

function changed({ kind }: Metric, base: number, change: number): number {
  return kind === 'ratio' ? base * change : base + change
}

/** Logarithms of ratios, logits of shares: there nights spread evenly to either side. */
function nightScaled({ kind }: Metric, value: number): number {
  return kind === 'ratio' ? Math.log(value) : Math.log(value / (1 - value))
}
