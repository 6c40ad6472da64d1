import { zeroOutcomeCounts, OUTCOMES, type Outcome } from '../measure/outcome.ts'
import type { DurationSummary, Phase, SecondRow } from '../measure/summary.ts'
import { csvRows, type CsvRow } from './csv-reader.ts'
import { timeseriesHeader } from './timeseries-csv.ts'

/** What was read, and which columns an older file did not have; their fields are empty. */
export interface SecondsRead {
  readonly seconds: readonly SecondRow[]
  readonly lackedColumns: readonly string[]
}

/**
 * The seconds of one request name, or of `_all`, in order.
 *
 * @throws UserError (usage) when the file cannot be read
 */
export async function readSeconds(path: string, name: string): Promise<SecondsRead> {
  const seconds: SecondRow[] = []
  let lackedColumns: readonly string[] | undefined
  for await (const row of csvRows(path)) {
    lackedColumns ??= row.lacking(timeseriesHeader().trimEnd().split(','))
    if (row.text('name') === name) seconds.push(secondOf(row))
  }
  return { seconds, lackedColumns: lackedColumns ?? [] }
}

function secondOf(row: CsvRow): SecondRow {
  return {
    second: row.count('second'),
    phase: row.text('phase') as Phase,
    name: row.text('name'),
    offeredCount: row.count('offered_count'),
    retryCount: row.count('retry_count'),
    sentCount: row.count('sent_count'),
    outcomeCounts: outcomeCountsOf(row),
    responseTimeAcceptedSumUs: row.us('response_time_accepted_sum_ms') ?? 0,
    responseTimeAccepted: acceptedOf(row),
    responseTimeThrottledP50Us: row.us('response_time_throttled_p50_ms'),
    inflightMaxCount: row.count('inflight_max_count'),
    capRps: row.number('cap_rps'),
    scheduleDelayMaxUs: row.us('schedule_delay_max_ms'),
    iterationsDueCount: row.number('iterations_due_count'),
    iterationsDroppedCount: row.number('iterations_dropped_count'),
  }
}

function outcomeCountsOf(row: CsvRow): Record<Outcome, number> {
  const counts = zeroOutcomeCounts()
  for (const outcome of OUTCOMES) counts[outcome] = row.count(`${outcome}_count`)
  return counts
}

/** What the file does not hold (minimum, p90, p99.9) is left out. */
function acceptedOf(row: CsvRow): DurationSummary {
  const count = row.count('accepted_count')
  const sumUs = row.us('response_time_accepted_sum_ms')
  return {
    count,
    minUs: undefined,
    meanUs: count === 0 || sumUs === undefined ? undefined : sumUs / count,
    p50Us: row.us('response_time_accepted_p50_ms'),
    p90Us: undefined,
    p95Us: row.us('response_time_accepted_p95_ms'),
    p99Us: row.us('response_time_accepted_p99_ms'),
    p999Us: undefined,
    maxUs: row.us('response_time_accepted_max_ms'),
  }
}
