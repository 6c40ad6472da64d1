import type { Outcome } from '../measure/outcome.ts'
import type { Measure } from '../measure/snapshot.ts'
import type { HistogramRows } from '../measure/summary.ts'
import { csvRows } from './csv-reader.ts'

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
    rows.histogram.lowUs.push(row.count('low_us'))
    rows.histogram.counts.push(row.count('count'))
  }
  return [...histograms.values()]
}
