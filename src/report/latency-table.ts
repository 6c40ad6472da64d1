import type { DurationSummary, NameSummary } from '../measure/summary.ts'
import { count, milliseconds, supportedP999Us, supportedP99Us } from './format.ts'
import { clip, length, marked, padRight, type Section } from './layout.ts'

const TITLE = 'Response time, ms'

interface TableColumn {
  readonly head: string
  readonly value: (duration: DurationSummary) => string
}

const COLUMNS = {
  n: { head: 'n', value: (duration) => count(duration.count) },
  p50: { head: 'p50', value: (duration) => milliseconds(duration.p50Us) },
  p90: { head: 'p90', value: (duration) => milliseconds(duration.p90Us) },
  p95: { head: 'p95', value: (duration) => milliseconds(duration.p95Us) },
  p99: { head: 'p99', value: (duration) => milliseconds(supportedP99Us(duration)) },
  p999: { head: 'p99.9', value: (duration) => milliseconds(supportedP999Us(duration)) },
  max: { head: 'max', value: (duration) => milliseconds(duration.maxUs) },
} as const satisfies Record<string, TableColumn>

/** The same table with fewer columns, for where the full one leaves no room for the names. */
const CHOICES: readonly (readonly TableColumn[])[] = [
  [COLUMNS.n, COLUMNS.p50, COLUMNS.p90, COLUMNS.p95, COLUMNS.p99, COLUMNS.p999, COLUMNS.max],
  [COLUMNS.n, COLUMNS.p50, COLUMNS.p95, COLUMNS.p99, COLUMNS.max],
  [COLUMNS.p50, COLUMNS.p95, COLUMNS.p99],
]

const NAME_MIN_WIDTH = 20
const NAME_MAX_WIDTH = 60

interface TableRow {
  readonly label: string
  readonly duration: DurationSummary
}

/** Accepted latency of every name, then of all, then what throttled replies took: never in one figure. */
export function latencySection(names: readonly NameSummary[], width: number): Section {
  const all = names.find((row) => row.name === '_all')
  const named = names.filter((row) => row.name !== '_all' && row.responseTimeAccepted.count > 0)
  const nameRows = named.map((row) => ({ label: row.name, duration: row.responseTimeAccepted }))
  const totalRows = all === undefined ? [] : totals(all, named.length !== 1)
  const rows = [...nameRows, ...totalRows]
  const draw = table(rows, width)
  return {
    head: rows.length === 0 ? [] : [marked(draw.head, TITLE, 'bold')],
    items: nameRows.map((row) => [{ text: draw.row(row) }]),
    keepCount: 1,
    more: (hiddenCount) => ({ text: `  (${hiddenCount} more names in summary.csv)` }),
    tail: totalRows.map((row) => ({ text: draw.row(row) })),
    isLastToCut: false,
  }
}

function totals(all: NameSummary, severalNames: boolean): TableRow[] {
  const rows = [
    ...(severalNames ? [{ label: '[all accepted]', duration: all.responseTimeAccepted }] : []),
    { label: '[service time only]', duration: all.serviceTimeAccepted },
    { label: '[throttled replies]', duration: all.responseTimeThrottled },
  ]
  return rows.filter((row) => row.duration.count > 0)
}

interface Table {
  readonly head: string
  readonly row: (row: TableRow) => string
}

function table(rows: readonly TableRow[], width: number): Table {
  const sized = CHOICES.map((columns) => columns.map((column) => sizedColumn(column, rows)))
  const fits = sized.find((columns) => width - totalWidth(columns) >= NAME_MIN_WIDTH) ?? sized.at(-1) ?? []
  const longest = Math.max(length(TITLE), ...rows.map((row) => length(row.label) + 2))
  const nameWidth = Math.max(1, Math.min(longest, NAME_MAX_WIDTH, width - totalWidth(fits)))
  const line = (label: string, cells: readonly string[]): string =>
    padRight(clip(label, nameWidth), nameWidth) + cells.join('')
  return {
    head: line(
      TITLE,
      fits.map((column) => column.head.padStart(column.width)),
    ),
    row: (row) =>
      line(
        `  ${row.label}`,
        fits.map((column) => column.value(row.duration).padStart(column.width)),
      ),
  }
}

interface SizedColumn extends TableColumn {
  readonly width: number
}

function sizedColumn(column: TableColumn, rows: readonly TableRow[]): SizedColumn {
  const texts = [column.head, ...rows.map((row) => column.value(row.duration))]
  return { ...column, width: Math.max(6, ...texts.map((text) => text.length + 2)) }
}

function totalWidth(columns: readonly SizedColumn[]): number {
  return columns.reduce((sum, column) => sum + column.width, 0)
}
