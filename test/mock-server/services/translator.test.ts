import { describe, expect, test } from 'vitest'
import { createApp, type MockApp } from '../../../mock-server/app.ts'
import { parseMockConfig } from '../../../mock-server/config-schema.ts'
import type { MockRequest } from '../../../mock-server/exchange.ts'
import { configOf, header, json, JSON_HEADERS, request } from '../requests.ts'

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const PATH = '/translate?api-version=3.0'

const app = (spec = 'translator-s1,latency=20ms'): MockApp => createApp(configOf(spec), 1)

const call = (query: string, body: unknown, overrides: Partial<MockRequest> = {}): MockRequest => ({
  ...request({ method: 'POST', path: `${PATH}${query}`, headers: JSON_HEADERS, body }),
  ...overrides,
})
const hello = [{ Text: 'good morning' }]

/** What it says, without the envelope of a reply. */
const translated = (query: string, body: unknown): unknown => {
  const plan = app().handle(call(query, body), 0)
  expect(plan.status).toBe(200)
  return JSON.parse(plan.body)
}

describe('a translation', () => {
  test('is recognizably made up, and the same every time', () => {
    const plan = app().handle(call('&from=en&to=fr', hello), 1_000)
    expect([plan.status, plan.replyAtUs]).toEqual([200, 21_000])
    expect(JSON.parse(plan.body)).toEqual([{ translations: [{ text: '[fr] good morning', to: 'fr' }] }])
  })

  test('has the headers of the service', () => {
    const plan = app().handle(call('&to=de&to=it', hello), 0)
    expect(header(plan, 'X-RequestId')).toMatch(GUID)
    expect(header(plan, 'X-mt-system')).toBe('Team')
    expect(header(plan, 'X-metered-usage')).toBe(String(2 * 'good morning'.length))
    expect(header(plan, 'Content-Type')).toBe('application/json; charset=utf-8')
  })

  test('comes in the order of the texts, and of the languages in each', () => {
    expect(translated('&from=en&to=de&to=it', [{ Text: 'a' }, { text: 'b' }])).toEqual([
      {
        translations: [
          { text: '[de] a', to: 'de' },
          { text: '[it] a', to: 'it' },
        ],
      },
      {
        translations: [
          { text: '[de] b', to: 'de' },
          { text: '[it] b', to: 'it' },
        ],
      },
    ])
  })

  test.each([
    ['hello', 'en'],
    ['привет', 'ru'],
    ['你好', 'zh-Hans'],
    ['こんにちは世界', 'ja'],
    ['안녕', 'ko'],
    ['مرحبا', 'ar'],
    ['', 'en'],
  ])('says which language %j was, when it is not told', (text, language) => {
    expect(translated('&to=fr', [{ Text: text }])).toMatchObject([
      { detectedLanguage: { language, score: 1 } },
    ])
  })

  test('says where words and sentences are, when it is asked', () => {
    const query = '&from=en&to=fr&includeAlignment=true&includeSentenceLength=true&toScript=Latn'
    expect(translated(query, [{ Text: 'How do? Fine.' }])).toEqual([
      {
        translations: [
          {
            text: '[fr] How do? Fine.',
            to: 'fr',
            transliteration: { script: 'Latn', text: '[fr] How do? Fine.' },
            alignment: { proj: '0:2-5:7 4:6-9:11 8:12-13:17' },
            sentLen: { srcSentLen: [8, 5], transSentLen: [13, 5] },
          },
        ],
      },
    ])
  })

  test.each(['/translate', '/translator/text/v3.0/translate'])('is at %s', (path) => {
    expect(app().handle({ ...call('&to=fr', hello), path: `${path}?api-version=3.0&to=fr` }, 0).status).toBe(
      200,
    )
  })
})

// Codes and their meaning: azure-docs Translator/reference/v3-0-reference.md.
describe('what is refused', () => {
  const long = (count: number): unknown => [{ Text: 'x'.repeat(count) }]
  const plainText = { headers: { ...JSON_HEADERS, 'content-type': 'text/plain' } }

  test.each<[string, MockRequest, number]>([
    ['another path', call('', hello, { path: '/translations' }), 404000],
    ['another method', call('&to=fr', hello, { method: 'GET' }), 405000],
    ['no key', call('&to=fr', hello, { headers: { 'content-type': 'application/json' } }), 401000],
    [
      'a wrong key',
      call('&to=fr', hello, { headers: { ...JSON_HEADERS, 'ocp-apim-subscription-key': 'x' } }),
      401000,
    ],
    [
      'a token for Speech',
      call('&to=fr', hello, { headers: { authorization: 'Bearer speech.1.x' } }),
      401015,
    ],
    ['another media type', call('&to=fr', hello, plainText), 415000],
    ['a body above 1 MiB', call('&to=fr', hello, { body: new Uint8Array(1_048_577) }), 400077],
    ['no version', call('', hello, { path: '/translate?to=fr' }), 400021],
    ['another version', call('', hello, { path: '/translate?api-version=2.0&to=fr' }), 400021],
    ['no target', call('', hello), 400036],
    ['a target that is no language', call('&to=f', hello), 400036],
    ['an unknown target', call('&to=xx', hello), 400019],
    ['a source that is no language', call('&to=fr&from=!', hello), 400035],
    ['a bad suggestion', call('&to=fr&suggestedFrom=!', hello), 400003],
    ['a bad option', call('&to=fr&textType=pdf', hello), 400000],
    ['no JSON', call('&to=fr', '{'), 400074],
    ['no array', call('&to=fr', {}), 400074],
    ['no texts', call('&to=fr', []), 400005],
    ['a text that is none', call('&to=fr', [{ Text: 7 }]), 400005],
    [
      '1,001 texts',
      call(
        '&to=fr',
        Array.from({ length: 1_001 }, () => ({ Text: '' })),
      ),
      400072,
    ],
    ['a text of 50,001 characters', call('&to=fr', long(50_001)), 400050],
    ['50,002 characters over two languages', call('&to=fr&to=de', long(25_001)), 400077],
  ])('%s', (_story, asked, code) => {
    const plan = app().handle(asked, 5)
    expect([plan.status, plan.replyAtUs]).toEqual([Math.floor(code / 1_000), 5])
    expect(json(plan)).toEqual({ error: { code, message: expect.any(String) } })
    expect(header(plan, 'X-RequestId')).toMatch(GUID)
    expect(header(plan, 'Allow')).toBe(code === 405000 ? 'POST' : undefined)
  })

  test.each<[string, MockRequest]>([
    ['50,000 characters', call('&to=fr', long(50_000))],
    ['25,000 characters into two languages', call('&to=fr&to=de', long(25_000))],
    [
      '1,000 texts',
      call(
        '&to=fr',
        Array.from({ length: 1_000 }, () => ({ Text: '' })),
      ),
    ],
    [
      'a key in the query',
      call('&to=fr&Subscription-Key=mock-key-2', hello, { headers: { 'content-type': 'application/json' } }),
    ],
  ])('but not %s', (_story, asked) => {
    expect(app().handle(asked, 0).status).toBe(200)
  })
})

describe('a token', () => {
  const issue = (mock: MockApp, nowUs: number): string => {
    const plan = mock.handle(
      { ...request({ method: 'POST', path: '/sts/v1.0/issueToken' }), headers: JSON_HEADERS },
      nowUs,
    )
    expect([plan.status, header(plan, 'Content-Type')]).toEqual([200, 'text/plain; charset=utf-8'])
    return plan.body
  }
  const statusWith = (mock: MockApp, token: string, nowUs: number): number =>
    mock.handle(
      call('&to=fr', hello, {
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      }),
      nowUs,
    ).status

  test('stands in for the key, for 10 minutes', () => {
    const mock = app()
    const token = issue(mock, 1_000)
    expect(statusWith(mock, token, 2_000)).toBe(200)
    expect(statusWith(mock, token, 600_000_999)).toBe(200)
    expect(statusWith(mock, token, 600_001_000)).toBe(401)
  })

  test('of another mock, or with a later date, is worth nothing', () => {
    const mock = app()
    const token = issue(mock, 0)
    expect(statusWith(createApp(configOf('translator-s1'), 2), token, 1)).toBe(401)
    expect(statusWith(mock, token.replace('600000000', '900000000'), 1)).toBe(401)
  })

  test.each<[string, Partial<MockRequest>, number]>([
    ['without a key', { headers: {} }, 401],
    ['with GET', { method: 'GET' }, 405],
  ])('is not to be had %s', (_story, overrides, status) => {
    const asked = {
      ...request({ method: 'POST', path: '/sts/v1.0/issueToken' }),
      headers: JSON_HEADERS,
      ...overrides,
    }
    expect(app().handle(asked, 0).status).toBe(status)
  })
})

describe('a resource with a region', () => {
  const inRegion = (name: string, value: string): MockRequest =>
    call('&to=fr', hello, { headers: { ...JSON_HEADERS, [name]: value } })

  test('wants it named beside the key', () => {
    const mock = app('translator-multi-service')
    expect(mock.handle(call('&to=fr', hello), 0).status).toBe(401)
    expect(mock.handle(inRegion('ocp-apim-subscription-region', 'elsewhere'), 0).status).toBe(401)
    expect(mock.handle(inRegion('ocp-apim-subscription-region', 'Mock'), 0).status).toBe(200)
    expect(mock.handle(call('&to=fr&Subscription-Region=mock', hello), 0).status).toBe(200)
  })

  test('can be in any region', () => {
    const { config } = parseMockConfig({ resources: [{ profile: 'translator-s1', region: 'WestEurope' }] })
    const mock = createApp(config!, 1)
    expect(mock.handle(call('&to=fr', hello), 0).status).toBe(401)
    expect(mock.handle(inRegion('ocp-apim-subscription-region', 'westeurope'), 0).status).toBe(200)
  })
})

test('a custom system has to load first; the general one stands in, if it may', () => {
  const mock = app()
  const strict = call('&to=fr&category=mine&allowFallback=false', hello)
  const loading = mock.handle(strict, 0)
  expect([loading.status, json(loading)]).toMatchObject([408, { error: { code: 408001 } }])
  const general = mock.handle(call('&to=fr&category=mine', hello), 1)
  expect([general.status, header(general, 'X-mt-system')]).toEqual([200, 'Team'])
  expect(mock.handle(strict, 59_999_999).status).toBe(408)
  const loaded = mock.handle(strict, 60_000_000)
  expect([loaded.status, header(loaded, 'X-mt-system')]).toEqual([200, 'Custom'])
})

describe('limits', () => {
  const characters = (count: number, targets = '&to=fr'): MockRequest =>
    call(targets, [{ Text: 'x'.repeat(count) }])

  test('characters are charged once for each language, code points as one', () => {
    const mock = app('translator-s1,rates=10/1m,unit=characters')
    expect(mock.handle(characters(3, '&to=fr&to=de'), 0).status).toBe(200)
    expect(mock.handle(call('&to=fr', [{ Text: '😀😀😀😀😀' }]), 0).status).toBe(429)
    expect(mock.handle(call('&to=fr', [{ Text: '😀😀😀😀' }]), 0).status).toBe(200)
  })

  // Published: 33,300 characters in any minute on F0, exactly 2,000,000 / 60.
  test('a minute holds a sixtieth of the hour; then 429001 and Retry-After', () => {
    const mock = app('translator-f0')
    expect(mock.handle(characters(33_333), 0).status).toBe(200)
    const plan = mock.handle(characters(1), 30_000_000)
    expect([plan.status, json(plan)]).toMatchObject([429, { error: { code: 429001 } }])
    expect(header(plan, 'Retry-After')).toBe('30')
    expect(mock.handle(characters(1), 60_000_000).status).toBe(200)
  })

  // 120 characters a call (15 words of 8 characters) at 40 million an hour: 92.59 calls a second.
  test('S1 lets 5,555 calls of 120 characters through in a minute', () => {
    const mock = app('translator-s1,latency=0s')
    let admittedCount = 0
    for (let n = 0; n < 7_200; n++) {
      if (mock.handle(characters(120), Math.floor((n * 60_000_000) / 7_200)).status === 200) admittedCount++
    }
    expect(admittedCount).toBe(Math.floor(666_667 / 120))
  })

  test.each<[string, number, number]>([
    ['a spent free allowance', 403, 403001],
    ['a full cap', 429, 429000],
    ['a saturated service', 503, 503000],
  ])('%s is a %d with the code %d', (story, status, code) => {
    const specs: Readonly<Record<string, string>> = {
      'a spent free allowance': 'translator-f0,tps=none,quota=12/30d',
      'a full cap': 'translator-s1,concurrency=1',
      'a saturated service': 'translator-s1,workers=1,backlog=0',
    }
    const mock = app(`${specs[story]},latency=1s`)
    const quick = call('&to=fr', [{ Text: 'ab' }])
    const count = code === 403001 ? 12 : 1
    for (let n = 0; n < count; n++) mock.handle(quick, 0)
    const plan = mock.handle(quick, 0)
    expect([plan.status, json(plan)]).toMatchObject([status, { error: { code } }])
  })

  test.each([
    [408, 408002],
    [413, 400077],
    [500, 500000],
    [503, 503000],
    [502, 500000],
  ])('a service told to fail with %d says %d', (status, code) => {
    const plan = app(`translator-s1,fault=error:${status}`).handle(call('&to=fr', hello), 0)
    expect([plan.status, json(plan)]).toMatchObject([status, { error: { code } }])
  })
})
