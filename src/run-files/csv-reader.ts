import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { parse } from 'csv-parse'
import { EXIT, UserError } from '../core/errors.ts'
import { US_PER_MS } from '../core/units.ts'
import { SCHEMA_VERSION } from './csv.ts'

/** What a writer puts before text that a spreadsheet would run as a formula. */
const DEFUSED = /^'(?=[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20])/

/** Where each column of a file stands. */
type Header = ReadonlyMap<string, number>

/** One line of a CSV file of ours, read by the names of its columns. A column that the file lacks is empty. */
export class CsvRow {
  readonly #header: Header
  readonly #fields: readonly string[]

  constructor(header: Header, fields: readonly string[]) {
    this.#header = header
    this.#fields = fields
  }

  /** Those of `columns` that the file does not have. */
  lacking(columns: readonly string[]): string[] {
    return columns.filter((column) => !this.#header.has(column))
  }

  /** `''` where there is none. */
  text(column: string): string {
    return this.#raw(column).replace(DEFUSED, '')
  }

  /** `undefined` where nothing applies, or the field is no number. */
  number(column: string): number | undefined {
    const raw = this.#raw(column)
    const value = Number(raw)
    return raw === '' || !Number.isFinite(value) ? undefined : value
  }

  /** A count: 0 where there is none. */
  count(column: string): number {
    return this.number(column) ?? 0
  }

  /** A column of milliseconds, in whole microseconds. */
  us(column: string): number | undefined {
    const ms = this.number(column)
    return ms === undefined ? undefined : Math.round(ms * US_PER_MS)
  }

  #raw(column: string): string {
    const index = this.#header.get(column)
    return index === undefined ? '' : (this.#fields[index] ?? '')
  }
}

/**
 * The lines of a CSV file behind its header, compressed (`.gz`) or not, one at a time: a long run has more of them than fit into memory.
 *
 * @throws UserError (usage) when the file cannot be read, is no CSV, or has a meaning that this version does not know
 */
export async function* csvRows(path: string): AsyncGenerator<CsvRow, void, undefined> {
  const source = createReadStream(path)
  const parser = parse({ bom: true, relax_column_count: true })
  const unpackers = path.endsWith('.gz') ? [createGunzip()] : []
  // What goes wrong on the way reaches the parser, and from there the loop below.
  pipeline([source, ...unpackers, parser], () => {})
  let header: Header | undefined
  try {
    for await (const fields of parser as AsyncIterable<string[]>) {
      if (header === undefined) {
        header = new Map(fields.map((name, index) => [name, index]))
        continue
      }
      // A process that was killed while it wrote leaves a line cut short.
      if (fields.length < header.size) continue
      const row = new CsvRow(header, fields)
      assertKnownVersion(path, row.number('schema_version'))
      yield row
    }
  } catch (error) {
    throw error instanceof UserError ? error : unreadable(path, error)
  } finally {
    source.destroy()
  }
}

/**
 * Older files lack columns, but mean what they say; newer ones may not.
 *
 * @throws UserError (usage)
 */
export function assertKnownVersion(path: string, version: number | undefined): void {
  if (version !== undefined && version <= SCHEMA_VERSION) return
  const what =
    version === undefined
      ? 'there is no schema_version: this is no file of a run'
      : `its schema_version is ${version}, this headroom knows those up to ${SCHEMA_VERSION}`
  const todo = version === undefined ? 'Give the directory of a run.' : 'Use a newer headroom.'
  throw new UserError(EXIT.usage, [{ where: path, what, todo }])
}

/** Whatever kept a file of a run from being read, as something to tell the user. */
export function unreadable(path: string, cause: unknown): UserError {
  const what = cause instanceof Error ? cause.message : String(cause)
  const todo = 'Give the directory of a finished run.'
  return new UserError(EXIT.usage, [{ where: path, what: `cannot be read: ${what}`, todo }], { cause })
}
