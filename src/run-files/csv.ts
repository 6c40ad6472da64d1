import { stringify } from 'csv-stringify/sync'
import { US_PER_MS, US_PER_S } from '../core/units.ts'

/** What a value function may give; `undefined` and NaN become an empty field: not applicable. */
type Cell = string | number | undefined

/** One column of a file: its name and where its value comes from stand together, so that they cannot drift. */
export interface Column<Row> {
  readonly name: string
  readonly numeric: boolean
  readonly value: (row: Row) => Cell
}

/** The meaning of the columns; raised when a meaning changes, not when a column is added at the end. */
export const SCHEMA_VERSION = 1

const NEWLINE = '\r\n'

/** Six decimals, or six significant digits of what is smaller; never an exponent. */
const DECIMALS = new Intl.NumberFormat('en', {
  useGrouping: false,
  maximumFractionDigits: 6,
  maximumSignificantDigits: 6,
  roundingPriority: 'morePrecision',
})

/** Beyond fifteen digits a number has several ways to be written. */
const MOST_THOUSANDTHS = 1e15

export function text<Row>(name: string, value: (row: Row) => string | undefined): Column<Row> {
  return { name, numeric: false, value }
}

export function number<Row>(name: string, value: (row: Row) => number | undefined): Column<Row> {
  return { name, numeric: true, value }
}

/** A duration in µs, written in milliseconds with three decimals: exact to the microsecond. */
export function ms<Row>(name: string, valueUs: (row: Row) => number | undefined): Column<Row> {
  return number(name, (row) => scaled(valueUs(row), US_PER_MS))
}

/** A duration in µs, written in seconds with six decimals: exact to the microsecond. */
export function seconds<Row>(name: string, valueUs: (row: Row) => number | undefined): Column<Row> {
  return number(name, (row) => scaled(valueUs(row), US_PER_S))
}

/** Means are fractions of a microsecond, which no clock here resolves. */
function scaled(valueUs: number | undefined, divisor: number): number | undefined {
  return valueUs === undefined ? undefined : Math.round(valueUs) / divisor
}

/** The header line of a file, with its line end. */
export function csvHeader<Row>(columns: readonly Column<Row>[]): string {
  return csvLines([columns.map((column) => column.name)])
}

/** The lines of `rows` without a header: RFC 4180, CRLF after each, text that a spreadsheet would run as a formula defused. */
export function csvRows<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  return csvLines(rows.map((row) => columns.map((column) => column.value(row))))
}

/** Header and rows: a whole file. */
export function csvFile<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  return csvHeader(columns) + csvRows(columns, rows)
}

/** Text that needs no quotes and is no formula to any spreadsheet: ASCII without quotes, commas and line ends. */
const PLAIN = /^(?:[\w./:{][ !#-+\--~]*)?$/

/**
 * Rows of plain fields are joined here. The library reads its options anew at each call, which took 0.3 ms for the rows of a
 * second, while requests are due.
 */
function csvLines(records: readonly (readonly Cell[])[]): string {
  const lines = records.map(plainLine)
  return lines.includes(undefined) ? quotedLines(records) : lines.join('')
}

/** `undefined` when a field is not plain. */
function plainLine(record: readonly Cell[]): string | undefined {
  if (record.some((cell) => typeof cell === 'string' && !PLAIN.test(cell))) return undefined
  return record.map((cell) => (typeof cell === 'number' ? numberText(cell) : cell)).join(',') + NEWLINE
}

function quotedLines(records: readonly (readonly Cell[])[]): string {
  return stringify(records as Cell[][], {
    record_delimiter: NEWLINE,
    // Off by default once a record delimiter is given, and then a lone LF or CR would stand unquoted.
    quote_record_delimiter: true,
    // Numbers are exempt: a leading minus is defused in text only.
    escape_formulas: true,
    cast: { number: numberText },
  })
}

function numberText(value: number): string {
  if (!Number.isFinite(value)) return ''
  return Number.isSafeInteger(value) || isThousandths(value) ? String(value) : DECIMALS.format(value)
}

/** As milliseconds of whole µs are. Those need no formatter, which takes ten times as long. */
function isThousandths(value: number): boolean {
  const thousandths = Math.round(value * 1_000)
  return Math.abs(thousandths) <= MOST_THOUSANDTHS && thousandths / 1_000 === value
}
