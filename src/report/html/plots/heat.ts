import { count, duration, milliseconds } from '../../format.ts'
import { heatGrid, type HeatGrid } from '../heat-grid.ts'
import { HEAT_LIGHT } from '../ink.ts'
import { bandedLatency } from '../latency-bands.ts'
import { element, escaped } from '../markup.ts'
import type { AbsentPlot, Plot } from '../plot.ts'
import type { RunData } from '../run-data.ts'
import { heatMark } from '../svg/marks.ts'
import { logScale } from '../svg/log-scale.ts'
import { rectPath, type Axes } from '../svg/path.ts'
import type { DataTable } from '../table.ts'
import { timeBins } from '../time-bins.ts'
import { noTimes, TIME_LABEL, type PlotContext } from './context.ts'

const ID = 'heat'
const TITLE = 'Where response times lie'
/** A column is some pixels wide. */
const MOST_COLUMNS = 240
/** With fewer stretches than this a heat map shows less than the percentiles of each second do. */
const LEAST_SPANS = 60
const LEVEL_COUNT = HEAT_LIGHT.length

/** Plot 4: a heat map of the response times of accepted replies, which shows the modes that percentiles hide. */
export function heatPlot(context: PlotContext): Plot | AbsentPlot {
  const { run, x } = context
  const { edges, widthS } = timeBins(run.seconds, MOST_COLUMNS)
  const isExact = isFineEnough(run, widthS)
  const spans = isExact
    ? run.latency
    : bandedLatency(run.seconds, run.summary.names[0]?.responseTimeAccepted.minUs)
  const grid = heatGrid(spans, edges.length - 1, widthS)
  if (grid === undefined) return { id: ID, title: TITLE, absent: noTimes(context) }
  const y = logScale(grid.lowestUs, bordersUs(grid, grid.rowCount)[0], duration)
  const most = grid.counts.reduce((a, b) => Math.max(a, b))
  return {
    id: ID,
    title: TITLE,
    about: `Accepted replies by time and response time: the stronger the colour, the more (square root).${isExact ? '' : ESTIMATED}`,
    x,
    xLabel: TIME_LABEL,
    panels: [{ label: 'response time', y, marks: cells(grid, { x, y }, edges, most) }],
    legend: [],
    key: heatKey(most, widthS),
    table: rowTable(grid),
  }
}

const ESTIMATED =
  ' Estimated from p50, p95, p99 and max of each second, because the run has kept no histograms of them.'

/** An import or a rebuilt log may have one histogram for the whole run. */
function isFineEnough({ latency, seconds }: RunData, columnS: number): boolean {
  const mostS = Math.max(columnS, seconds.length / LEAST_SPANS)
  return latency.length > 0 && latency.every(({ lengthS }) => lengthS <= mostS + 1e-6)
}

function cells(grid: HeatGrid, axes: Axes, edges: readonly number[], most: number): string {
  const paths = HEAT_LIGHT.map(() => '')
  for (let row = 0; row < grid.rowCount; row++) {
    for (const { level, first, end } of levelRuns(grid, row, most)) {
      paths[level] += rectPath(axes, [edges[first] ?? 0, edges[end] ?? 0], bordersUs(grid, row))
    }
  }
  return paths.map((d, level) => (d === '' ? '' : heatMark(level, d))).join('')
}

function bordersUs({ lowestUs, rowRatio }: HeatGrid, row: number): [number, number] {
  return [lowestUs * rowRatio ** row, lowestUs * rowRatio ** (row + 1)]
}

/** Neighbouring cells of one level. */
interface LevelRun {
  readonly level: number
  readonly first: number
  end: number
}

function levelRuns({ counts, columnCount }: HeatGrid, row: number, most: number): LevelRun[] {
  const runs: LevelRun[] = []
  for (let column = 0; column < columnCount; column++) {
    const cellCount = counts[row * columnCount + column] ?? 0
    if (cellCount === 0) continue
    const level = Math.min(Math.ceil(Math.sqrt(cellCount / most) * LEVEL_COUNT), LEVEL_COUNT) - 1
    const last = runs.at(-1)
    if (last?.end === column && last.level === level) last.end++
    else runs.push({ level, first: column, end: column + 1 })
  }
  return runs
}

/** The colours from few to many, and what the outer ones mean. */
function heatKey(most: number, columnS: number): string {
  const swatches = HEAT_LIGHT.map((color, level) =>
    element('path', { class: `h-${level}`, fill: color, d: `M${level * 22} 0h22v12h-22z` }),
  )
  const width = 22 * LEVEL_COUNT
  const mostCount = Math.ceil(most)
  return element(
    'p',
    { class: 'key' },
    'few ',
    element('svg', { width, height: 12, viewBox: `0 0 ${width} 12`, 'aria-hidden': 'true' }, ...swatches),
    escaped(` up to ${count(mostCount)} ${mostCount === 1 ? 'reply' : 'replies'} a cell of ${columnS} s`),
  )
}

/** All of the run by response time, from the shortest. */
function rowTable(grid: HeatGrid): DataTable {
  const { counts, rowCount, columnCount } = grid
  const totals = Array.from({ length: rowCount }, (_, row) =>
    counts.subarray(row * columnCount, (row + 1) * columnCount).reduce((a, b) => a + b, 0),
  )
  return {
    caption: 'Accepted replies of the whole run by response time; histogram.csv has them finer.',
    head: ['from ms', 'to ms', 'replies'],
    rows: totals.map((total, row) => [
      ...bordersUs(grid, row).map((us) => milliseconds(us)),
      count(Math.round(total)),
    ]),
  }
}
