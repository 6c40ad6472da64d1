import { describe, expect, test } from 'vitest'
import type { MockRequest } from '../../../mock-server/exchange.ts'
import { header, json } from '../requests.ts'
import { analyze, app, type Document, resultsOf, texts, v3 } from './language-calls.ts'

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

describe('Text Analytics v3', () => {
  test.each([
    ['v3.0', 'sentiment'],
    ['v3.1', 'sentiment'],
    ['V3.1', 'Sentiment'],
  ])('%s/%s answers 200 after the latency, with the headers of the service', (version, path) => {
    const call = { ...v3('', texts('Great atmosphere.')), path: `/text/analytics/${version}/${path}` }
    const plan = app().handle(call, 1_000)
    expect([plan.status, plan.replyAtUs]).toEqual([200, 21_000])
    expect(header(plan, 'Content-Type')).toBe('application/json; charset=utf-8')
    expect(header(plan, 'apim-request-id')).toMatch(GUID)
    expect(header(plan, 'x-envoy-upstream-service-time')).toBe('20')
    expect(header(plan, 'csp-billing-usage')).toBe('CognitiveServices.TextAnalytics.BatchScoring=1')
    expect(json(plan)).toMatchObject({
      documents: [{ id: '0', sentiment: 'positive', warnings: [] }],
      errors: [],
    })
  })

  test('a client that puts two slashes is understood', () => {
    const call = { ...v3('', texts('a')), path: '//text/analytics/v3.1/languages' }
    expect(app().handle(call, 0).status).toBe(200)
  })

  test('sentiment: sentences with offsets, labels and scores that add up to 1', () => {
    const text = 'Great atmosphere. Close to plenty of restaurants! The room was dirty.'
    const [document] = resultsOf(v3('sentiment', texts(text))).documents as readonly [
      {
        sentiment: string
        confidenceScores: Record<string, number>
        sentences: { text: string; offset: number; length: number }[]
      },
    ]
    expect(document.sentiment).toBe('mixed')
    expect(Object.values(document.confidenceScores).reduce((sum, score) => sum + score, 0)).toBeCloseTo(1, 10)
    expect(document.sentences).toMatchObject([
      { text: 'Great atmosphere.', offset: 0, length: 17, sentiment: 'positive' },
      { text: 'Close to plenty of restaurants!', offset: 18, sentiment: 'neutral' },
      { text: 'The room was dirty.', sentiment: 'negative' },
    ])
    for (const { text: sentence, offset, length } of document.sentences) {
      expect(text.slice(offset, offset + length)).toBe(sentence)
    }
  })

  test('opinions are there when they are asked for', () => {
    const opinions = { sentences: [{ targets: [], assessments: [] }] }
    expect(resultsOf(v3('sentiment', texts('Good.'), '?opinionMining=true')).documents[0]).toMatchObject(
      opinions,
    )
    expect(resultsOf(analyze('SentimentAnalysis', texts('Good.'), { opinionMining: true }))).toMatchObject({
      results: { documents: [opinions] },
    })
    const plain = JSON.stringify(resultsOf(v3('sentiment', texts('Good.'))))
    expect(plain).not.toContain('targets')
  })

  test('key phrases, entities and languages', () => {
    const text = 'Microsoft was founded by Bill Gates and Paul Allen in 1975.'
    expect(resultsOf(v3('keyPhrases', texts(text))).documents[0]?.['keyPhrases']).toEqual([
      'Microsoft',
      'founded',
      'Bill Gates',
      'Paul Allen',
      '1975',
    ])
    expect(resultsOf(v3('entities/recognition/general', texts(text))).documents[0]?.['entities']).toEqual([
      { text: 'Microsoft', category: 'Organization', offset: 0, length: 9, confidenceScore: 0.9 },
      { text: 'Bill Gates', category: 'Person', offset: 25, length: 10, confidenceScore: 0.9 },
      { text: 'Paul Allen', category: 'Person', offset: 40, length: 10, confidenceScore: 0.9 },
      {
        text: '1975',
        category: 'Quantity',
        subcategory: 'Number',
        offset: 54,
        length: 4,
        confidenceScore: 0.9,
      },
    ])
    const spoken = texts('Hello world', 'Bonjour tout le monde', 'Hola mundo', 'Hallo Welt', 'привет', '…')
    const names = resultsOf(v3('languages', spoken)).documents.map(
      (one) => (one['detectedLanguage'] as Document)['name'],
    )
    expect(names).toEqual(['English', 'French', 'Spanish', 'German', 'Russian', '(Unknown)'])
  })

  test('showStats counts documents, characters as they are seen, and records of 1,000', () => {
    const documents = [
      { id: 'a', text: '👩‍👩‍👧' },
      { id: 'b', text: 'x'.repeat(1_001) },
      { id: 'c', text: ' ' },
    ]
    const results = resultsOf(v3('sentiment', documents, '?showStats=true'))
    expect(results.statistics).toEqual({
      documentsCount: 3,
      validDocumentsCount: 2,
      erroneousDocumentsCount: 1,
      transactionsCount: 3,
    })
    expect(results.documents.map((one) => one['statistics'])).toEqual([
      { charactersCount: 1, transactionsCount: 1 },
      { charactersCount: 1_001, transactionsCount: 2 },
    ])
    expect(header(app().handle(v3('sentiment', documents), 0), 'csp-billing-usage')).toMatch(/=3$/)
  })
})

describe(':analyze-text', () => {
  test.each([
    ['SentimentAnalysis', 'sentences'],
    ['KeyPhraseExtraction', 'keyPhrases'],
    ['EntityRecognition', 'entities'],
    ['PiiEntityRecognition', 'redactedText'],
    ['EntityLinking', 'entities'],
    ['LanguageDetection', 'detectedLanguage'],
  ])('%s answers with the kind of its results', (kind, member) => {
    const plan = app().handle(analyze(kind, texts('Great.')), 0)
    expect([plan.status, plan.replyAtUs]).toEqual([200, 20_000])
    expect(json(plan)).toEqual({
      kind: `${kind}Results`,
      results: {
        documents: [expect.objectContaining({ id: '0', warnings: [], [member]: expect.anything() })],
        errors: [],
        modelVersion: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/),
      },
    })
  })

  test.each<[string, MockRequest]>([
    [
      'a colon that is encoded',
      {
        ...analyze('LanguageDetection', texts('a')),
        path: '/language/%3Aanalyze-text?api-version=2022-05-01',
      },
    ],
    ['the first version', analyze('LanguageDetection', texts('a'), {}, '?api-version=2022-05-01')],
    ['a model of a date', analyze('LanguageDetection', texts('a'), { modelVersion: '2021-11-20' })],
  ])('takes %s', (_story, call) => {
    expect(app().handle(call, 0).status).toBe(200)
  })

  test.each<[string, MockRequest, string]>([
    ['no version', analyze('LanguageDetection', texts('a'), {}, ''), 'InvalidParameterValue'],
    [
      'another version',
      analyze('LanguageDetection', texts('a'), {}, '?api-version=2020-01-01'),
      'InvalidParameterValue',
    ],
    ['another kind', analyze('Poetry', texts('a')), 'InvalidParameterValue'],
    [
      'another model',
      analyze('LanguageDetection', texts('a'), { modelVersion: 'best' }),
      'ModelVersionIncorrect',
    ],
    [
      'parameters that are no object',
      analyze('LanguageDetection', texts('a'), []),
      'InvalidRequestBodyFormat',
    ],
    ['no documents', analyze('LanguageDetection', []), 'MissingInputRecords'],
    [
      'another domain',
      analyze('PiiEntityRecognition', texts('a'), { domain: 'law' }),
      'InvalidParameterValue',
    ],
    [
      'a category that there is not',
      analyze('PiiEntityRecognition', texts('a'), { piiCategories: ['Mood'] }),
      'InvalidParameterValue',
    ],
    [
      'categories that are none',
      analyze('PiiEntityRecognition', texts('a'), { piiCategories: 'Person' }),
      'InvalidParameterValue',
    ],
  ])('refuses %s', (_story, call, innerCode) => {
    const plan = app().handle(call, 0)
    expect(plan.status).toBe(400)
    expect(json(plan)).toMatchObject({ error: { code: 'InvalidRequest', innererror: { code: innerCode } } })
  })
})
