/**
 * How much of a rise does autoscale (dynamicThrottlingEnabled) catch, when it is gradual and when it is sudden?
 *
 *   headroom run scenarios/autoscale.ts --virtual                  the mock: 20 to 300 a second in an hour
 *   headroom run scenarios/autoscale.ts --virtual -e RISE=sudden   at once, for ten minutes
 *   headroom run scenarios/autoscale.ts --target https://NAME.cognitiveservices.azure.com -e KEY=… -e MINUTE_S=60
 *
 * Autoscale looks every five minutes whether calls were refused, and raises the limit by a step if they were.
 * What rises slowly it follows; what rises at once is over before it has got anywhere. Look at: the throttled
 * share of both, and in the time series when it sinks. A minute takes a second here unless MINUTE_S says
 * otherwise; the mock's autoscale keeps the same minutes. How large a step is has never been published: the
 * mock's factor of 1.468 is assumed.
 */
import { check } from 'k6'
import http from 'k6/http'
import type { Options } from 'k6/options'
import type { WithHeadroom } from 'headroom-load'

const MINUTE_MS = 1_000 * Number(__ENV.MINUTE_S || 1)
const IS_SUDDEN = __ENV.RISE === 'sudden'

const minutes = (count: number): string => `${count * MINUTE_MS}ms`

const GRADUAL = [{ duration: minutes(60), target: 300 }]
const SUDDEN = [
  { duration: minutes(25), target: 20 },
  { duration: '0s', target: 300 },
  { duration: minutes(10), target: 300 },
  { duration: '0s', target: 20 },
  { duration: minutes(25), target: 20 },
]

export const options: WithHeadroom<Options> = {
  scenarios: {
    calls: {
      executor: 'ramping-arrival-rate',
      startRate: 20,
      stages: IS_SUDDEN ? SUDDEN : GRADUAL,
      preAllocatedVUs: 100,
      maxVUs: 2000,
    },
  },
  thresholds: { checks: ['rate==1'] },
  ext: {
    headroom: {
      mock: {
        resources: [
          {
            profile: 'language-s',
            rules: [{ name: 'rate', limit: 50, window: '1s' }],
            autoscale: { period: minutes(5), growth: '1.468', max: 1_000 },
          },
        ],
      },
      thresholds: {
        // A sudden rise that is caught would be news as well.
        'http_req_throttled{name:sentiment}': IS_SUDDEN ? ['rate>0.4'] : ['rate<0.03'],
      },
    },
  },
}

const URL = `${__ENV.TARGET}/text/analytics/v3.1/sentiment`
const HEADERS = {
  'Content-Type': 'application/json',
  'Ocp-Apim-Subscription-Key': __ENV.KEY || 'mock-key-1',
}
const BODY = JSON.stringify({
  documents: [{ id: '1', language: 'en', text: 'The room was clean, but breakfast came late.' }],
})

export default function () {
  const reply = http.post(URL, BODY, { headers: HEADERS, tags: { name: 'sentiment' } })
  check(reply, { 'was analyzed, or throttled': ({ status }) => status === 200 || status === 429 })
}
