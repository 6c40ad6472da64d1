import type { ThresholdResult } from '../measure/summary.ts'
import { type Column, csvFile, number, SCHEMA_VERSION, text } from './csv.ts'
import type { RunFacts } from './run-facts.ts'

interface Row {
  readonly facts: RunFacts
  readonly threshold: ThresholdResult
}

const COLUMNS: readonly Column<Row>[] = [
  text('schema_version', () => String(SCHEMA_VERSION)),
  text('run_id', (row) => row.facts.runId),
  text('metric', (row) => row.threshold.metric),
  text('expression', (row) => row.threshold.expression),
  number('observed', (row) => row.threshold.observed),
  text('unit', (row) => row.threshold.unit),
  text('result', (row) => row.threshold.result),
  text('aborted', (row) => String(row.threshold.aborted)),
]

/** thresholds.csv: one row per threshold. */
export function thresholdsCsv(facts: RunFacts, thresholds: readonly ThresholdResult[]): string {
  return csvFile(
    COLUMNS,
    thresholds.map((threshold) => ({ facts, threshold })),
  )
}
