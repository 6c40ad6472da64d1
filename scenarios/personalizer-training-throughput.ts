/**
 * Does the training of a Personalizer loop keep up with this many events of this size?
 *
 *   headroom run scenarios/personalizer-training-throughput.ts --virtual   bundled mock, without waiting
 *   headroom run scenarios/personalizer-training-throughput.ts --virtual -e EVENTS_PER_S=2500
 *   headroom run scenarios/personalizer-training-throughput.ts --target https://… -e KEY=… -e EVENTS_PER_S=…
 *
 * Training takes in 20 MB of events a second. An event of 500 features with 20 characters each is 10 kB, which
 * makes 2,000 events a second, about 173 million a day. Beyond that nothing fails and nothing slows down: a
 * queue grows that no reply tells of, and the loop learns from what is ever older. Look at: the rate of the
 * metric `training_bytes`, whose threshold is that line; and that at 2,500 events a second nothing else fails
 * or becomes slower. What the mock's queue holds stands in the run's manifest.json, as `ingest` among its
 * counters.
 */
import { check } from 'k6'
import http from 'k6/http'
import { Counter } from 'k6/metrics'
import type { Options } from 'k6/options'
import type { WithHeadroom } from 'headroom-load'

const EVENTS_PER_S = Number(__ENV.EVENTS_PER_S || 1900)
const FEATURE_COUNT = Number(__ENV.FEATURES || 500)
const FEATURE_CHARS = 20

export const options: WithHeadroom<Options> = {
  scenarios: {
    events: {
      executor: 'constant-arrival-rate',
      rate: EVENTS_PER_S,
      duration: '6s',
      preAllocatedVUs: 200,
      maxVUs: 5000,
    },
  },
  thresholds: {
    training_bytes: ['rate<20000000'],
    'http_req_failed{name:rank}': ['rate<0.001'],
    'http_req_duration{name:rank}': ['p(95)<250'],
    checks: ['rate>0.999'],
  },
  ext: {
    headroom: {
      // A resource whose limits have been raised out of the way: training has a limit of its own.
      mock: 'personalizer-s0,tps=none,concurrency=none',
    },
  },
}

const HEADERS = {
  'Content-Type': 'application/json',
  'Ocp-Apim-Subscription-Key': __ENV.KEY || 'mock-key-1',
}

const trainingBytes = new Counter('training_bytes')

/** `"feature001":"aaaaa",` is 20 characters. */
function feature(index: number): [string, string] {
  const name = `feature${String(index).padStart(3, '0')}`
  return [name, 'a'.repeat(FEATURE_CHARS - name.length - `"":"",`.length)]
}

const features = Array.from({ length: FEATURE_COUNT }, (_, index) => feature(index))
const BODY = JSON.stringify({
  contextFeatures: [Object.fromEntries(features)],
  actions: [
    { id: 'a', features: [] },
    { id: 'b', features: [] },
  ],
})

export default function () {
  const params = { headers: HEADERS, tags: { name: 'rank' } }
  const ranked = http.post(`${__ENV.TARGET}/personalizer/v1.0/rank`, BODY, params)
  const isTaken = check(ranked, { 'rank was answered': (reply) => reply.status === 201 })
  if (isTaken) trainingBytes.add(BODY.length)
}
