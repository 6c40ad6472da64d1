import { k6Figure, k6Percent } from './k6-figures.ts'
import type { K6Metric, K6Metrics, K6TimeUnit } from './k6-data.ts'
import { length } from './layout.ts'

/** How a rate is told: k6's older summary marks the two counts. */
type RateStyle = 'out of' | 'marks'

/** One metric of the summary: its name, and figures in columns. */
export interface K6Row {
  /** Of the metric, tags included. */
  readonly metric: string
  readonly label: string
  /** Stands under the metric that it is a part of. */
  readonly isSubmetric: boolean
  readonly isTrend: boolean
  readonly cells: readonly string[]
}

/** The metric that a submetric is a part of, or the metric itself. */
function baseName(name: string): string {
  const brace = name.indexOf('{')
  return brace === -1 ? name : name.slice(0, brace)
}

/** Rows of these metrics by name, each followed by its submetrics. */
export function k6Rows(
  metrics: K6Metrics,
  wanted: (name: string) => boolean,
  timeUnit: K6TimeUnit,
  rateStyle: RateStyle,
): K6Row[] {
  return Object.entries(metrics)
    .filter(([name]) => wanted(baseName(name)))
    .sort(([a], [b]) => compare(baseName(a), baseName(b)) || compare(a, b))
    .map(([name, metric]) => {
      const tags = name.slice(baseName(name).length)
      const isSubmetric = tags !== ''
      return {
        metric: name,
        label: isSubmetric ? `{ ${tags.slice(1, -1).trim()} }` : name,
        isSubmetric,
        isTrend: metric.type === 'trend',
        cells: cellsOf(metric, timeUnit, rateStyle),
      }
    })
}

function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

function cellsOf({ type, contains, values }: K6Metric, unit: K6TimeUnit, rateStyle: RateStyle): string[] {
  const figure = (name: string): string => k6Figure(values[name] ?? 0, contains, unit)
  switch (type) {
    case 'counter':
      return [figure('count'), `${figure('rate')}/s`]
    case 'gauge':
      return [figure('value'), `min=${figure('min')}`, `max=${figure('max')}`]
    case 'rate':
      return rateCells(values, rateStyle)
    default:
      return Object.entries(values).map(
        ([name, value]) => `${name}=${trendFigure(name, value, contains, unit)}`,
      )
  }
}

/** The number of samples has no unit. */
function trendFigure(name: string, value: number, contains: K6Metric['contains'], unit: K6TimeUnit): string {
  return k6Figure(value, name === 'count' ? 'default' : contains, unit)
}

function rateCells({ rate = 0, passes = 0, fails = 0 }: K6Metric['values'], style: RateStyle): string[] {
  const share = k6Percent(rate)
  if (style === 'marks') return [share, `✓ ${passes}`, `✗ ${fails}`]
  return [share, `${passes} out of ${passes + fails}`]
}

/** The width of every column of these rows. */
function columnWidths(rows: readonly K6Row[]): number[] {
  const widths: number[] = []
  for (const { cells } of rows) {
    for (const [column, cell] of cells.entries()) {
      widths[column] = Math.max(widths[column] ?? 0, length(cell))
    }
  }
  return widths
}

/** Puts the figures of rows into columns of their own: those of trends, and all others. */
export function columnsOf(rows: readonly K6Row[]): (row: K6Row) => string {
  const trends = columnWidths(rows.filter(({ isTrend }) => isTrend))
  const others = columnWidths(rows.filter(({ isTrend }) => !isTrend))
  return ({ cells, isTrend }) =>
    cells
      .map((cell, column) => cell + ' '.repeat(((isTrend ? trends : others)[column] ?? 0) - length(cell)))
      .join(' ')
      .trimEnd()
}
