import { type LatencyConfig, NORMAL_P99 } from './latency.ts'

/** The mean of a latency model in µs; `undefined` for a file that has not been read. */
export function meanLatencyUs(config: LatencyConfig): number | undefined {
  switch (config.kind) {
    case 'fixed':
      return config.us
    case 'uniform':
      return (config.lowUs + config.highUs) / 2
    case 'normal':
      return truncatedNormalMean(config.meanUs, config.sdUs)
    case 'lognormal': {
      const sigma = Math.log(config.p99Us / config.medianUs) / NORMAL_P99
      return config.medianUs * Math.exp(sigma ** 2 / 2)
    }
    case 'quantiles':
      return meanOfQuantiles(config.points)
    case 'values':
      return config.valuesUs.reduce((sum, us) => sum + us, 0) / config.valuesUs.length
    default:
      return undefined
  }
}

/** μ + σ·φ(α)/(1 − Φ(α)) with α = −μ/σ: what is below 0 is drawn again. */
function truncatedNormalMean(mean: number, sd: number): number {
  if (sd === 0) return mean
  const ratio = mean / sd
  const density = Math.exp(-(ratio ** 2) / 2) / Math.sqrt(2 * Math.PI)
  return mean + (sd * density) / normalCdf(ratio)
}

/** Abramowitz and Stegun 26.2.17, for x ≥ 0; its error is below 7.5e-8. */
function normalCdf(x: number): number {
  const t = 1 / (1 + 0.2316419 * x)
  const polynomial =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  return 1 - (Math.exp(-(x ** 2) / 2) / Math.sqrt(2 * Math.PI)) * polynomial
}

/** The area under the straight lines between the points, flat below the first and above the last. */
function meanOfQuantiles(points: Extract<LatencyConfig, { kind: 'quantiles' }>['points']): number {
  const [first, last] = [points[0]!, points.at(-1)!]
  const ends = first.us * first.percent + last.us * (100 - last.percent)
  const between = points.slice(1).map(({ percent, us }, index) => {
    const before = points[index]!
    return ((us + before.us) / 2) * (percent - before.percent)
  })
  return between.reduce((sum, area) => sum + area, ends) / 100
}
