import { OUTCOMES } from '../measure/outcome.ts'
import type { SecondRow } from '../measure/summary.ts'
import { type Column, csvHeader, csvRows, ms, number, SCHEMA_VERSION, text } from './csv.ts'
import { isoTime, type RunFacts } from './run-facts.ts'

interface TimeseriesRow {
  readonly facts: Pick<RunFacts, 'runId' | 'epochMs'>
  readonly cell: SecondRow
}

const COLUMNS: readonly Column<TimeseriesRow>[] = [
  text('schema_version', () => String(SCHEMA_VERSION)),
  text('run_id', (row) => row.facts.runId),
  number('second', (row) => row.cell.second),
  text('timestamp', (row) => isoTime(row.facts.epochMs + row.cell.second * 1000)),
  text('phase', (row) => row.cell.phase),
  text('name', (row) => row.cell.name),
  number('offered_count', (row) => row.cell.offeredCount),
  number('retry_count', (row) => row.cell.retryCount),
  number('sent_count', (row) => row.cell.sentCount),
  ...OUTCOMES.map((outcome) =>
    number(`${outcome}_count`, (row: TimeseriesRow) => row.cell.outcomeCounts[outcome]),
  ),
  ms('response_time_accepted_sum_ms', (row) => row.cell.responseTimeAcceptedSumUs),
  ms('response_time_accepted_p50_ms', (row) => row.cell.responseTimeAccepted.p50Us),
  ms('response_time_accepted_p95_ms', (row) => row.cell.responseTimeAccepted.p95Us),
  ms('response_time_accepted_p99_ms', (row) => row.cell.responseTimeAccepted.p99Us),
  ms('response_time_accepted_max_ms', (row) => row.cell.responseTimeAccepted.maxUs),
  ms('response_time_throttled_p50_ms', (row) => row.cell.responseTimeThrottledP50Us),
  number('inflight_max_count', (row) => row.cell.inflightMaxCount),
  number('cap_rps', (row) => row.cell.capRps),
  ms('schedule_delay_max_ms', (row) => row.cell.scheduleDelayMaxUs),
  number('iterations_due_count', (row) => row.cell.iterationsDueCount),
  number('iterations_dropped_count', (row) => row.cell.iterationsDroppedCount),
]

/** The first line of timeseries.csv. */
export function timeseriesHeader(): string {
  return csvHeader(COLUMNS)
}

/** Further lines of timeseries.csv: one per given cell, in the given order. */
export function timeseriesRows(facts: TimeseriesRow['facts'], cells: readonly SecondRow[]): string {
  return csvRows(
    COLUMNS,
    cells.map((cell) => ({ facts, cell })),
  )
}
