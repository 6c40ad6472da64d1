import type { NightComparison } from '../stats/night-gate.ts'
import { CHANGE_COLUMNS } from './comparison-csv.ts'
import { type Column, csvFile, number, SCHEMA_VERSION, text } from './csv.ts'

/** What of a judged night stands in the file. */
export interface JudgedNight {
  readonly head: { readonly runId: string; readonly scenario: string }
  readonly confirmation: { readonly runId: string } | undefined
  readonly state: string
  readonly metrics: readonly JudgedRow[]
}

interface JudgedRow {
  readonly comparison: NightComparison
  readonly past: readonly { readonly runId: string }[]
  readonly isConfirmed: boolean | undefined
}

interface NightsRow extends JudgedRow {
  readonly night: JudgedNight
}

const COLUMNS: readonly Column<NightsRow>[] = [
  text('schema_version', () => String(SCHEMA_VERSION)),
  text('run_id', ({ night }) => night.head.runId),
  text('confirmation_run_id', ({ night }) => night.confirmation?.runId),
  text('scenario', ({ night }) => night.head.scenario),
  text('state', ({ night }) => night.state),
  ...CHANGE_COLUMNS,
  number('base_count', ({ comparison }) => comparison.baseCount),
  number('past_count', ({ past }) => past.length),
  number('p_value', ({ comparison }) => comparison.pValue),
  number('p_holm', ({ comparison }) => comparison.adjustedPValue),
  text('verdict', ({ comparison }) => comparison.verdict),
  text('confirmed', ({ isConfirmed }) => isConfirmed?.toString()),
  text('changed_run_id', (row) => row.past[lastChange(row)?.index ?? -1]?.runId),
  number('changed_from', (row) => lastChange(row)?.before),
  number('changed_to', (row) => lastChange(row)?.after),
  text('warnings', ({ comparison }) => comparison.warnings.join('; ')),
]

function lastChange({ comparison }: JudgedRow): NightComparison['changes'][number] | undefined {
  return comparison.changes.at(-1)
}

/** nights.csv: one row for each judged metric of a request name; none when the night is noisy. */
export function nightsCsv(night: JudgedNight): string {
  return csvFile(
    COLUMNS,
    night.metrics.map((judged) => ({ ...judged, night })),
  )
}
