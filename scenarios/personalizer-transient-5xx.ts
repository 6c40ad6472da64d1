/**
 * Do users notice that one call in fifty to Personalizer ends with a server error?
 *
 *   headroom run scenarios/personalizer-transient-5xx.ts             bundled mock, about 30 s
 *   headroom run scenarios/personalizer-transient-5xx.ts --virtual   the same without waiting
 *   headroom run scenarios/personalizer-transient-5xx.ts \
 *     --target https://NAME.cognitiveservices.azure.com -e KEY=…
 *   headroom run scenarios/personalizer-transient-5xx.ts --virtual -e RETRIES=0
 *
 * Server errors of Rank and Reward are transient, so a call is made again: at once the first time, then after
 * twice as long each time, half of it at random. Look at: `served`, the share of users whose Rank and Reward
 * were done in the end, beside the share of failed requests; and `time_to_rank`, which is what retries cost.
 * Without retries (`-e RETRIES=0`) `served` fails.
 */
import { sleep } from 'k6'
import http, { type RefinedResponse, type ResponseType } from 'k6/http'
import { Rate, Trend } from 'k6/metrics'
import type { Options } from 'k6/options'
import type { WithHeadroom } from 'headroom-load'

export const options: WithHeadroom<Options> = {
  scenarios: {
    users: {
      executor: 'constant-arrival-rate',
      rate: 40,
      duration: '30s',
      preAllocatedVUs: 20,
      maxVUs: 500,
    },
  },
  thresholds: {
    served: ['rate>0.999'],
    // There must be errors, or nothing was tested.
    http_req_failed: ['rate>0', 'rate<0.1'],
    time_to_rank: ['p(99)<1000'],
  },
  ext: { headroom: { mock: 'personalizer-s0,tps=none,concurrency=none,fault=error:503:0.02' } },
}

const BASE = `${__ENV.TARGET}/personalizer/v1.0`
const MAX_RETRIES = Number(__ENV.RETRIES || 3)
const FIRST_BACKOFF_S = 0.1
const HEADERS = {
  'Content-Type': 'application/json',
  'Ocp-Apim-Subscription-Key': __ENV.KEY || 'mock-key-1',
}
const RANK_BODY = JSON.stringify({
  actions: [
    { id: 'a', features: [] },
    { id: 'b', features: [] },
  ],
})

const served = new Rate('served')
const timeToRank = new Trend('time_to_rank', true)

/** Posts until the answer is no server error; `attempt` tells first attempts from retries. */
function post(name: string, url: string, body: string): RefinedResponse<ResponseType | undefined> {
  for (let retry = 0; ; retry++) {
    const params = { headers: HEADERS, tags: { name, attempt: String(retry + 1) } }
    const reply = http.post(url, body, params)
    const isTransient = reply.status === 0 || reply.status >= 500
    if (!isTransient || retry >= MAX_RETRIES) return reply
    if (retry > 0) sleep(FIRST_BACKOFF_S * 2 ** retry * (0.5 + Math.random() / 2))
  }
}

export default function () {
  const startedAtMs = Date.now()
  const ranked = post('rank', `${BASE}/rank`, RANK_BODY)
  timeToRank.add(Date.now() - startedAtMs)
  if (ranked.status !== 201) {
    served.add(false)
    return
  }
  const { eventId } = ranked.json() as { eventId: string }
  const rewarded = post('reward', `${BASE}/events/${eventId}/reward`, JSON.stringify({ value: 1 }))
  served.add(rewarded.status === 204)
}
