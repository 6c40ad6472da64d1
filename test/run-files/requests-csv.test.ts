import { gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { RequestLog, type RequestRecord } from '../../src/measure/request-log.ts'
import { requestsHeader, requestsRows } from '../../src/run-files/requests-csv.ts'
import { readCsvRows } from '../support/csv-reader.ts'
import { REQUEST } from '../support/request-fixture.ts'
import { FACTS } from '../support/summary-fixture.ts'

const REQUESTS: readonly RequestRecord[] = [
  REQUEST,
  { ...REQUEST, attempt: 2, outcome: 'throttled', status: 429, retryAfterUs: 1_500_000, sentUs: 2_000_000 },
  { ...REQUEST, outcome: 'network_error', status: undefined, error: 'reset', firstByteUs: undefined },
  { ...REQUEST, outcome: 'aborted', status: undefined, error: 'aborted', firstByteUs: undefined },
]

it('writes a row for each request, in members that make one file', () => {
  const members = REQUESTS.map((request) => {
    const log = new RequestLog()
    log.add(request)
    const batch = log.take()
    if (batch === undefined) throw new Error('nothing was logged')
    return requestsRows(FACTS, 2_000_000, batch)
  })
  const rows = readCsvRows(gunzipSync(Buffer.concat([requestsHeader(), ...members])).toString())
  expect(rows[0]).toEqual({
    schema_version: '1',
    run_id: FACTS.runId,
    second: '1',
    sent_at: '2026-11-21T02:17:01.000207Z',
    warmup: 'true',
    name: 'rank',
    scenario: 'steady',
    method: 'POST',
    vu: '3',
    attempt: '1',
    outcome: 'accepted',
    status: '201',
    error: '',
    response_time_ms: '11.201',
    service_time_ms: '11.001',
    first_byte_ms: '10',
    connecting_ms: '0.15',
    retry_after_s: '',
    sent_bytes: '500',
    received_bytes: '700',
  })
  expect(rows[1]).toMatchObject({ second: '2', warmup: 'false', status: '429', retry_after_s: '1.5' })
  expect(rows[2]).toMatchObject({ status: '', error: 'reset', first_byte_ms: '', service_time_ms: '11.001' })
  expect(rows[3]).toMatchObject({ outcome: 'aborted', response_time_ms: '', service_time_ms: '' })
  expect(rows).toHaveLength(4)
})
