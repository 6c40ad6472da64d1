/**
 * What do users get when the Rank calls of Personalizer's free tier are used up?
 *
 *   headroom run scenarios/personalizer-free-tier.ts             bundled mock, about 95 s
 *   headroom run scenarios/personalizer-free-tier.ts --virtual   the same without waiting
 *   headroom run scenarios/personalizer-free-tier.ts --target https://NAME.cognitiveservices.azure.com -e KEY=…
 *
 * The free tier has an allowance of Rank calls; Rewards do not count against it. A 429 that says "try again in
 * 30 days" is no 429 to wait for: the client shows its first article instead. The mock's allowance is 300
 * calls, so that it is used up in a minute. Look at: the metric `personalized`, which is the share of visitors
 * who got a ranking, and Retry-After, which is in days. Rewards of earlier Ranks get through to the end.
 */
import { check, sleep } from 'k6'
import http from 'k6/http'
import { Rate } from 'k6/metrics'
import type { Options } from 'k6/options'
import type { WithHeadroom } from 'headroom-load'

export const options: WithHeadroom<Options> = {
  scenarios: {
    visitors: {
      executor: 'constant-arrival-rate',
      rate: 5,
      duration: '90s',
      preAllocatedVUs: 20,
      maxVUs: 200,
      gracefulStop: '5s',
    },
  },
  thresholds: {
    'http_req_failed{name:reward}': ['rate==0'],
    // Every visitor sees an article, ranked or not.
    checks: ['rate==1'],
  },
  ext: {
    headroom: {
      mock: {
        resources: [
          {
            profile: 'personalizer-f0',
            rules: [
              {
                name: 'month',
                algorithm: 'fixed-window',
                limit: 300,
                window: '30d',
                quota: true,
                status: 429,
                match: ['POST /personalizer/*rank'],
              },
              { name: 'rate', limit: 50, window: '1s' },
            ],
          },
        ],
      },
      thresholds: {
        // The end of the allowance must be seen.
        'http_req_throttled{name:rank}': ['rate>0'],
        'http_req_throttled{name:reward}': ['rate==0'],
      },
    },
  },
}

const BASE = `${__ENV.TARGET}/personalizer/v1.0`
const THINK_TIME_S = 0.5
const HEADERS = {
  'Content-Type': 'application/json',
  'Ocp-Apim-Subscription-Key': __ENV.KEY || 'mock-key-1',
}

const ARTICLES = ['politics', 'sports', 'music', 'science']
const RANK_BODY = JSON.stringify({ actions: ARTICLES.map((id) => ({ id, features: [{ topic: id }] })) })
const personalized = new Rate('personalized')

interface Ranking {
  readonly eventId: string
  readonly rewardActionId: string
}

function rank(): Ranking | undefined {
  const reply = http.post(`${BASE}/rank`, RANK_BODY, { headers: HEADERS, tags: { name: 'rank' } })
  return reply.status === 201 ? (reply.json() as unknown as Ranking) : undefined
}

export default function () {
  const ranking = rank()
  personalized.add(ranking !== undefined)
  const shown = ranking?.rewardActionId ?? ARTICLES[0]
  check(shown, { 'an article was shown': (article) => article !== undefined && ARTICLES.includes(article) })
  if (ranking === undefined) return
  sleep(THINK_TIME_S)
  const body = JSON.stringify({ value: Math.random() < 0.3 ? 1 : 0 })
  http.post(`${BASE}/events/${ranking.eventId}/reward`, body, { headers: HEADERS, tags: { name: 'reward' } })
}
