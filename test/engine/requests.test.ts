import { describe, expect, it } from 'vitest'
import type { RequestSpec } from '../../src/engine/host.ts'
import {
  observe,
  runEngine,
  summaryOf,
  type EngineRun,
  type EngineRunOptions,
} from '../support/engine-run.ts'
import type { PlainScript } from '../support/plain-script.ts'
import type { Answer } from '../support/fake-transport.ts'

const MS = 1_000
const SECOND = 1_000_000

/** One iteration a second for 2 s, 10 VUs. */
function run(
  script: PlainScript,
  answer: Answer = () => ({}),
  more: Partial<EngineRunOptions> = {},
): Promise<EngineRun> {
  const scenario = { executor: 'constant-arrival-rate', rate: 1, duration: '2s', preAllocatedVUs: 10 }
  return runEngine({ options: { scenarios: { s: scenario } }, script, answer, ...more })
}

const SPEC: RequestSpec = {
  method: 'GET',
  url: 'http://target/',
  target: { protocol: 'http:', hostname: 'target', port: 80, authority: 'target' },
  path: '/',
  headers: [],
  body: null,
  timeoutUs: SECOND,
  name: 'http://target/',
  tags: undefined,
}

const askOnce: PlainScript = ({ http }) => ({ default: () => http.get('http://target/') })

function offeredBySecond({ rows }: EngineRun, name: string): number[] {
  return rows.filter((row) => row.name === name).map(({ offeredCount }) => offeredCount)
}

describe('when a request was planned', () => {
  it('the first of an iteration: when the iteration was due', async () => {
    const { all } = await run(askOnce, () => ({ sentAfterUs: 40 * MS, afterUs: 100 * MS }))
    expect(all.responseTimeAccepted).toMatchObject({ count: 2, minUs: 100 * MS, maxUs: 100 * MS })
    expect(all.serviceTimeAccepted).toMatchObject({ count: 2, minUs: 60 * MS, maxUs: 60 * MS })
  })

  it('the first one after sleeps: moved by them', async () => {
    const result = await run(({ http, sleep }) => ({
      default: async () => {
        await sleep(0.7)
        await sleep(0.6)
        await http.get('http://target/')
      },
    }))
    expect(result.seen.map(({ atUs }) => atUs)).toEqual([1300 * MS, 2300 * MS])
    expect(offeredBySecond(result, '_all')).toEqual([0, 1, 1])
    expect(result.all.responseTimeAccepted.maxUs).toBe(10 * MS)
  })

  it('later ones: when they were asked', async () => {
    const result = await run(
      ({ http, sleep }) => ({
        default: async () => {
          await http.get('http://target/rank')
          await sleep(1)
          await http.get('http://target/reward')
        },
      }),
      ({ path }) => ({ afterUs: path === '/rank' ? 100 * MS : 30 * MS }),
    )
    expect(summaryOf(result, 'http://target/rank').responseTimeAccepted.maxUs).toBe(100 * MS)
    expect(summaryOf(result, 'http://target/reward').responseTimeAccepted.maxUs).toBe(30 * MS)
    expect(offeredBySecond(result, 'http://target/reward').slice(-2)).toEqual([1, 1])
  })

  it('in the closed model: when the VU was ready', async () => {
    const options = { scenarios: { s: { executor: 'constant-vus', vus: 1, duration: '1s' } } }
    const { all } = await run(askOnce, () => ({ afterUs: 400 * MS }), { options })
    expect(all.responseTimeAccepted).toMatchObject({ count: 3, minUs: 400 * MS, maxUs: 400 * MS })
  })
})

describe('outcomes', () => {
  const cases: readonly (readonly [outcome: string, answer: Answer])[] = [
    ['accepted', () => ({ status: 204 })],
    ['accepted', () => ({ status: 304 })],
    ['throttled', () => ({ status: 429 })],
    ['client_error', () => ({ status: 404 })],
    ['server_error', () => ({ status: 503 })],
    ['timeout', () => ({ afterUs: 61 * SECOND })],
    ['timeout', () => ({ error: 'timeout', afterUs: SECOND })],
    ['network_error', () => ({ error: 'refused', sentAfterUs: null })],
    ['network_error', () => ({ error: 'reset' })],
    ['aborted', () => ({ error: 'aborted' })],
  ]

  it('tells each reason of a failure once, and none of a timeout', async () => {
    const script: PlainScript = ({ http }) => ({
      default: async () => {
        await http.get('http://target/a')
        await http.get('http://target/b')
      },
    })
    const refused = await run(script, () => ({ error: 'refused' }))
    expect(refused.log.filter((line) => line.startsWith('warn: a request failed: '))).toHaveLength(1)
    const late = await run(script, () => ({ error: 'timeout' }))
    expect(late.log).toEqual([])
  })

  it.each(cases)('%s', async (outcome, answer) => {
    const options = {
      scenarios: {
        s: { executor: 'constant-vus', vus: 1, duration: '1s', gracefulStop: '100s' },
      },
    }
    const script: PlainScript = ({ http, sleep }) => ({
      default: async () => {
        await http.get('http://target/')
        await sleep(2)
      },
    })
    const result = await run(script, answer, { options })
    expect(result.all.sentCount).toBe(1)
    expect(result.all.outcomeCounts).toEqual({
      accepted: 0,
      throttled: 0,
      client_error: 0,
      server_error: 0,
      timeout: 0,
      network_error: 0,
      aborted: 0,
      [outcome]: 1,
    })
    expect(result.all.operationsFailedCount).toBe(outcome === 'accepted' ? 0 : 1)
    expect(observe(result, 'operations_failed', 'rate')).toBe(outcome === 'accepted' ? 0 : 1)
    expect(observe(result, 'http_req_throttled', 'rate')).toBe(outcome === 'throttled' ? 1 : 0)
    expect(observe(result, 'http_req_failed', 'rate')).toBe(outcome === 'accepted' ? 0 : 1)
    expect(result.last.progress.completedCount).toBe(1)
  })

  it('a request that never left counts as sent at the moment it failed', async () => {
    const result = await run(askOnce, () => ({ error: 'refused', sentAfterUs: null, afterUs: 1500 * MS }))
    const rows = result.rows.filter(({ name }) => name === '_all')
    expect(rows.map(({ offeredCount }) => offeredCount)).toEqual([1, 1, 0])
    expect(rows.map(({ sentCount }) => sentCount)).toEqual([0, 1, 1])
    expect(rows.map(({ outcomeCounts }) => outcomeCounts.network_error)).toEqual([0, 1, 1])
    const times = (measure: string): (readonly number[])[] =>
      result.figures.histograms
        .filter((row) => row.name === '_all' && row.measure === measure && row.outcome === 'network_error')
        .map(({ histogram }) => histogram.lowUs)
    expect(times('service_time')).toEqual([[0]])
    expect(times('response_time')).toEqual([[1_499_136]])
  })

  it('a request times out with what params.timeout says, counted from asking', async () => {
    const script: PlainScript = ({ http }) => ({
      default: () => http.get('http://target/', { timeout: '300ms' }),
    })
    const result = await run(script, () => ({ sentAfterUs: 100 * MS, afterUs: 400 * MS }))
    expect(result.all.outcomeCounts.timeout).toBe(2)
    expect(result.last.nowUs).toBe(2 * SECOND)
    const service = result.figures.histograms.find((row) => row.measure === 'service_time')
    expect(service?.histogram.lowUs).toEqual([199_936])
  })
})

describe('metrics of requests', () => {
  const ALL_DURATIONS = [
    'http_req_duration',
    'http_req_blocked',
    'http_req_connecting',
    'http_req_tls_handshaking',
    'http_req_sending',
    'http_req_waiting',
    'http_req_receiving',
  ]

  const observed = async (answer: Answer): Promise<Record<string, number | undefined>> => {
    const selectors = [...ALL_DURATIONS, 'http_req_response_time', 'operation_duration'].map((metric) => ({
      metric,
      tags: [],
    }))
    const result = await run(askOnce, answer, { selectors })
    return Object.fromEntries(selectors.map(({ metric }) => [metric, observe(result, metric, 'max')]))
  }

  it('have the durations of a reply in ms', async () => {
    expect(await observed(() => ({ sentAfterUs: 40 * MS, afterUs: 100 * MS }))).toEqual({
      http_req_duration: 60,
      http_req_blocked: 40,
      http_req_connecting: 0,
      http_req_tls_handshaking: 0,
      http_req_sending: 0,
      http_req_waiting: 60,
      http_req_receiving: 0,
      http_req_response_time: 100,
      operation_duration: 100,
    })
  })

  it('have those of a failed request, 0 for the phases that it did not reach', async () => {
    expect(await observed(() => ({ sentAfterUs: 40 * MS, afterUs: 100 * MS, error: 'reset' }))).toEqual({
      http_req_duration: 60,
      http_req_blocked: 40,
      http_req_connecting: 0,
      http_req_tls_handshaking: 0,
      http_req_sending: 0,
      http_req_waiting: 0,
      http_req_receiving: 0,
      http_req_response_time: 100,
      operation_duration: 100,
    })
  })

  it('count bytes, requests and what throttled replies ask for', async () => {
    const selectors = [{ metric: 'retry_after', tags: [] }]
    const headers = [['Retry-After', '3']] as const
    const result = await run(askOnce, () => ({ status: 429, headers }), { selectors })
    expect(observe(result, 'http_reqs')).toBe(2)
    expect(observe(result, 'data_sent')).toBe(200)
    expect(observe(result, 'data_received')).toBe(400)
    expect(observe(result, 'retry_after', 'max')).toBe(3_000)
    expect(result.all).toMatchObject({ sentBytes: 200, receivedBytes: 400 })
    expect(result.all.retryAfter).toMatchObject({ count: 2, maxUs: 3 * SECOND })
  })

  it('do not take a Retry-After from a reply that is not throttled', async () => {
    const headers = [['Retry-After', '3']] as const
    expect((await run(askOnce, () => ({ status: 503, headers }))).all.retryAfter.count).toBe(0)
  })

  it('survive a Retry-After that nobody can wait for', async () => {
    const headers = [['Retry-After', '9'.repeat(30)]] as const
    const result = await run(askOnce, () => ({ status: 429, headers }))
    expect(result.all.outcomeCounts.throttled).toBe(2)
    expect(result.all.retryAfter.count).toBe(0)
  })
})

describe('a reply that the API cannot make a response of', () => {
  it('is an exception of the iteration, not of the transport', async () => {
    const script: PlainScript = ({ host }) => ({
      default: () =>
        host.request(SPEC, () => {
          throw new TypeError('no response')
        }),
    })
    const result = await run(script)
    expect(result.last.progress).toMatchObject({ completedCount: 2, exceptionCount: 2 })
    expect(result.log).toEqual(['error: no response', 'error: no response'])
    expect(result.all.outcomeCounts.accepted).toBe(2)
  })
})

describe('a redirect', () => {
  it('is a request of its own, and counts against the limit of requests', async () => {
    const headers = [['Location', '/there']] as const
    const answer: Answer = ({ path }) => (path === '/there' ? {} : { status: 302, headers })
    const whole = await run(askOnce, answer)
    expect(whole.all).toMatchObject({ sentCount: 4, outcomeCounts: { accepted: 4 } })
    const limited = await run(askOnce, answer, { maxRequests: 3 })
    expect(limited.all).toMatchObject({ sentCount: 3, outcomeCounts: { accepted: 3, aborted: 0 } })
    expect(limited.last.progress).toMatchObject({ completedCount: 1, interruptedCount: 1 })
  })
})
