import {
  AzureKeyCredential,
  PiiEntityDomain,
  TextAnalyticsClient,
  type TextAnalyticsClientOptions,
} from '@azure/ai-text-analytics'
import { describe, expect, test } from 'vitest'
import type { MockServer } from '../../mock-server/server.ts'
import { start } from '../mock-server/mock-client.ts'
import { ONE_IN_2_S, verdictsOf } from './decisions.ts'

interface Options extends TextAnalyticsClientOptions {
  readonly key?: string
}

function clientOf(
  { url }: MockServer,
  { key = 'mock-key-1', ...options }: Options = {},
): TextAnalyticsClient {
  return new TextAnalyticsClient(url, new AzureKeyCredential(key), {
    allowInsecureConnection: true,
    ...options,
  })
}

/** The results alone: the client's arrays have members of their own, which comparisons would ask for. */
async function resultsOf<Result>(reply: Promise<Iterable<Result>>): Promise<Result[]> {
  return [...(await reply)]
}

describe('answers', () => {
  test('sentiment, of the documents and of their sentences', async () => {
    const client = clientOf(await start('language-s,latency=0s'))
    const documents = ['I love it. But it is dirty.', 'Great!']
    const results = await client.analyzeSentiment(documents, 'en', {
      includeStatistics: true,
      includeOpinionMining: true,
    })
    expect([...results]).toMatchObject([
      {
        id: '0',
        sentiment: 'mixed',
        statistics: { characterCount: 27, transactionCount: 1 },
        sentences: [
          { text: 'I love it.', sentiment: 'positive', opinions: [] },
          { text: 'But it is dirty.', sentiment: 'negative', offset: 11, length: 16 },
        ],
      },
      { id: '1', sentiment: 'positive', confidenceScores: { positive: 0.95 } },
    ])
    expect(results.statistics).toEqual({
      documentCount: 2,
      validDocumentCount: 2,
      erroneousDocumentCount: 0,
      transactionCount: 2,
    })
    expect(results.modelVersion).toMatch(/^\d{4}-\d\d-\d\d$/)
  })

  test('key phrases, entities and languages', async () => {
    const client = clientOf(await start('language-s,latency=0s'))
    expect(await resultsOf(client.extractKeyPhrases(['the food was good']))).toMatchObject([
      { keyPhrases: ['food', 'good'] },
    ])
    expect(await resultsOf(client.recognizeEntities(['Ann Lee has 12 cats']))).toMatchObject([
      {
        entities: [
          { text: 'Ann Lee', category: 'Person' },
          { text: '12', category: 'Quantity', subCategory: 'Number', offset: 12 },
        ],
      },
    ])
    expect(await resultsOf(client.detectLanguage(['bonjour tout le monde']))).toMatchObject([
      { primaryLanguage: { iso6391Name: 'fr', name: 'French' } },
    ])
  })
})

test('personal information, and entities with their articles', async () => {
  const client = clientOf(await start('language-s,latency=0s'))
  const pii = await resultsOf(
    client.recognizePiiEntities(['write to ann@example.com'], 'en', {
      domainFilter: PiiEntityDomain.PROTECTED_HEALTH_INFORMATION,
      categoriesFilter: ['Email'],
    }),
  )
  expect(pii).toMatchObject([
    {
      redactedText: `write to ${'*'.repeat(15)}`,
      entities: [{ text: 'ann@example.com', category: 'Email', offset: 9, length: 15 }],
    },
  ])
  expect(await resultsOf(client.recognizeLinkedEntities(['when Bill Gates left']))).toMatchObject([
    { entities: [{ name: 'Bill Gates', dataSource: 'Wikipedia', matches: [{ offset: 5, length: 10 }] }] },
  ])
})

describe('errors', () => {
  test('of one document leave the others alone', async () => {
    const client = clientOf(await start('language-s,latency=0s'))
    expect(await resultsOf(client.analyzeSentiment(['good', '']))).toMatchObject([
      { id: '0', sentiment: 'positive' },
      { id: '1', error: { code: 'InvalidDocument', message: 'Document text is empty.' } },
    ])
    expect(await resultsOf(client.analyzeSentiment(['good'], 'xx'))).toMatchObject([
      { error: { code: 'UnsupportedLanguageCode' } },
    ])
  })

  test('too many documents, found where the client looks for it', async () => {
    const client = clientOf(await start('language-s,latency=0s'))
    await expect(client.recognizeEntities(Array.from({ length: 6 }, () => 'x'))).rejects.toMatchObject({
      name: 'RestError',
      statusCode: 400,
      code: 'InvalidDocumentBatch',
      message: 'Batch request contains too many records. Max 5 records are permitted.',
    })
  })

  test('a wrong key', async () => {
    const client = clientOf(await start('language-s'), { key: 'stolen' })
    await expect(client.detectLanguage(['x'])).rejects.toMatchObject({
      name: 'RestError',
      statusCode: 401,
      code: '401',
      details: { error: { message: expect.stringContaining('Access denied') } },
    })
  })

  test('a spent month is told at once, though it says to come again in days', async () => {
    const server = await start('textanalytics-f0,latency=0s,quota=1/720h')
    const client = clientOf(server)
    await client.detectLanguage(['x'])
    const error: unknown = await client.detectLanguage(['x']).catch((reason: unknown) => reason)
    expect(error).toMatchObject({
      statusCode: 403,
      code: '403',
      message: expect.stringContaining('Out of call volume quota for TextAnalytics F0 pricing tier'),
    })
    const { headers } = (error as { response: { headers: { get(name: string): string } } }).response
    expect(Number(headers.get('Retry-After'))).toBeGreaterThan(29 * 86_400)
    expect(await verdictsOf(server)).toEqual(['admitted', 'refused'])
  })
})

describe('retries of the client', () => {
  test('a throttled request comes again after Retry-After', async () => {
    const server = await start(`language-s,latency=0s,${ONE_IN_2_S}`)
    const client = clientOf(server)
    await client.detectLanguage(['x'])
    expect(await resultsOf(client.detectLanguage(['hello']))).toMatchObject([
      { primaryLanguage: { iso6391Name: 'en' } },
    ])
    expect(await verdictsOf(server)).toEqual(['admitted', 'refused', 'admitted'])
  })

  test('a throttled request that is not told when to come again is not repeated', async () => {
    const server = await start(`language-s,latency=0s,${ONE_IN_2_S},retry-after=none`)
    const client = clientOf(server)
    await client.detectLanguage(['x'])
    await expect(client.detectLanguage(['x'])).rejects.toMatchObject({ statusCode: 429, code: '429' })
    expect(await verdictsOf(server)).toEqual(['admitted', 'refused'])
  })

  test('a service that fails once is asked again', async () => {
    const server = await start('language-s,latency=0s,fault=error:503#1')
    const client = clientOf(server, { retryOptions: { retryDelayInMs: 20 } })
    expect(await client.detectLanguage(['hello'])).toHaveLength(1)
    const [resource] = server.state().resources
    expect(resource?.operations['languages']?.statusCounts).toEqual({ '200': 1, '503': 1 })
  })
})
