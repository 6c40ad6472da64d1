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
      const nines = Array.from({ length: nineCount + 1 }, (_, count) => ({
        at: count / nineCount,
        label: nineLabel(count),
      }))
      const median = { at: Math.log10(2) / nineCount, label: '50' }
      return maxCount > nines.length ? nines.toSpliced(1, 0, median) : nines.filter((_, i) => i % every === 0)
    },
  }
}

/** `0`, `90`, `99`, `99.9`, … percent. */
function nineLabel(nines: number): string {
  if (nines < 3) return ['0', '90', '99'][nines] ?? ''
  return `99.${'9'.repeat(nines - 2)}`
}
