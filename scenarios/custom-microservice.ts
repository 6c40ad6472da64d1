/**
 * Where does a service of your own stop keeping up on the way from 20 to 200 calls a second?
 *
 *   headroom run scenarios/custom-microservice.ts   bundled mock, about 40 s
 *   headroom run scenarios/custom-microservice.ts --virtual \
 *     --target mock:custom,latency=lognormal:80ms:400ms,workers=40
 *   headroom run scenarios/custom-microservice.ts --target https://my-service.example -e URL_PATH=/orders/1
 *
 * Nothing throttles here. The mock has 16 workers that take about 100 ms for a call: around 160 calls a second.
 * Before that calls wait only when several come at once; beyond it they wait for all the others, until 200 are
 * waiting and the next one gets a 503. Look at: in which second of the ramp the median leaves the ground, which
 * is some way before anything fails.
 */
import { check } from 'k6'
import http from 'k6/http'
import type { Options } from 'k6/options'
import type { WithHeadroom } from 'headroom-load'

export const options: WithHeadroom<Options> = {
  scenarios: {
    calls: {
      executor: 'ramping-arrival-rate',
      startRate: 20,
      preAllocatedVUs: 50,
      maxVUs: 2000,
      stages: [
        { duration: '10s', target: 20 },
        { duration: '20s', target: 200 },
        { duration: '5s', target: 200 },
        { duration: '0s', target: 20 },
        { duration: '5s', target: 20 },
      ],
    },
  },
  thresholds: {
    'http_req_duration{name:call,expected_response:true}': ['p(50)<500', 'p(99)<5000'],
    checks: ['rate==1'],
  },
  ext: {
    headroom: {
      mock: 'custom,latency=lognormal:80ms:400ms,workers=16,backlog=200,status=503',
      throttled: [503],
      arrival: { calls: 'poisson' },
      thresholds: { 'http_req_throttled{name:call}': ['rate<0.1'] },
    },
  },
}

const URL = `${__ENV.TARGET}${__ENV.URL_PATH || '/'}`

export default function () {
  const reply = http.get(URL, { tags: { name: 'call' } })
  check(reply, { 'was answered, or 503': ({ status }) => status < 400 || status === 503 })
}
