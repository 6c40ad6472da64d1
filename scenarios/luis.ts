/**
 * How many LUIS resources do 25 utterances a second need, with peaks of 200?
 *
 *   headroom run scenarios/luis.ts                                   bundled mock with four, about 25 s
 *   headroom run scenarios/luis.ts --virtual --target mock:luis-s0   one: exit code 99
 *   headroom run scenarios/luis.ts --target https://EAST.cognitiveservices.azure.com,https://WEST.… \
 *     -e KEY=… -e APP=…
 *
 * The standard tier takes 50 utterances in any second. The script goes round all resources that it is given,
 * and asks the next one when one says 429. Look at: `understood`, the share of utterances that got an answer in
 * the end; and the throttled share of the requests: whoever goes round blindly meets a full resource now and
 * then, also where all together have room.
 */
import http from 'k6/http'
import { Rate } from 'k6/metrics'
import type { Options } from 'k6/options'
import type { WithHeadroom } from 'headroom-load'

const load = { executor: 'constant-arrival-rate' as const, preAllocatedVUs: 50, maxVUs: 1000 }

export const options: WithHeadroom<Options> = {
  scenarios: {
    average: { ...load, rate: 25, duration: '10s', env: { NAME: 'predict-average' } },
    peak: { ...load, rate: 200, duration: '10s', startTime: '12s', env: { NAME: 'predict-peak' } },
  },
  thresholds: {
    // The peak is exactly what four take in a second: calls that come a moment early find them full.
    understood: ['rate>0.95'],
    'http_req_failed{name:predict-average}': ['rate==0'],
    'http_req_duration{expected_response:true}': ['p(95)<500'],
  },
  ext: {
    headroom: {
      mock: { resources: ['north', 'east', 'south', 'west'].map((name) => ({ name, profile: 'luis-s0' })) },
      thresholds: { 'http_req_throttled{name:predict-peak}': ['rate<0.6'] },
    },
  },
}

const RESOURCES = (__ENV.TARGET ?? '').split(',')
const APP = __ENV.APP || '8e3a6c1d-0b7f-4f0e-9a52-6d1c2b3a4f50'
const HEADERS = { 'Ocp-Apim-Subscription-Key': __ENV.KEY || 'mock-key-1' }
const UTTERANCES = ['book a flight to Paris', 'what is the weather tomorrow', 'cancel my order']
const understood = new Rate('understood')

function predict(resource: string, utterance: string, attempt: number): number {
  const path = `/luis/v3.0/apps/${APP}/slots/production/predict?query=${encodeURIComponent(utterance)}`
  const tags = { name: __ENV.NAME ?? 'predict', attempt: String(attempt) }
  return http.get(resource + path, { headers: HEADERS, tags }).status
}

export default function () {
  const utterance = UTTERANCES[__ITER % UTTERANCES.length] ?? ''
  const first = Math.floor(Math.random() * RESOURCES.length)
  let status = 429
  for (let turn = 0; turn < RESOURCES.length && status === 429; turn++) {
    status = predict(RESOURCES[(first + turn) % RESOURCES.length] ?? '', utterance, turn + 1)
  }
  understood.add(status === 200)
}
