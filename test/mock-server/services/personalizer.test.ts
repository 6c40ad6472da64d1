import { describe, expect, test } from 'vitest'
import { createApp, type MockApp } from '../../../mock-server/app.ts'
import type { MockRequest } from '../../../mock-server/exchange.ts'
import { configOf, header, json, JSON_HEADERS, rank, RANK_PATH, request, reward } from '../requests.ts'

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

const app = (spec = 'personalizer-s0,tps=none,concurrency=none,latency=20ms'): MockApp =>
  createApp(configOf(spec), 1)

interface RankReply {
  readonly ranking: readonly { readonly id: string; readonly probability: number }[]
  readonly eventId: string
  readonly rewardActionId: string
}
const ranked = (mock: MockApp, call: MockRequest): RankReply =>
  json(mock.handle(call, 0)) as unknown as RankReply

describe('Rank', () => {
  test('answers 201 with equal probabilities, after the latency', () => {
    const plan = app().handle(rank(['a', 'b', 'c', 'd'], { eventId: 'e1' }), 1_000)
    expect([plan.status, plan.replyAtUs]).toEqual([201, 21_000])
    const body = json(plan) as unknown as RankReply
    expect(body.eventId).toBe('e1')
    expect(body.ranking.map(({ id }) => id).sort()).toEqual(['a', 'b', 'c', 'd'])
    expect(body.ranking.map(({ probability }) => probability)).toEqual([0.25, 0.25, 0.25, 0.25])
    expect(body.rewardActionId).toBe(body.ranking[0]?.id)
  })

  test('sends the headers of the service', () => {
    const plan = app().handle(rank(['a']), 0)
    expect(header(plan, 'apim-request-id')).toMatch(GUID)
    expect(header(plan, 'x-envoy-upstream-service-time')).toBe('20')
    expect(header(plan, 'x-ms-region')).toBe('mock')
    expect(header(plan, 'Strict-Transport-Security')).toBe('max-age=31536000; includeSubDomains; preload')
    expect(header(plan, 'x-content-type-options')).toBe('nosniff')
    expect(header(plan, 'Content-Type')).toBe('application/json; charset=utf-8')
    expect(header(plan, 'Content-Length')).toBe(String(Buffer.byteLength(plan.body)))
  })

  test('the event decides the draw: the same on any mock and in any order', () => {
    const ids = ['a', 'b', 'c', 'd', 'e', 'f']
    const choices = (mock: MockApp, events: readonly number[]): Map<number, string> =>
      new Map(
        events.map((event) => [event, ranked(mock, rank(ids, { eventId: `event-${event}` })).rewardActionId]),
      )
    const forward = choices(app(), [1, 2, 3, 4, 5, 6, 7, 8])
    expect(choices(createApp(configOf('personalizer-f0,tps=none,concurrency=none'), 99), [8, 3, 1])).toEqual(
      new Map([8, 3, 1].map((event) => [event, forward.get(event)])),
    )
  })

  test('draws every action equally often', () => {
    const mock = app()
    const counts = new Map<string, number>()
    for (let i = 0; i < 6_000; i++) {
      const { rewardActionId } = ranked(mock, rank(['a', 'b', 'c'], { eventId: `user-${i}` }))
      counts.set(rewardActionId, (counts.get(rewardActionId) ?? 0) + 1)
    }
    for (const id of ['a', 'b', 'c'])
      expect(Math.abs((counts.get(id) ?? 0) / 6_000 - 1 / 3)).toBeLessThan(0.03)
  })

  test('excluded actions keep their place with probability 0 and are never chosen', () => {
    const mock = app()
    for (let i = 0; i < 50; i++) {
      const call = rank(['news', 'sports', 'film', 'music'], {
        eventId: `e${i}`,
        excludedActions: ['news', 'film'],
      })
      const { ranking, rewardActionId } = ranked(mock, call)
      expect(ranking.map(({ probability }) => probability)).toEqual([0, 0.5, 0, 0.5])
      expect([ranking[0]?.id, ranking[2]?.id]).toEqual(['news', 'film'])
      expect(ranking[1]?.id).toBe(rewardActionId)
      expect(['sports', 'music']).toContain(rewardActionId)
    }
  })

  test('makes an event id where none is given, by the seed', () => {
    const first = ranked(app(), rank(['a']))
    expect(first.eventId).toMatch(GUID)
    expect(ranked(app(), rank(['a'], { eventId: null }))).toEqual(first)
    const mock = app()
    expect(ranked(mock, rank(['a'])).eventId).not.toBe(ranked(mock, rank(['a'])).eventId)
  })

  test.each([1, 50])('takes %d actions, features and all', (count) => {
    const ids = Array.from({ length: count }, (_, index) => `${index}`.padStart(256, 'x'))
    const extra = {
      contextFeatures: [{ hour: 9 }],
      deferActivation: true,
      excludedActions: [],
      eventId: 'x'.repeat(256),
    }
    expect(app().handle(rank(ids, extra), 0).status).toBe(201)
  })
})

describe('Reward', () => {
  test.each([-1, 0, 0.5, 1])('accepts %d for an event it has never seen: 204, no body', (value) => {
    const plan = app().handle(reward('never-ranked', { value }), 0)
    expect([plan.status, plan.body]).toEqual([204, ''])
    expect(header(plan, 'apim-request-id')).toMatch(GUID)
    expect(header(plan, 'Content-Type')).toBeUndefined()
    expect(header(plan, 'Content-Length')).toBeUndefined()
  })

  test('reads a percent-encoded event id', () => {
    const longest = encodeURIComponent('ü'.repeat(256))
    expect(app().handle(reward(longest), 0).status).toBe(204)
    expect(app().handle(reward(`${longest}x`), 0).status).toBe(400)
    expect(app().handle(reward('%zz'), 0).status).toBe(400)
  })
})

describe('what the gateway refuses', () => {
  const good = rank(['a'])
  const without = (name: string): MockRequest => ({
    ...good,
    headers: Object.fromEntries(Object.entries(JSON_HEADERS).filter(([one]) => one !== name)),
  })
  const withHeader = (name: string, value: string): MockRequest => ({
    ...good,
    headers: { ...JSON_HEADERS, [name]: value },
  })

  test.each<[string, MockRequest, number, string]>([
    ['unknown path', { ...good, path: '/personalizer/v1.0/rankings' }, 404, 'Resource not found'],
    ['unknown version', { ...good, path: '/personalizer/v2.0/rank' }, 404, 'Resource not found'],
    ['wrong method', { ...good, method: 'GET' }, 405, 'this path allows POST'],
    ['no key', without('ocp-apim-subscription-key'), 401, 'Access denied due to invalid subscription key'],
    ['wrong key', withHeader('ocp-apim-subscription-key', 'mock-key-3'), 401, 'Access denied'],
    ['no media type', without('content-type'), 415, 'application/json'],
    ['wrong media type', withHeader('content-type', 'text/plain'), 415, 'application/json'],
    ['too large', { ...good, body: new Uint8Array(1_048_577) }, 413, 'larger than 1048576 bytes'],
  ])('%s', (_story, call, status, message) => {
    const plan = app().handle(call, 5)
    expect([plan.status, plan.replyAtUs]).toEqual([status, 5])
    expect(json(plan)).toEqual({ error: { code: String(status), message: expect.stringContaining(message) } })
    expect(header(plan, 'apim-request-id')).toMatch(GUID)
    expect(header(plan, 'Allow')).toBe(status === 405 ? 'POST' : undefined)
  })

  test.each<[string, MockRequest]>([
    ['the second key', withHeader('ocp-apim-subscription-key', 'mock-key-2')],
    ['a charset', withHeader('content-type', 'application/json; charset=utf-8')],
    ['another JSON type', withHeader('content-type', 'application/json-patch+json')],
    ['a query', { ...good, path: `${RANK_PATH}?trace=1` }],
    ['a preview version', { ...good, path: '/personalizer/v1.1-preview.3/rank' }],
  ])('but %s is welcome', (_story, call) => {
    expect(app().handle(call, 0).status).toBe(201)
  })
})

describe('bodies that are no Rank or Reward', () => {
  const action = { id: 'a', features: [] }
  const long = 'x'.repeat(257)

  test.each<[string, unknown, RegExp]>([
    ['no JSON', '{', /JSON object/],
    ['no object', [], /JSON object/],
    ['no actions', {}, /at least one action/],
    ['an empty list of actions', { actions: [] }, /at least one action/],
    ['51 actions', { actions: Array.from({ length: 51 }, () => action) }, /more than 50/],
    ['an action that is none', { actions: [action, 'b'] }, /actions\[1\] must be an object/],
    ['an action without id', { actions: [{ features: [] }] }, /actions\[0\]\.id/],
    ['an empty id', { actions: [{ id: '', features: [] }] }, /actions\[0\]\.id/],
    ['an id of 257 characters', { actions: [{ id: long, features: [] }] }, /1 to 256/],
    ['an action without features', { actions: [{ id: 'a' }] }, /actions\[0\]\.features/],
    ['features that are no objects', { actions: [{ id: 'a', features: [1] }] }, /array of objects/],
    ['no exclusions but a text', { actions: [action], excludedActions: 'a' }, /excludedActions/],
    ['everything excluded', { actions: [action], excludedActions: ['a'] }, /leave at least one/],
    ['an event id of 257 characters', { actions: [action], eventId: long }, /eventId/],
    ['an event id that is a number', { actions: [action], eventId: 7 }, /eventId/],
    ['a context that is no list', { actions: [action], contextFeatures: {} }, /contextFeatures/],
    ['a deferActivation of "yes"', { actions: [action], deferActivation: 'yes' }, /deferActivation/],
  ])('Rank with %s', (_story, body, message) => {
    const codes = ['v1.0', 'v1.1-preview.1'].map((version) => {
      const path = `/personalizer/${version}/rank`
      const plan = app().handle(request({ method: 'POST', path, headers: JSON_HEADERS, body }), 0)
      expect(plan.status).toBe(400)
      const { error } = json(plan) as { error: { code: string; message: string } }
      expect(error.message).toMatch(message)
      return error.code
    })
    expect(codes).toEqual(['BadRequest', 'InvalidRankRequest'])
  })

  test('a Rank that is no UTF-8', () => {
    const body = new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])
    expect(app().handle({ ...rank(['a']), body }, 0).status).toBe(400)
  })

  test.each([{}, { value: 1.01 }, { value: -2 }, { value: '1' }, { value: null }, '', 'null'])(
    'Reward with %j',
    (body) => {
      const codes = ['v1.0', 'v1.1-preview.2'].map((version) => {
        const path = `/personalizer/${version}/events/e1/reward`
        const plan = app().handle(request({ method: 'POST', path, headers: JSON_HEADERS, body }), 0)
        expect(plan.status).toBe(400)
        return (json(plan)['error'] as { code: string }).code
      })
      expect(codes).toEqual(['BadRequest', 'InvalidRewardRequest'])
    },
  )
})

describe('throttled', () => {
  /** One second's limit used up at 0. */
  const full = (spec: string): MockApp => {
    const mock = app(spec)
    mock.handle(rank(['a']), 0)
    return mock
  }

  // Message as captured from paid and free tiers of the same gateway (azure-sdk-for-net#25014 and #26521).
  test('429 names operation, API, tier and the seconds to wait', () => {
    const mock = full('personalizer-s0,tps=1,latency=0s')
    const plan = mock.handle(reward('e'), 1)
    expect([plan.status, plan.replyAtUs]).toEqual([429, 1])
    expect(json(plan)).toEqual({
      error: {
        code: '429',
        message:
          'Requests to the Reward Operation under Personalizer API (v1.0) have exceeded rate limit of your current ' +
          'Personalizer S0 pricing tier. Please retry after 1 second. Please contact Azure support service if you ' +
          'would like to further increase the default rate limit.',
      },
    })
    expect(header(plan, 'Retry-After')).toBe('1')
    expect(header(plan, 'apim-request-id')).toMatch(GUID)
    expect(header(plan, 'Strict-Transport-Security')).toMatch(/^max-age=/)
    expect(header(plan, 'x-content-type-options')).toBe('nosniff')
    expect(plan.headers.some(([name]) => /ratelimit/i.test(name))).toBe(false)
  })

  test('on the free tier it advises to pay', () => {
    const { error } = json(full('personalizer-f0,tps=1').handle(rank(['a']), 1)) as {
      error: { message: string }
    }
    expect(error.message).toMatch(/Rank Operation .* Personalizer F0 pricing tier.*switch to a paid tier\.$/)
  })

  test('a full concurrency cap says 429 too, with the wait for a slot rounded up', () => {
    const mock = full('personalizer-s0,tps=none,concurrency=1,latency=2100ms')
    expect(header(mock.handle(rank(['a']), 0), 'Retry-After')).toBe('3')
    expect(json(mock.handle(rank(['a']), 0))).toMatchObject({
      error: { code: '429', message: expect.stringContaining('Please retry after 3 seconds.') },
    })
    expect(mock.handle(rank(['a']), 2_100_000).status).toBe(201)
  })
})
