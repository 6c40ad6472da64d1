/**
 * Do several AzureML endpoints that get calls at random serve as much as one that is as large as all of them?
 *
 *   headroom run scenarios/azureml-endpoints.ts                         bundled mock with two endpoints, about 30 s
 *   headroom run scenarios/azureml-endpoints.ts --virtual -e RATE=800   as many as can be served: exit code 99
 *   headroom run scenarios/azureml-endpoints.ts --target https://…,https://… \
 *     -e KEYS=KEY1,KEY2 -e SERVICES=/workspaces/…,/workspaces/…
 *
 * Beyond 200 calls at a time there have to be several endpoints, and the advice is to spread the calls over
 * them at random. Each client draws one. Look at: the throttled share. Two endpoints of 20 calls at a time lose
 * 1 % of 480 calls a second, as each alone does of 240; one of 40 would lose none to speak of. At 800 a second
 * it is 16 % against 12 %.
 */
import { check } from 'k6'
import http from 'k6/http'
import type { Options } from 'k6/options'
import type { WithHeadroom } from 'headroom-load'

export const options: WithHeadroom<Options> = {
  scenarios: {
    calls: {
      executor: 'constant-arrival-rate',
      rate: Number(__ENV.RATE || 480),
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
      mock: {
        resources: [
          { name: 'one', profile: 'azureml-high-20' },
          { name: 'two', profile: 'azureml-high-20' },
        ],
      },
      throttled: [503],
      arrival: { calls: 'poisson' },
      thresholds: { 'http_req_throttled{name:score}': ['rate<0.03'] },
    },
  },
}

const KEYS = (__ENV.KEYS || 'mock-key-1').split(',')
const SERVICES = (__ENV.SERVICES || '/workspaces/mock/services/mock').split(',')
const ENDPOINTS = (__ENV.TARGET ?? '').split(',').map((base, index) => ({
  url: `${base}${SERVICES[index] ?? SERVICES[0]}/execute?api-version=2.0&details=true`,
  headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${KEYS[index] ?? KEYS[0]}` },
}))
const BODY = JSON.stringify({
  Inputs: { input1: { ColumnNames: ['age', 'income'], Values: [['39', '40000']] } },
  GlobalParameters: {},
})

export default function () {
  const endpoint = ENDPOINTS[Math.floor(Math.random() * ENDPOINTS.length)]
  if (endpoint === undefined) return
  const reply = http.post(endpoint.url, BODY, { headers: endpoint.headers, tags: { name: 'score' } })
  check(reply, { 'was scored, or throttled': ({ status }) => status === 200 || status === 503 })
}
