import createTranslator, { isUnexpected } from '@azure-rest/ai-translation-text'
import { describe, expect, test } from 'vitest'
import { start } from '../mock-server/mock-client.ts'
import { ONE_IN_2_S, verdictsOf } from './decisions.ts'

type Translator = ReturnType<typeof createTranslator>

interface Wanted {
  readonly to?: string
  readonly from?: string
  readonly texts?: readonly string[]
}

const OPTIONS = { allowInsecureConnection: true }
const KEY = { key: 'mock-key-1' }

function translate(client: Translator, { to = 'fr', from, texts = ['good morning'] }: Wanted = {}) {
  const queryParameters = { to, ...(from !== undefined && { from }) }
  return client.path('/translate').post({ body: texts.map((text) => ({ text })), queryParameters })
}

describe('answers', () => {
  test('several texts in several languages, and what is charged for them', async () => {
    const { url } = await start('translator-s1,latency=0s')
    const reply = await translate(createTranslator(url, KEY, OPTIONS), {
      to: 'fr,de',
      texts: ['one', 'Москва'],
    })
    if (isUnexpected(reply)) throw reply.body
    expect(reply.headers).toMatchObject({ 'x-metered-usage': '18', 'x-mt-system': 'Team' })
    expect(reply.headers['x-requestid']).toMatch(/^[0-9a-f-]{36}$/)
    expect(reply.body).toEqual([
      {
        detectedLanguage: { language: 'en', score: 1 },
        translations: [
          { text: '[fr] one', to: 'fr' },
          { text: '[de] one', to: 'de' },
        ],
      },
      {
        detectedLanguage: { language: 'ru', score: 1 },
        translations: [
          { text: '[fr] Москва', to: 'fr' },
          { text: '[de] Москва', to: 'de' },
        ],
      },
    ])
  })

  test('detects nothing where the language is given', async () => {
    const { url } = await start('translator-s1,latency=0s')
    const reply = await translate(createTranslator(url, KEY, OPTIONS), { from: 'en' })
    expect(reply.body).toEqual([{ translations: [{ text: '[fr] good morning', to: 'fr' }] }])
  })

  test('of the other operations', async () => {
    const { url } = await start('translator-s1,latency=0s')
    const client = createTranslator(url, KEY, OPTIONS)
    const body = [{ text: 'shark' }]
    const sentences = await client.path('/breaksentence').post({ body })
    expect(sentences.body).toEqual([{ detectedLanguage: { language: 'en', score: 1 }, sentLen: [5] }])
    const scripts = { language: 'ja', fromScript: 'Jpan', toScript: 'Latn' }
    const written = await client.path('/transliterate').post({ body, queryParameters: scripts })
    expect(written.body).toEqual([{ text: '[Latn] shark', script: 'Latn' }])
    const pair = { from: 'en', to: 'es' }
    const found = await client.path('/dictionary/lookup').post({ body, queryParameters: pair })
    if (isUnexpected(found)) throw found.body
    const [translation] = found.body[0]?.translations ?? []
    expect(translation).toMatchObject({ normalizedTarget: '[es] shark', posTag: 'NOUN' })
    const examples = await client.path('/dictionary/examples').post({
      body: [{ text: 'shark', translation: translation?.normalizedTarget ?? '' }],
      queryParameters: pair,
    })
    expect(examples.body).toMatchObject([{ normalizedSource: 'shark', examples: [{ sourceTerm: 'shark' }] }])
    const { body: languages } = await client.path('/languages').get()
    expect(languages).toMatchObject({ translation: { de: { name: 'German', dir: 'ltr' } } })
  })

  test('a resource of many services asks for its region', async () => {
    const { url } = await start('translator-multi-service,latency=0s')
    const statusOf = async (credential: { key: string; region?: string }): Promise<string> =>
      (await translate(createTranslator(url, credential, OPTIONS))).status
    expect(await statusOf({ ...KEY, region: 'mock' })).toBe('200')
    expect(await statusOf({ ...KEY, region: 'elsewhere' })).toBe('401')
    expect(await statusOf(KEY)).toBe('401')
  })
})

describe('errors', () => {
  test.each<[what: string, status: string, code: number, wanted: Wanted, spec?: string, key?: string]>([
    ['no language', '400', 400036, { to: '' }],
    ['an unknown language', '400', 400019, { to: 'qq' }],
    ['no texts', '400', 400005, { texts: [] }],
    ['50,001 characters', '400', 400050, { texts: ['x'.repeat(50_001)] }],
    ['50,000 characters in two languages', '400', 400077, { texts: ['x'.repeat(50_000)], to: 'fr,de' }],
    ['a wrong key', '401', 401000, {}, '', 'stolen'],
    ['a service that fails', '503', 503000, {}, ',fault=error:503'],
  ])('%s is %s', async (_, status, code, wanted, spec = '', key = KEY.key) => {
    const { url } = await start(`translator-f0,latency=0s${spec}`)
    const client = createTranslator(url, { key }, { ...OPTIONS, retryOptions: { maxRetries: 0 } })
    const reply = await translate(client, wanted)
    if (!isUnexpected(reply)) throw new Error('an error was expected')
    expect([reply.status, reply.body.error.code]).toEqual([status, code])
    expect(reply.body.error.message).not.toBe('')
  })
})

test('a spent free allowance is told at once, though it says to come again in days', async () => {
  const server = await start('translator-f0,latency=0s,quota=1/720h')
  const client = createTranslator(server.url, KEY, OPTIONS)
  await translate(client)
  expect(await translate(client)).toMatchObject({
    status: '403',
    headers: { 'retry-after': expect.stringMatching(/^25\d{5}$/) },
    body: { error: { code: 403001 } },
  })
  expect(await verdictsOf(server)).toEqual(['admitted', 'refused'])
})

describe('a throttled translation', () => {
  test('comes again after Retry-After', async () => {
    const server = await start(`translator-s1,latency=0s,${ONE_IN_2_S},unit=requests`)
    const client = createTranslator(server.url, KEY, OPTIONS)
    await translate(client)
    expect((await translate(client)).status).toBe('200')
    expect(await verdictsOf(server)).toEqual(['admitted', 'refused', 'admitted'])
  })

  test('is an answer like any other for a client without retries', async () => {
    const server = await start(`translator-s1,latency=0s,${ONE_IN_2_S},unit=requests`)
    const client = createTranslator(server.url, KEY, { ...OPTIONS, retryOptions: { maxRetries: 0 } })
    await translate(client)
    const reply = await translate(client)
    expect(reply).toMatchObject({
      status: '429',
      headers: { 'retry-after': '2' },
      body: { error: { code: 429001 } },
    })
  })
})
