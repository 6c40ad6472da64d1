import type { Rng } from '../core/rng.ts'
import type { Metric } from './metric.ts'
import { nightScaled, nightUnscaled, type NightFigure } from './night-base.ts'

/** A metric whose nights differ by chance alone. */
export interface SteadyMetric {
  readonly metric: Metric
  readonly name: string
  /** In a typical night. */
  readonly level: number
  /** Standard deviation from night to night, of the logarithm of ratios and of the logit of shares. */
  readonly deviation: number
  /** Requests a night. */
  readonly requestCount: number
}

/** `nightCount` independent nights, normal on the logarithmic (logit) scale. */
export function simulateNights(steady: SteadyMetric, nightCount: number, rng: Rng): NightFigure[] {
  const { metric, level, deviation, requestCount } = steady
  const centre = nightScaled(metric, { value: level, requestCount })
  return Array.from({ length: nightCount }, () => {
    return { value: nightUnscaled(metric, centre + deviation * rng.normal()), requestCount }
  })
}
