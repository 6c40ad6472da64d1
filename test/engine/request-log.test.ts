import { expect, it } from 'vitest'
import { MeasuredRequests, type MeteredRequest } from '../../src/engine/request-meter.ts'
import type { WireError, WireResponse } from '../../src/http/transport.ts'
import { MetricRegistry } from '../../src/measure/metrics.ts'
import { DEFAULT_OUTCOME_RULES } from '../../src/measure/outcome.ts'
import { Recorder } from '../../src/measure/recorder.ts'
import { RequestLog, requestsOf, type RequestRecord } from '../../src/measure/request-log.ts'

/** What the log has of one request that is measured. */
function recordOf(end: Partial<MeteredRequest>): RequestRecord | undefined {
  const requestLog = new RequestLog()
  const recorder = new Recorder()
  const metrics = new MetricRegistry({ selectors: [], warmupUs: 0 })
  const meter = new MeasuredRequests(DEFAULT_OUTCOME_RULES, { recorder, metrics, requestLog })
  const request: MeteredRequest = {
    spec: { name: 'rank', method: 'POST' },
    vuId: 7,
    nameId: meter.asked('rank', 1_000, 1),
    plannedUs: 1_000,
    attempt: 1,
    operation: undefined,
    sentAtUs: 1_700,
    outcome: 'accepted',
    status: 201,
    isExpected: true,
    response: undefined,
    error: undefined,
    tag: (key) => (key === 'scenario' ? 'steady' : undefined),
    ...end,
  }
  meter.sent(request)
  meter.ended(request, 5_000)
  const batch = requestLog.take()
  return batch && [...requestsOf(batch)][0]
}

const TIMINGS = {
  blockedUs: 50,
  connectingUs: 200,
  tlsUs: 300,
  sentAtUs: 1_700,
  requestEndAtUs: 1_750,
  firstByteAtUs: 4_000,
  doneAtUs: 5_000,
}

it('keeps of a reply when it came and what it weighed', () => {
  const response: WireResponse = {
    status: 201,
    statusText: 'Created',
    headers: [],
    header: () => undefined,
    body: new Uint8Array(),
    httpVersion: '1.1',
    timings: TIMINGS,
    sentBytes: 500,
    receivedBytes: 700,
  }
  expect(recordOf({ response })).toEqual({
    name: 'rank',
    scenario: 'steady',
    method: 'POST',
    vuId: 7,
    attempt: 1,
    outcome: 'accepted',
    status: 201,
    error: undefined,
    plannedUs: 1_000,
    sentUs: 1_700,
    firstByteUs: 4_000,
    doneUs: 5_000,
    connectingUs: 500,
    retryAfterUs: undefined,
    sentBytes: 500,
    receivedBytes: 700,
  })
})

it('keeps of an error its kind, and no status', () => {
  const error: WireError = {
    kind: 'reset',
    message: 'example closed the connection',
    code: 'ECONNRESET',
    atUs: 5_000,
    sentAtUs: 1_700,
    blockedUs: 0,
    connectingUs: 40,
    tlsUs: 0,
    sentBytes: 500,
    receivedBytes: 0,
  }
  expect(recordOf({ error, outcome: 'network_error', status: 0, isExpected: false })).toMatchObject({
    outcome: 'network_error',
    error: 'reset',
    status: undefined,
    firstByteUs: undefined,
    connectingUs: 40,
  })
})

it('keeps what a throttled reply asked for', () => {
  const response = {
    status: 429,
    headers: [['Retry-After', '2']],
    header: (name: string) => (name === 'retry-after' ? '2' : undefined),
    timings: TIMINGS,
  } as unknown as WireResponse
  expect(recordOf({ response, outcome: 'throttled', status: 429 })).toMatchObject({ retryAfterUs: 2_000_000 })
})
