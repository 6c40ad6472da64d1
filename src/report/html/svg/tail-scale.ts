import { clamp01, type Scale } from './scale.ts'

/**
 * Quantiles with the upper ones drawn apart: 1 / (1 − q) on a logarithmic axis, as HdrHistogram plots them.
 *
 * @param nineCount decades shown: 3 ends at 99.9 %
 */
export function tailScale(nineCount: number): Scale {
  return {
    at: (quantile) => (quantile >= 1 ? 1 : clamp01(-Math.log10(1 - quantile) / nineCount)),
    ticks: (maxCount) => {
      const every = Math.ceil((nineCount + 1) / Math.max(maxCount, 1))
      const ticks = Array.from({ length: nineCount + 1 }, (_, nines) => ({
        at: nines / nineCount,
        label: nineLabel(nines),
      }))
      return ticks.filter((_, nines) => nines % every === 0)
    },
  }
}

/** `0`, `90`, `99`, `99.9`, … percent. */
function nineLabel(nines: number): string {
  if (nines < 3) return ['0', '90', '99'][nines] ?? ''
  return `99.${'9'.repeat(nines - 2)}`
}
