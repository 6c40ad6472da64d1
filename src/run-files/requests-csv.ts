import { gzipSync } from 'node:zlib'
import { US_PER_MS, US_PER_S } from '../core/units.ts'
import { requestsOf, type RequestBatch, type RequestRecord } from '../measure/request-log.ts'
import { type Column, csvHeader, csvRows, ms, number, SCHEMA_VERSION, seconds, text } from './csv.ts'
import type { RunFacts } from './run-facts.ts'

interface RequestRow {
  readonly facts: RunFacts
  readonly warmupUs: number
  readonly request: RequestRecord
}

/** A request that was cut off at the end of the run took no time that says anything. */
function durationUs({ outcome, doneUs }: RequestRecord, fromUs: number): number | undefined {
  return outcome === 'aborted' ? undefined : doneUs - fromUs
}

const COLUMNS: readonly Column<RequestRow>[] = [
  text('schema_version', () => String(SCHEMA_VERSION)),
  text('run_id', (row) => row.facts.runId),
  number('second', (row) => Math.floor(row.request.sentUs / US_PER_S)),
  text('sent_at', (row) => isoTimeUs(row.facts.epochMs, row.request.sentUs)),
  text('warmup', (row) => String(row.request.sentUs < row.warmupUs)),
  text('name', (row) => row.request.name),
  text('scenario', (row) => row.request.scenario),
  text('method', (row) => row.request.method),
  number('vu', (row) => row.request.vuId),
  number('attempt', (row) => row.request.attempt),
  text('outcome', (row) => row.request.outcome),
  number('status', (row) => row.request.status),
  text('error', (row) => row.request.error),
  ms('response_time_ms', (row) => durationUs(row.request, row.request.plannedUs)),
  ms('service_time_ms', (row) => durationUs(row.request, row.request.sentUs)),
  ms('first_byte_ms', ({ request }) => request.firstByteUs && request.firstByteUs - request.sentUs),
  ms('connecting_ms', (row) => row.request.connectingUs),
  seconds('retry_after_s', (row) => row.request.retryAfterUs),
  number('sent_bytes', (row) => row.request.sentBytes),
  number('received_bytes', (row) => row.request.receivedBytes),
]

/** `2026-11-21T02:17:00.000123Z`: DuckDB and pandas read microseconds, `Date` writes none. */
function isoTimeUs(epochMs: number, us: number): string {
  const time = new Date(epochMs + Math.floor(us / US_PER_MS)).toISOString()
  return time.replace('Z', `${String(us % US_PER_MS).padStart(3, '0')}Z`)
}

/** The first line of requests.csv.gz, compressed. */
export function requestsHeader(): Uint8Array {
  return gzipSync(csvHeader(COLUMNS))
}

/**
 * Further lines of requests.csv.gz, one per request. Each batch is a gzip member of its own (RFC 1952, 2.2), which every
 * reader takes for one stream: memory stays that of a batch, and after a crash all but the last member can be read.
 */
export function requestsRows(facts: RunFacts, warmupUs: number, batch: RequestBatch): Uint8Array {
  const rows = Array.from(requestsOf(batch), (request) => ({ facts, warmupUs, request }))
  // The fastest level: at thousands of requests a second this runs beside the engine, and repeats compress well anyway.
  return gzipSync(csvRows(COLUMNS, rows), { level: 1 })
}
