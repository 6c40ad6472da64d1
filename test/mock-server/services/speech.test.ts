import { describe, expect, test } from 'vitest'
import { createApp, type MockApp } from '../../../mock-server/app.ts'
import { parseMockConfig } from '../../../mock-server/config-schema.ts'
import type { MockRequest } from '../../../mock-server/exchange.ts'
import { parseMockSpec } from '../../../mock-server/spec.ts'
import { ogg, wav } from '../audio-files.ts'
import { configOf, header, json } from '../requests.ts'

const PATH = '/speech/recognition/conversation/cognitiveservices/v1'
const KEY = { 'ocp-apim-subscription-key': 'mock-key-1' }
const WAV_TYPE = { 'content-type': 'audio/wav; codecs=audio/pcm; samplerate=16000' }
const SPEAKING = 8_000

const app = (spec = 'speech-s0,latency=20ms'): MockApp => createApp(configOf(spec), 1)

const say = (
  body: Uint8Array,
  query = '?language=en-US',
  overrides: Partial<MockRequest> = {},
): MockRequest => ({
  method: 'POST',
  path: PATH + query,
  headers: { ...KEY, ...WAV_TYPE },
  body,
  ...overrides,
})

/** Of a streaming client, which does not know the lengths when it starts. */
const withUnknownLength = (bytes: Uint8Array): Uint8Array => {
  const copy = bytes.slice()
  new DataView(copy.buffer).setUint32(40, 0xffff_ffff, true)
  return copy
}

describe('recognition', () => {
  test('simple: status, text, and times in ticks of 100 ns', () => {
    const plan = app().handle(say(wav(1.5, SPEAKING)), 1_000)
    expect([plan.status, plan.replyAtUs]).toEqual([200, 21_000])
    expect(json(plan)).toEqual({
      RecognitionStatus: 'Success',
      DisplayText: expect.stringMatching(/^[A-Z0-9].*\.$/),
      Offset: '0',
      Duration: '15000000',
    })
  })

  test('detailed: the best hypotheses in four forms', () => {
    const result = json(app().handle(say(wav(4, SPEAKING), '?language=en-US&format=detailed'), 0))
    expect(result).toEqual({
      RecognitionStatus: 'Success',
      Offset: '0',
      Duration: '40000000',
      NBest: [
        {
          Confidence: expect.any(Number),
          Lexical: expect.stringMatching(/^[a-z ]+$/),
          ITN: expect.any(String),
          MaskedITN: expect.any(String),
          Display: expect.any(String),
        },
      ],
    })
    const [{ Lexical: lexical = '' } = {}] = result['NBest'] as readonly { Lexical?: string }[]
    expect(lexical.split(' ')).toHaveLength(10)
  })

  test.each<[string, Uint8Array]>([
    ['InitialSilenceTimeout', wav(1, 100)],
    ['InitialSilenceTimeout', wav(0, 0)],
    ['InitialSilenceTimeout', ogg(0)],
    ['NoMatch', wav(1, 1_000)],
    ['BabbleTimeout', wav(1, 32_767)],
    ['Error', wav(1, SPEAKING).subarray(0, 1_001)],
  ])('%s is a 200 without text', (status, audio) => {
    for (const format of ['simple', 'detailed']) {
      const plan = app().handle(say(audio, `?language=en-US&format=${format}`), 0)
      expect(plan.status).toBe(200)
      expect(json(plan)).toEqual({
        RecognitionStatus: status,
        Offset: '0',
        Duration: expect.stringMatching(/^\d+$/),
      })
    }
  })

  test.each<[string, Uint8Array, string]>([
    ['a WAV that was streamed', withUnknownLength(wav(2, SPEAKING)), '20000000'],
    ['a WAV that was cut short', wav(2, SPEAKING).subarray(0, 44 + 32_000), '10000000'],
    ['an Ogg of three pages', ogg(0, 1, 3), '30000000'],
    ['60 s', wav(60, SPEAKING), '600000000'],
  ])('%s is as long as its samples', (_story, audio, duration) => {
    expect(json(app().handle(say(audio), 0))).toMatchObject({
      RecognitionStatus: 'Success',
      Duration: duration,
    })
  })
})

describe('what is refused', () => {
  const audio = wav(1, SPEAKING)
  const stereoBytes = wav(1, SPEAKING).slice()
  stereoBytes[34] = 8

  test.each<[string, MockRequest, number]>([
    ['another path', say(audio, '', { path: '/speech/v2' }), 404],
    ['another method', say(audio, undefined, { method: 'PUT' }), 405],
    ['no key and no token', say(audio, undefined, { headers: WAV_TYPE }), 403],
    [
      'a wrong key',
      say(audio, undefined, { headers: { ...WAV_TYPE, 'ocp-apim-subscription-key': 'x' } }),
      401,
    ],
    ['a wrong token', say(audio, undefined, { headers: { ...WAV_TYPE, authorization: 'Bearer x' } }), 401],
    ['no media type', say(audio, undefined, { headers: KEY }), 415],
    ['more than 2 MiB', say(new Uint8Array(2_097_153)), 413],
    ['no language', say(audio, '?format=simple'), 400],
    ['a bad language', say(audio, '?language=english'), 400],
    ['a bad format', say(audio, '?language=en-US&format=xml'), 400],
    ['a bad profanity', say(audio, '?language=en-US&profanity=more'), 400],
    ['no audio', say(new Uint8Array(0)), 400],
    ['what is no audio', say(new TextEncoder().encode('hello, is anybody there?')), 400],
    ['samples of 8 bits', say(stereoBytes), 400],
    ['a WAV without samples', say(audio.subarray(0, 36)), 400],
    ['61 s', say(wav(61, SPEAKING)), 400],
    ['an Ogg of 61 s', say(ogg(61)), 400],
  ])('%s', (_story, asked, status) => {
    const plan = app().handle(asked, 5)
    expect([plan.status, plan.replyAtUs]).toEqual([status, 5])
    expect(json(plan)).toEqual({ error: { code: String(status), message: expect.any(String) } })
  })
})

test('a token stands in for the key', () => {
  const mock = app()
  const { body: token } = mock.handle(say(new Uint8Array(0), '', { path: '/sts/v1.0/issueToken' }), 0)
  const asked = say(wav(1, SPEAKING), undefined, {
    headers: { ...WAV_TYPE, authorization: `Bearer ${token}` },
  })
  expect(mock.handle(asked, 1).status).toBe(200)
  expect(mock.handle(asked, 600_000_000).status).toBe(401)
})

// F0: 1 request at a time, S0: 100 (azure-docs Speech-Service/speech-services-quotas-and-limits.md).
test.each([
  ['speech-f0', 1],
  ['speech-s0', 100],
])('%s takes %d at a time and refuses the next with 429', (profile, cap) => {
  const mock = app(`${profile},latency=3s`)
  const asked = say(wav(0.1, SPEAKING))
  for (let n = 0; n < cap; n++) expect(mock.handle(asked, 0).status).toBe(200)
  const plan = mock.handle(asked, 1)
  expect([plan.status, header(plan, 'Retry-After')]).toEqual([429, '3'])
  expect(json(plan)).toMatchObject({ error: { code: '429' } })
  expect(mock.handle(asked, 3_000_000).status).toBe(200)
})

describe('the real-time factor', () => {
  test('makes recognition take longer for longer audio', () => {
    const mock = app('speech-s0,latency=20ms,real-time-factor=0.5')
    expect(mock.handle(say(wav(4, SPEAKING)), 0).replyAtUs).toBe(2_020_000)
    expect(mock.handle(say(wav(1, SPEAKING)), 0).replyAtUs).toBe(520_000)
  })

  test('has a place in a configuration too', () => {
    const { config } = parseMockConfig({
      resources: [{ profile: 'speech-s0', latency: '0s', realTimeFactor: 2 }],
    })
    expect(createApp(config!, 1).handle(say(wav(1, SPEAKING)), 0).replyAtUs).toBe(2_000_000)
  })

  test.each(['real-time-factor=11', 'real-time-factor=-1', 'real-time-factor=fast'])('%s is none', (pair) => {
    expect(parseMockSpec(`speech-s0,${pair}`).faults).toMatchObject([{ where: 'mock.real-time-factor' }])
  })

  test('belongs to speech', () => {
    expect(parseMockSpec('luis-s0,real-time-factor=1').faults).toMatchObject([
      { where: 'mock.real-time-factor' },
    ])
    const { faults } = parseMockConfig({
      resources: [{ profile: 'luis-s0', realTimeFactor: 1, region: 'x' }],
    })
    expect(faults.map(({ where }) => where)).toEqual([
      'config.resources[0].region',
      'config.resources[0].realTimeFactor',
    ])
  })
})
