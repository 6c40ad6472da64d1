import { OUTCOMES } from '../measure/outcome.ts'
import type { NameSummary, RunSummary, Verdict } from '../measure/summary.ts'
import { type Column, csvFile, ms, number, SCHEMA_VERSION, seconds, text } from './csv.ts'
import { isoTime, type RunFacts } from './run-facts.ts'

export interface SummaryRow {
  readonly facts: RunFacts
  readonly verdict: Verdict
  readonly summary: NameSummary
}

/** Columns of summary.csv. */
export const SUMMARY_COLUMNS: readonly Column<SummaryRow>[] = [
  text('schema_version', () => String(SCHEMA_VERSION)),
  text('run_id', (row) => row.facts.runId),
  text('started_at', (row) => isoTime(row.facts.epochMs)),
  text('scenario', (row) => row.facts.scenario),
  text('name', (row) => row.summary.name),
  number('duration_s', (row) => row.summary.durationS),
  // Of another tool's generator nothing is known.
  text('verdict', (row) => (row.facts.targetKind === 'imported' ? undefined : row.verdict.level)),
  number('offered_count', (row) => row.summary.offeredCount),
  number('retry_count', (row) => row.summary.retryCount),
  number('sent_count', (row) => row.summary.sentCount),
  ...OUTCOMES.map((outcome) =>
    number(`${outcome}_count`, (row: SummaryRow) => row.summary.outcomeCounts[outcome]),
  ),
  number('iterations_due_count', (row) => row.summary.iterationsDueCount),
  number('iterations_dropped_count', (row) => row.summary.iterationsDroppedCount),
  number('operations_count', (row) => row.summary.operationsCount),
  number('operations_failed_count', (row) => row.summary.operationsFailedCount),
  number('offered_rps', (row) => row.summary.offeredRps),
  number('sent_rps', (row) => row.summary.sentRps),
  number('accepted_rps', (row) => row.summary.acceptedRps),
  number('cap_rps', (row) => row.summary.capRps),
  number('accepted_to_cap_ratio', (row) => row.summary.acceptedToCapRatio),
  number('throttled_ratio', (row) => row.summary.throttledRatio),
  number('expected_throttled_ratio', (row) => row.summary.expectedThrottledRatio),
  number('error_ratio', (row) => row.summary.errorRatio),
  number('offered_peak_1s_rps', (row) => row.summary.peak1s.offered.peakRps),
  number('sent_peak_1s_rps', (row) => row.summary.peak1s.sent.peakRps),
  number('accepted_peak_1s_rps', (row) => row.summary.peak1s.accepted.peakRps),
  number('offered_peak_to_average_1s_ratio', (row) => row.summary.peak1s.offered.peakToAverageRatio),
  number('sent_peak_to_average_1s_ratio', (row) => row.summary.peak1s.sent.peakToAverageRatio),
  number('accepted_peak_to_average_1s_ratio', (row) => row.summary.peak1s.accepted.peakToAverageRatio),
  number('retry_amplification_ratio', (row) => row.summary.retryAmplificationRatio),
  number('inflight_mean_count', (row) => row.summary.inflightMeanCount),
  number('inflight_max_count', (row) => row.summary.inflightMaxCount),
  ms('response_time_accepted_min_ms', (row) => row.summary.responseTimeAccepted.minUs),
  ms('response_time_accepted_mean_ms', (row) => row.summary.responseTimeAccepted.meanUs),
  ms('response_time_accepted_p50_ms', (row) => row.summary.responseTimeAccepted.p50Us),
  ms('response_time_accepted_p90_ms', (row) => row.summary.responseTimeAccepted.p90Us),
  ms('response_time_accepted_p95_ms', (row) => row.summary.responseTimeAccepted.p95Us),
  ms('response_time_accepted_p99_ms', (row) => row.summary.responseTimeAccepted.p99Us),
  ms('response_time_accepted_p999_ms', (row) => row.summary.responseTimeAccepted.p999Us),
  ms('response_time_accepted_max_ms', (row) => row.summary.responseTimeAccepted.maxUs),
  ms('service_time_accepted_p50_ms', (row) => row.summary.serviceTimeAccepted.p50Us),
  ms('service_time_accepted_p95_ms', (row) => row.summary.serviceTimeAccepted.p95Us),
  ms('service_time_accepted_p99_ms', (row) => row.summary.serviceTimeAccepted.p99Us),
  ms('service_time_accepted_max_ms', (row) => row.summary.serviceTimeAccepted.maxUs),
  ms('response_time_throttled_p50_ms', (row) => row.summary.responseTimeThrottled.p50Us),
  ms('response_time_throttled_p99_ms', (row) => row.summary.responseTimeThrottled.p99Us),
  ms('operation_duration_p50_ms', (row) => row.summary.operationDuration.p50Us),
  ms('operation_duration_p95_ms', (row) => row.summary.operationDuration.p95Us),
  ms('operation_duration_p99_ms', (row) => row.summary.operationDuration.p99Us),
  seconds('retry_after_p50_s', (row) => row.summary.retryAfter.p50Us),
  seconds('retry_after_max_s', (row) => row.summary.retryAfter.maxUs),
  ms('schedule_delay_p50_ms', (row) => row.summary.scheduleDelay?.p50Us),
  ms('schedule_delay_p99_ms', (row) => row.summary.scheduleDelay?.p99Us),
  ms('schedule_delay_max_ms', (row) => row.summary.scheduleDelay?.maxUs),
  number('loop_utilization_max_ratio', (row) => row.summary.loopUtilizationMaxRatio),
  number('sent_bytes', (row) => row.summary.sentBytes),
  number('received_bytes', (row) => row.summary.receivedBytes),
  // A code has no space in it.
  text('verdict_reasons', (row) => row.verdict.reasons.map(({ code }) => code).join(' ')),
]

/** summary.csv: one row per request name, `_all` first. */
export function summaryCsv(facts: RunFacts, run: RunSummary): string {
  const rows = run.names.map((summary) => ({ facts, verdict: run.verdict, summary }))
  return csvFile(SUMMARY_COLUMNS, rows)
}
