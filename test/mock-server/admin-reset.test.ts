import { describe, expect, test } from 'vitest'
import { createApp, type MockApp } from '../../mock-server/app.ts'
import type { ReplyPlan } from '../../mock-server/exchange.ts'
import { configOf, json, rank, request, reward } from './requests.ts'

const S = 1_000_000

const custom = (options: string): MockApp => createApp(configOf(`custom,${options}`), 1)
const patch = (app: MockApp, body: unknown, nowUs = 0): ReplyPlan =>
  app.handle(request({ method: 'PATCH', path: '/__mock/limits', body }), nowUs)

describe('reset begins anew', () => {
  const reset = (app: MockApp, nowUs: number): ReplyPlan =>
    app.handle(request({ method: 'POST', path: '/__mock/reset' }), nowUs)

  test('the same requests get the same replies as at the start', () => {
    const app = custom('latency=lognormal:20ms:80ms,fault=error:500:0.3+reset#3,workers=2,backlog=2')
    const run = (atUs: number): unknown[] =>
      Array.from({ length: 30 }, (_, i) => {
        const { status, replyAtUs, fault } = app.handle(request(), atUs + i * 5_000)
        return [status, replyAtUs - atUs, fault?.kind]
      })
    const first = run(0)
    reset(app, 10 * S)
    expect(run(10 * S)).toEqual(first)
  })

  test('keys are the first ones', () => {
    const app = createApp(configOf('personalizer-s0'), 1)
    app.handle(request({ method: 'POST', path: '/__mock/keys', body: { key: 1 } }), 0)
    expect(app.handle(rank(['a']), 0).status).toBe(401)
    reset(app, 1)
    expect(app.handle(rank(['a']), 1).status).toBe(201)
    expect(app.state(1).resources[0]?.keysRotatedCount).toBe(0)
  })

  test('a service knows nothing of what it was told: events of Personalizer, its settings and its log', () => {
    const app = createApp(configOf('personalizer-s0'), 1)
    const fresh = app.state(0).resources[0]?.serviceState
    app.handle(rank(['a', 'b'], { eventId: 'e' }), 0)
    app.handle(reward('e'), S)
    expect(app.state(S).resources[0]?.serviceState).not.toEqual(fresh)
    reset(app, 2 * S)
    expect(app.state(2 * S).resources[0]?.serviceState).toEqual(fresh)
  })

  test('what AzureML’s own management has set is gone, what the admin API has set stays', () => {
    const app = createApp(configOf('azureml-high-20'), 1)
    const manage = (body: object): number =>
      app.handle(
        request({
          method: 'PATCH',
          path: '/workspaces/w/webservices/s/endpoints/default',
          headers: { authorization: 'Bearer mock-workspace-token', 'content-type': 'application/json' },
          body,
        }),
        0,
      ).status
    expect(manage({ ThrottleLevel: 'High', MaxConcurrentCalls: 50 })).toBe(200)
    expect(app.state(0).resources[0]?.concurrency).toBe(50)
    reset(app, 1)
    expect(app.state(1).resources[0]?.concurrency).toBe(20)
    patch(app, { concurrency: 30 }, 1)
    reset(app, 2)
    expect(app.state(2).resources[0]?.concurrency).toBe(30)
    patch(app, { concurrency: null }, 2)
    reset(app, 3)
    expect(app.state(3).resources[0]?.concurrency).toBeNull()
  })

  test('workers, latency, faults and the manager’s limits in force stay', () => {
    const app = custom('instances=2,manager-tps=9')
    patch(app, { resource: 'main-1', workers: 3, latency: '7ms', faults: ['stall:1s/9'] })
    patch(app, { manager: true, tps: 5, latency: '1ms' })
    expect(json(reset(app, 1))).toMatchObject({
      resources: [{ capacity: { workers: 3 }, latency: '7ms', faults: ['stall:1s/9'] }, { capacity: null }],
      manager: { tps: 5, latency: '1ms', requestCount: 0 },
    })
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
