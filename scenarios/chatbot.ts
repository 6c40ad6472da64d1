/**
 * Which of the services behind a multilingual chatbot give way first when its traffic goes from average to
 * peak?
 *
 *   headroom run scenarios/chatbot.ts --virtual   bundled mock, without waiting
 *   headroom run scenarios/chatbot.ts             the same in 45 s
 *   headroom run scenarios/chatbot.ts --target TRANSLATOR,SPEECH,QNA,LUIS,OWN \
 *     -e TRANSLATOR_KEY=… -e SPEECH_KEY=… …
 *
 * Five services get 165 calls a second on average and 920 in the peak, 5.6 times as many. With one resource of
 * each, every average fits, and only one peak does. Look at: the throttled share of each name. Translator's
 * minute hides the first 14 seconds of the peak; Speech is full with 100 calls at a time; QnA Maker becomes
 * slow before it answers 503; LUIS takes 50 a second and no more.
 */
import { check } from 'k6'
import http, { type RefinedResponse, type ResponseType } from 'k6/http'
import { toneAsWav } from './payloads/tone.ts'
import type { Options } from 'k6/options'
import type { WithHeadroom } from 'headroom-load'

/** Calls a second; the names are those of the functions below. */
const LOAD = [
  { exec: 'translate', averageRate: 60, peakRate: 300 },
  { exec: 'recognize', averageRate: 30, peakRate: 120 },
  { exec: 'answer', averageRate: 30, peakRate: 100 },
  { exec: 'predict', averageRate: 25, peakRate: 200 },
  { exec: 'custom', averageRate: 20, peakRate: 200 },
]

const phase = {
  executor: 'constant-arrival-rate' as const,
  duration: '20s',
  preAllocatedVUs: 100,
  maxVUs: 2000,
}

export const options: WithHeadroom<Options> = {
  scenarios: Object.fromEntries(
    LOAD.flatMap(({ exec, averageRate, peakRate }) => [
      [`${exec}-average`, { ...phase, exec, rate: averageRate }],
      [`${exec}-peak`, { ...phase, exec, rate: peakRate, startTime: '20s' }],
    ]),
  ),
  thresholds: { checks: ['rate==1'] },
  ext: {
    headroom: {
      mock: {
        resources: [
          { name: 'translator', profile: 'translator-s1' },
          { name: 'speech', profile: 'speech-s0', latency: '3s' },
          { name: 'qna-maker', profile: 'qnamaker-50' },
          { name: 'luis', profile: 'luis-s0' },
          { name: 'own', profile: 'custom', latency: 'lognormal:80ms:400ms' },
        ],
      },
      throttled: [503],
      thresholds: Object.fromEntries(
        LOAD.map(({ exec }) => [`http_req_throttled{scenario:${exec}-average}`, ['rate==0']]),
      ),
    },
  },
}

const [TRANSLATOR, SPEECH, QNA_MAKER, LUIS, OWN] = (__ENV.TARGET ?? '').split(',')
const MOCK_KEY = 'mock-key-1'
const SAMPLES_PER_S = 16_000

const TEXT = JSON.stringify([{ Text: 'language'.repeat(15) }])
const AUDIO_S = 0.25
const QUESTION = JSON.stringify({ question: 'How do I reset my password?', top: 1 })
const KNOWLEDGE_BASE = __ENV.KB || '3f1c7f6e-5b0a-4c52-9d4e-2a6f0b8c9d10'
const APP = __ENV.APP || '8e3a6c1d-0b7f-4f0e-9a52-6d1c2b3a4f50'

function post(name: string, url: string, body: string | ArrayBuffer, headers: Record<string, string>) {
  return http.post(url, body, { headers: { 'Content-Type': 'application/json', ...headers }, tags: { name } })
}

function checkAnswer(reply: RefinedResponse<ResponseType | undefined>): void {
  check(reply, { 'was answered, or throttled': ({ status }) => [200, 429, 503].includes(status) })
}

export function translate() {
  const headers = { 'Ocp-Apim-Subscription-Key': __ENV.TRANSLATOR_KEY || MOCK_KEY }
  checkAnswer(post('translate', `${TRANSLATOR}/translate?api-version=3.0&from=en&to=de`, TEXT, headers))
}

/** Made by those users alone who speak: every one of them has a module of its own. */
let audio: ArrayBuffer | undefined

export function recognize() {
  audio ??= toneAsWav(AUDIO_S, SAMPLES_PER_S)
  const url = `${SPEECH}/speech/recognition/conversation/cognitiveservices/v1?language=en-US`
  const headers = {
    'Content-Type': `audio/wav; codecs=audio/pcm; samplerate=${SAMPLES_PER_S}`,
    'Ocp-Apim-Subscription-Key': __ENV.SPEECH_KEY || MOCK_KEY,
  }
  checkAnswer(post('recognize', url, audio, headers))
}

export function answer() {
  const url = `${QNA_MAKER}/qnamaker/knowledgebases/${KNOWLEDGE_BASE}/generateAnswer`
  checkAnswer(post('answer', url, QUESTION, { Authorization: `EndpointKey ${__ENV.QNA_KEY || MOCK_KEY}` }))
}

export function predict() {
  const url = `${LUIS}/luis/v3.0/apps/${APP}/slots/production/predict?query=cancel%20my%20order`
  const headers = { 'Ocp-Apim-Subscription-Key': __ENV.LUIS_KEY || MOCK_KEY }
  checkAnswer(http.get(url, { headers, tags: { name: 'predict' } }))
}

export function custom() {
  checkAnswer(http.get(`${OWN}${__ENV.OWN_PATH || '/'}`, { tags: { name: 'custom' } }))
}
