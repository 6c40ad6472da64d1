/**
 * Do instances behind a traffic manager have to be there before the spike?
 *
 *   headroom run scenarios/traffic-manager.ts --virtual                       mock: five are added 5 minutes before
 *   headroom run scenarios/traffic-manager.ts --virtual -e SCALING=reactive   added when calls are refused
 *   headroom run scenarios/traffic-manager.ts --target https://NAME.trafficmanager.net -e KEY=… -e MINUTE_S=60
 *
 * One LUIS resource takes 50 utterances a second. The spike of 270 for ten minutes needs six; those that are
 * ordered only when the first calls are refused take five minutes until they serve, which is half of the spike.
 * Look at: the throttled share of both, and the time series around the moment when the instances come. A minute
 * takes a second unless MINUTE_S says otherwise.
 */
import { check } from 'k6'
import http from 'k6/http'
import type { Options } from 'k6/options'
import type { WithHeadroom } from 'headroom-load'

const MINUTE_MS = 1_000 * Number(__ENV.MINUTE_S || 1)
const IS_REACTIVE = __ENV.SCALING === 'reactive'

const minutes = (count: number): string => `${count * MINUTE_MS}ms`

const PLANNED = { instances: `1+6@${minutes(20)}+1@${minutes(36)}` }
const REACTIVE = {
  instances: '1-6',
  scaleOn: 'throttled:0.05',
  scalePeriod: minutes(0.1),
  scaleLag: minutes(5),
  scaleStep: 5,
}

export const options: WithHeadroom<Options> = {
  scenarios: {
    utterances: {
      executor: 'ramping-arrival-rate',
      startRate: 20,
      stages: [
        { duration: minutes(25), target: 20 },
        { duration: '0s', target: 270 },
        { duration: minutes(10), target: 270 },
        { duration: '0s', target: 20 },
        { duration: minutes(25), target: 20 },
      ],
      preAllocatedVUs: 100,
      maxVUs: 2000,
    },
  },
  thresholds: { checks: ['rate==1'] },
  ext: {
    headroom: {
      mock: {
        resources: [{ name: 'luis', profile: 'luis-s0', instances: 6 }],
        manager: IS_REACTIVE ? REACTIVE : PLANNED,
      },
      thresholds: {
        'http_req_throttled{name:predict}': IS_REACTIVE ? ['rate>0.2', 'rate<0.4'] : ['rate<0.01'],
      },
    },
  },
}

const APP = __ENV.APP || '8e3a6c1d-0b7f-4f0e-9a52-6d1c2b3a4f50'
const URL = `${__ENV.TARGET}/luis/v3.0/apps/${APP}/slots/production/predict?query=cancel%20my%20order`
const HEADERS = { 'Ocp-Apim-Subscription-Key': __ENV.KEY || 'mock-key-1' }

export default function () {
  const reply = http.get(URL, { headers: HEADERS, tags: { name: 'predict' } })
  check(reply, { 'was understood, or throttled': ({ status }) => status === 200 || status === 429 })
}
