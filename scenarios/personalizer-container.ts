/**
 * What does a Personalizer container take, and how does it show that it has had enough?
 *
 *   headroom run scenarios/personalizer-container.ts             bundled mock, about 20 s
 *   headroom run scenarios/personalizer-container.ts --virtual   the same without waiting
 *   headroom run scenarios/personalizer-container.ts --target http://localhost:5000 \
 *     -e WITHIN_RPS=… -e BEYOND_RPS=…
 *
 * The API is the one of the cloud on another base URL, but nothing throttles: a machine has so many workers,
 * and what is more waits. The mock's container gets 250 Ranks a second done. Look at: the response times of the
 * two names. Within the capacity they are the service's own, beyond it they grow for as long as the load lasts,
 * and no reply is a 429.
 */
import { check } from 'k6'
import http from 'k6/http'
import type { Options } from 'k6/options'
import type { WithHeadroom } from 'headroom-load'

const steady = {
  executor: 'constant-arrival-rate' as const,
  preAllocatedVUs: 50,
  maxVUs: 3000,
}

export const options: WithHeadroom<Options> = {
  scenarios: {
    within: {
      ...steady,
      rate: Number(__ENV.WITHIN_RPS || 200),
      duration: '10s',
      env: { NAME: 'rank-within' },
    },
    beyond: {
      ...steady,
      rate: Number(__ENV.BEYOND_RPS || 350),
      duration: '5s',
      startTime: '12s',
      env: { NAME: 'rank-beyond' },
    },
  },
  thresholds: {
    http_req_failed: ['rate==0'],
    checks: ['rate==1'],
  },
  ext: {
    headroom: {
      mock: 'personalizer-container',
      thresholds: {
        http_req_throttled: ['rate==0'],
        'http_req_response_time{name:rank-within}': ['p(95)<50'],
        // The queue must be seen, or the capacity was not reached.
        'http_req_response_time{name:rank-beyond}': ['max>1000'],
      },
    },
  },
}

const HEADERS = {
  'Content-Type': 'application/json',
  // The mock's first key; a container takes any.
  'Ocp-Apim-Subscription-Key': __ENV.KEY || 'mock-key-1',
}

const BODY = JSON.stringify({
  contextFeatures: [{ timeOfDay: 'morning' }],
  actions: ['politics', 'sports', 'music'].map((id) => ({ id, features: [{ topic: id }] })),
})

export default function () {
  const params = { headers: HEADERS, tags: { name: __ENV.NAME ?? 'rank' } }
  const ranked = http.post(`${__ENV.TARGET}/personalizer/v1.0/rank`, BODY, params)
  check(ranked, { 'rank was answered': (reply) => reply.status === 201 })
}
