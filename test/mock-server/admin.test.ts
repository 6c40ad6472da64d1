import { describe, expect, test } from 'vitest'
import { createApp, type MockApp } from '../../mock-server/app.ts'
import { parseMockConfig } from '../../mock-server/config-schema.ts'
import type { ReplyPlan } from '../../mock-server/exchange.ts'
import { ALGORITHMS } from '../../mock-server/limiter/algorithms.ts'
import { configOf, header, json, request } from './requests.ts'

const S = 1_000_000

const custom = (options: string): MockApp => createApp(configOf(`custom,${options}`), 1)
const patch = (app: MockApp, body: unknown, nowUs = 0): ReplyPlan =>
  app.handle(request({ method: 'PATCH', path: '/__mock/limits', body }), nowUs)
const message = (plan: ReplyPlan): string => (json(plan)['error'] as { message: string }).message

describe('looking', () => {
  test('state is the app’s own account, and asking for it is not counted, limited or delayed', () => {
    const app = custom('tps=1,concurrency=1,latency=9ms')
    app.handle(request(), 0)
    for (let i = 0; i < 3; i++) {
      const plan = app.handle(request({ path: '/__mock/state?pretty' }), 100)
      expect([plan.status, plan.replyAtUs]).toEqual([200, 100])
      expect(json(plan)).toEqual(JSON.parse(JSON.stringify(app.state(100))))
    }
    expect(app.state(100).resources[0]?.operations['request']?.requestCount).toBe(1)
  })

  test('decisions are the latest ones, oldest first', () => {
    const resources = [
      { profile: 'custom', rules: [{ name: 'rate', limit: 2, window: '1s' }], latency: '7ms' },
    ]
    const app = createApp(parseMockConfig({ resources, decisions: 2 }).config!, 1)
    for (const atUs of [10, 20, 30]) app.handle(request(), atUs)
    const common = { resource: 'main', operation: 'request', faults: [] }
    expect(json(app.handle(request({ path: '/__mock/decisions' }), 50))).toEqual({
      decisions: [
        { ...common, atUs: 20, verdict: 'admitted', rule: null, status: 200, replyAtUs: 7_020 },
        { ...common, atUs: 30, verdict: 'refused', rule: 'rate', status: 429, replyAtUs: 30 },
      ],
    })
  })

  test('none are kept when none are wanted', () => {
    const app = createApp(parseMockConfig({ resources: [{ profile: 'custom' }], decisions: 0 }).config!, 1)
    app.handle(request(), 0)
    expect(json(app.handle(request({ path: '/__mock/decisions' }), 0))).toEqual({ decisions: [] })
  })

  test('an unknown path lists the known ones, a wrong method says the right one', () => {
    const app = custom('tps=1')
    const unknown = app.handle(request({ path: '/__mock/stat' }), 0)
    expect(unknown.status).toBe(404)
    expect(message(unknown)).toContain('/__mock/state, /__mock/decisions, /__mock/reset, /__mock/limits')
    const wrong = app.handle(request({ method: 'GET', path: '/__mock/reset' }), 0)
    expect([wrong.status, header(wrong, 'Allow')]).toEqual([405, 'POST'])
  })
})

describe('changing limits', () => {
  test('tps counts what has passed already', () => {
    const app = custom('tps=3')
    for (let i = 0; i < 3; i++) app.handle(request(), i)
    const plan = patch(app, { tps: 5 }, 10)
    expect(plan.status).toBe(200)
    expect(json(plan)).toMatchObject({ rules: [{ limit: 5, remainingCount: 2 }] })
    const statuses = [20, 30, 40].map((atUs) => app.handle(request(), atUs).status)
    expect(statuses).toEqual([200, 200, 429])
  })

  test('concurrency and latency, from the next request on', () => {
    const app = custom('concurrency=1,latency=10ms')
    app.handle(request(), 0)
    expect(app.handle(request(), 1).status).toBe(429)
    expect(json(patch(app, { concurrency: null, latency: 'uniform:1ms:1ms' }, 2))).toMatchObject({
      concurrency: null,
      latency: 'uniform:1ms:1ms',
    })
    const plan = app.handle(request(), 3)
    expect([plan.status, plan.replyAtUs]).toEqual([200, 1_003])
  })

  test.each(ALGORITHMS)('the limit of a %s', (algorithm) => {
    const rules = [{ name: 'rate', algorithm, limit: 2, window: '10s' }]
    const app = createApp(parseMockConfig({ resources: [{ profile: 'custom', rules }] }).config!, 1)
    const passed = (atUs: number): number =>
      Array.from({ length: 50 }, () => app.handle(request(), atUs).status).filter((status) => status === 200)
        .length
    const before = passed(0)
    expect(json(patch(app, { limit: 20 }))).toMatchObject({ rules: [{ algorithm, limit: 20 }] })
    // Two have passed. A window has the other 18 at once. A second of the new rate brings two: that is all for a bucket, which
    // keeps its level, and comes on top for GCRA, which keeps its debt; a queue without places has one and one.
    expect(before + passed(S)).toBe(
      { 'token-bucket': 4, gcra: 22, 'leaky-bucket': 2 }[algorithm as string] ?? 20,
    )
  })

  test('the burst of a bucket', () => {
    const app = custom('tps=5,algorithm=token-bucket,burst=5')
    expect(json(patch(app, { burst: 2 }))).toMatchObject({
      rules: [{ limit: 5, burst: 2, remainingCount: 2 }],
    })
  })

  test('a queue before the cap', () => {
    const app = custom('concurrency=1,latency=10ms')
    app.handle(request(), 0)
    expect(app.handle(request(), 0).status).toBe(429)
    expect(json(patch(app, { queue: { size: 1, timeout: '1s' } }))).toMatchObject({
      queue: { size: 1, timeoutUs: S },
      waitingCount: 0,
    })
    expect(app.handle(request(), 0).replyAtUs).toBe(20_000)
    expect(json(patch(app, { queue: null }))).toMatchObject({ queue: null, waitingCount: 1 })
  })

  const rules = [
    { name: 'second', limit: 9, window: '1s' },
    { name: 'ten', limit: 9, window: '10s' },
  ]
  const resources = [
    { name: 'east', profile: 'custom', rules },
    { name: 'west', profile: 'custom' },
  ]
  const several = (): MockApp => createApp(parseMockConfig({ resources }).config!, 1)

  test('the rate of a longer window may be a fraction, as long as its limit is whole', () => {
    const app = several()
    expect(json(patch(app, { resource: 'east', rule: 'ten', tps: 0.3 }))).toMatchObject({
      rules: [{ limit: 9 }, { limit: 3 }],
    })
  })

  test.each<[string, unknown, RegExp]>([
    ['no JSON', '{', /limits: /],
    [
      'an unknown key',
      { qps: 5 },
      /unknown key "qps"; known keys: resource, rule, limit, tps, burst, concurrency, queue, latency/,
    ],
    ['no resource', { tps: 5 }, /limits\.resource: name one of the resources: east, west/],
    ['an unknown resource', { resource: 'north' }, /limits\.resource: name one/],
    ['no rule', { resource: 'east', tps: 5 }, /limits\.rule: name one of the rules: second, ten/],
    ['a resource without rules', { resource: 'west', tps: 5 }, /limits\.rule: the resource has no rate rule/],
    [
      'a rule and nothing to set',
      { resource: 'east', rule: 'ten' },
      /limits\.rule: a rule without a limit, tps or burst/,
    ],
    [
      'a limit that is not whole',
      { resource: 'east', rule: 'ten', tps: 0.25 },
      /0\.25\/s over 10s is no whole/,
    ],
    ['a tps of 0', { resource: 'east', rule: 'ten', tps: 0 }, /limits\.tps: /],
    [
      'a limit beside a tps',
      { resource: 'east', rule: 'ten', tps: 1, limit: 10 },
      /limits\.tps: goes instead of limit/,
    ],
    [
      'a burst for a window',
      { resource: 'east', rule: 'ten', burst: 5 },
      /limits\.burst: a sliding-log has no burst/,
    ],
    ['a queue without places', { resource: 'east', queue: { size: 0 } }, /limits\.queue\.size: /],
    ['no latency', { resource: 'east', latency: 'soon' }, /limits\.latency: "soon" is no latency/],
    ['no slot at all', { resource: 'east', concurrency: 0 }, /limits\.concurrency: /],
  ])('refuses %s and changes nothing', (_story, body, expected) => {
    const app = several()
    const before = app.state(0)
    const plan = patch(app, body)
    expect(plan.status).toBe(400)
    expect(message(plan)).toMatch(expected)
    expect(app.state(0)).toEqual(before)
  })
})

test('reset forgets counts, charges and requests in flight, and keeps the limits in force', () => {
  const app = custom('tps=1,concurrency=1,latency=1s')
  patch(app, { tps: 2 })
  app.handle(request(), 0)
  app.handle(request(), 0)
  const plan = app.handle(request({ method: 'POST', path: '/__mock/reset' }), 10)
  expect(plan.status).toBe(200)
  expect(json(plan)).toMatchObject({
    resources: [
      { rules: [{ limit: 2, remainingCount: 2 }], inFlightCount: 0, inFlightPeakCount: 0, operations: {} },
    ],
  })
  expect(json(app.handle(request({ path: '/__mock/decisions' }), 10))).toEqual({ decisions: [] })
  expect(app.handle(request(), 10).replyAtUs).toBe(S + 10)
})
