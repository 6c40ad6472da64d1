/**
 * What is left of an AzureML endpoint's 80 calls a second when they come as calls do?
 *
 *   headroom run scenarios/azureml-low.ts             bundled mock, about 45 s
 *   headroom run scenarios/azureml-low.ts --virtual   the same without waiting
 *   headroom run scenarios/azureml-low.ts --target https://REGION.services.azureml.net \
 *     -e KEY=… -e SERVICE=/workspaces/…/services/…
 *
 * Throttle level Low serves 4 calls at a time. With 50 ms for each that makes 4 × 1000 / 50 = 80 calls a
 * second, and four clients that each call again as soon as they have an answer do get them all
 * (`score-in-turn`). The same 80 a second at random (`score-at-random`) find four others there before them for
 * 31 % of the calls, and get a 503 (Erlang's B formula). Look at: the accepted calls a second of the first, the
 * throttled share of the second. 17 calls a second at random (`-e RATE=17`) are what Low is good for with 1 %
 * of 503.
 */
import { check } from 'k6'
import http from 'k6/http'
import type { Options } from 'k6/options'
import type { WithHeadroom } from 'headroom-load'

export const options: WithHeadroom<Options> = {
  scenarios: {
    in_turn: { executor: 'constant-vus', vus: 4, duration: '10s', env: { NAME: 'score-in-turn' } },
    at_random: {
      executor: 'constant-arrival-rate',
      rate: Number(__ENV.RATE || 80),
      duration: '30s',
      startTime: '12s',
      preAllocatedVUs: 20,
      maxVUs: 200,
      env: { NAME: 'score-at-random' },
    },
  },
  thresholds: {
    'http_req_failed{name:score-in-turn}': ['rate==0'],
    checks: ['rate==1'],
  },
  ext: {
    headroom: {
      mock: 'azureml-low',
      throttled: [503],
      arrival: { at_random: 'poisson' },
      thresholds: { 'http_req_throttled{name:score-at-random}': ['rate<0.35'] },
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
  const reply = http.post(URL, BODY, { headers: HEADERS, tags: { name: __ENV.NAME ?? 'score' } })
  check(reply, { 'was scored, or throttled': ({ status }) => status === 200 || status === 503 })
}
