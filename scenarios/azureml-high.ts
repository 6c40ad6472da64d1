/**
 * How many calls a second may an AzureML endpoint get whose throttle level is High, if 3 % of 503 are too many?
 *
 *   headroom run scenarios/azureml-high.ts                         bundled mock with 20 calls at a time, about 30 s
 *   headroom run scenarios/azureml-high.ts --virtual -e RATE=400   as many as can be served: exit code 99
 *   headroom run scenarios/azureml-high.ts --virtual --target mock:azureml-high-200 -e RATE=3500
 *   headroom run scenarios/azureml-high.ts --target https://REGION.services.azureml.net -e KEY=… \
 *     -e SERVICE=/workspaces/…
 *
 * High serves 20 calls at a time, up to 200 on request: 400 or 4,000 calls a second if each takes 50 ms. Calls
 * come at random, so that all of them are busy long before: at 400 a second for 16 % of the calls, at 240 for
 * 1 %. Larger endpoints use more of what they have: 200 at a time are good for 3,590 calls a second with 1 %.
 * Look at: the throttled share, at several rates.
 */
import { check } from 'k6'
import http from 'k6/http'
import type { Options } from 'k6/options'
import type { WithHeadroom } from 'headroom-load'

export const options: WithHeadroom<Options> = {
  scenarios: {
    calls: {
      executor: 'constant-arrival-rate',
      rate: Number(__ENV.RATE || 240),
      duration: '30s',
      preAllocatedVUs: 100,
      maxVUs: 2000,
    },
  },
  thresholds: {
    'http_req_duration{name:score,expected_response:true}': ['p(95)<100'],
    checks: ['rate==1'],
  },
  ext: {
    headroom: {
      mock: 'azureml-high-20',
      throttled: [503],
      arrival: { calls: 'poisson' },
      thresholds: { 'http_req_throttled{name:score}': ['rate<0.03'] },
    },
  },
}

const SERVICE = __ENV.SERVICE || '/workspaces/mock/services/mock'
const URL = `${__ENV.TARGET}${SERVICE}/execute?api-version=2.0&details=true`
const HEADERS = { 'Content-Type': 'application/json', Authorization: `Bearer ${__ENV.KEY || 'mock-key-1'}` }
const BODY = JSON.stringify({
  Inputs: { input1: { ColumnNames: ['age', 'income'], Values: [['39', '40000']] } },
  GlobalParameters: {},
})

export default function () {
  const reply = http.post(URL, BODY, { headers: HEADERS, tags: { name: 'score' } })
  check(reply, { 'was scored, or throttled': ({ status }) => status === 200 || status === 503 })
}
