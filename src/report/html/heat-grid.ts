import type { LatencySpan } from './run-data.ts'

/** Rows of an octave: neighbouring rows are 19 % apart. Fewer where the values spread over many octaves. */
const ROWS_PER_OCTAVE = [4, 2, 1]
const MOST_ROWS = 64

/** How many replies took how long when: columns of time, rows of a logarithmic axis. */
export interface HeatGrid {
  readonly columnCount: number
  readonly rowCount: number
  /** Lower border of row 0, µs, and how many times higher that of the next row is. */
  readonly lowestUs: number
  readonly rowRatio: number
  /** Row by row from the lowest, each from the first column. */
  readonly counts: Float64Array
}

/** @returns `undefined` when the spans hold nothing */
export function heatGrid(
  spans: readonly LatencySpan[],
  columnCount: number,
  columnS: number,
): HeatGrid | undefined {
  const values = spans.flatMap(({ histogram: { lowUs } }) => [lowUs[0] ?? [], lowUs.at(-1) ?? []].flat())
  if (values.length === 0) return undefined
  const octave = (us: number): number => Math.log2(Math.max(us, 1))
  const [low, high] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))]
  const perOctave = ROWS_PER_OCTAVE.find((rows) => (octave(high) - octave(low)) * rows < MOST_ROWS - 1) ?? 1
  const firstRow = Math.floor(octave(low) * perOctave)
  const rowCount = Math.floor(octave(high) * perOctave) - firstRow + 1
  const counts = new Float64Array(rowCount * columnCount)
  for (const { startS, histogram } of spans) {
    const column = Math.min(Math.max(Math.floor(startS / columnS + 1e-6), 0), columnCount - 1)
    histogram.lowUs.forEach((us, i) => {
      const index = (Math.floor(octave(us) * perOctave) - firstRow) * columnCount + column
      counts[index] = (counts[index] ?? 0) + (histogram.counts[i] ?? 0)
    })
  }
  return {
    columnCount,
    rowCount,
    lowestUs: 2 ** (firstRow / perOctave),
    rowRatio: 2 ** (1 / perOctave),
    counts,
  }
}
