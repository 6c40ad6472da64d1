import { describe, expect, test } from 'vitest'
import { createApp, type MockApp } from '../../../mock-server/app.ts'
import type { MockRequest } from '../../../mock-server/exchange.ts'
import { configOf, header, json, JSON_HEADERS, request } from '../requests.ts'

const APP = '11111111-2222-3333-4444-555555555555'
const at = (place: string, appId = APP): string => `/luis/v3.0/apps/${appId}/${place}/predict`
const PRODUCTION = at('slots/production')
const KEY = { 'ocp-apim-subscription-key': 'mock-key-1' }

const app = (spec = 'luis-s0,latency=20ms'): MockApp => createApp(configOf(spec), 1)
const get = (query: string, path = PRODUCTION): MockRequest => request({ path: path + query, headers: KEY })
const post = (body: unknown, query = ''): MockRequest =>
  request({ method: 'POST', path: PRODUCTION + query, headers: JSON_HEADERS, body })

describe('a prediction', () => {
  test('by GET and by POST is the same', () => {
    const plan = app().handle(get('?query=book%20me%20a%20flight'), 1_000)
    expect([plan.status, plan.replyAtUs]).toEqual([200, 21_000])
    expect(json(plan)).toEqual({
      query: 'book me a flight',
      prediction: {
        topIntent: 'BookFlight',
        intents: { BookFlight: { score: expect.any(Number) } },
        entities: {},
      },
    })
    expect(app().handle(post({ query: 'book me a flight' }), 0).body).toBe(plan.body)
  })

  test.each([
    ['will it rain', 'GetWeather'],
    ['my balance', 'CheckBalance'],
    ['hello', 'Greeting'],
    ['qwerty', 'None'],
  ])('of %j is %s', (query, topIntent) => {
    expect(json(app().handle(post({ query }), 0))).toMatchObject({ prediction: { topIntent } })
  })

  test('shows all intents when asked, the top one first', () => {
    const { prediction } = json(app().handle(get('?query=hello&show-all-intents=true'), 0)) as {
      prediction: { intents: Record<string, { score: number }> }
    }
    const scores = Object.values(prediction.intents).map(({ score }) => score)
    expect(Object.keys(prediction.intents)[0]).toBe('Greeting')
    expect(scores).toHaveLength(6)
    expect(scores).toEqual(scores.toSorted((one, other) => other - one))
  })

  test('finds numbers, and when asked says where', () => {
    expect(json(app().handle(get('?query=2%20of%2017.5'), 0))).toMatchObject({
      prediction: { entities: { number: [2, 17.5] } },
    })
    expect(json(app().handle(get('?query=2%20of%2017.5&verbose=true'), 0))).toMatchObject({
      prediction: {
        entities: {
          $instance: {
            number: [
              { startIndex: 0, length: 1 },
              { startIndex: 5, length: 4 },
            ],
          },
        },
      },
    })
  })

  test.each<[string, MockRequest]>([
    ['the staging slot', get('?query=a', at('slots/staging'))],
    ['a version', get('?query=a', at('versions/0.1'))],
    [
      'the path of the libraries',
      get('?query=a', `/luis/prediction/v3.0/apps/${APP}/slots/production/predict`),
    ],
    ['a key in the query', request({ path: `${PRODUCTION}?query=a&subscription-key=mock-key-2` })],
    ['500 characters', post({ query: 'x'.repeat(500) })],
    [
      'options',
      post({ query: 'a', options: { preferExternalEntities: true }, externalEntities: [], dynamicLists: [] }),
    ],
  ])('takes %s', (_story, asked) => {
    expect(app().handle(asked, 0).status).toBe(200)
  })
})

// The statuses of azure-docs LUIS/luis-reference-response-codes.md, and the gateway's own.
describe('what is refused', () => {
  const withState = (status: number): MockRequest =>
    get('?query=a', at('slots/production', `00000000-0000-0000-0000-000000000${status}`))

  test.each<[string, MockRequest, number, string]>([
    ['another path', request({ path: '/luis/v2.0/apps' }), 404, '404'],
    ['another slot', get('?query=a', at('slots/test')), 404, '404'],
    ['another method', request({ method: 'DELETE', path: PRODUCTION }), 405, '405'],
    ['no key', request({ path: `${PRODUCTION}?query=a` }), 401, '401'],
    ['a wrong key', request({ path: `${PRODUCTION}?query=a&subscription-key=x` }), 401, '401'],
    ['another media type', { ...post({ query: 'a' }), headers: KEY }, 415, '415'],
    ['a body above 1 MiB', { ...post({}), body: new Uint8Array(1_048_577) }, 413, '413'],
    ['an app id that is no GUID', get('?query=a', at('slots/production', 'x')), 400, 'BadArgument'],
    ['no query', get(''), 400, 'BadArgument'],
    ['an empty query', get('?query=%20'), 400, 'BadArgument'],
    ['a bad flag', get('?query=a&verbose=1'), 400, 'BadArgument'],
    ['no JSON', post('{'), 400, 'BadArgument'],
    ['a body without a query', post({}), 400, 'BadArgument'],
    ['options that are none', post({ query: 'a', options: 1 }), 400, 'BadArgument'],
    ['lists that are none', post({ query: 'a', dynamicLists: {} }), 400, 'BadArgument'],
    ['501 characters', post({ query: 'x'.repeat(501) }), 414, 'RequestUriTooLong'],
    ['an app that is loading', withState(409), 409, 'Conflict'],
    ['an app to be published again', withState(410), 410, 'Gone'],
  ])('%s', (_story, asked, status, code) => {
    const plan = app().handle(asked, 5)
    expect([plan.status, plan.replyAtUs]).toEqual([status, 5])
    expect(json(plan)).toEqual({ error: { code, message: expect.any(String) } })
    expect(header(plan, 'Allow')).toBe(status === 405 ? 'GET, POST' : undefined)
  })
})

// S0: 50 a second; F0: 5 a second and 10,000 a month (azure-docs LUIS/luis-limits.md).
describe('limits', () => {
  const asked = get('?query=a')

  test.each([
    ['luis-s0', 50],
    ['luis-f0', 5],
  ])('%s lets %d a second through, then 429', (profile, limit) => {
    const mock = app(profile)
    for (let n = 0; n < limit; n++) expect(mock.handle(asked, n).status).toBe(200)
    const plan = mock.handle(asked, limit)
    expect([plan.status, header(plan, 'Retry-After')]).toEqual([429, '1'])
    expect(json(plan)).toMatchObject({
      error: { code: '429', message: expect.stringContaining('Predict Operation') },
    })
  })

  test('the 10,001st of a month on F0 is a 403, after 33.3 minutes at 5 a second', () => {
    const mock = app('luis-f0')
    let firstRefusedUs = -1
    for (let nowUs = 0; firstRefusedUs === -1; nowUs += 200_000) {
      const { status } = mock.handle(asked, nowUs)
      if (status !== 200) firstRefusedUs = nowUs
    }
    expect(firstRefusedUs).toBe(10_000 * 200_000)
    const plan = mock.handle(asked, firstRefusedUs)
    expect(json(plan)).toMatchObject({
      error: {
        code: '403',
        message: expect.stringMatching(/^Out of call volume quota for LUIS F0 pricing tier\./),
      },
    })
    expect(header(plan, 'Retry-After')).toBe(String(2_592_000 - 2_000))
  })
})
