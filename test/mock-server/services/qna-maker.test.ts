import { describe, expect, test } from 'vitest'
import { createApp, type MockApp } from '../../../mock-server/app.ts'
import type { MockRequest } from '../../../mock-server/exchange.ts'
import { findProfile, listProfiles } from '../../../mock-server/profiles/catalog.ts'
import { configOf, header, json, request } from '../requests.ts'

const BASE = '/qnamaker/knowledgebases/11111111-2222-3333-4444-555555555555'
const HEADERS = { authorization: 'EndpointKey mock-key-1', 'content-type': 'application/json' }

const app = (spec = 'qnamaker-50,latency=20ms'): MockApp => createApp(configOf(spec), 1)

const ask = (body: unknown, overrides: Partial<MockRequest> = {}): MockRequest => ({
  ...request({ method: 'POST', path: `${BASE}/generateAnswer`, headers: HEADERS, body }),
  ...overrides,
})
const train = (body: unknown): MockRequest => ask(body, { path: `${BASE}/train` })

interface Answered {
  readonly answers: readonly { readonly id: number; readonly score: number }[]
}
const answered = (body: unknown): Answered => json(app().handle(ask(body), 0)) as unknown as Answered

describe('generateAnswer', () => {
  test('answers 200 with one answer, the same every time', () => {
    const plan = app().handle(ask({ question: 'How late is it?' }), 1_000)
    expect([plan.status, plan.replyAtUs]).toEqual([200, 21_000])
    expect(json(plan)).toEqual({
      answers: [
        {
          questions: [expect.any(String)],
          answer: expect.any(String),
          score: expect.any(Number),
          id: expect.any(Number),
          source: 'mock.tsv',
          metadata: [],
          context: { isContextOnly: false, prompts: [] },
        },
      ],
    })
    expect(answered({ question: 'How late is it?' })).toEqual(json(plan))
  })

  test('gives as many as are asked for, the best first, none below the threshold', () => {
    const scores = answered({ question: 'why', top: 3 }).answers.map(({ score }) => score)
    expect(scores).toHaveLength(3)
    expect(scores).toEqual(scores.toSorted((one, other) => other - one))
    expect(scores[0]).toBeGreaterThanOrEqual(60)
    const threshold = scores[1]!
    expect(answered({ question: 'why', top: 3, scoreThreshold: threshold }).answers).toHaveLength(2)
  })

  test.each<[string, unknown]>([
    ['a threshold that nothing reaches', { question: 'why', scoreThreshold: 100 }],
    ['a question without a word', { question: '???' }],
    ['an id that there is not', { qnaId: 1_001 }],
  ])('%s has the answer that there is none', (_story, body) => {
    expect(answered(body)).toMatchObject({ answers: [{ id: -1, score: 0, questions: [] }] })
  })

  test.each([7, '7'])('an entry is to be had by its id %j', (qnaId) => {
    expect(answered({ qnaId })).toMatchObject({ answers: [{ id: 7, score: 100 }] })
  })
})

test('train answers 204 without a body', () => {
  const record = { userId: 'u', userQuestion: 'why', qnaId: 1 }
  const plan = app().handle(train({ feedbackRecords: Array.from({ length: 1_000 }, () => record) }), 0)
  expect([plan.status, plan.body]).toEqual([204, ''])
})

describe('what is refused', () => {
  const filter = (name: string, value: string): object => ({
    question: 'a',
    strictFilters: [{ name, value }],
  })

  test.each<[string, MockRequest, number, string]>([
    ['another path', ask({}, { path: '/qnamaker/knowledgebases' }), 404, 'NotFound'],
    ['an id that is no GUID', ask({}, { path: '/qnamaker/knowledgebases/x/train' }), 404, 'KbNotFound'],
    ['another method', ask({}, { method: 'GET' }), 405, 'OperationNotFound'],
    ['no key', ask({}, { headers: { 'content-type': 'application/json' } }), 401, 'Unauthorized'],
    [
      'a wrong key',
      ask({}, { headers: { ...HEADERS, authorization: 'EndpointKey x' } }),
      401,
      'Unauthorized',
    ],
    [
      'a key as a token',
      ask({}, { headers: { ...HEADERS, authorization: 'Bearer mock-key-1' } }),
      401,
      'Unauthorized',
    ],
    [
      'another media type',
      ask({}, { headers: { authorization: HEADERS.authorization } }),
      415,
      'BadArgument',
    ],
    ['a body above 1 MiB', ask({}, { body: new Uint8Array(1_048_577) }), 413, 'BadArgument'],
    ['no JSON', ask('{'), 400, 'BadArgument'],
    ['neither a question nor an id', ask({ top: 1 }), 400, 'BadArgument'],
    ['a question of 1,001 characters', ask({ question: 'x'.repeat(1_001) }), 400, 'BadArgument'],
    ['a top of 0', ask({ question: 'a', top: 0 }), 400, 'BadArgument'],
    ['a threshold of 101', ask({ question: 'a', scoreThreshold: 101 }), 400, 'BadArgument'],
    ['a filter name of 101 characters', ask(filter('x'.repeat(101), 'a')), 400, 'BadArgument'],
    ['a filter value of 501 characters', ask(filter('a', 'x'.repeat(501))), 400, 'BadArgument'],
    ['feedback that is none', train({ feedbackRecords: [{}] }), 400, 'BadArgument'],
    ['no feedback', train({}), 400, 'BadArgument'],
    [
      '1,001 records',
      train({ feedbackRecords: Array.from({ length: 1_001 }, () => ({})) }),
      400,
      'BadArgument',
    ],
  ])('%s', (_story, asked, status, code) => {
    const plan = app().handle(asked, 5)
    expect([plan.status, plan.replyAtUs]).toEqual([status, 5])
    expect(json(plan)).toEqual({ error: { code, message: expect.any(String) } })
    expect(header(plan, 'Allow')).toBe(status === 405 ? 'POST' : undefined)
  })
})

// azure-docs QnAMaker/Concepts/azure-resources.md: throughput and what it takes; units are replicas × partitions.
describe('T11: the throughput guide', () => {
  test.each([
    [3, 'App Service S1×1 + Search S1 1×1 (1 SU)'],
    [50, 'App Service S3×10 + Search S1 12×1 (12 SU)'],
    [80, 'App Service S3×10 + Search S3 12×1 (12 SU)'],
    [100, 'App Service P3V2×10 + Search S3 12×3 (36 SU)'],
    [200, 'App Service P3V2×20 + Search S3 12×3 (36 SU)'],
  ])('%d questions a second', (questionsPerS, tier) => {
    expect(findProfile(`qnamaker-${questionsPerS}`)?.tier).toBe(tier)
    const rows = listProfiles().filter(({ name }) => name === `qnamaker-${questionsPerS}`)
    expect(rows.at(-1)?.limits).toBe(`${questionsPerS} served at once, ${questionsPerS} waiting`)

    // Twice as many for 10 s: what is admitted beyond the guide's rate is the backlog.
    const mock = app(`qnamaker-${questionsPerS}`)
    const plans = Array.from({ length: 20 * questionsPerS }, (_, n) =>
      mock.handle(ask({ question: 'a' }), Math.floor((n * 500_000) / questionsPerS)),
    )
    const admittedCount = plans.filter(({ status }) => status === 200).length
    expect(admittedCount).toBeGreaterThanOrEqual(10 * questionsPerS)
    expect(admittedCount).toBeLessThanOrEqual(12 * questionsPerS)
    expect(new Set(plans.map(({ status }) => status))).toEqual(new Set([200, 503]))
  })

  test('as it saturates questions take longer first, then there are 503s', () => {
    const mock = app('qnamaker-3')
    const plans = Array.from({ length: 7 }, () => mock.handle(ask({ question: 'a' }), 0))
    expect(plans.map(({ replyAtUs }) => replyAtUs / 1_000_000)).toEqual([1, 1, 1, 2, 2, 2, 0])
    expect(json(plans[6]!)).toMatchObject({ error: { code: 'ServiceError' } })
  })
})

test('limits of the user are a 429, a quota a 403', () => {
  const limited = app('qnamaker-50,tps=1')
  limited.handle(ask({ question: 'a' }), 0)
  const plan = limited.handle(ask({ question: 'a' }), 1)
  expect([plan.status, json(plan)]).toMatchObject([429, { error: { code: 'QuotaExceeded' } }])
  const spent = app('qnamaker-50,quota=1/30d')
  spent.handle(ask({ question: 'a' }), 0)
  expect(spent.handle(ask({ question: 'a' }), 1).status).toBe(403)
})
