import { describe, expect, test } from 'vitest'
import { createApp, type MockApp } from '../../mock-server/app.ts'
import type { ReplyPlan } from '../../mock-server/exchange.ts'
import { configOf, json, request } from './requests.ts'

const S = 1_000_000
const H = 3_600 * S

const custom = (options: string): MockApp => createApp(configOf(`custom,${options}`), 1)
const advance = (app: MockApp, body: unknown, nowUs: number): ReplyPlan =>
  app.handle(request({ method: 'POST', path: '/__mock/advance', body }), nowUs)

describe('skipping time', () => {
  test('what was spent comes back, and schedules go on from there', () => {
    const app = custom('tps=1,latency=5ms,fault=error:500@1h..2h')
    expect(app.handle(request(), 0).status).toBe(200)
    expect(app.handle(request(), 10).status).toBe(429)
    const plan = advance(app, { duration: '1h' }, 20)
    expect([plan.status, plan.replyAtUs]).toEqual([200, 20])
    expect(json(plan)).toMatchObject({ nowUs: H + 20 })
    expect(app.handle(request(), 30).status).toBe(500)
    expect(app.state(40).nowUs).toBe(H + 40)
  })

  test('plans stay in the time of the caller', () => {
    const app = custom('latency=5ms')
    advance(app, { us: 7 * S }, 0)
    expect(app.handle(request(), 100).replyAtUs).toBe(5_100)
    advance(app, { us: 1 }, 200)
    expect(app.handle(request(), 300).replyAtUs).toBe(5_300)
    expect(app.state(300).nowUs).toBe(7 * S + 301)
    // A caller whose clock went back still gets a reply that is not in its past.
    expect(app.handle(request(), 50).replyAtUs).toBe(5_300)
  })

  test('the state that the admin API shows is that of the app’s own time', () => {
    const app = custom('tps=1,latency=1s')
    app.handle(request(), 0)
    advance(app, { us: S }, 0)
    const state = json(app.handle(request({ path: '/__mock/state' }), 5))
    expect(state).toMatchObject({ nowUs: S + 5, resources: [{ inFlightCount: 0 }] })
    expect(state).toEqual(JSON.parse(JSON.stringify(app.state(5))))
  })

  test.each<[string, unknown, RegExp]>([
    ['nothing', {}, /^advance: takes either us or duration$/],
    ['both', { us: 1, duration: '1s' }, /^advance: takes either us or duration$/],
    ['a step back', { us: -1 }, /^advance\.us: /],
    ['a fraction of a microsecond', { us: 0.5 }, /^advance\.us: /],
    [
      'more than a year',
      { duration: '9000h' },
      /^advance\.duration: must be a duration above 0 and up to 366 days/,
    ],
    ['no duration', { duration: 'soon' }, /^advance\.duration: /],
    ['an unknown key', { hours: 1 }, /^advance: unknown key "hours"; known keys: us, duration/],
    ['no JSON', '{', /^advance: /],
  ])('%s is refused', (_story, body, expected) => {
    const app = custom('tps=1')
    const plan = advance(app, body, 5)
    expect(plan.status).toBe(400)
    expect((json(plan)['error'] as { message: string }).message).toMatch(expected)
    expect(app.state(5).nowUs).toBe(5)
  })
})
