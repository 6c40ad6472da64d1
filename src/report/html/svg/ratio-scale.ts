import { clamp01, type Scale, type Tick } from './scale.ts'

/** Ratios above 1 that are labelled on an axis that ends at the first number; below 1 stand those beside them. */
const LADDERS: readonly (readonly [end: number, below: readonly number[], above: readonly number[]])[] = [
  [1.05, [0.96, 0.98], [1.02, 1.04]],
  [1.1, [0.92, 0.96], [1.04, 1.08]],
  [1.25, [0.8, 0.9], [1.1, 1.25]],
  [1.5, [0.7, 0.8], [1.2, 1.5]],
  [2, [0.5, 0.7], [1.4, 2]],
  [5, [0.2, 0.5], [2, 5]],
  [10, [0.1, 0.3], [3, 10]],
]

/**
 * Ratios on a logarithmic axis with 1 in the middle, so that a half is as far from it as a double.
 *
 * @param most the largest ratio shown, above 0; of one below 1 its inverse is as large
 */
export function ratioScale(most: number, label: (ratio: number) => string): Scale {
  const reach = Math.max(most, 1 / most)
  const [end, below, above] = LADDERS.find(([candidate]) => candidate >= reach) ?? powersOfTen(reach)
  const at = (ratio: number): number => clamp01(0.5 + Math.log(ratio) / Math.log(end) / 2)
  return {
    at,
    ticks: (maxCount) => {
      const ratios = [...below, 1, ...above]
      const middle = below.length
      const every = Math.ceil((ratios.length - 1) / Math.max(maxCount - 1, 1))
      return ratios
        .filter((_, i) => Math.abs(i - middle) % every === 0)
        .map((ratio): Tick => ({ at: at(ratio), label: label(ratio) }))
    },
  }
}

function powersOfTen(reach: number): (typeof LADDERS)[number] {
  const powers = Array.from({ length: Math.ceil(Math.log10(reach)) }, (_, i) => 10 ** (i + 1))
  return [powers.at(-1) ?? 10, powers.map((power) => 1 / power).toReversed(), powers]
}
