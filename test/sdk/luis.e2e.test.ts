import { LUISRuntimeClient, type LUISRuntimeModels } from '@azure/cognitiveservices-luis-runtime'
import { RestError } from '@azure/ms-rest-js'
import { describe, expect, test } from 'vitest'
import { start } from '../mock-server/mock-client.ts'
import { ONE_IN_2_S, verdictsOf } from './decisions.ts'
import { credentials, THROTTLING_AT_THE_WIRE } from './ms-rest.ts'

const APP = '11111111-2222-3333-4444-555555555555'
/** Every member that the README of the client shows. */
const REQUEST: LUISRuntimeModels.PredictionRequest = {
  query: 'book 2 flights',
  options: { datetimeReference: new Date(0), preferExternalEntities: true },
  externalEntities: [{ entityName: 'count', startIndex: 5, entityLength: 1, score: 0.86, resolution: {} }],
  dynamicLists: [{ listEntityName: 'cities', requestLists: [{ name: 'rome', canonicalForm: 'Rome' }] }],
}

describe('answers', () => {
  test('the prediction of a slot, with all intents and with where the entities stand', async () => {
    const { url } = await start('luis-s0,latency=0s')
    const client = new LUISRuntimeClient(credentials(), url)
    const options = { verbose: true, showAllIntents: true, log: false }
    const { query, prediction } = await client.prediction.getSlotPrediction(
      APP,
      'production',
      REQUEST,
      options,
    )
    expect([query, prediction.topIntent]).toEqual(['book 2 flights', 'BookFlight'])
    expect(Object.keys(prediction.intents)).toHaveLength(6)
    expect(prediction.intents['BookFlight']?.score).toBeGreaterThan(0.5)
    expect(prediction.entities).toMatchObject({
      number: [2],
      $instance: { number: [{ text: '2', startIndex: 5, length: 1 }] },
    })
  })

  test('the prediction of a version', async () => {
    const { url } = await start('luis-s0,latency=0s')
    const client = new LUISRuntimeClient(credentials(), url)
    const { prediction } = await client.prediction.getVersionPrediction(APP, '0.1', { query: 'will it rain' })
    expect(prediction.topIntent).toBe('GetWeather')
    expect(Object.keys(prediction.intents)).toEqual(['GetWeather'])
  })
})

describe('errors', () => {
  test.each<[what: string, status: number, code: string, app: string, query: string, key?: string]>([
    ['a wrong key', 401, '401', APP, 'hello', 'stolen'],
    ['an empty query', 400, 'BadArgument', APP, ' '],
    ['an app that is loading', 409, 'Conflict', '00000000-0000-0000-0000-000000000409', 'hello'],
    ['an app to be published again', 410, 'Gone', '00000000-0000-0000-0000-000000000410', 'hello'],
    ['a query of 501 characters', 414, 'RequestUriTooLong', APP, 'x'.repeat(501)],
  ])('%s is %d', async (_, statusCode, code, app, query, key) => {
    const { url } = await start('luis-s0,latency=0s')
    const { prediction } = new LUISRuntimeClient(credentials(key), url)
    const error: unknown = await prediction
      .getSlotPrediction(app, 'staging', { query })
      .catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(RestError)
    expect(error).toMatchObject({ statusCode, code, body: { error: { code, message: expect.any(String) } } })
  })

  test('a spent month is told at once, whatever the client does about throttling', async () => {
    const server = await start('luis-f0,latency=0s,quota=1/720h')
    const { prediction } = new LUISRuntimeClient(credentials(), server.url, THROTTLING_AT_THE_WIRE)
    await prediction.getSlotPrediction(APP, 'production', { query: 'hello' })
    await expect(prediction.getSlotPrediction(APP, 'production', { query: 'hello' })).rejects.toMatchObject({
      statusCode: 403,
      code: '403',
      message: expect.stringContaining('Out of call volume quota for LUIS F0 pricing tier'),
    })
    expect(await verdictsOf(server)).toEqual(['admitted', 'refused'])
  })
})

test('a throttled prediction comes again after Retry-After', async () => {
  const server = await start(`luis-s0,latency=0s,${ONE_IN_2_S}`)
  const { prediction } = new LUISRuntimeClient(credentials(), server.url, THROTTLING_AT_THE_WIRE)
  await prediction.getSlotPrediction(APP, 'production', { query: 'hello' })
  const reply = await prediction.getSlotPrediction(APP, 'production', { query: 'hello' })
  expect(reply.prediction.topIntent).toBe('Greeting')
  expect(await verdictsOf(server)).toEqual(['admitted', 'refused', 'admitted'])
})
