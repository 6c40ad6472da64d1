import { describe, expect, test } from 'vitest'
import { createApp, type MockApp } from '../../mock-server/app.ts'
import { parseMockConfig } from '../../mock-server/config-schema.ts'
import { ALGORITHMS } from '../../mock-server/limiter/algorithms.ts'
import type { OperationCounts } from '../../mock-server/oracle.ts'
import { Rng } from '../../src/core/rng.ts'
import { configOf, header, json, rank, request, reward } from './requests.ts'

const S = 1_000_000

function custom(options: string, seed = 1): MockApp {
  return createApp(configOf(`custom,${options}`), seed)
}

function operation(app: MockApp, name: string, nowUs = 0): OperationCounts {
  return app.state(nowUs).resources[0]!.operations[name]!
}

describe('the order of decisions', () => {
  test('an invalid request is charged to no limit', () => {
    const app = createApp(configOf('personalizer-s0,tps=1,concurrency=1'), 1)
    expect(app.handle(rank([]), 0).status).toBe(400)
    expect(app.handle(rank(['a']), 0).status).toBe(201)
  })

  const twoWindows = {
    resources: [
      {
        profile: 'custom',
        rules: [
          { name: 'second', limit: 100, window: '1s' },
          { name: 'minute', limit: 300, window: '1m' },
        ],
      },
    ],
  }

  // Azure Language S0: 100 per second and 300 per minute; 300 pass in three seconds, then none until the first leave.
  test('several windows must all pass', () => {
    const app = createApp(parseMockConfig(twoWindows).config!, 1)
    const passedBySecond = [0, 1, 2, 3, 30, 59, 60, 61].map((second) => {
      const statuses = Array.from({ length: 120 }, () => app.handle(request(), second * S).status)
      return statuses.filter((status) => status === 200).length
    })
    expect(passedBySecond).toEqual([100, 100, 100, 0, 0, 0, 100, 100])
    // 20 too many in each of five seconds, and all 120 of the three silent ones.
    expect(operation(app, 'request', 61 * S).refusedCounts).toEqual({ second: 100, minute: 360 })
  })

  test('the wait is that of the slowest window, the name that of the first', () => {
    const rules = [
      { name: 'second', limit: 1, window: '1s' },
      { name: 'minute', limit: 1, window: '1m' },
    ]
    const app = createApp(parseMockConfig({ resources: [{ profile: 'custom', rules }] }).config!, 1)
    app.handle(request(), 0)
    const plan = app.handle(request(), 500_000)
    expect(json(plan)).toMatchObject({ error: { message: expect.stringContaining('"second"') } })
    expect(header(plan, 'Retry-After')).toBe('60')
  })

  test('a request that the concurrency cap refuses is not charged to the rate', () => {
    const app = custom('tps=2,concurrency=1,latency=100ms')
    const statuses = [0, 1, 2, 100_000, 200_000].map((atUs) => app.handle(request(), atUs).status)
    expect(statuses).toEqual([200, 429, 429, 200, 429])
    expect(operation(app, 'request').refusedCounts).toEqual({ concurrency: 2, rate: 1 })
  })
})

describe('time', () => {
  test('never goes back', () => {
    const app = custom('tps=1,latency=5ms')
    expect(app.handle(request(), S).replyAtUs).toBe(S + 5_000)
    const early = app.handle(request(), 10)
    expect([early.status, early.replyAtUs]).toEqual([429, S])
    expect(app.state(20).nowUs).toBe(S)
  })

  test('the same config, seed and calls give the same replies; another seed others', () => {
    const run = (seed: number): unknown[] => {
      const app = createApp(configOf('personalizer-s0,tps=20'), seed)
      return Array.from({ length: 60 }, (_, i) =>
        app.handle(i % 2 === 0 ? rank(['a', 'b']) : reward('e'), i * 20_000),
      )
    }
    expect(run(5)).toEqual(run(5))
    expect(run(5)).not.toEqual(run(6))
  })
})

describe('limits in the long run', () => {
  test('a 50/s window under an even 80/s passes exactly 50 in every second, 37.5 % are refused', () => {
    const app = custom('tps=50')
    const passed = Array.from({ length: 60 }, () => 0)
    for (let i = 0; i < 80 * 60; i++) {
      const atUs = i * 12_500
      if (app.handle(request(), atUs).status === 200) passed[Math.floor(atUs / S)]!++
    }
    expect(passed).toEqual(passed.map(() => 50))
    const { requestCount, refusedCounts } = operation(app, 'request')
    expect(Math.abs((refusedCounts['rate'] ?? 0) / requestCount - 0.375)).toBeLessThanOrEqual(0.002)
  })

  test('one more than the cap at once: exactly one is refused', () => {
    for (const capacity of [4, 20, 200]) {
      const app = custom(`concurrency=${capacity},latency=50ms,status=503`)
      const statuses = Array.from({ length: capacity + 1 }, () => app.handle(request(), 0).status)
      expect(statuses.filter((status) => status === 503)).toEqual([503])
      expect(app.state(0).resources[0]).toMatchObject({
        inFlightCount: capacity,
        inFlightPeakCount: capacity,
      })
    }
  })

  // Erlang's loss formula at an offered load equal to the number of servers, whatever the law of the service time.
  test.each([
    [4, 'latency=50ms', 0.3107],
    [20, 'latency=uniform:0ms:100ms', 0.1589],
  ])(
    'Poisson arrivals at the capacity of %d (%s) lose what Erlang-B says',
    (capacity, latency, lossRatio) => {
      const app = custom(`concurrency=${capacity},${latency}`)
      const rng = new Rng('arrivals')
      const meanGapUs = 50_000 / capacity
      let exactUs = 0
      let refusedCount = 0
      const count = 200_000
      const one = request()
      for (let i = 0; i < count; i++) {
        exactUs += rng.exponential() * meanGapUs
        if (app.handle(one, Math.floor(exactUs)).status === 429) refusedCount++
      }
      expect(Math.abs(refusedCount / count - lossRatio)).toBeLessThan(0.005)
    },
  )
})

describe('what Retry-After says is true where nothing else comes', () => {
  test.each(ALGORITHMS)('of a %s: refused a moment before, admitted then', (algorithm) => {
    const rng = new Rng(algorithm)
    const app = custom(`rates=7/1s,algorithm=${algorithm},retry-after-ms=yes,latency=0s`)
    let [atUs, refusedCount] = [0, 0]
    while (refusedCount < 100) {
      atUs += rng.int(60_000)
      const refused = app.handle(request(), atUs)
      if (refused.status === 200) continue
      refusedCount++
      const waitMs = Number(header(refused, 'retry-after-ms'))
      expect(header(refused, 'Retry-After')).toBe(String(Math.ceil(waitMs / 1_000)))
      // Stated in whole milliseconds, rounded up.
      expect(app.handle(request(), atUs + (waitMs - 1) * 1_000).status).toBe(429)
      atUs += waitMs * 1_000
      expect(app.handle(request(), atUs).status).toBe(200)
    }
  })

  test('of slots, of a queue and of a backlog', () => {
    for (const limits of ['concurrency=2', 'concurrency=1,queue=2', 'workers=1,backlog=2']) {
      const app = custom(`${limits},latency=uniform:20ms:90ms,retry-after-ms=yes`)
      let atUs = 0
      for (let i = 0; i < 50; i++) {
        let plan = app.handle(request(), atUs)
        while (plan.status === 200) plan = app.handle(request(), atUs)
        const waitMs = Number(header(plan, 'retry-after-ms'))
        expect(app.handle(request(), atUs + (waitMs - 1) * 1_000).status).toBe(429)
        atUs += waitMs * 1_000
        expect(app.handle(request(), atUs).status).toBe(200)
      }
    }
  })
})

describe('requests that are held back', () => {
  const replies = (app: MockApp, count: number): [status: number, replyAtMs: number][] =>
    Array.from({ length: count }, () => app.handle(request(), 0)).map((plan) => [
      plan.status,
      plan.replyAtUs / 1_000,
    ])

  test('by a leaky bucket: second by second, as many as have a place', () => {
    const app = custom('rates=1/1s,algorithm=leaky-bucket,burst=2,latency=30ms,status=503')
    expect(replies(app, 4)).toEqual([
      [200, 30],
      [200, 1_030],
      [200, 2_030],
      [503, 0],
    ])
  })

  test('by a queue: until there is a slot, or until they give up', () => {
    const app = custom('concurrency=1,queue=3,queue-timeout=150ms,latency=100ms')
    expect(replies(app, 5)).toEqual([
      [200, 100],
      [200, 200],
      [429, 150],
      [429, 150],
      [429, 0],
    ])
    expect(operation(app, 'request')).toMatchObject({ admittedCount: 2, latencyMaxUs: 200_000 })
  })
})

test('signals stand on what is accepted and on what is refused', () => {
  const app = custom('tps=1,rate-limit=yes,x-rate-limit=single,expose-headers=yes')
  const plans = [0, 400_000].map((atUs) => app.handle(request(), atUs))
  const all = ['RateLimit', 'x-ratelimit-remaining', 'Retry-After'].map((name) =>
    plans.map((plan) => header(plan, name)),
  )
  expect(all).toEqual([
    ['"rate";r=0;t=1', '"rate";r=0;t=1'],
    ['0', '0'],
    [undefined, '1'],
  ])
  expect(header(plans[0]!, 'Access-Control-Expose-Headers')).not.toContain('Retry-After')
  expect(header(plans[1]!, 'Access-Control-Expose-Headers')).toContain('Retry-After')
})

describe('several resources', () => {
  const config = parseMockConfig({
    resources: [
      { name: 'east', profile: 'custom', rules: [{ name: 'rate', limit: 1, window: '1s' }] },
      { name: 'west', profile: 'custom' },
    ],
  }).config!

  test('each has its own path and limits', () => {
    const app = createApp(config, 1)
    const statuses = ['/r/east/x', '/r/east/x', '/r/west/x', '/r/west'].map(
      (path) => app.handle(request({ path }), 0).status,
    )
    expect(statuses).toEqual([200, 429, 200, 200])
    expect(json(app.handle(request({ path: '/r/west/a/b?c' }), 0))).toEqual({ method: 'GET', path: '/a/b' })
  })

  test.each(['/', '/r/', '/r/north/x', '/east/x'])('%s is none of them', (path) => {
    const app = createApp(config, 1)
    const plan = app.handle(request({ path }), 0)
    expect(plan.status).toBe(404)
    expect(json(plan)).toMatchObject({ error: { message: expect.stringContaining('/r/east/, /r/west/') } })
    expect(app.state(0).unknownResourceCount).toBe(1)
  })
})

describe('the oracle', () => {
  test('accounts for every request', () => {
    const app = createApp(configOf('personalizer-s0,tps=2,latency=30ms'), 1)
    const call = rank(['a'], { eventId: 'ü' })
    const replies = [
      app.handle(call, 0),
      app.handle(reward('e'), 10_000),
      app.handle(call, 20_000),
      app.handle(rank([]), 25_000),
      app.handle(request({ path: '/nowhere' }), 26_000),
    ]
    const state = app.state(29_999)
    expect(state.resources[0]).toMatchObject({
      name: 'main',
      service: 'personalizer',
      latency: '30ms',
      concurrency: 100,
      inFlightCount: 2,
      inFlightPeakCount: 2,
      rules: [{ name: 'rate', limit: 2, remainingCount: 0 }],
    })
    expect(operation(app, 'rank')).toEqual({
      requestCount: 3,
      admittedCount: 1,
      refusedCounts: { rate: 1 },
      invalidCount: 1,
      managedCount: 0,
      faultCounts: {},
      statusCounts: { 201: 1, 429: 1, 400: 1 },
      requestBodyBytes: 2 * call.body.length + rank([]).body.length,
      replyBodyBytes: [0, 2, 3].reduce((sum, i) => sum + Buffer.byteLength(replies[i]!.body), 0),
      latencySumUs: 30_000,
      latencyMaxUs: 30_000,
    })
    expect(operation(app, 'reward')).toMatchObject({
      requestCount: 1,
      admittedCount: 1,
      statusCounts: { 204: 1 },
    })
    expect(operation(app, 'unmatched')).toMatchObject({
      requestCount: 1,
      invalidCount: 1,
      statusCounts: { 404: 1 },
    })
    expect(app.state(40_000).resources[0]).toMatchObject({ inFlightCount: 0, inFlightPeakCount: 2 })
  })

  test('shows no key', () => {
    expect(JSON.stringify(createApp(configOf('personalizer-s0'), 1).state(0))).not.toContain('mock-key')
  })
})
