/** The gateway of the older kind, as captured in the issues that `flat-gateway.ts` names. */
import { describe, expect, test } from 'vitest'
import { createApp } from '../../../mock-server/app.ts'
import { parseMockConfig } from '../../../mock-server/config-schema.ts'
import { KINDS_BEHIND_GATEWAY } from '../../../mock-server/config.ts'
import { behindFlatGateway } from '../../../mock-server/services/flat-gateway.ts'
import { parseMockSpec } from '../../../mock-server/spec.ts'
import { header, json, resourceOfSpec } from '../requests.ts'
import { type CallName, GOOD_CALLS, prepare } from './good-calls.ts'

const BEHIND_IT: readonly CallName[] = [
  'Personalizer Rank, v1.0',
  'Personalizer Reward',
  'Text Analytics',
  'Language',
  'custom question answering',
  'LUIS',
  'Speech',
  'any service behind the gateway',
]

const S = 1_000_000
const FLAT = 'latency=0s,gateway=flat'

test('every service behind it is tried', () => {
  const kinds = BEHIND_IT.map((name) => resourceOfSpec(GOOD_CALLS[name].spec).service.kind)
  expect(new Set(kinds)).toEqual(new Set(KINDS_BEHIND_GATEWAY))
})

describe.each(BEHIND_IT)('%s', (name) => {
  const call = GOOD_CALLS[name]

  test('a wrong key', () => {
    const { app, good } = prepare(call, FLAT)
    const plan = app.handle({ ...good, headers: { ...good.headers, ...call.keyHeader('wrong') } }, 0)
    expect(header(plan, 'apim-request-id')).toBeDefined()
    expect([plan.status, json(plan)]).toEqual([
      401,
      {
        statusCode: 401,
        message:
          'Access denied due to invalid subscription key. Make sure to provide a valid key for an active subscription.',
      },
    ])
  })

  test('a rate, with Retry-After', () => {
    const { app, good } = prepare(call, `${FLAT},rates=1/10s`)
    app.handle(good, 0)
    const plan = app.handle(good, 2.5 * S)
    expect([plan.status, header(plan, 'Retry-After'), header(plan, 'Content-Type')]).toEqual([
      429,
      '8',
      'application/json',
    ])
    expect(json(plan)).toEqual({
      statusCode: 429,
      message: 'Rate limit is exceeded. Try again in 8 seconds.',
    })
  })

  test('what the service itself says is as ever', () => {
    const [flat, nested] = [FLAT, 'latency=0s,gateway=nested'].map((options) => prepare(call, options))
    expect(flat!.app.handle(flat!.good, 0)).toEqual(nested!.app.handle(nested!.good, 0))
    const elsewhere = { ...flat!.good, path: '/nowhere', method: 'PUT' }
    expect(flat!.app.handle(elsewhere, 0)).toEqual(nested!.app.handle(elsewhere, 0))
  })
})

describe('a spent quota', () => {
  const messageAt = (spec: string, atUs: number): unknown[] => {
    const { app, good } = prepare(GOOD_CALLS['LUIS'], `${FLAT},${spec}`)
    app.handle(good, 0)
    const plan = app.handle(good, atUs)
    return [plan.status, json(plan)]
  }

  test.each<[quota: string, atS: number, span: string]>([
    ['1/30d', 7 * 86_400 + 9 * 3_600 + 41 * 60 + 48, '22.14:18:12'],
    ['1/30d', 0.5, '30.00:00:00'],
    ['1/30d', 29 * 86_400, '1.00:00:00'],
    ['1/30d', 29 * 86_400 + 1, '23:59:59'],
    ['1/1h', 3_599.5, '00:00:01'],
  ])('of %s after %d s is replenished in %s', (quota, atS, span) => {
    expect(messageAt(`quota=${quota}`, atS * S)).toEqual([
      403,
      { statusCode: 403, message: `Out of call volume quota. Quota will be replenished in ${span}.` },
    ])
  })

  test('with a status of its own', () => {
    expect(messageAt('quota=1/1h,quota-status=429', 0)).toEqual([
      429,
      { statusCode: 429, message: 'Out of call volume quota. Quota will be replenished in 01:00:00.' },
    ])
  })
})

test.each<[isQuota: boolean, status: number, message: string]>([
  [false, 429, 'Rate limit is exceeded.'],
  [true, 403, 'Out of call volume quota.'],
])('a refusal that no wait helps against (quota: %s) says nothing of one', (quota, status, message) => {
  const rules = [{ name: 'small', limit: 1, window: '1d', unit: 'bytes', quota }]
  const resources = [{ profile: 'cognitive-default', gateway: 'flat', rules }]
  const { config } = parseMockConfig({ resources })
  const { good } = prepare(GOOD_CALLS['any service behind the gateway'])
  const plan = createApp(config!, 1).handle(good, 0)
  expect([plan.status, json(plan)]).toEqual([status, { statusCode: status, message }])
})

test('a service without room says so itself', () => {
  const { app, good } = prepare(GOOD_CALLS['LUIS'], 'latency=1s,gateway=flat,workers=1,backlog=0')
  app.handle(good, 0)
  expect(json(app.handle(good, 0))).toMatchObject({ error: { code: 'ServiceUnavailable' } })
})

test('what a service shows and is told goes through the gateway', () => {
  const told: number[] = []
  const read = (): never => expect.unreachable()
  const full = behindFlatGateway({
    read,
    state: (nowUs) => ({ nowUs }),
    setConcurrency: (concurrency) => void told.push(concurrency),
  })
  full.setConcurrency?.(7)
  expect([full.state?.(5), told]).toEqual([{ nowUs: 5 }, [7]])
  expect(Object.keys(behindFlatGateway({ read }))).toEqual(['read'])
})

describe('where there is none', () => {
  test.each(['translator-s1', 'qnamaker-50', 'direct-line-s1', 'azureml-low', 'custom'])('%s', (profile) => {
    expect(parseMockSpec(`${profile},gateway=flat`).faults).toMatchObject([{ where: 'mock.gateway' }])
    expect(parseMockConfig({ resources: [{ profile, gateway: 'flat' }] }).faults).toMatchObject([
      { where: 'config.resources[0].gateway' },
    ])
  })
})
