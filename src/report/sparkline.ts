const BLOCKS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█']
/** Where only ASCII shows: as many, from low to high and dense. */
const MARKS = ['_', '.', ':', '-', '=', '+', '*', '#']

/**
 * A bar of one character for each value, from 0 up to the largest of them or `leastTop`, whichever is more. What is above 0
 * never looks like 0, and where there is no value there is a blank.
 */
export function sparkline(
  values: readonly (number | undefined)[],
  leastTop: number,
  isUnicode: boolean,
): string {
  const bars = isUnicode ? BLOCKS : MARKS
  const top = Math.max(leastTop, ...values.map((value) => value ?? 0))
  const highest = bars.length - 1
  return values
    .map((value) => {
      if (value === undefined) return ' '
      return bars[value <= 0 ? 0 : Math.max(1, Math.round((value / top) * highest))]
    })
    .join('')
}
