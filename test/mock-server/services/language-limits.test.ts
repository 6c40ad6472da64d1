import { describe, expect, test } from 'vitest'
import type { MockApp } from '../../../mock-server/app.ts'
import type { MockRequest } from '../../../mock-server/exchange.ts'
import { header, json, JSON_HEADERS } from '../requests.ts'
import { analyze, app, type Document, resultsOf, texts, v3 } from './language-calls.ts'

const V3_PATHS = ['sentiment', 'keyPhrases', 'entities/recognition/general', 'languages']

const copies = (count: number): Document[] => texts(...Array.from({ length: count }, () => 'random text'))

describe('documents', () => {
  test.each([
    ['sentiment', 10],
    ['keyPhrases', 10],
    ['entities/recognition/general', 5],
    ['languages', 1_000],
  ])('%s takes %d of them and no more', (path, maxCount) => {
    expect(app().handle(v3(path, copies(maxCount)), 0).status).toBe(200)
    const plan = app().handle(v3(path, copies(maxCount + 1)), 7)
    expect([plan.status, plan.replyAtUs]).toEqual([400, 7])
    expect(json(plan)).toEqual({
      error: {
        code: 'InvalidRequest',
        message: 'Invalid document in request.',
        innererror: {
          code: 'InvalidDocumentBatch',
          message: `Batch request contains too many records. Max ${maxCount} records are permitted.`,
        },
      },
    })
  })

  test.each<[string, unknown, string, string, string]>([
    ['none', [], 'Invalid Request.', 'MissingInputRecords', 'Missing input records.'],
    ['absent', undefined, 'Invalid Request.', 'MissingInputRecords', 'Missing input records.'],
    [
      'with one id twice',
      [...texts('a'), ...texts('b')],
      'Invalid document in request.',
      'InvalidDocument',
      'Request contains duplicated Ids. Make sure each document has a unique Id.',
    ],
    ['no list', {}, 'Invalid Request.', 'InvalidRequestBodyFormat', 'documents must be an array.'],
    ['no objects', ['a'], 'Invalid Request.', 'InvalidRequestBodyFormat', 'documents[0] must be an object.'],
    [
      'with a number',
      [{ id: '1', text: 1 }],
      'Invalid Request.',
      'InvalidRequestBodyFormat',
      'documents[0].text must be a string.',
    ],
    [
      'without id',
      [{ text: 'a' }],
      'Invalid document in request.',
      'InvalidDocument',
      'documents[0].id must be a string that is not empty.',
    ],
  ])('%s: 400 for all', (_story, documents, message, innerCode, innerMessage) => {
    const plan = app().handle(v3('sentiment', documents), 0)
    expect(plan.status).toBe(400)
    expect(json(plan)).toEqual({
      error: { code: 'InvalidRequest', message, innererror: { code: innerCode, message: innerMessage } },
    })
  })

  test.each<[string, string, Document, string, string, RegExp]>([
    [
      'empty',
      'sentiment',
      { text: '' },
      'Invalid document in request.',
      'InvalidDocument',
      /^Document text is empty\.$/,
    ],
    [
      'without text',
      'languages',
      {},
      'Invalid document in request.',
      'InvalidDocument',
      /^Document text is empty\.$/,
    ],
    [
      'too long',
      'keyPhrases',
      { text: 'x'.repeat(5_121) },
      'Invalid document in request.',
      'InvalidDocument',
      /^A document within the request was too large to be processed\. Limit document size to: 5120 text elements\./,
    ],
    [
      'in no language',
      'entities/recognition/general',
      { text: 'hola', language: 'Spanish' },
      'Invalid Language Code.',
      'UnsupportedLanguageCode',
      /^Invalid language code\. Supported languages: en,es,de,/,
    ],
    [
      'from no country',
      'languages',
      { text: 'hello', countryHint: 'invalidcountry' },
      'Invalid Country Hint.',
      'InvalidCountryHint',
      /^Country hint is not valid\. Please specify an ISO 3166-1 alpha-2 two letter country code\.$/,
    ],
  ])(
    'one %s is an error of its own: 200, and the others are worked on',
    (_story, path, bad, message, innerCode, innerMessage) => {
      const results = resultsOf(
        v3(path, [
          { id: 'good', text: 'fine' },
          { id: 'bad', ...bad },
        ]),
      )
      expect(results.documents.map((one) => one['id'])).toEqual(['good'])
      expect(results.errors).toEqual([
        {
          id: 'bad',
          error: {
            code: 'InvalidArgument',
            message,
            innererror: { code: innerCode, message: expect.stringMatching(innerMessage) },
          },
        },
      ])
    },
  )

  test('5,120 are counted as they are seen, not as they are stored', () => {
    expect(resultsOf(v3('sentiment', texts('👩‍👩‍👧'.repeat(5_120)))).errors).toEqual([])
  })

  test.each(['en', 'EN', 'en-US', 'pt', 'pt-BR', 'zh-hans', ''])('the language %j is taken', (language) => {
    expect(resultsOf(v3('sentiment', [{ id: '1', text: 'a', language }])).errors).toEqual([])
  })
})

describe('what the gateway refuses', () => {
  const good = v3('sentiment', texts('a'))
  const without = (name: string): MockRequest => ({
    ...good,
    headers: Object.fromEntries(Object.entries(JSON_HEADERS).filter(([one]) => one !== name)),
  })

  test.each<[string, MockRequest, number]>([
    ['another version', { ...good, path: '/text/analytics/v2.1/sentiment' }, 404],
    ['another feature', { ...good, path: '/text/analytics/v3.1/poetry' }, 404],
    ['another method', { ...good, method: 'GET' }, 405],
    ['no key', without('ocp-apim-subscription-key'), 401],
    [
      'another key',
      { ...good, headers: { ...JSON_HEADERS, 'ocp-apim-subscription-key': 'mock-key-9' } },
      401,
    ],
    ['no media type', without('content-type'), 415],
    ['more than a megabyte', { ...good, body: new Uint8Array(1_048_577) }, 413],
  ])('%s', (_story, call, status) => {
    const plan = app().handle(call, 5)
    expect([plan.status, plan.replyAtUs]).toEqual([status, 5])
    expect(json(plan)).toEqual({ error: { code: String(status), message: expect.any(String) } })
  })

  test('the second key is as good as the first', () => {
    expect(
      app().handle({ ...good, headers: { ...JSON_HEADERS, 'ocp-apim-subscription-key': 'mock-key-2' } }, 0)
        .status,
    ).toBe(200)
  })

  test('no JSON: 400', () => {
    const plan = app().handle({ ...good, body: new TextEncoder().encode('{') }, 0)
    expect([plan.status, json(plan)]).toMatchObject([
      400,
      { error: { innererror: { code: 'InvalidRequestBodyFormat' } } },
    ])
  })
})

describe('limits', () => {
  const statuses = (mock: MockApp, call: MockRequest, count: number, atUs = 0): number[] =>
    Array.from({ length: count }, () => mock.handle(call, atUs).status)

  test('each feature has a second and a minute of its own, whatever the route', () => {
    const mock = app('language-f0')
    const perFeature = V3_PATHS.map(
      (path) => statuses(mock, v3(path, texts('a')), 101).filter((one) => one === 200).length,
    )
    expect(perFeature).toEqual([100, 100, 100, 100])
    expect(mock.handle(analyze('SentimentAnalysis', texts('a')), 0).status).toBe(429)
  })

  test('429 names operation, API and tier', () => {
    const mock = app('language-f0')
    const call = v3('sentiment', texts('a'))
    statuses(mock, call, 100)
    const plan = mock.handle(call, 1)
    expect([plan.status, header(plan, 'Retry-After')]).toEqual([429, '1'])
    expect(json(plan)).toEqual({
      error: {
        code: '429',
        message:
          'Requests to the Sentiment Operation under Text Analytics API (v3.1) have exceeded rate limit of your current ' +
          'TextAnalytics F0 pricing tier. Please retry after 1 second. To increase your rate limit switch to a paid tier.',
      },
    })
  })

  test('a rule can count text records or characters', () => {
    const mock = app('language-s,rates=10/1m,unit=records')
    const call = v3('sentiment', texts('x'.repeat(2_500), 'y'))
    expect(statuses(mock, call, 3)).toEqual([200, 200, 429])
    const characters = app('language-s,rates=100/1m,unit=characters')
    expect(statuses(characters, v3('sentiment', texts('x'.repeat(50))), 3)).toEqual([200, 200, 429])
  })

  test('the oracle counts features under one name on both routes', () => {
    const mock = app()
    mock.handle(v3('keyPhrases', texts('a')), 0)
    mock.handle(analyze('KeyPhraseExtraction', texts('a')), 0)
    mock.handle(analyze('Poetry', texts('a')), 0)
    const { operations } = mock.state(0).resources[0]!
    expect([operations['key-phrases']?.admittedCount, operations['analyze-text']?.invalidCount]).toEqual([
      2, 1,
    ])
  })
})
