import type { Scale } from './scale.ts'

/** Equal bands, one for each label; value `i` is where band `i` begins, `i + 0.5` its middle. */
export function bandScale(labels: readonly string[]): Scale {
  const count = Math.max(labels.length, 1)
  return {
    at: (value) => value / count,
    ticks: (maxCount) => {
      const every = Math.ceil(count / Math.max(maxCount, 1))
      const ticks = labels.map((label, i) => ({ at: (i + 0.5) / count, label }))
      // From the end, because the last one is what the reader looks for.
      return ticks.filter((_, i) => (count - 1 - i) % every === 0)
    },
  }
}
