import { bucketHighUs } from '../measure/buckets.ts'
import type { HistogramRows } from '../measure/summary.ts'
import { type Column, csvFile, number, SCHEMA_VERSION, text } from './csv.ts'
import type { RunFacts } from './run-facts.ts'

interface Bucket {
  readonly facts: RunFacts
  readonly of: HistogramRows
  readonly lowUs: number
  readonly count: number
}

const COLUMNS: readonly Column<Bucket>[] = [
  text('schema_version', () => String(SCHEMA_VERSION)),
  text('run_id', (row) => row.facts.runId),
  text('name', (row) => row.of.name),
  text('outcome', (row) => row.of.outcome ?? undefined),
  text('measure', (row) => row.of.measure),
  number('low_us', (row) => row.lowUs),
  number('high_us', (row) => bucketHighUs(row.lowUs)),
  number('count', (row) => row.count),
]

/** histogram.csv: one row per bucket that holds anything. */
export function histogramCsv(facts: RunFacts, histograms: readonly HistogramRows[]): string {
  const buckets = histograms.flatMap((of) =>
    of.histogram.lowUs.map((lowUs, i) => ({ facts, of, lowUs, count: of.histogram.counts[i] ?? 0 })),
  )
  return csvFile(COLUMNS, buckets)
}
