import { describe, expect, test } from 'vitest'
import { createApp, type MockApp } from '../../../mock-server/app.ts'
import { parseMockConfig } from '../../../mock-server/config-schema.ts'
import type { ManagerState } from '../../../mock-server/traffic/manager.ts'
import { configOf, header, json, request } from '../requests.ts'

const S = 1_000_000

const appOf = (spec: string): MockApp => createApp(configOf(spec), 1)
const managerOf = (app: MockApp, nowUs: number): ManagerState => app.state(nowUs).manager!
const routed = (app: MockApp, nowUs: number): number[] =>
  managerOf(app, nowUs).instances.map(({ routedCount }) => routedCount)

describe('one URL before several instances', () => {
  test('each has limits of its own', () => {
    const app = appOf('custom,tps=2,instances=3')
    const statuses = Array.from({ length: 7 }, () => app.handle(request(), 0).status)
    expect(statuses).toEqual([200, 200, 200, 200, 200, 200, 429])
    expect(routed(app, 0)).toEqual([3, 2, 2])
    expect(managerOf(app, 0)).toMatchObject({ policy: 'round-robin', requestCount: 7, refusedCounts: {} })
    const counts = app.state(0).resources.map(({ name, operations }) => [name, operations['request']])
    expect(counts).toMatchObject([
      ['main-1', { requestCount: 3, admittedCount: 2, refusedCounts: { rate: 1 } }],
      ['main-2', { requestCount: 2, admittedCount: 2 }],
      ['main-3', { requestCount: 2, admittedCount: 2 }],
    ])
  })

  test('paths and queries reach the instance as they are', () => {
    const app = appOf('custom,instances=2')
    expect(json(app.handle(request({ path: '/a/b?c=1' }), 0))).toEqual({ method: 'GET', path: '/a/b' })
  })

  test('each can be reached past the manager too, and nothing else', () => {
    const app = appOf('custom,tps=1,instances=2')
    expect(app.handle(request({ path: '/r/main-2/a' }), 0).status).toBe(200)
    expect(routed(app, 0)).toEqual([0, 0])
    const statuses = [0, 1].map(() => app.handle(request({ path: '/a' }), 0).status)
    expect(statuses).toEqual([200, 429])
    expect(app.handle(request({ path: '/r/main-3/a' }), 0).status).toBe(404)
  })

  test('the fewest in flight are those of the instance itself, direct requests included', () => {
    const app = appOf('custom,latency=1s,instances=2,policy=least-in-flight')
    for (let i = 0; i < 3; i++) app.handle(request({ path: '/r/main-1/' }), 0)
    for (let i = 0; i < 3; i++) app.handle(request(), 1)
    expect(routed(app, 1)).toEqual([0, 3])
    expect(managerOf(app, 1).instances.map(({ inFlightCount }) => inFlightCount)).toEqual([3, 3])
    expect(managerOf(app, S + 1).instances.map(({ inFlightCount }) => inFlightCount)).toEqual([0, 0])
  })

  test('a session stays where it began', () => {
    const app = appOf('custom,instances=3,policy=per-session')
    const first = app.handle(request(), 0)
    expect(header(first, 'Set-Cookie')).toBe('ARRAffinity=main-1; Path=/; HttpOnly')
    const again = request({ headers: { cookie: 'ARRAffinity=main-1' } })
    for (let i = 0; i < 3; i++) app.handle(again, 0)
    app.handle(request({ headers: { cookie: 'ARRAffinity=main-9' } }), 0)
    expect(routed(app, 0)).toEqual([4, 1, 0])
  })

  test('a session by header', () => {
    const app = appOf('custom,instances=2,policy=per-session:header:X-Instance')
    app.handle(request(), 0)
    const plan = app.handle(request(), 0)
    expect(header(plan, 'x-instance')).toBe('main-2')
    app.handle(request({ headers: { 'x-instance': 'main-2' } }), 0)
    expect(routed(app, 0)).toEqual([1, 2])
  })
})

describe('what the manager itself can do', () => {
  test('its rate, its requests at once and its latency are its own', () => {
    const app = appOf('custom,latency=10ms,instances=2,manager-tps=3,manager-latency=5ms')
    const plans = Array.from({ length: 4 }, () => app.handle(request(), 0))
    expect(plans.map(({ status, replyAtUs }) => [status, replyAtUs])).toEqual([
      [200, 15_000],
      [200, 15_000],
      [200, 15_000],
      [503, 0],
    ])
    expect(header(plans[3]!, 'Retry-After')).toBe('1')
    expect(json(plans[3]!)).toEqual({
      error: { code: '503', message: 'The traffic manager has reached its limit "rate".' },
    })
    expect(managerOf(app, 0)).toMatchObject({ requestCount: 4, refusedCounts: { rate: 1 }, inFlightCount: 3 })
    const { decisions } = json(app.handle(request({ path: '/__mock/decisions' }), 0)) as {
      decisions: { resource: string; verdict: string }[]
    }
    expect(decisions.map(({ resource, verdict }) => `${resource} ${verdict}`)).toEqual([
      'main-1 admitted',
      'main-2 admitted',
      'main-1 admitted',
      '/ refused',
    ])
  })

  test('a request is with the manager until its reply has left it', () => {
    const app = appOf('custom,latency=10ms,instances=4,manager-concurrency=1,manager-latency=5ms')
    expect([0, 14_999, 15_000].map((atUs) => app.handle(request(), atUs).status)).toEqual([200, 503, 200])
    expect(managerOf(app, 15_000)).toMatchObject({ concurrency: 1, inFlightPeakCount: 1 })
  })

  test('a reset forgets what it has counted', () => {
    const app = appOf('custom,instances=2,manager-tps=1')
    for (let i = 0; i < 2; i++) app.handle(request(), 0)
    app.handle(request({ method: 'POST', path: '/__mock/reset' }), 1)
    expect(managerOf(app, 1)).toMatchObject({ requestCount: 0, refusedCounts: {} })
    expect(app.handle(request(), 1).status).toBe(200)
  })
})

describe('instances over time', () => {
  test('come and go as planned', () => {
    const app = appOf('custom,tps=1,instances=1+3@10s+2@20s')
    const passedAt = (atUs: number): number =>
      Array.from({ length: 5 }, () => app.handle(request(), atUs).status).filter((status) => status === 200)
        .length
    expect([0, 9, 10, 15, 20].map((second) => passedAt(second * S))).toEqual([1, 1, 3, 3, 2])
    expect(app.handle(request({ path: '/r/main-3/' }), 30 * S).status).toBe(200)
    expect(managerOf(app, 30 * S).instances.map(({ isActive }) => isActive)).toEqual([true, true, false])
  })

  test('come when many are throttled, after the time it takes them to start', () => {
    const spec =
      'custom,tps=10,instances=1-3,scale-on=throttled:0.2:0.05,scale-period=10s,scale-lag=15s,scale-cooldown=10s,' +
      'scale-step=2'
    const app = appOf(spec)
    const shares: number[] = []
    for (let second = 0; second < 50; second++) {
      let throttledCount = 0
      const offered = second < 40 ? 20 : 1
      for (let i = 0; i < offered; i++) {
        if (app.handle(request(), second * S + i * 1_000).status === 429) throttledCount++
      }
      shares.push(throttledCount / offered)
    }
    // Half of it too much until the instances of the evaluation at 10 s are there at 25 s.
    expect([9, 24, 25, 39].map((second) => shares[second])).toEqual([0.5, 0.5, 0, 0])
    expect([40, 50].map((second) => [second, managerOf(app, second * S).activeCount])).toEqual([
      [40, 1],
      [50, 1],
    ])
  })

  test('come when many are in flight; time may be skipped meanwhile', () => {
    const app = appOf('custom,latency=1h,instances=1-2,scale-on=in-flight:1,scale-period=1m,scale-lag=1m')
    for (let i = 0; i < 2; i++) app.handle(request(), 0)
    const skip = request({ method: 'POST', path: '/__mock/advance', body: { duration: '90s' } })
    expect(json(app.handle(skip, 1))).toMatchObject({ manager: { activeCount: 1, startingCount: 1 } })
    expect(managerOf(app, 30 * S)).toMatchObject({ activeCount: 2, startingCount: 0 })
  })
})

describe('T8: a balancer under the unannounced spike of the table', () => {
  // 20 requests a second, 300 for ten minutes, 50 for each instance; started after five minutes, all at once.
  const lossOf = (instances: string): number => {
    const app = appOf(`custom,tps=50,latency=0s,${instances}`)
    let [offeredCount, refusedCount] = [0, 0]
    // A tenth of the hour: every limit is one of a second, so that one second in ten stands for all ten.
    for (let second = 0; second < 3_600; second += 10) {
      const load = second >= 1_800 && second < 2_400 ? 300 : 20
      for (let i = 0; i < load; i++) {
        offeredCount++
        const atUs = second * S + Math.floor((i * S) / load)
        if (app.handle(request(), atUs).status === 429) refusedCount++
      }
    }
    return refusedCount / offeredCount
  }

  test('fewer refusals alone take nothing away again within the cool-down', () => {
    const reactive = 'instances=1-6,scale-on=throttled:0.1:0.05,scale-period=10s,scale-lag=290s,scale-step=5'
    // Six are enough, so that none is refused any more: without a cool-down all but one would go at once, and lose again.
    expect(Math.abs(lossOf(reactive) - 0.312)).toBeLessThan(0.02)
    expect(lossOf(`${reactive},scale-cooldown=0s`)).toBeGreaterThan(0.5)
  })

  test('reactive loses 31 %, planned nothing, a single instance 62.5 %', () => {
    expect(lossOf('instances=1')).toBeCloseTo(0.625, 2)
    expect(lossOf('instances=1+6@1500s+1@2400s')).toBe(0)
    const reactive = 'instances=1-6,scale-on=throttled:0.1,scale-period=10s,scale-lag=290s,scale-step=5'
    expect(Math.abs(lossOf(reactive) - 0.312)).toBeLessThan(0.02)
  })
})

test('everything stands in JSON as well', () => {
  const manager = {
    policy: 'random',
    instances: '1-3',
    scaleOn: 'in-flight:5:1',
    scalePeriod: '30s',
    scaleLag: '2m',
    scaleCooldown: 0,
    scaleStep: 2,
    tps: 100,
    concurrency: 50,
    latency: '1ms',
  }
  const resources = [{ name: 'app', profile: 'custom', instances: 3 }]
  const { config, faults } = parseMockConfig({ resources, manager })
  expect(faults).toEqual([])
  expect(config?.manager).toEqual(
    configOf(
      'custom,instances=1-3,policy=random,scale-on=in-flight:5:1,scale-period=30s,scale-lag=2m,scale-cooldown=0s,scale-step=2,' +
        'manager-tps=100,manager-concurrency=50,manager-latency=1ms',
    ).manager,
  )
  expect(config?.resources.map(({ name }) => name)).toEqual(['app-1', 'app-2', 'app-3'])
})
