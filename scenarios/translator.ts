/**
 * Which Translator tier takes 120 texts a second of 15 words with 8 characters each?
 *
 *   headroom run scenarios/translator.ts --virtual                               an S3 of the mock, without waiting
 *   headroom run scenarios/translator.ts --virtual --target mock:translator-s1   too small: exit code 99
 *   headroom run scenarios/translator.ts --target https://api.cognitive.microsofttranslator.com \
 *     -e KEY=… [-e REGION=…]
 *
 * Translator counts characters, once for each target language, and its hour is to be used evenly: each minute
 * has a sixtieth of it. 120 texts a second are 14,400 characters a second, 864,000 a minute; an S1 takes
 * 666,667 of them. Look at: the throttled share, and when in a minute it comes: an S1 takes everything for 46
 * seconds and then nothing until the minute is over. `-e RATE=…`, `-e WORDS=…`: your own traffic.
 */
import { check } from 'k6'
import http from 'k6/http'
import { Counter } from 'k6/metrics'
import type { Options } from 'k6/options'
import type { WithHeadroom } from 'headroom-load'

const RATE = Number(__ENV.RATE || 120)
const WORD_COUNT = Number(__ENV.WORDS || 15)

export const options: WithHeadroom<Options> = {
  scenarios: {
    texts: {
      executor: 'constant-arrival-rate',
      rate: RATE,
      duration: '2m',
      preAllocatedVUs: 50,
      maxVUs: 2000,
    },
  },
  thresholds: {
    'http_req_duration{name:translate,expected_response:true}': ['p(95)<500'],
    checks: ['rate==1'],
  },
  ext: {
    headroom: {
      mock: 'translator-s3',
      thresholds: { 'http_req_throttled{name:translate}': ['rate==0'] },
    },
  },
}

const URL = `${__ENV.TARGET}/translate?api-version=3.0&from=en&to=de`
const HEADERS: Record<string, string> = {
  'Content-Type': 'application/json; charset=UTF-8',
  'Ocp-Apim-Subscription-Key': __ENV.KEY || 'mock-key-1',
  ...(__ENV.REGION && { 'Ocp-Apim-Subscription-Region': __ENV.REGION }),
}

const WORD = 'language'
const BODY = JSON.stringify([{ Text: WORD.repeat(WORD_COUNT) }])

const charactersMetered = new Counter('characters_metered')

export default function () {
  const reply = http.post(URL, BODY, { headers: HEADERS, tags: { name: 'translate' } })
  check(reply, { 'was translated, or throttled': ({ status }) => status === 200 || status === 429 })
  if (reply.status === 200) charactersMetered.add(Number(reply.headers['X-Metered-Usage']))
}
