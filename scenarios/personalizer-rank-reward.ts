/**
 * How does a Rank/Reward client behave when its traffic spikes above the cap of a Personalizer resource?
 *
 *   headroom run scenarios/personalizer-rank-reward.ts                       bundled mock, about 20 s
 *   headroom run scenarios/personalizer-rank-reward.ts --virtual             the same without waiting
 *   headroom run scenarios/personalizer-rank-reward.ts --target https://NAME.cognitiveservices.azure.com -e KEY=…
 *
 * Every Rank reply's eventId gets its Reward after a think time. Both calls count against the cap, so 40 Ranks
 * a second are 80 calls a second: below the cap of 100. In the spike 120 Ranks a second meet it, and what is
 * above comes back as 429. Look at: the throttled share of each name, the latency of accepted replies (a
 * throttled reply is fast, and does not count there), and how soon after the spike everything is accepted again.
 */
import { check, sleep } from 'k6'
import http from 'k6/http'
import { Counter } from 'k6/metrics'
import type { Options } from 'k6/options'
import type { WithHeadroom } from 'headroom-load'

export const options: WithHeadroom<Options> = {
  scenarios: {
    rank_reward: {
      executor: 'ramping-arrival-rate',
      startRate: 40,
      timeUnit: '1s',
      preAllocatedVUs: 50,
      maxVUs: 1000,
      stages: [
        { duration: '8s', target: 40 },
        { duration: '0s', target: 120 },
        { duration: '4s', target: 120 },
        { duration: '0s', target: 40 },
        { duration: '7s', target: 40 },
      ],
      gracefulStop: '5s',
    },
  },
  thresholds: {
    // A throttled reply counts as failed in k6. The spike makes some; more than this would be news.
    'http_req_failed{name:rank}': ['rate<0.35'],
    'http_req_failed{name:reward}': ['rate<0.45'],
    'http_req_duration{name:rank,expected_response:true}': ['p(95)<250'],
    checks: ['rate>0.99'],
  },
  ext: {
    headroom: {
      mock: 'personalizer-s0,tps=100,concurrency=60,latency=lognormal:20ms:80ms',
      thresholds: {
        // The spike must be seen, or the test did not test the cap.
        'http_req_throttled{name:rank}': ['rate>0.02', 'rate<0.35'],
        'http_req_response_time{name:reward,outcome:accepted}': ['p(95)<250'],
      },
    },
  },
}

const BASE = `${__ENV.TARGET}/personalizer/v1.0`
const THINK_TIME_S = 0.5
const HEADERS = {
  'Content-Type': 'application/json',
  // The mock's first key; give your own with -e KEY=….
  'Ocp-Apim-Subscription-Key': __ENV.KEY || 'mock-key-1',
}

const ARTICLES = ['politics', 'sports', 'music', 'science']
const clicks = new Counter('clicks')

function contextOfVisitor() {
  const hours = ['morning', 'noon', 'evening']
  return [{ timeOfDay: hours[Math.floor(Math.random() * hours.length)] }, { device: 'mobile' }]
}

function rank() {
  const body = {
    contextFeatures: contextOfVisitor(),
    actions: ARTICLES.map((id) => ({ id, features: [{ topic: id }, { length: 'long' }] })),
  }
  return http.post(`${BASE}/rank`, JSON.stringify(body), { headers: HEADERS, tags: { name: 'rank' } })
}

function reward(eventId: string, value: number) {
  const url = `${BASE}/events/${eventId}/reward`
  return http.post(url, JSON.stringify({ value }), { headers: HEADERS, tags: { name: 'reward' } })
}

export default function () {
  const ranked = rank()
  if (ranked.status !== 201) return
  const { eventId, rewardActionId } = ranked.json() as { eventId: string; rewardActionId: string }
  check(ranked, {
    'rank chose one of our articles': () => ARTICLES.includes(rewardActionId),
  })
  sleep(THINK_TIME_S)
  const clicked = Math.random() < 0.3
  if (clicked) clicks.add(1)
  const rewarded = reward(eventId, clicked ? 1 : 0)
  check(rewarded, {
    'reward was taken, or throttled': (reply) => reply.status === 204 || reply.status === 429,
  })
}
