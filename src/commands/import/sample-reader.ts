import type { CheckResult } from '../../measure/summary.ts'
import type { SampleFormat } from '../../run-files/imports/import-format.ts'
import { JtlRows } from '../../run-files/imports/jtl-rows.ts'
import { K6Points, type K6Point } from '../../run-files/imports/k6-points.ts'
import { k6CsvPoint, k6JsonPoint } from '../../run-files/imports/k6-rows.ts'
import { RowFault, type RequestSample } from '../../run-files/imports/request-sample.ts'
import { fieldsOf, linesOf, type SourceFile } from './source-file.ts'

/** What the rows said that is no request. */
export interface SampleNotes {
  readonly checks: readonly CheckResult[]
  /** Iterations; `undefined` where the tool has none. */
  readonly completedCount: number | undefined
  readonly droppedCount: number | undefined
  readonly warnings: readonly string[]
}

/** Rows that could not be read, of all files together. */
export class FaultyRows {
  #count = 0
  #first = ''

  add(path: string, rowNumber: number, { message }: RowFault): void {
    this.#count++
    if (this.#count === 1) this.#first = `${path}, row ${rowNumber}: ${message}`
  }

  get first(): string | undefined {
    return this.#count === 0 ? undefined : this.#first
  }

  warnings(): string[] {
    if (this.#count === 0) return []
    return [`rows that cannot be read are left out: ${this.#count}; the first is ${this.#first}`]
  }
}

/** Reads the files of one run, all of one format. */
export interface SampleReader {
  samples(file: SourceFile, faultyRows: FaultyRows): AsyncIterable<RequestSample>
  /** When all was read. */
  notes(): SampleNotes
}

export function sampleReader(format: SampleFormat, throttled: ReadonlySet<number>): SampleReader {
  return format === 'jmeter-jtl' ? jtlReader(throttled) : k6Reader(format, throttled)
}

function k6Reader(format: 'k6-csv' | 'k6-json', throttled: ReadonlySet<number>): SampleReader {
  const points = new K6Points(throttled)
  const sampleOf = (point: K6Point | undefined): RequestSample | undefined => point && points.read(point)
  return {
    samples: (file, faultyRows) =>
      format === 'k6-csv'
        ? samplesOf(file, fieldsOf(file), faultyRows, (fields) => sampleOf(k6CsvPoint(fields)))
        : samplesOf(file, linesOf(file), faultyRows, (line) => sampleOf(k6JsonPoint(line))),
    notes: () => {
      const { unmeasuredCount, ...counts } = points.counts
      const unmeasured = `requests of setup() and teardown() are in no figure: ${unmeasuredCount}`
      return { ...counts, warnings: unmeasuredCount === 0 ? [] : [unmeasured] }
    },
  }
}

function jtlReader(throttled: ReadonlySet<number>): SampleReader {
  const jtl = new JtlRows(throttled)
  return {
    samples: (file, faultyRows) => samplesOf(file, fieldsOf(file), faultyRows, (fields) => jtl.read(fields)),
    notes: () => ({
      checks: [],
      completedCount: undefined,
      droppedCount: undefined,
      warnings: [
        ...(jtl.otherCount === 0
          ? []
          : [`transactions and samplers without a response code are left out: ${jtl.otherCount} rows`]),
        ...(jtl.assertedCount === 0
          ? []
          : [`replies that failed an assertion count by their status, as accepted: ${jtl.assertedCount}`]),
      ],
    }),
  }
}

async function* samplesOf<Row>(
  file: SourceFile,
  rows: AsyncIterable<Row>,
  faultyRows: FaultyRows,
  sampleOf: (row: Row) => RequestSample | undefined,
): AsyncGenerator<RequestSample> {
  // The header is the first row of a table; k6's JSON has none.
  let rowNumber = file.format === 'k6-json' ? 0 : 1
  for await (const row of rows) {
    rowNumber++
    let sample: RequestSample | undefined
    try {
      sample = sampleOf(row)
    } catch (error) {
      if (!(error instanceof RowFault)) throw error
      faultyRows.add(file.path, rowNumber, error)
    }
    if (sample !== undefined) yield sample
  }
}
