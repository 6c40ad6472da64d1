import { describe, expect, test } from 'vitest'
import { createApp, type MockApp } from '../../mock-server/app.ts'
import { parseMockConfig } from '../../mock-server/config-schema.ts'
import { json, request } from './requests.ts'

const S = 1_000_000

/** Two apps before one search service. */
function appOf(search: object, front: object = {}, manager?: object): MockApp {
  const resources = [
    { name: 'app', profile: 'custom', status: 503, instances: 2, backend: 'search', ...front },
  ]
  const backends = [{ name: 'search', latency: '20ms', ...search }]
  const { config, faults } = parseMockConfig({ resources, backends, ...(manager && { manager }) })
  expect(faults).toEqual([])
  return createApp(config!, 1)
}

const ask = (app: MockApp, name: 'app-1' | 'app-2', nowUs: number): ReturnType<MockApp['handle']> =>
  app.handle(request({ path: `/r/${name}/a` }), nowUs)

describe('a backend that several resources share', () => {
  test('takes its time on top of theirs', () => {
    expect(ask(appOf({}, { latency: '5ms' }), 'app-1', 7).replyAtUs).toBe(25_007)
  })

  test('has one limit for all of them, and is named in what it refuses', () => {
    const app = appOf({ rules: [{ name: 'queries', limit: 3, window: '1s' }] })
    const plans = [ask(app, 'app-1', 0), ask(app, 'app-2', 0), ask(app, 'app-1', 0), ask(app, 'app-2', 0)]
    expect(plans.map(({ status }) => status)).toEqual([200, 200, 200, 503])
    expect(json(plans[3]!)).toMatchObject({
      error: { message: 'Refused by the limit "search/queries". Retry after 1 s.' },
    })
    expect(app.state(0).backends).toMatchObject([
      { name: 'search', requestCount: 4, admittedCount: 3, refusedCounts: { queries: 1 } },
    ])
    expect(app.state(0).resources[1]).toMatchObject({
      backend: 'search',
      operations: { request: { admittedCount: 1, refusedCounts: { 'search/queries': 1 } } },
    })
    expect(ask(app, 'app-2', S).status).toBe(200)
  })

  test('has workers and a backlog for all of them: latency rises before anything fails', () => {
    const app = appOf({ workers: 1, backlog: 1 })
    const plans = [ask(app, 'app-1', 0), ask(app, 'app-2', 0), ask(app, 'app-1', 0)]
    expect(plans.map(({ status, replyAtUs }) => [status, replyAtUs])).toEqual([
      [200, 20_000],
      [200, 40_000],
      [503, 0],
    ])
    expect(app.state(0).backends?.[0]).toMatchObject({ refusedCounts: { capacity: 1 } })
  })

  test('has a cap and a queue for all of them', () => {
    const app = appOf({ concurrency: 1, queue: { size: 1 } })
    const plans = [ask(app, 'app-1', 0), ask(app, 'app-2', 0), ask(app, 'app-1', 0)]
    expect(plans.map(({ status, replyAtUs }) => [status, replyAtUs])).toEqual([
      [200, 20_000],
      [200, 40_000],
      [503, 0],
    ])
  })

  test('is not asked for what the resource in front refuses', () => {
    const app = appOf({}, { rules: [{ name: 'own', limit: 1, window: '1s' }] })
    expect([0, 1].map((atUs) => ask(app, 'app-1', atUs).status)).toEqual([200, 503])
    expect(app.state(1).backends?.[0]?.requestCount).toBe(1)
  })

  test('what waits for it keeps the worker in front busy', () => {
    const app = appOf({ workers: 1 }, { workers: 1 })
    expect([0, 0].map((atUs) => ask(app, 'app-1', atUs).replyAtUs)).toEqual([20_000, 60_000])
  })

  test('starts anew with a reset', () => {
    const app = appOf({ rules: [{ name: 'queries', limit: 1, window: '1h' }], workers: 1 })
    ask(app, 'app-1', 0)
    app.handle(request({ method: 'POST', path: '/__mock/reset' }), 1)
    expect(ask(app, 'app-2', 1)).toMatchObject({ status: 200, replyAtUs: 20_001 })
    expect(app.state(1).backends?.[0]).toMatchObject({ requestCount: 1, admittedCount: 1 })
  })

  test('bounds what a manager in front of it gets through', () => {
    const app = appOf({ rules: [{ name: 'queries', limit: 5, window: '1s' }] }, {}, {})
    const statuses = Array.from({ length: 8 }, () => app.handle(request(), 0).status)
    expect(statuses.filter((status) => status === 200)).toHaveLength(5)
    expect(app.state(0).cap).toEqual({ rps: 5 })
  })
})
