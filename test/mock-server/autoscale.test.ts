import { describe, expect, test } from 'vitest'
import { createApp, type MockApp } from '../../mock-server/app.ts'
import { Autoscaler, DEFAULT_AUTOSCALE, formatGrowth, parseGrowth } from '../../mock-server/autoscale.ts'
import type { RuleConfig } from '../../mock-server/rule.ts'
import { configOf, header, json, JSON_HEADERS, request } from './requests.ts'

const S = 1_000_000
const MINUTE = 60 * S
const CALL = request({ headers: JSON_HEADERS })

const rule = (limit: number, rest: Partial<RuleConfig> = {}): RuleConfig => ({
  name: 'rate',
  algorithm: 'sliding-log',
  limit,
  windowUs: S,
  isAutoscaled: true,
  ...rest,
})

const limitOf = (app: MockApp, nowUs: number): number => app.state(nowUs).resources[0]!.rules[0]!.limit

/** One request refused in the last period, so that the next evaluation raises the limit. */
function refuseOne(app: MockApp, nowUs: number): void {
  for (let i = 0; i <= limitOf(app, nowUs); i++) app.handle(CALL, nowUs)
}

// The ramp that azure-docs cognitive-services/autoscale.md describes; the factor, 100^(1/12), is assumed.
const RAMP = [10, 14, 21, 31, 46, 68, 100, 146, 215, 316, 464, 681, 1_000]

describe('T12: the ramp', () => {
  test('falls at no time but each five minutes, and is at 1,000 after an hour', () => {
    const app = createApp(configOf('cognitive-autoscale,latency=0s'), 1)
    const limits = RAMP.map((_, tick) => {
      const tickUs = tick * 5 * MINUTE
      const before = tick === 0 ? [] : [limitOf(app, tickUs - 1)]
      const after = limitOf(app, tickUs)
      refuseOne(app, tickUs)
      return [...before, after]
    })
    expect(limits).toEqual(RAMP.map((limit, tick) => (tick === 0 ? [limit] : [RAMP[tick - 1], limit])))
  })

  test('never goes beyond 1,000', () => {
    const app = createApp(configOf('cognitive-autoscale,latency=0s'), 1)
    for (let tick = 0; tick < 15; tick++) refuseOne(app, tick * 5 * MINUTE)
    expect(limitOf(app, 75 * MINUTE)).toBe(1_000)
    expect(app.state(75 * MINUTE).resources[0]!.autoscale).toMatchObject({ raisedCount: 12, loweredCount: 0 })
  })

  test('under a constant overload the share of 429 falls at each evaluation', () => {
    // 50 a second at every 20th second: the load is the same in each second of it.
    const app = createApp(configOf('cognitive-autoscale,latency=0s'), 1)
    const shares = RAMP.slice(0, 6).map((_, period) => {
      let refusedCount = 0
      for (let second = 0; second < 300; second += 20) {
        for (let i = 0; i < 50; i++) {
          const atUs = period * 5 * MINUTE + second * S + i * 20_000
          if (app.handle(CALL, atUs).status === 429) refusedCount++
        }
      }
      return refusedCount / (15 * 50)
    })
    expect(shares).toEqual([0.8, 0.72, 0.58, 0.38, 0.08, 0])
  })

  test('without capacity to spare the limit stays', () => {
    const app = createApp(configOf('cognitive-autoscale,autoscale-spare=0,latency=0s'), 1)
    for (let tick = 0; tick < 13; tick++) {
      expect(limitOf(app, tick * 5 * MINUTE)).toBe(10)
      refuseOne(app, tick * 5 * MINUTE)
    }
    expect(app.state(MINUTE * 65).resources[0]!.autoscale).toMatchObject({ raisedCount: 0, deniedCount: 13 })
  })

  test('what there is to spare is used as far as whole steps go', () => {
    const app = createApp(configOf('cognitive-autoscale,autoscale-spare=30,latency=0s'), 1)
    for (let tick = 0; tick < 13; tick++) refuseOne(app, tick * 5 * MINUTE)
    expect(limitOf(app, 65 * MINUTE)).toBe(31)
  })

  test('in equal steps it is at 1,000 after the same hour', () => {
    const app = createApp(configOf('cognitive-autoscale,autoscale-growth=+82.5,latency=0s'), 1)
    for (let tick = 0; tick < 12; tick++) refuseOne(app, tick * 5 * MINUTE)
    expect([limitOf(app, 60 * MINUTE - 1), limitOf(app, 60 * MINUTE)]).toEqual([917, 1_000])
  })
})

describe('falling', () => {
  /** Two raises: 10, 14.678, 21.544. */
  function raised(): MockApp {
    const app = createApp(configOf('cognitive-autoscale,latency=0s'), 1)
    refuseOne(app, 0)
    refuseOne(app, 5 * MINUTE)
    return app
  }
  const offer = (app: MockApp, count: number, atUs: number): void => {
    for (let i = 0; i < count; i++) app.handle(CALL, atUs)
  }

  test('an unused limit goes back step by step, not below its own', () => {
    const app = raised()
    expect([10, 15, 20, 25].map((minute) => limitOf(app, minute * MINUTE))).toEqual([21, 14, 10, 10])
  })

  test('half of it offered in the last second before the evaluation keeps it', () => {
    const [kept, fallen, early] = [raised(), raised(), raised()]
    offer(kept, 11, 15 * MINUTE - 1)
    offer(fallen, 10, 15 * MINUTE - 1)
    offer(early, 11, 14 * MINUTE)
    expect([kept, fallen, early].map((app) => limitOf(app, 15 * MINUTE))).toEqual([21, 14, 14])
  })

  test('switched off it is back at the next evaluation, within five minutes', () => {
    const app = raised()
    const off = request({ method: 'PATCH', path: '/__mock/limits', body: { autoscale: false } })
    expect(json(app.handle(off, 11 * MINUTE))).toMatchObject({ autoscale: { enabled: false } })
    expect([limitOf(app, 15 * MINUTE - 1), limitOf(app, 15 * MINUTE)]).toEqual([21, 10])
    refuseOne(app, 16 * MINUTE)
    expect(limitOf(app, 20 * MINUTE)).toBe(10)
  })

  test('a reset takes back what it has raised', () => {
    const app = raised()
    expect(limitOf(app, 10 * MINUTE)).toBe(21)
    app.handle(request({ method: 'POST', path: '/__mock/reset' }), 11 * MINUTE)
    expect(limitOf(app, 11 * MINUTE)).toBe(10)
    refuseOne(app, 12 * MINUTE)
    expect([limitOf(app, 15 * MINUTE - 1), limitOf(app, 15 * MINUTE)]).toEqual([10, 14])
  })

  test('a limit that is set anew is the one it goes on from', () => {
    const app = raised()
    app.handle(request({ method: 'PATCH', path: '/__mock/limits', body: { tps: 100 } }), 11 * MINUTE)
    refuseOne(app, 12 * MINUTE)
    expect([15, 20, 25].map((minute) => limitOf(app, minute * MINUTE))).toEqual([146, 100, 100])
    expect(app.state(25 * MINUTE).resources[0]!.autoscale?.baseLimits).toEqual({ rate: 100 })
  })
})

describe('which rules move', () => {
  test('only those that carry the flag and have refused', () => {
    const limits: [string, number, number][] = []
    const rules = [
      rule(10),
      rule(20, { name: 'minute', windowUs: 60 * S }),
      rule(30, { name: 'fixed', isAutoscaled: undefined as never }),
    ]
    const scaler = new Autoscaler(DEFAULT_AUTOSCALE, rules, (...change) => limits.push(change))
    for (const name of ['minute', 'fixed']) scaler.note(name, 1, true, 0)
    scaler.advance(5 * MINUTE)
    expect(limits).toEqual([['minute', 29, 5 * MINUTE]])
    expect(scaler.baseLimits).toEqual({ rate: 10, minute: 20 })
  })

  test('of Computer Vision all but the billing of containers, once it is switched on', () => {
    const app = createApp(configOf('vision-s1'), 1)
    const post = request({ method: 'POST', path: '/vision/v3.2/analyze', headers: JSON_HEADERS, body: {} })
    const overload = (atUs: number): void => {
      for (let i = 0; i < 40; i++) app.handle(post, atUs)
    }
    const limits = (atUs: number): number[] => app.state(atUs).resources[0]!.rules.map(({ limit }) => limit)
    overload(0)
    expect(limits(5 * MINUTE)).toEqual([30, 15, 500, 20])
    const account = '/subscriptions/s/resourceGroups/g/providers/Microsoft.CognitiveServices/accounts/eye'
    const enable = request({
      method: 'PATCH',
      path: `${account}?api-version=2021-10-01`,
      headers: { authorization: 'Bearer t', 'content-type': 'application/json' },
      body: { properties: { dynamicThrottlingEnabled: true } },
    })
    expect(app.handle(enable, 6 * MINUTE).status).toBe(200)
    overload(7 * MINUTE)
    expect(limits(10 * MINUTE)).toEqual([30, 22, 500, 20])
  })

  test('rejected at an instant: as early as the wait says, the raised limit lets it in', () => {
    const app = createApp(configOf('custom,rates=2/10m,autoscale=yes'), 1)
    for (let i = 0; i < 2; i++) app.handle(CALL, 0)
    expect(header(app.handle(CALL, 0), 'Retry-After')).toBe('600')
    expect([5 * MINUTE - 1, 5 * MINUTE].map((atUs) => app.handle(CALL, atUs).status)).toEqual([429, 429])
    // 2.9 is 2 in whole requests; another step makes it 4.
    expect([10 * MINUTE - 1, 10 * MINUTE].map((atUs) => limitOf(app, atUs))).toEqual([2, 4])
  })
})

describe('the growth as text', () => {
  test.each(['1.4678', '2', '+82.5', '+1'])('%s', (text) => {
    const growth = parseGrowth(text)
    expect(typeof growth === 'string' ? growth : formatGrowth(growth)).toBe(text)
  })

  test.each(['1', '0.5', '+0', '-3', 'much', '', '1e3', '1001'])('%j is none', (text) => {
    expect(parseGrowth(text)).toMatch(/is no growth/)
  })
})

test('years without a request cost nothing', () => {
  const app = createApp(configOf('cognitive-autoscale,autoscale-period=1ms'), 1)
  refuseOne(app, 0)
  expect(limitOf(app, 31_536_000 * S)).toBe(10)
})
