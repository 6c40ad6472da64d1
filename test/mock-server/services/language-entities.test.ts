/** Shapes: azure-rest-api-specs, TextAnalytics v3.1 and Language 2022-05-01. */
import { describe, expect, test } from 'vitest'
import { analyze, app, type Document, resultsOf, texts, v3 } from './language-calls.ts'

const PII = 'entities/recognition/pii'
const LINKING = 'entities/linking'

const firstOf = (path: string, text: string, query = ''): Document =>
  resultsOf(v3(path, texts(text), query)).documents[0] ?? {}

describe('personal information', () => {
  const TEXT = 'Write to Ann Lee, ann.lee@example.com, or call 555-123-4567.'

  test('is found, each kind by its name, and hidden in a copy of the text', () => {
    const entity = (text: string, category: string): object => ({
      text,
      category,
      offset: TEXT.indexOf(text),
      length: text.length,
      confidenceScore: 0.8,
    })
    expect(firstOf(PII, TEXT)).toEqual({
      id: '0',
      redactedText: `Write to ${'*'.repeat(7)}, ${'*'.repeat(19)}, or call ${'*'.repeat(12)}.`,
      entities: [
        entity('Ann Lee', 'Person'),
        entity('ann.lee@example.com', 'Email'),
        entity('555-123-4567', 'PhoneNumber'),
      ],
      warnings: [],
    })
  })

  test.each([
    ['10.0.0.1', 'IPAddress'],
    ['4111 1111 1111 1111', 'CreditCardNumber'],
    ['123-45-6789', 'USSocialSecurityNumber'],
    ['https://example.com/me', 'URL'],
  ])('%s is %s', (text, category) => {
    expect(firstOf(PII, `it is ${text} here`)['entities']).toMatchObject([{ text, category, offset: 6 }])
  })

  test('is only that which is asked for', () => {
    const expected = { redactedText: TEXT.replace('Ann Lee', '*******'), entities: [{ text: 'Ann Lee' }] }
    expect(firstOf(PII, TEXT, '?domain=PHI&piiCategories=Person')).toMatchObject(expected)
    const parameters = { domain: 'none', piiCategories: ['Person'] }
    expect(resultsOf(analyze('PiiEntityRecognition', texts(TEXT), parameters))).toMatchObject({
      results: { documents: [expected] },
    })
  })

  test('of none nothing is hidden', () => {
    expect(firstOf(PII, 'nobody here')).toMatchObject({ redactedText: 'nobody here', entities: [] })
  })
})

test('a linked entity has all its places and an article', () => {
  const text = 'Bill Gates left. In 1975 he, Bill Gates, founded Microsoft.'
  const match = (name: string, offset: number): object => ({
    text: name,
    offset,
    length: name.length,
    confidenceScore: 0.5,
  })
  const link = (name: string, ...offsets: number[]): object => ({
    bingId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    name,
    matches: offsets.map((offset) => match(name, offset)),
    language: 'en',
    id: name,
    url: `https://en.wikipedia.org/wiki/${name.replace(' ', '_')}`,
    dataSource: 'Wikipedia',
  })
  expect(firstOf(LINKING, text)['entities']).toEqual([
    link('Bill Gates', 0, text.lastIndexOf('Bill')),
    link('Microsoft', text.indexOf('Microsoft')),
  ])
})

test.each([PII, LINKING])('%s takes five documents and is an operation of its own', (path) => {
  const five = Array.from({ length: 5 }, () => 'Ann')
  const mock = app('language-s,rates=1/1m,latency=0s')
  expect(mock.handle(v3(path, texts(...five)), 0).status).toBe(200)
  expect(mock.handle(v3(path, texts(...five, 'Ann')), 1).status).toBe(400)
  expect(mock.handle(v3(path, texts('Ann')), 2).status).toBe(429)
  expect(
    mock.state(3).resources[0]?.operations[
      path.split('/').at(-1) === 'pii' ? 'entities-pii' : 'entities-linking'
    ],
  ).toMatchObject({
    requestCount: 3,
    admittedCount: 1,
    invalidCount: 1,
  })
})
