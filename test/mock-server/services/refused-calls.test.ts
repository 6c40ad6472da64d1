/** What every service refuses, each in its own words. */
import { describe, expect, test } from 'vitest'
import { createApp } from '../../../mock-server/app.ts'
import { MAX_AUDIO_BYTES, MAX_BODY_BYTES, type MockRequest } from '../../../mock-server/exchange.ts'
import { configOf, header, json, rank, request } from '../requests.ts'
import { type CallName, GOOD_CALLS, type GoodCall, prepare, subscriptionKey } from './good-calls.ts'

type Case = 'key' | 'route' | 'method' | 'size' | 'type' | 'body'
/** The status and the code in the body; absent: the service has nothing against it. */
type Expected = Readonly<Partial<Record<Case, readonly [status: number, code: string | number]>>>

interface Row {
  readonly expected: Expected
  readonly maxBodyBytes?: number
}

/** The gateway's own part is the same for all services behind it. */
function azure(body: string | undefined): Expected {
  return {
    key: [401, '401'],
    route: [404, '404'],
    method: [405, '405'],
    size: [413, '413'],
    type: [415, '415'],
    ...(body !== undefined && { body: [400, body] as const }),
  }
}

const ROWS: Readonly<Record<CallName, Row>> = {
  'Personalizer Rank, v1.0': {
    expected: azure('BadRequest'),
  },
  'Personalizer Rank, v1.1': {
    expected: azure('InvalidRankRequest'),
  },
  'Personalizer Reward': {
    expected: azure('InvalidRewardRequest'),
  },
  'Text Analytics': {
    expected: azure('InvalidRequest'),
  },
  Language: {
    expected: azure('InvalidRequest'),
  },
  'custom question answering': {
    expected: azure('InvalidArgument'),
  },
  LUIS: {
    expected: azure('BadArgument'),
  },
  Speech: {
    expected: azure('400'),
    maxBodyBytes: MAX_AUDIO_BYTES,
  },
  'any service behind the gateway': {
    expected: { key: [401, '401'], size: [413, '413'] },
  },
  // Its codes are numbers, and one of them is for a body that is too large.
  Translator: {
    expected: {
      key: [401, 401000],
      route: [404, 404000],
      method: [405, 405000],
      size: [400, 400077],
      type: [415, 415000],
      body: [400, 400074],
    },
  },
  'QnA Maker': {
    expected: {
      key: [401, 'Unauthorized'],
      route: [404, 'NotFound'],
      method: [405, 'OperationNotFound'],
      size: [413, 'BadArgument'],
      type: [415, 'BadArgument'],
      body: [400, 'BadArgument'],
    },
  },
  'Direct Line': {
    expected: {
      key: [403, 'BadArgument'],
      route: [404, 'ResourceNotFound'],
      method: [405, 'MethodNotAllowed'],
      size: [413, 'MessageSizeTooBig'],
      type: [415, 'UnsupportedMediaType'],
      body: [400, 'BadArgument'],
    },
  },
  'AzureML scoring': {
    expected: {
      key: [401, 'Unauthorized'],
      route: [404, 'NotFound'],
      method: [405, 'BadArgument'],
      size: [413, 'BadArgument'],
      type: [415, 'BadArgument'],
      body: [400, 'BadArgument'],
    },
  },
  'AzureML management': {
    expected: {
      key: [401, 'Unauthorized'],
      route: [404, 'NotFound'],
      method: [405, 'BadArgument'],
      size: [413, 'BadArgument'],
      type: [415, 'BadArgument'],
      body: [400, 'BadArgument'],
    },
  },
}

interface Refused extends GoodCall, Row {}

const CALLS: readonly (readonly [name: string, Refused])[] = Object.entries(GOOD_CALLS).map(
  ([name, call]) => [name, { ...call, ...ROWS[name as CallName] }],
)

const SPOILED: Readonly<Record<Case, (good: MockRequest, row: Refused) => MockRequest>> = {
  key: (good, { keyHeader }) => ({ ...good, headers: { ...good.headers, ...keyHeader('stolen') } }),
  route: (good) => ({ ...good, path: '/nowhere' }),
  method: (good) => ({ ...good, method: 'TRACE' }),
  size: (good, { maxBodyBytes = MAX_BODY_BYTES }) => ({ ...good, body: new Uint8Array(maxBodyBytes + 1) }),
  type: (good) => ({ ...good, headers: { ...good.headers, 'content-type': 'text/plain' } }),
  body: (good) => ({ ...good, body: new TextEncoder().encode('{') }),
}

describe.each(CALLS)('%s', (_name, row) => {
  const { app, good } = prepare(row)

  test('takes a good call', () => {
    expect(app.handle(good, 1).status).toBeLessThan(300)
  })

  test.each(Object.entries(row.expected) as [Case, readonly [number, string | number]][])(
    'refuses a wrong %s',
    (name, [status, code]) => {
      const plan = app.handle(SPOILED[name](good, row), 2_000_000)
      expect(plan.status).toBe(status)
      expect(json(plan)).toMatchObject({ error: { code, message: expect.stringMatching(/./) } })
      expect(header(plan, 'Content-Type')).toMatch(/^application\/json/)
      expect(plan.replyAtUs).toBe(2_000_000)
      expect(header(plan, 'Allow') === undefined).toBe(status !== 405)
    },
  )
})

const BY_RESOURCE_MANAGER = request({
  method: 'POST',
  path: '/subscriptions/s/resourceGroups/g/providers/Microsoft.CognitiveServices/accounts/a/regenerateKey?api-version=2021-10-01',
  headers: { authorization: 'Bearer token', 'content-type': 'application/json' },
  body: { keyName: 'Key1' },
})

const BY_ADMIN_API = request({ method: 'POST', path: '/__mock/keys', body: { key: 1 } })

/** The token for the management of AzureML is none of the keys. */
const ROTATIONS = CALLS.filter(([name]) => name !== 'AzureML management').flatMap(([name, row]) => [
  { name, row, way: 'by the admin API', rotate: BY_ADMIN_API },
  ...(row.keyHeader === subscriptionKey
    ? [{ name, row, way: 'by the resource manager', rotate: BY_RESOURCE_MANAGER }]
    : []),
])

test.each(ROTATIONS)('$name: a key that has been replaced $way', ({ row, rotate }) => {
  const { app, good } = prepare(row)
  const [status, code] = row.expected.key ?? []
  expect(app.handle(rotate, 0).status).toBe(200)
  const plan = app.handle(good, 1)
  expect([plan.status, json(plan)]).toMatchObject([status, { error: { code } }])
  const withSecond = { ...good, headers: { ...good.headers, ...row.keyHeader('mock-key-2') } }
  expect(app.handle(withSecond, 2).status).toBeLessThan(300)
})

test('an error of AzureML has its details, one of Azure’s gateway the id of its request', () => {
  const low = createApp(configOf('azureml-low'), 1)
  const score = request({ method: 'POST', path: '/workspaces/w/services/s/execute?api-version=2.0' })
  expect(json(low.handle(score, 0))).toMatchObject({
    error: { details: [{ code: 'ScoreRequestUnauthorized', message: expect.any(String) }] },
  })
  const personalizer = createApp(configOf('personalizer-s0'), 1)
  const plan = personalizer.handle({ ...rank(['a']), headers: {} }, 0)
  expect(header(plan, 'apim-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  expect(json(plan)).toMatchObject({
    error: {
      message: expect.stringContaining(
        'Access denied due to invalid subscription key or wrong API endpoint.',
      ),
    },
  })
})
