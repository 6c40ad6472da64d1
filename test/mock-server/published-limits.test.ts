/**
 * What the profiles let through, against figures that are published or follow from published ones by arithmetic.
 * Sources: azure-docs machine-learning/studio/scaling-webservice.md (AzureML), language-service/concepts/data-limits.md,
 * learn.microsoft.com translator/service-limits, LUIS/luis-limits.md, azure-sdk-for-python#25619 (Text Analytics F0),
 * microsoft/aoai-api-simulator (its own load test), Erlang's loss formula.
 */
import { describe, expect, test } from 'vitest'
import { createApp, type MockApp } from '../../mock-server/app.ts'
import { parseMockConfig } from '../../mock-server/config-schema.ts'
import { DueTimes } from '../../mock-server/due-times.ts'
import type { MockRequest } from '../../mock-server/exchange.ts'
import { Rng } from '../../src/core/rng.ts'
import { configOf, header, json, JSON_HEADERS, request } from './requests.ts'

const S = 1_000_000
const DAY_US = 86_400 * S

const appOf = (spec: string): MockApp => createApp(configOf(spec), 1)

const SCORE = request({
  method: 'POST',
  path: '/workspaces/w/services/s/execute?api-version=2.0',
  headers: { authorization: 'Bearer mock-key-1' },
  body: { Inputs: {}, GlobalParameters: {} },
})
/** For services that take anything. */
const ANY: MockRequest = request({ method: 'POST', path: '/analyze', headers: JSON_HEADERS, body: {} })

const SENTIMENT: MockRequest = request({
  method: 'POST',
  path: '/text/analytics/v3.1/sentiment',
  headers: JSON_HEADERS,
  body: { documents: [{ id: '1', language: 'en', text: 'good' }] },
})

const PREDICT: MockRequest = request({
  path: '/luis/v3.0/apps/00000000-0000-0000-0000-000000000001/slots/production/predict?query=hello',
  headers: JSON_HEADERS,
})

/** A Translator call of 120 characters to one language. */
const TRANSLATE: MockRequest = request({
  method: 'POST',
  path: '/translate?api-version=3.0&to=de',
  headers: JSON_HEADERS,
  body: [{ Text: 'x'.repeat(120) }],
})

/** How many of evenly spread requests pass in [fromS, toS). */
function passedEvenly(handle: (atUs: number) => number, perS: number, fromS: number, toS: number): number {
  let passedCount = 0
  for (let i = 0; i < (toS - fromS) * perS; i++) {
    if (handle(fromS * S + Math.floor((i * S) / perS)) < 300) passedCount++
  }
  return passedCount
}

const statusAt =
  (app: MockApp, call: MockRequest) =>
  (atUs: number): number =>
    app.handle(call, atUs).status

/** Erlang-B: the share of Poisson arrivals that find all servers busy, at an offered load in erlangs. */
function erlangB(servers: number, erlangs: number): number {
  let lossRatio = 1
  for (let k = 1; k <= servers; k++) lossRatio = (erlangs * lossRatio) / (k + erlangs * lossRatio)
  return lossRatio
}

/** The share of 503 under Poisson arrivals. */
function lossOf(profile: string, perS: number, count: number): number {
  const app = appOf(profile)
  const rng = new Rng(`arrivals of ${profile}`)
  let exactUs = 0
  let refusedCount = 0
  for (let i = 0; i < count; i++) {
    exactUs += (rng.exponential() * S) / perS
    if (app.handle(SCORE, Math.floor(exactUs)).status === 503) refusedCount++
  }
  return refusedCount / count
}

describe('AzureML: capacity is concurrency over latency', () => {
  test.each([
    ['azureml-low', 25, 160],
    ['azureml-low', 50, 80],
    ['azureml-low', 100, 40],
    ['azureml-low', 200, 20],
    ['azureml-high-20', 25, 800],
    ['azureml-high-20', 50, 400],
    ['azureml-high-20', 100, 200],
    ['azureml-high-20', 200, 100],
    ['azureml-high-200', 25, 8_000],
    ['azureml-high-200', 50, 4_000],
    ['azureml-high-200', 100, 2_000],
    ['azureml-high-200', 200, 1_000],
  ])(
    'T1, T1b: as many workers as %s has slots, at %d ms, get %d calls/s and no 503',
    (profile, latencyMs, perS) => {
      const app = appOf(`${profile},latency=${latencyMs}ms`)
      const workers = new DueTimes()
      const capacity = configOf(profile).resources[0]!.concurrency!
      for (let worker = 0; worker < capacity; worker++) workers.push(0)
      let doneCount = 0
      const lengthUs = 5 * S
      while (workers.nextUs < lengthUs) {
        const atUs = workers.pop()
        const plan = app.handle(SCORE, atUs)
        expect(plan.status).toBe(200)
        workers.push(plan.replyAtUs)
        if (plan.replyAtUs <= lengthUs) doneCount++
      }
      expect(Math.abs(doneCount / 5 / perS - 1)).toBeLessThanOrEqual(0.005)
    },
  )

  test.each([
    ['azureml-low', 4, 0.3107],
    ['azureml-high-20', 20, 0.1589],
    ['azureml-high-200', 200, 0.0544],
  ])('T1c: %s loses what Erlang-B says at exactly its capacity of %d', (profile, capacity, lossRatio) => {
    expect(erlangB(capacity, capacity)).toBeCloseTo(lossRatio, 4)
    expect(Math.abs(lossOf(profile, capacity * 20, 1_000_000) - lossRatio)).toBeLessThan(0.005)
  })

  test.each([
    ['azureml-low', 4, 17.4, 100_000],
    ['azureml-high-20', 20, 240.6, 100_000],
    ['azureml-high-200', 200, 3_594.8, 300_000],
  ])('T1d: %s refuses one per cent at 50 ms and its rate', (profile, capacity, perS, count) => {
    // Two per cent more or less of the rate straddle one per cent of loss, and the mock loses what the formula says.
    expect(erlangB(capacity, perS * 0.98 * 0.05)).toBeLessThan(0.01)
    expect(erlangB(capacity, perS * 1.02 * 0.05)).toBeGreaterThan(0.01)
    expect(Math.abs(lossOf(profile, perS, count) - 0.01)).toBeLessThan(0.002)
  })
})

describe('Language: a second and a minute', () => {
  test('T14: 100 per second pass three times, then none until the oldest leaves the minute', () => {
    const handle = statusAt(appOf('language-f0'), SENTIMENT)
    expect([0, 1, 2].map((second) => passedEvenly(handle, 120, second, second + 1))).toEqual([100, 100, 100])
    expect(passedEvenly(handle, 10, 3, 60)).toBe(0)
    expect(passedEvenly(handle, 120, 60, 61)).toBe(100)
  })

  test('SL-1: 1,000 at once use up the minute: the next passes after 60 s', () => {
    const app = appOf('language-s')
    for (let i = 0; i < 1_000; i++) app.handle(SENTIMENT, 0)
    const refused = app.handle(SENTIMENT, S)
    expect([refused.status, header(refused, 'Retry-After')]).toEqual([429, '59'])
    expect(app.handle(SENTIMENT, 60 * S - 1).status).toBe(429)
    expect(app.handle(SENTIMENT, 60 * S).status).toBe(200)
  })
})

describe('Translator: characters of a sliding minute', () => {
  // Offered a fifth more than the limit; the second minute on is the steady state.
  test.each([
    ['translator-f0', 4.63],
    ['translator-s1', 92.59],
    ['translator-s2', 92.59],
    ['translator-s3', 277.78],
    ['translator-s4', 462.96],
  ])('T5c: %s passes %d requests of 120 characters per second', (profile, perS) => {
    const handle = statusAt(appOf(profile), TRANSLATE)
    passedEvenly(handle, perS * 1.2, 0, 60)
    expect(Math.abs(passedEvenly(handle, perS * 1.2, 60, 180) / 120 / perS - 1)).toBeLessThan(0.01)
  })

  const perMinute = 864_000 / 120

  test('T5d: of 864,000 characters a minute one S1 refuses 22.8 %', () => {
    const handle = statusAt(appOf('translator-s1'), TRANSLATE)
    passedEvenly(handle, perMinute / 60, 0, 60)
    const passedCount = passedEvenly(handle, perMinute / 60, 60, 120)
    expect(Math.abs((passedCount * 120) / 666_667 - 1)).toBeLessThan(0.01)
    expect(Math.abs(1 - passedCount / perMinute - 0.228)).toBeLessThan(0.01)
  })

  test('T5c, T5d: two of them refuse nothing of it, and pass 185.19 per second at most', () => {
    const resources = [
      { name: 'a', profile: 'translator-s1' },
      { name: 'b', profile: 'translator-s1' },
    ]
    const alternating = (app: MockApp): ((atUs: number) => number) => {
      let next = 0
      return (atUs) =>
        app.handle(
          { ...TRANSLATE, path: `/r/${next++ % 2 === 0 ? 'a' : 'b'}/translate?api-version=3.0&to=de` },
          atUs,
        ).status
    }
    const { config } = parseMockConfig({ resources })
    expect(passedEvenly(alternating(createApp(config!, 1)), perMinute / 60, 0, 120)).toBe(perMinute * 2)
    const overloaded = alternating(createApp(config!, 1))
    passedEvenly(overloaded, 220, 0, 60)
    expect(Math.abs(passedEvenly(overloaded, 220, 60, 120) / 60 / 185.19 - 1)).toBeLessThan(0.01)
  })
})

describe('T13: a spent quota', () => {
  test('Text Analytics F0 refuses the 5,001st call of a month with 403 and the days that are left', () => {
    const app = appOf('textanalytics-f0')
    const handle = statusAt(app, SENTIMENT)
    for (let i = 0; i < 5_000; i++) expect(handle(i * 250_000)).toBe(200)
    const refused = app.handle(SENTIMENT, 3 * DAY_US)
    expect([refused.status, header(refused, 'Retry-After')]).toEqual([403, String(27 * 86_400)])
    expect(json(refused)).toMatchObject({
      error: { code: '403', message: expect.stringContaining('after 27 days') },
    })
    expect(handle(30 * DAY_US - 1)).toBe(403)
    expect(handle(30 * DAY_US)).toBe(200)
  })

  test('LUIS F0 at 5 calls per second refuses from the 10,001st on, after 33.3 minutes', () => {
    const handle = statusAt(appOf('luis-f0'), PREDICT)
    expect(passedEvenly(handle, 5, 0, 2_000)).toBe(10_000)
    expect(handle(2_000 * S)).toBe(403)
  })

  test('a bot channel of 10,000 messages and the free Personalizer answer 429', () => {
    const channel = statusAt(appOf('custom,quota=10000/30d'), ANY)
    for (let i = 0; i < 10_000; i++) expect(channel(i)).toBe(200)
    expect(channel(10_000)).toBe(429)
    const actions = [{ id: 'a', features: [] }]
    const rank = request({
      method: 'POST',
      path: '/personalizer/v1.0/rank',
      headers: JSON_HEADERS,
      body: { actions },
    })
    const app = appOf('personalizer-f0,tps=none,concurrency=none')
    for (let i = 0; i < 50_000; i++) app.handle(rank, i)
    const refused = app.handle(rank, 50_000)
    expect([refused.status, header(refused, 'Retry-After')]).toEqual([429, String(30 * 86_400)])
  })

  test('a quota from first use starts with the first request', () => {
    const handle = statusAt(appOf('custom,quota=1/1h,quota-from=first-use,quota-status=403'), ANY)
    expect([50, 51, 3_649, 3_650].map((atS) => handle(atS * S))).toEqual([200, 403, 403, 200])
  })
})

describe('OpenAI deployment: requests of 10 s and tokens of a minute', () => {
  const chat = (characters: number): MockRequest =>
    request({
      method: 'POST',
      path: '/openai/deployments/d/chat/completions',
      headers: JSON_HEADERS,
      body: { messages: [{ role: 'user', content: 'x'.repeat(characters) }] },
    })

  // A deployment of 100,000 tokens per minute has 100 requests per 10 s; aoai-api-simulator accepts 590 to 600 in a minute.
  test('OA-1: overloaded, 100 per 10 s are 590 to 600 in every minute', () => {
    const rules = [
      { name: 'request', limit: 100, window: '10s' },
      { name: 'token', limit: 100_000, window: '60s', unit: 'tokens' },
    ]
    const app = createApp(parseMockConfig({ resources: [{ profile: 'openai-240', rules }] }).config!, 1)
    const passed = [0, 1, 2].map((minute) =>
      passedEvenly(statusAt(app, chat(40)), 20, minute * 60, minute * 60 + 60),
    )
    for (const passedCount of passed) {
      expect(passedCount).toBeGreaterThanOrEqual(590)
      expect(passedCount).toBeLessThanOrEqual(600)
    }
  })

  test('the tokens run out before the requests when each has many', () => {
    const app = appOf('openai-240')
    const statuses = Array.from({ length: 100 }, () => app.handle(chat(10_000), 0).status)
    expect(statuses.filter((status) => status === 200)).toHaveLength(240_000 / 2_500)
    const refused = app.handle(chat(10_000), 20 * S)
    expect(header(refused, 'retry-after-ms')).toBe('40000')
    expect(header(refused, 'x-ratelimit-remaining-tokens')).toBe('0')
    expect(header(refused, 'x-ratelimit-remaining-requests')).toBe('240')
  })
})

test('Computer Vision: the rules of the account, the first that fits', () => {
  const app = appOf('vision-s1')
  const passed = (method: string, path: string): number =>
    Array.from({ length: 40 }, () => app.handle({ ...ANY, method, path }, 0).status).filter(
      (status) => status === 200,
    ).length
  expect(passed('POST', '/vision/recognizeText')).toBe(30)
  expect(passed('GET', '/vision/textOperations/1')).toBe(0)
  expect(passed('POST', '/vision/v3.2/analyze?visualFeatures=Tags')).toBe(15)
  expect(passed('GET', '/face/v1.0/detect')).toBe(20)
})

test('Speech: concurrent requests, whatever their rate', () => {
  const app = appOf('speech-s0,latency=1s')
  const recognize = request({
    method: 'POST',
    path: '/speech/recognition/conversation/cognitiveservices/v1?language=en-US',
    headers: { ...JSON_HEADERS, 'content-type': 'audio/wav; codecs=audio/pcm; samplerate=16000' },
  })
  const speak = (atUs: number): number => app.handle({ ...recognize, body: SILENCE }, atUs).status
  expect(Array.from({ length: 101 }, () => speak(0)).filter((status) => status === 429)).toHaveLength(1)
  expect(speak(S)).toBe(200)
})

/** A WAV file of 0.1 s of nothing: 16 kHz, 16 bits, one channel. */
const SILENCE = wav(3_200)

function wav(dataBytes: number): Uint8Array {
  const file = Buffer.alloc(44 + dataBytes)
  file.write('RIFF', 0)
  file.writeUInt32LE(36 + dataBytes, 4)
  file.write('WAVEfmt ', 8)
  file.writeUInt32LE(16, 16)
  file.writeUInt16LE(1, 20)
  file.writeUInt16LE(1, 22)
  file.writeUInt32LE(16_000, 24)
  file.writeUInt32LE(32_000, 28)
  file.writeUInt16LE(2, 32)
  file.writeUInt16LE(16, 34)
  file.write('data', 36)
  file.writeUInt32LE(dataBytes, 40)
  return file
}
