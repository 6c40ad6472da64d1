import type { BurstRow } from '../measure/summary.ts'
import { type Column, csvFile, number, SCHEMA_VERSION, text } from './csv.ts'
import type { RunFacts } from './run-facts.ts'

interface Row {
  readonly facts: RunFacts
  readonly burst: BurstRow
}

const COLUMNS: readonly Column<Row>[] = [
  text('schema_version', () => String(SCHEMA_VERSION)),
  text('run_id', (row) => row.facts.runId),
  text('name', (row) => row.burst.name),
  text('traffic', (row) => row.burst.traffic),
  number('window_ms', (row) => row.burst.windowMs),
  number('peak_rps', (row) => row.burst.peakRps),
  number('mean_rps', (row) => row.burst.meanRps),
  number('peak_to_average_ratio', (row) => row.burst.peakToAverageRatio),
  number('dispersion_ratio', (row) => row.burst.dispersionRatio),
]

/** burst.csv: one row per name, kind of traffic and window. */
export function burstCsv(facts: RunFacts, bursts: readonly BurstRow[]): string {
  return csvFile(
    COLUMNS,
    bursts.map((burst) => ({ facts, burst })),
  )
}
