import { describe, expect, test } from 'vitest'
import { createApp, type MockApp } from '../../mock-server/app.ts'
import { parseMockConfig } from '../../mock-server/config-schema.ts'
import type { ReplyPlan } from '../../mock-server/exchange.ts'
import { ALGORITHMS } from '../../mock-server/limiter/algorithms.ts'
import { configOf, json, request } from './requests.ts'

const S = 1_000_000

const custom = (options: string): MockApp => createApp(configOf(`custom,${options}`), 1)
const patch = (app: MockApp, body: unknown, nowUs = 0): ReplyPlan =>
  app.handle(request({ method: 'PATCH', path: '/__mock/limits', body }), nowUs)
const message = (plan: ReplyPlan): string => (json(plan)['error'] as { message: string }).message

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
      /unknown key "qps"; known keys: resource, backend, manager, rule, limit, tps, burst, rules, concurrency/,
    ],
    ['no resource', { tps: 5 }, /limits\.resource: name one of the resources: east, west/],
    ['an unknown resource', { resource: 'north' }, /limits\.resource: name one/],
    ['no rule', { resource: 'east', tps: 5 }, /limits\.rule: name one of the rules: second, ten/],
    [
      'a resource without rules',
      { resource: 'west', tps: 5 },
      /limits\.rule: there is no rate rule to change; give rules/,
    ],
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
    ['a queue before no cap', { resource: 'east', queue: { size: 1 } }, /limits\.queue: needs a cap/],
    ['a backlog without workers', { resource: 'east', backlog: 3 }, /limits\.backlog: needs workers/],
    ['no worker at all', { resource: 'east', workers: 0 }, /limits\.workers: /],
    ['no fault', { resource: 'east', faults: ['reset', 'fire'] }, /limits\.faults\[1\]: "fire" is no fault/],
    [
      'a rule that cannot be',
      { resource: 'east', rules: [{ name: 'r', limit: 5, window: '1s', burst: 2 }] },
      /limits\.rules\[0\]\.burst: a sliding-log has no burst/,
    ],
    [
      'rules of one name',
      { resource: 'east', rules: [rules[0], rules[0]] },
      /limits\.rules: the name "second" is there more than once/,
    ],
    [
      'all rules and one of them',
      { resource: 'east', rules: [], rule: 'ten', limit: 5 },
      /limits\.rules: sets all rules: go without rule, limit, tps and burst/,
    ],
    ['a rate of null', { resource: 'east', rule: 'ten', tps: null }, /limits\.tps: only a traffic manager/],
    [
      'an autoscale that is not there',
      { resource: 'east', autoscale: true },
      /limits\.autoscale: there is no/,
    ],
    [
      'a backend where there are none',
      { backend: 'search', concurrency: 1 },
      /limits\.backend: there are none/,
    ],
    ['a manager where there is none', { manager: true, tps: 1 }, /limits\.manager: there is none/],
    ['two at once', { resource: 'east', manager: true, tps: 1 }, /limits\.manager: goes instead of resource/],
  ])('refuses %s and changes nothing', (_story, body, expected) => {
    const app = several()
    const before = app.state(0)
    const plan = patch(app, body)
    expect(plan.status).toBe(400)
    expect(message(plan)).toMatch(expected)
    expect(app.state(0)).toEqual(before)
  })
})

describe('changing more', () => {
  test('workers and backlog: those under way keep their time, the next ones find more', () => {
    const app = custom('workers=1,backlog=1,latency=100ms')
    const statuses = [0, 0, 0].map((atUs) => app.handle(request(), atUs).status)
    expect(statuses).toEqual([200, 200, 429])
    expect(json(patch(app, { workers: 3, backlog: 0 }))).toMatchObject({
      capacity: { workers: 3, backlog: 0, busyCount: 1, backlogCount: 1 },
    })
    expect(
      [0, 0, 0]
        .map((atUs) => app.handle(request(), atUs))
        .map(({ status, replyAtUs }) => [status, replyAtUs]),
    ).toEqual([
      [200, 100_000],
      [200, 100_000],
      [429, 0],
    ])
    expect(json(patch(app, { workers: null }))).toMatchObject({ capacity: null })
    expect(app.handle(request(), 0).replyAtUs).toBe(100_000)
  })

  test('fewer workers: a newcomer waits for as many as are too many', () => {
    const app = custom('workers=3,latency=100ms')
    for (const atUs of [0, 10_000, 20_000]) app.handle(request(), atUs)
    patch(app, { workers: 1 }, 30_000)
    expect(app.handle(request(), 30_000).replyAtUs).toBe(220_000)
  })

  test('faults, counted from the first request after the change', () => {
    const app = custom('fault=error:500#1')
    expect(app.handle(request(), 0).status).toBe(500)
    expect(json(patch(app, { faults: ['error:503#2', 'reset@1s..'] }))).toMatchObject({
      faults: ['error:503#2', 'reset@1s..'],
    })
    expect([1, 2].map((atUs) => app.handle(request(), atUs).status)).toEqual([200, 503])
    expect(app.handle(request(), S).fault).toEqual({ kind: 'reset' })
    patch(app, { faults: [] }, S)
    expect(app.handle(request(), S).fault).toBeUndefined()
  })

  test('all rates and quotas; one of which only the limit is new goes on counting', () => {
    const app = custom('rates=3/1m')
    for (let i = 0; i < 3; i++) app.handle(request(), 0)
    const rate = { name: 'rate', limit: 4, window: '1m' }
    const quota = { name: 'month', limit: 2, window: '30d', quota: true, algorithm: 'fixed-window' }
    expect(json(patch(app, { rules: [quota, rate] }))).toMatchObject({
      rules: [
        { name: 'month', isQuota: true, remainingCount: 2 },
        { name: 'rate', limit: 4, remainingCount: 1 },
      ],
    })
    expect([1, 2].map((atUs) => app.handle(request(), atUs).status)).toEqual([200, 429])
    expect(json(patch(app, { rule: 'month', limit: 9 }))).toMatchObject({
      rules: [{ limit: 9, remainingCount: 8 }, {}],
    })
    patch(app, { rules: [{ ...rate, algorithm: 'gcra' }] })
    expect(app.handle(request(), 3).status).toBe(200)
    expect(json(patch(app, { rules: [] }))).toMatchObject({ rules: [] })
  })

  test('rules under autoscale move from their new limits', () => {
    const app = custom('tps=1,autoscale=yes')
    patch(app, { rules: [{ name: 'rate', limit: 10, window: '1s' }] })
    for (let i = 0; i < 11; i++) app.handle(request(), 0)
    expect(app.state(300 * S).resources[0]?.rules[0]?.limit).toBe(14)
    expect(message(patch(app, { rules: [] }, 300 * S))).toMatch(/autoscale needs a rate rule/)
  })

  test('a shared backend', () => {
    const resources = [{ profile: 'custom', instances: 2, backend: 'search', latency: '1ms' }]
    const backends = [{ name: 'search', latency: '5ms', workers: 1 }]
    const queries = { name: 'queries', limit: 9, window: '1s' }
    const app = createApp(parseMockConfig({ resources, backends }).config!, 1)
    expect(
      json(patch(app, { backend: 'search', latency: '9ms', workers: 2, concurrency: 1, rules: [queries] })),
    ).toMatchObject({
      name: 'search',
      latency: '9ms',
      capacity: { workers: 2 },
      concurrency: 1,
      rules: [{ limit: 9 }],
    })
    const path = '/r/main-1/'
    const plans = [0, 0].map((atUs) => app.handle(request({ path }), atUs))
    expect(plans.map(({ status, replyAtUs }) => [status, replyAtUs])).toEqual([
      [200, 10_000],
      [429, 0],
    ])
    expect(message(patch(app, { backend: 'search', faults: ['reset'] }))).toMatch(
      /limits\.faults: a shared backend has none/,
    )
  })

  test('the traffic manager', () => {
    const app = custom('instances=2,latency=1ms,manager-tps=1')
    const change = { manager: true, tps: 2, concurrency: 9, latency: '5ms' }
    expect(json(patch(app, change))).toMatchObject({ tps: 2, concurrency: 9, latency: '5ms', activeCount: 2 })
    const plans = [0, 0, 0].map((atUs) => app.handle(request(), atUs))
    expect(plans.map(({ status, replyAtUs }) => [status, replyAtUs])).toEqual([
      [200, 6_000],
      [200, 6_000],
      [503, 0],
    ])
    expect(json(patch(app, { manager: true, tps: null, concurrency: null }))).toMatchObject({
      tps: null,
      concurrency: null,
    })
    expect(message(patch(app, { manager: true, tps: 0.5, workers: 3 }))).toBe(
      'limits.workers: a traffic manager has none\n' +
        'limits.tps: of a traffic manager is a whole number from 1 to 1000000000, or null',
    )
  })

  test('everything that is wrong is told at once, and nothing changes', () => {
    const app = custom('tps=5')
    const before = app.state(0)
    const body = {
      qps: 1,
      tps: 0.5,
      limit: 3,
      backlog: 2,
      faults: ['fire'],
      concurrency: -1,
      queue: { size: 1 },
    }
    const places = message(patch(app, body))
      .split('\n')
      .map((line) => line.split(':')[0])
    expect(new Set(places)).toEqual(
      new Set(['limits', 'limits.tps', 'limits.backlog', 'limits.faults[0]', 'limits.concurrency']),
    )
    expect(app.state(0)).toEqual(before)
  })
})
