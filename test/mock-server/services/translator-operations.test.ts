/** Shapes, limits and codes: azure-docs Translator/reference/v3-0-*.md and translator/service-limits. */
import { describe, expect, test } from 'vitest'
import { createApp, type MockApp } from '../../../mock-server/app.ts'
import type { MockRequest } from '../../../mock-server/exchange.ts'
import { configOf, header, json, JSON_HEADERS, request } from '../requests.ts'

const app = (options = 'latency=20ms'): MockApp => createApp(configOf(`translator-s1,${options}`), 1)

const call = (path: string, query: string, body: unknown): MockRequest =>
  request({ method: 'POST', path: `/${path}?api-version=3.0${query}`, headers: JSON_HEADERS, body })

const languages = (query: string, rest: Partial<MockRequest> = {}): MockRequest => ({
  ...request({ path: `/languages?api-version=3.0${query}` }),
  ...rest,
})

const texts = (...all: readonly string[]): unknown => all.map((Text) => ({ Text }))
const times = (count: number, Text: string): unknown => Array.from({ length: count }, () => ({ Text }))
const pair = (Text: string, Translation: unknown): unknown => [{ Text, Translation }]
const PAIR = '&from=en&to=es'
const SCRIPTS = '&language=ja&fromScript=Jpan&toScript=Latn'

const TERM = {
  normalizedSource: 'shark',
  displaySource: ' Shark',
  translations: [
    {
      normalizedTarget: '[es] shark',
      displayTarget: '[es] shark',
      posTag: 'NOUN',
      confidence: expect.any(Number),
      prefixWord: '',
      backTranslations: [
        {
          normalizedText: 'shark',
          displayText: 'shark',
          numExamples: 1,
          frequencyCount: expect.any(Number),
        },
      ],
    },
    expect.objectContaining({ normalizedTarget: '[es] shark 2' }),
  ],
}

describe('each operation', () => {
  test.each<[path: string, query: string, body: unknown, answer: unknown]>([
    [
      'detect',
      '',
      texts('hello', 'привет'),
      [
        { language: 'en', score: 1, isTranslationSupported: true, isTransliterationSupported: false },
        { language: 'ru', score: 1, isTranslationSupported: true, isTransliterationSupported: true },
      ],
    ],
    [
      'breaksentence',
      '',
      texts('How are you? I am fine.', ''),
      [
        { detectedLanguage: { language: 'en', score: 1 }, sentLen: [13, 10] },
        { detectedLanguage: { language: 'en', score: 1 }, sentLen: [] },
      ],
    ],
    ['breaksentence', '&language=en', texts('Fine.'), [{ sentLen: [5] }]],
    [
      'transliterate',
      SCRIPTS,
      texts('こんにちは', ''),
      [
        { text: '[Latn] こんにちは', script: 'Latn' },
        { text: '', script: 'Latn' },
      ],
    ],
    ['dictionary/lookup', PAIR, texts(' Shark'), [TERM]],
    [
      'dictionary/lookup',
      PAIR,
      texts('7'),
      [{ normalizedSource: '7', displaySource: '7', translations: [] }],
    ],
    [
      'dictionary/examples',
      '&from=es&to=en',
      pair('Volar', 'fly'),
      [
        {
          normalizedSource: 'volar',
          normalizedTarget: 'fly',
          examples: [
            {
              sourcePrefix: 'This is about ',
              sourceTerm: 'Volar',
              sourceSuffix: '.',
              targetPrefix: 'This is about ',
              targetTerm: 'fly',
              targetSuffix: '.',
            },
          ],
        },
      ],
    ],
  ])('%s%s answers for each text, in order', (path, query, body, answer) => {
    const mock = app()
    const plan = mock.handle(call(path, query, body), 1_000)
    expect([plan.status, plan.replyAtUs]).toEqual([200, 21_000])
    expect(JSON.parse(plan.body)).toEqual(answer)
    expect(header(plan, 'X-RequestId')).toMatch(/^[0-9a-f-]{36}$/)
    expect(header(plan, 'X-metered-usage')).toBeUndefined()
    const again = mock.handle(call(`translator/text/v3.0/${path}`, query, body), 2_000)
    expect(again.body).toBe(plan.body)
  })

  test('the confidences of a term add up to 1', () => {
    const [term] = JSON.parse(app().handle(call('dictionary/lookup', PAIR, texts('shark')), 0).body) as [
      { translations: { confidence: number }[] },
    ]
    expect(term.translations.reduce((sum, { confidence }) => sum + confidence, 0)).toBeCloseTo(1, 10)
  })

  test.each<[path: string, query: string, body: unknown, characterCount: number]>([
    ['detect', '', texts('😀😀', 'ab'), 4],
    ['breaksentence', '', texts('abc'), 3],
    ['transliterate', SCRIPTS, texts('abc'), 3],
    ['dictionary/lookup', PAIR, texts('abc'), 3],
    ['dictionary/examples', PAIR, pair('abc', 'de'), 5],
  ])('%s is charged in characters', (path, query, body, characterCount) => {
    const passes = (limit: number): boolean =>
      app(`rates=${limit}/1m,unit=characters`).handle(call(path, query, body), 0).status === 200
    expect([passes(characterCount), passes(characterCount - 1)]).toEqual([true, false])
  })
})

describe('what is refused', () => {
  test.each<[path: string, query: string, body: unknown, code: number]>([
    ['detect', '', '{', 400074],
    ['detect', '', [], 400005],
    ['detect', '', [{ Words: 'a' }], 400005],
    ['detect', '', times(101, 'a'), 400072],
    ['detect', '', times(1, 'x'.repeat(50_001)), 400050],
    ['detect', '', times(2, 'x'.repeat(25_001)), 400077],
    ['breaksentence', '&language=!', texts('a'), 400003],
    ['breaksentence', '&language=xx', texts('a'), 400019],
    ['transliterate', '', texts('a'), 400003],
    ['transliterate', '&language=ja', texts('a'), 400018],
    ['transliterate', '&language=ja&fromScript=Jpan', texts('a'), 400004],
    ['transliterate', '&language=de&fromScript=Latn&toScript=Cyrl', texts('a'), 400080],
    ['transliterate', '&language=th&fromScript=Latn&toScript=Thai', texts('a'), 400006],
    ['transliterate', SCRIPTS, times(11, 'a'), 400072],
    ['transliterate', SCRIPTS, times(2, 'x'.repeat(2_501)), 400077],
    ['dictionary/lookup', '&to=es', texts('a'), 400035],
    ['dictionary/lookup', '&from=en', texts('a'), 400036],
    ['dictionary/lookup', '&from=de&to=es', texts('a'), 400023],
    ['dictionary/lookup', '&from=en&to=zu', texts('a'), 400023],
    ['dictionary/lookup', PAIR, times(1, 'x'.repeat(101)), 400050],
    ['dictionary/lookup', PAIR, times(11, 'a'), 400072],
    ['dictionary/examples', PAIR, texts('a'), 400064],
    ['dictionary/examples', PAIR, pair('a', 7), 400064],
    ['dictionary/examples', PAIR, pair('a', 'x'.repeat(101)), 400050],
    ['dictionary/examples', '&from=en&to=en', pair('a', 'b'), 400023],
  ])('%s%s with %j', (path, query, body, code) => {
    const plan = app().handle(call(path, query, body), 5)
    expect([plan.status, plan.replyAtUs]).toEqual([400, 5])
    expect(json(plan)).toEqual({ error: { code, message: expect.any(String) } })
  })

  test.each<[path: string, query: string, body: unknown]>([
    ['detect', '', times(100, 'x'.repeat(500))],
    ['transliterate', SCRIPTS, times(10, 'x'.repeat(500))],
    ['dictionary/lookup', PAIR, times(10, 'x'.repeat(100))],
  ])('but not %s with all that it takes', (path, query, body) => {
    expect(app().handle(call(path, query, body), 0).status).toBe(200)
  })

  test.each<[string, MockRequest, number]>([
    ['detect with GET', { ...call('detect', '', texts('a')), method: 'GET' }, 405000],
    ['detect without a key', { ...call('detect', '', texts('a')), headers: {} }, 401000],
    ['detect without a version', { ...call('detect', '', texts('a')), path: '/detect' }, 400021],
    ['languages with POST', languages('', { method: 'POST' }), 405000],
    ['languages without a version', languages('', { path: '/languages' }), 400021],
    ['languages of another scope', languages('&scope=translation,poetry'), 400001],
  ])('%s', (_story, asked, code) => {
    const plan = app().handle(asked, 0)
    expect([plan.status, json(plan)]).toMatchObject([Math.floor(code / 1_000), { error: { code } }])
    expect(header(plan, 'Allow')).toBe(
      code === 405000 ? (asked.method === 'GET' ? 'POST' : 'GET') : undefined,
    )
  })
})

describe('the languages', () => {
  const listed = (query: string): Record<string, Record<string, unknown>> =>
    JSON.parse(app('tps=1').handle(languages(query), 0).body) as Record<string, Record<string, unknown>>

  test('need no key and count against no limit', () => {
    const mock = app('rates=1/1m')
    const statuses = [0, 1, 2].map((atUs) => mock.handle(languages(''), atUs).status)
    expect(statuses).toEqual([200, 200, 200])
    expect(mock.handle(call('detect', '', texts('a')), 3).status).toBe(200)
  })

  test('come in three groups, or in those that are asked for', () => {
    expect(Object.keys(listed(''))).toEqual(['translation', 'transliteration', 'dictionary'])
    expect(Object.keys(listed('&scope=Dictionary'))).toEqual(['dictionary'])
  })

  test('say what can be translated into, and how it is written', () => {
    const { translation } = listed('&scope=translation')
    expect(translation).toMatchObject({
      ar: { name: 'Arabic', nativeName: 'العربية', dir: 'rtl' },
      de: { name: 'German', nativeName: 'Deutsch', dir: 'ltr' },
    })
    const mock = app('tps=none')
    const statuses = Object.keys(translation ?? {}).map(
      (to) => mock.handle(call('translate', `&to=${to}`, texts('a')), 0).status,
    )
    expect(new Set(statuses)).toEqual(new Set([200]))
  })

  test('say which scripts go into which, all of which transliterate takes', () => {
    const { transliteration } = listed('&scope=transliteration') as unknown as {
      transliteration: Record<string, { scripts: { code: string; toScripts: { code: string }[] }[] }>
    }
    expect(transliteration['zh-Hans']).toMatchObject({
      scripts: [{ code: 'Hans', dir: 'ltr', toScripts: [{ code: 'Latn' }, { code: 'Hant' }] }],
    })
    const mock = app('tps=none')
    const statuses = Object.entries(transliteration).flatMap(([language, { scripts }]) =>
      scripts.flatMap(({ code, toScripts }) =>
        toScripts.map(
          ({ code: to }) =>
            mock.handle(
              call('transliterate', `&language=${language}&fromScript=${code}&toScript=${to}`, texts('a')),
              0,
            ).status,
        ),
      ),
    )
    expect(statuses.length).toBeGreaterThan(60)
    expect(new Set(statuses)).toEqual(new Set([200]))
  })

  test('say what each dictionary leads to', () => {
    const { dictionary = {} } = listed('&scope=dictionary')
    expect(dictionary['es']).toEqual({
      name: 'Spanish',
      nativeName: 'español',
      dir: 'ltr',
      translations: [{ name: 'English', nativeName: 'English', dir: 'ltr', code: 'en' }],
    })
    const english = dictionary['en'] as { translations: { code: string }[] }
    expect(english.translations.map(({ code }) => code)).toEqual(
      Object.keys(dictionary).filter((code) => code !== 'en'),
    )
  })
})

describe('a translation out of another script', () => {
  test.each([
    ['&from=ja&fromScript=Latn', '[Jpan] konnichiwa'],
    ['&from=ja&fromScript=jpan', undefined],
    ['&from=de&fromScript=Latn', undefined],
    ['', undefined],
  ])('%s shows the source as %s', (query, text) => {
    const [translated] = JSON.parse(
      app().handle(call('translate', `&to=fr${query}`, texts('konnichiwa')), 0).body,
    ) as [{ sourceText?: { text: string } }]
    expect(translated.sourceText?.text).toBe(text)
  })

  test.each([
    ['&fromScript=Latin', 400018],
    ['&toScript=!', 400004],
  ])('%s is none', (query, code) => {
    expect(json(app().handle(call('translate', `&to=fr&from=ja${query}`, texts('a')), 0))).toMatchObject({
      error: { code },
    })
  })
})

test('a quota that answers 429 has a code of its own', () => {
  const mock = app('tps=none,quota=1/30d,quota-status=429')
  mock.handle(call('detect', '', texts('a')), 0)
  expect(json(mock.handle(call('detect', '', texts('a')), 1))).toMatchObject({ error: { code: 429002 } })
})
