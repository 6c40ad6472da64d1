import type { RunSummary } from '../measure/summary.ts'
import { type Column, csvHeader, csvRows, number, SCHEMA_VERSION, text } from './csv.ts'
import { publicTarget } from './redact.ts'
import { isoTime, type RunEnd, type RunFacts } from './run-facts.ts'
import { SUMMARY_COLUMNS, type SummaryRow } from './summary-csv.ts'

interface RunRow {
  readonly facts: RunFacts
  readonly end: RunEnd
  readonly all: SummaryRow
}

const COLUMNS: readonly Column<RunRow>[] = [
  text('schema_version', () => String(SCHEMA_VERSION)),
  text('run_id', (row) => row.facts.runId),
  text('started_at', (row) => isoTime(row.facts.epochMs)),
  text('scenario', (row) => row.facts.scenario),
  text('script_sha256', (row) => row.facts.scriptSha256),
  text('options_sha256', (row) => row.facts.optionsSha256),
  number('seed', (row) => row.facts.seed),
  text('target_kind', (row) => row.facts.targetKind),
  text('target', (row) => publicTarget(row.facts.target)),
  text('tool_version', (row) => row.facts.toolVersion),
  text('node_version', (row) => row.facts.nodeVersion),
  text('host', (row) => row.facts.host),
  text('commit', (row) => row.facts.commit),
  text('branch', (row) => row.facts.branch),
  number('exit_code', (row) => row.end.exitCode),
  ...SUMMARY_COLUMNS.filter((column) => column.numeric).map((column) => ({
    name: column.name,
    numeric: true,
    value: (row: RunRow) => column.value(row.all),
  })),
]

/** The first line of runs.csv. */
export function runsHeader(): string {
  return csvHeader(COLUMNS)
}

/** The line of this run in runs.csv: its identity and every number of the `_all` row of summary.csv. */
export function runsRow(facts: RunFacts, end: RunEnd, run: RunSummary): string {
  const summary = run.names.find((row) => row.name === '_all')
  if (summary === undefined) throw new Error('the run summary has no _all row')
  return csvRows(COLUMNS, [{ facts, end, all: { facts, verdict: run.verdict, summary } }])
}
