import { describe, expect, test } from 'vitest'
import { createApp, type MockApp } from '../../../mock-server/app.ts'
import { parseMockConfig } from '../../../mock-server/config-schema.ts'
import type { MockRequest, ReplyPlan } from '../../../mock-server/exchange.ts'
import { configOf, header, json, rank, request } from '../requests.ts'

const ACCOUNT = '/subscriptions/s/resourceGroups/g/providers/Microsoft.CognitiveServices/accounts/loop'
const VERSION = '?api-version=2021-10-01'
const HEADERS = { authorization: 'Bearer token', 'content-type': 'application/json' }

const app = (spec = 'personalizer-s0,latency=0s'): MockApp => createApp(configOf(spec), 1)

const call = (method: string, path: string, body?: unknown): MockRequest =>
  request({ method, path: path + VERSION, headers: HEADERS, body })
const listKeys = call('POST', `${ACCOUNT}/listKeys`)
const regenerate = (keyName: string): MockRequest => call('POST', `${ACCOUNT}/regenerateKey`, { keyName })

const rankWith = (key: string): MockRequest => {
  const good = rank(['a'])
  return { ...good, headers: { ...good.headers, 'ocp-apim-subscription-key': key } }
}

describe('keys', () => {
  // azure-rest-api-specs, cognitiveservices.json 2021-10-01.
  test('are listed', () => {
    const plan = app().handle(listKeys, 7)
    expect([plan.status, json(plan), plan.replyAtUs]).toEqual([
      200,
      { key1: 'mock-key-1', key2: 'mock-key-2' },
      7,
    ])
    expect(header(plan, 'Content-Type')).toBe('application/json; charset=utf-8')
    expect(header(plan, 'x-ms-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  })

  test.each(['Key1', 'Key2'])('%s is regenerated; the other stays', (keyName) => {
    const mock = app()
    const keys = json(mock.handle(regenerate(keyName), 0))
    const [fresh, kept] = keyName === 'Key1' ? ['key1', 'key2'] : ['key2', 'key1']
    expect(keys[fresh]).toMatch(/^[0-9a-f]{32}$/)
    expect(keys[kept]).toBe(kept === 'key1' ? 'mock-key-1' : 'mock-key-2')
    expect(json(mock.handle(listKeys, 0))).toEqual(keys)
    expect(json(mock.handle(regenerate(keyName), 0))[fresh]).not.toBe(keys[fresh])
  })

  test('T4c: clients that have moved to the other key lose no call; the old key is worth nothing', () => {
    const mock = app('personalizer-s0,tps=none,concurrency=none,latency=0s')
    const failures = (key: string, fromUs: number): number =>
      Array.from({ length: 100 }, (_, i) => mock.handle(rankWith(key), fromUs + i).status).filter(
        (one) => one !== 201,
      ).length
    expect(failures('mock-key-1', 0)).toBe(0)
    expect(failures('mock-key-2', 1_000)).toBe(0)
    const { key1 } = json(mock.handle(regenerate('Key1'), 2_000))
    expect(failures('mock-key-2', 3_000)).toBe(0)
    expect(failures(key1 as string, 4_000)).toBe(0)
    const plan = mock.handle(rankWith('mock-key-1'), 5_000)
    expect([plan.status, json(plan)]).toMatchObject([401, { error: { code: '401' } }])
  })

  test('a resource with one key has it twice, until one of them is regenerated', () => {
    const { config } = parseMockConfig({ resources: [{ profile: 'personalizer-s0', keys: ['only'] }] })
    const mock = createApp(config!, 1)
    expect(json(mock.handle(listKeys, 0))).toEqual({ key1: 'only', key2: 'only' })
    mock.handle(regenerate('Key2'), 0)
    expect(mock.handle(rankWith('only'), 0).status).toBe(201)
    mock.handle(regenerate('Key1'), 0)
    expect(mock.handle(rankWith('only'), 0).status).toBe(401)
  })

  test('of one resource are not those of another', () => {
    const resources = ['east', 'west'].map((name) => ({ name, profile: 'personalizer-s0' }))
    const mock = createApp(parseMockConfig({ resources }).config!, 1)
    const rotated = regenerate('Key1')
    expect(mock.handle({ ...rotated, path: `/r/east${rotated.path}` }, 0).status).toBe(200)
    const statusAt = (name: string): number => {
      const good = rankWith('mock-key-1')
      return mock.handle({ ...good, path: `/r/${name}${good.path}` }, 0).status
    }
    expect([statusAt('east'), statusAt('west')]).toEqual([401, 201])
  })
})

describe('the account', () => {
  const show = (mock: MockApp): Record<string, unknown> => json(mock.handle(call('GET', ACCOUNT), 0))

  // Order and numbers as in the dump of a Computer Vision S1 account in a public tutorial of 2023.
  test('shows its call rate limits in the order in which they are asked', () => {
    const account = show(app('vision-s1'))
    expect(account).toMatchObject({
      id: ACCOUNT,
      name: 'loop',
      type: 'Microsoft.CognitiveServices/accounts',
      kind: 'ComputerVision',
      sku: { name: 'S1' },
    })
    const { callRateLimit, capabilities } = account['properties'] as Record<string, Record<string, unknown>>
    expect(capabilities).toEqual([{ name: 'DynamicThrottling' }])
    const rules = callRateLimit!['rules'] as Record<string, unknown>[]
    expect(rules[0]).toEqual({
      count: 30,
      dynamicThrottlingEnabled: true,
      key: 'vision-recognizeText',
      matchPatterns: [
        { method: 'POST', path: 'vision/recognizeText' },
        { method: 'GET', path: 'vision/textOperations/*' },
        { method: '*', path: 'vision/read/*' },
      ],
      minCount: null,
      renewalPeriod: 1,
    })
    expect(rules.map(({ count, renewalPeriod }) => [count, renewalPeriod])).toEqual([
      [30, 1],
      [15, 1],
      [500, 10],
      [20, 1],
    ])
  })

  test('shows quotas apart, and limits as they are now', () => {
    const mock = app('personalizer-f0')
    const patch = request({ method: 'PATCH', path: '/__mock/limits', body: { rule: 'rate', limit: 33 } })
    expect(mock.handle(patch, 0).status).toBe(200)
    const { callRateLimit, quotaLimit } = show(mock)['properties'] as Record<string, { rules: object[] }>
    expect(callRateLimit!.rules).toMatchObject([
      { key: 'rate', count: 33, matchPatterns: [{ method: '*', path: '*' }] },
    ])
    expect(quotaLimit!.rules).toMatchObject([{ key: 'month', count: 50_000, renewalPeriod: 2_592_000 }])
  })

  test('lets its limits move when it is told to', () => {
    const mock = app('vision-s1')
    const isDynamic = (): unknown =>
      (show(mock)['properties'] as Record<string, unknown>)['dynamicThrottlingEnabled']
    expect(isDynamic()).toBe(false)
    for (const wanted of [true, false]) {
      const plan = mock.handle(
        call('PATCH', ACCOUNT, { properties: { dynamicThrottlingEnabled: wanted } }),
        0,
      )
      expect(plan.status).toBe(200)
      expect(json(plan)).toEqual(show(mock))
      expect(isDynamic()).toBe(wanted)
    }
    expect(mock.handle(call('PATCH', ACCOUNT, { tags: { team: 'x' } }), 0).status).toBe(200)
  })

  test.each(['personalizer-f0', 'speech-s0', 'luis-s0', 'translator-s1'])(
    '%s has no such limits',
    (profile) => {
      const mock = app(profile)
      expect((show(mock)['properties'] as Record<string, unknown>)['capabilities']).toEqual([])
      const patch = (isDynamic: boolean): ReplyPlan =>
        mock.handle(call('PATCH', ACCOUNT, { properties: { dynamicThrottlingEnabled: isDynamic } }), 0)
      expect(json(patch(true))).toMatchObject({ error: { code: 'DynamicThrottlingNotSupported' } })
      expect([patch(true).status, patch(false).status]).toEqual([400, 200])
    },
  )
})

describe('what the manager refuses', () => {
  const post = call('POST', `${ACCOUNT}/regenerateKey`, { keyName: 'Key1' })

  test.each<[string, MockRequest, number, string]>([
    ['no token', { ...post, headers: { 'content-type': 'application/json' } }, 401, 'AuthenticationFailed'],
    [
      'an empty token',
      { ...post, headers: { ...HEADERS, authorization: 'Bearer ' } },
      401,
      'AuthenticationFailed',
    ],
    [
      'a key as token',
      { ...post, headers: { 'ocp-apim-subscription-key': 'mock-key-1' } },
      401,
      'AuthenticationFailed',
    ],
    ['another provider', call('GET', ACCOUNT.replace('Cognitive', 'Web')), 404, 'ResourceNotFound'],
    ['another action', call('POST', `${ACCOUNT}/explode`), 404, 'ResourceNotFound'],
    ['another method', call('DELETE', ACCOUNT), 405, 'MethodNotAllowed'],
    ['no version', { ...post, path: `${ACCOUNT}/regenerateKey` }, 400, 'MissingApiVersionParameter'],
    ['no JSON type', { ...post, headers: { authorization: 'Bearer x' } }, 415, 'UnsupportedMediaType'],
    ['a large body', { ...post, body: new Uint8Array(1_048_577) }, 413, 'RequestContentTooLarge'],
    ['another key', regenerate('Key3'), 400, 'InvalidRequestContent'],
    ['no JSON', call('POST', `${ACCOUNT}/regenerateKey`, '{'), 400, 'InvalidRequestContent'],
    ['a list', call('PATCH', ACCOUNT, '[]'), 400, 'InvalidRequestContent'],
    ['properties that are none', call('PATCH', ACCOUNT, { properties: 1 }), 400, 'InvalidRequestContent'],
    [
      'a switch that is none',
      call('PATCH', ACCOUNT, { properties: { dynamicThrottlingEnabled: 1 } }),
      400,
      'InvalidRequestContent',
    ],
  ])('%s', (_story, refused, status, code) => {
    const mock = app()
    const plan = mock.handle(refused, 5)
    expect([plan.status, json(plan), plan.replyAtUs]).toEqual([
      status,
      { error: { code, message: expect.any(String) } },
      5,
    ])
    expect(header(plan, 'Allow')).toBe(status === 405 ? 'GET, PATCH' : undefined)
    expect(header(plan, 'WWW-Authenticate')).toBe(status === 401 ? 'Bearer' : undefined)
    expect(json(mock.handle(listKeys, 6))).toEqual({ key1: 'mock-key-1', key2: 'mock-key-2' })
  })
})

test('its calls are charged to no limit', () => {
  const mock = app('personalizer-s0,tps=1,concurrency=1,latency=0s')
  for (let i = 0; i < 5; i++) expect(mock.handle(listKeys, 0).status).toBe(200)
  expect(mock.handle(rank(['a']), 0).status).toBe(201)
  expect(mock.state(0).resources[0]?.operations['arm-list-keys']).toMatchObject({
    requestCount: 5,
    managedCount: 5,
  })
})

test('a service that is none of its own has the paths to itself', () => {
  expect(json(app('custom').handle(listKeys, 0))).toEqual({ method: 'POST', path: `${ACCOUNT}/listKeys` })
})
