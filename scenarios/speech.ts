/**
 * What happens to speech recognition when 30 users a second become 120?
 *
 *   headroom run scenarios/speech.ts             bundled mock, about 25 s
 *   headroom run scenarios/speech.ts --virtual   the same without waiting
 *   headroom run scenarios/speech.ts --target https://REGION.stt.speech.microsoft.com -e KEY=…
 *
 * Speech to text has no cap on its rate but one of 100 requests at a time: how many a second that are depends
 * on how long one takes. Here it is about 1.2 s for a second of audio, so that 30 a second are 36 at a time and
 * 120 a second would be 144. Look at: the throttled share of the two names, and the requests in flight. Shorter
 * audio raises the rate, `-e AUDIO_S=0.5`.
 */
import { check } from 'k6'
import http from 'k6/http'
import { toneAsWav } from './payloads/tone.ts'
import type { Options } from 'k6/options'
import type { WithHeadroom } from 'headroom-load'

const AUDIO_S = Number(__ENV.AUDIO_S || 1)

const load = { executor: 'constant-arrival-rate' as const, preAllocatedVUs: 150, maxVUs: 1000 }

export const options: WithHeadroom<Options> = {
  scenarios: {
    average: { ...load, rate: 30, duration: '10s', env: { NAME: 'recognize-average' } },
    peak: { ...load, rate: 120, duration: '10s', startTime: '12s', env: { NAME: 'recognize-peak' } },
  },
  thresholds: {
    'http_req_failed{name:recognize-average}': ['rate==0'],
    checks: ['rate==1'],
  },
  ext: {
    headroom: {
      mock: 'speech-s0,latency=uniform:150ms:250ms,real-time-factor=1',
      thresholds: {
        'http_req_throttled{name:recognize-peak}': ['rate>0.1', 'rate<0.4'],
        'http_req_response_time{outcome:accepted}': ['p(95)<3000'],
      },
    },
  },
}

const URL = `${__ENV.TARGET}/speech/recognition/conversation/cognitiveservices/v1?language=en-US`
const SAMPLES_PER_S = 16_000
const HEADERS = {
  'Content-Type': `audio/wav; codecs=audio/pcm; samplerate=${SAMPLES_PER_S}`,
  Accept: 'application/json',
  'Ocp-Apim-Subscription-Key': __ENV.KEY || 'mock-key-1',
}

const WAV = toneAsWav(AUDIO_S, SAMPLES_PER_S)

export default function () {
  const params = { headers: HEADERS, tags: { name: __ENV.NAME ?? 'recognize' } }
  const reply = http.post(URL, WAV, params)
  check(reply, { 'was recognized, or throttled': ({ status }) => status === 200 || status === 429 })
}
