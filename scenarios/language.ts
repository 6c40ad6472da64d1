/**
 * How do the two windows of the Language service, a second and a minute, meet a steady load?
 *
 *   headroom run scenarios/language.ts --virtual   bundled mock, without waiting
 *   headroom run scenarios/language.ts --target https://NAME.cognitiveservices.azure.com -e KEY=…
 *
 * The free tier takes 100 calls in any second and 300 in any minute, of each feature for itself. 20 sentiments
 * a second are far below the first and four times the second. Look at: the time series of `sentiment`, which is
 * accepted for 15 seconds, then throttled for 45, and so on; Retry-After, which leads out of it; and
 * `key-phrases`, which never notices.
 */
import { check } from 'k6'
import http from 'k6/http'
import type { Options } from 'k6/options'
import type { WithHeadroom } from 'headroom-load'

const load = { executor: 'constant-arrival-rate' as const, preAllocatedVUs: 20, maxVUs: 200, duration: '75s' }

export const options: WithHeadroom<Options> = {
  scenarios: {
    sentiments: { ...load, rate: 20, exec: 'sentiment' },
    key_phrases: { ...load, rate: 4, exec: 'keyPhrases' },
  },
  thresholds: {
    'http_req_failed{name:key-phrases}': ['rate==0'],
    checks: ['rate==1'],
  },
  ext: {
    headroom: {
      mock: 'language-f0',
      thresholds: {
        'http_req_throttled{name:sentiment}': ['rate>0.5', 'rate<0.7'],
        'http_req_throttled{name:key-phrases}': ['rate==0'],
      },
    },
  },
}

const HEADERS = {
  'Content-Type': 'application/json',
  'Ocp-Apim-Subscription-Key': __ENV.KEY || 'mock-key-1',
}
const BODY = JSON.stringify({
  documents: [{ id: '1', language: 'en', text: 'The room was clean, but breakfast came late.' }],
})

function analyze(feature: string, name: string): void {
  const url = `${__ENV.TARGET}/text/analytics/v3.1/${feature}`
  const reply = http.post(url, BODY, { headers: HEADERS, tags: { name } })
  check(reply, { 'was analyzed, or throttled': ({ status }) => status === 200 || status === 429 })
}

export function sentiment() {
  analyze('sentiment', 'sentiment')
}

export function keyPhrases() {
  analyze('keyPhrases', 'key-phrases')
}
