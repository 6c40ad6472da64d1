/**
 * What does a Language container do with a spike, and what when it cannot report its usage?
 *
 *   headroom run scenarios/container.ts --virtual   bundled mock, without waiting
 *   headroom run scenarios/container.ts --target http://localhost:5000 -e MINUTE_S=60
 *
 * A container has no limit on its rate, only the machine it runs on: here 250 calls a second, and 50 that wait.
 * A spike of 300 loses what is above that, and nothing else. A container reports its usage every ten minutes;
 * once ten reports in a row have failed, it serves nothing until one gets through. Here the network is away for
 * two hours from minute 60 on: the tenth report fails in minute 150, the first that gets through is the one in
 * minute 180. Look at: the throttled shares of the three names. A minute takes a second unless MINUTE_S says
 * otherwise.
 */
import { check } from 'k6'
import http from 'k6/http'
import type { Options } from 'k6/options'
import type { WithHeadroom } from 'headroom-load'

const MINUTE_MS = 1_000 * Number(__ENV.MINUTE_S || 1)

const minutes = (count: number): string => `${count * MINUTE_MS}ms`
const load = { executor: 'constant-arrival-rate' as const, preAllocatedVUs: 100, maxVUs: 2000 }

export const options: WithHeadroom<Options> = {
  scenarios: {
    average: { ...load, rate: 20, duration: minutes(20), env: { NAME: 'sentiment-average' } },
    spike: {
      ...load,
      rate: 300,
      duration: minutes(10),
      startTime: minutes(20),
      env: { NAME: 'sentiment-spike' },
    },
    unreported: {
      ...load,
      rate: 20,
      duration: minutes(120),
      startTime: minutes(60),
      env: { NAME: 'sentiment-unreported' },
    },
  },
  thresholds: {
    'http_req_failed{name:sentiment-average}': ['rate==0'],
    'http_req_duration{name:sentiment-spike,expected_response:true}': ['p(95)<500'],
    checks: ['rate==1'],
  },
  ext: {
    headroom: {
      mock: {
        resources: [
          {
            profile: 'language-s',
            rules: [],
            latency: '20ms',
            workers: 5,
            backlog: 50,
            usageReport: { period: minutes(10), outages: [`${minutes(120)}@${minutes(60)}`] },
          },
        ],
      },
      throttled: [503],
      thresholds: {
        'http_req_throttled{name:sentiment-spike}': ['rate>0.1', 'rate<0.2'],
        'http_req_throttled{name:sentiment-unreported}': ['rate>0.2', 'rate<0.3'],
      },
    },
  },
}

const URL = `${__ENV.TARGET}/text/analytics/v3.1/sentiment`
const HEADERS = {
  'Content-Type': 'application/json',
  // The mock's first key; a container takes any.
  'Ocp-Apim-Subscription-Key': __ENV.KEY || 'mock-key-1',
}
const BODY = JSON.stringify({
  documents: [{ id: '1', language: 'en', text: 'The room was clean, but breakfast came late.' }],
})

export default function () {
  const reply = http.post(URL, BODY, { headers: HEADERS, tags: { name: __ENV.NAME ?? 'sentiment' } })
  check(reply, { 'was analyzed, or refused': ({ status }) => [200, 429, 503].includes(status) })
}
