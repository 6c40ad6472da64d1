import { EXIT, UserError } from '../core/errors.ts'
import { HIGHEST_DURATION_US } from '../measure/buckets.ts'
import type { Outcome } from '../measure/outcome.ts'
import type { Measure } from '../measure/snapshot.ts'
import type { HistogramRows } from '../measure/summary.ts'
import { csvRows, type CsvRow } from './csv-reader.ts'

interface GrowingRows extends HistogramRows {
  readonly histogram: { readonly lowUs: number[]; readonly counts: number[] }
}

/**
 * The histograms of histogram.csv, in its order.
 *
 * @throws UserError (usage) when the file cannot be read
 */
export async function readHistograms(path: string): Promise<HistogramRows[]> {
  const histograms = new Map<string, GrowingRows>()
  for await (const row of csvRows(path)) {
    const [name, outcome, measure] = [row.text('name'), row.text('outcome'), row.text('measure')]
    const key = JSON.stringify([name, outcome, measure])
    let rows = histograms.get(key)
    if (rows === undefined) {
      rows = {
        name,
        outcome: outcome === '' ? null : (outcome as Outcome),
        measure: measure as Measure,
        histogram: { lowUs: [], counts: [] },
      }
      histograms.set(key, rows)
    }
    rows.histogram.lowUs.push(wholeNumber(path, row, 'low_us', HIGHEST_DURATION_US))
    rows.histogram.counts.push(wholeNumber(path, row, 'count', Number.MAX_SAFE_INTEGER))
  }
  return [...histograms.values()]
}

/** Other tools may have written into the file, and a bucket that there is not would be a fault of ours further on. */
function wholeNumber(path: string, row: CsvRow, column: string, most: number): number {
  const value = row.count(column)
  if (Number.isSafeInteger(value) && value >= 0 && value <= most) return value
  const what = `${column} of ${row.text('name')} is ${value}: it must be a whole number from 0 to ${most}`
  throw new UserError(EXIT.usage, [{ where: path, what, todo: 'Give the file as it was written.' }])
}
