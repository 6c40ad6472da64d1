/**
 * Can a leaked key be replaced under load without a single failed call?
 *
 *   headroom run scenarios/personalizer-key-rotation.ts             bundled mock, about 20 s
 *   headroom run scenarios/personalizer-key-rotation.ts --virtual   the same without waiting
 *   headroom run scenarios/personalizer-key-rotation.ts --target https://NAME.cognitiveservices.azure.com \
 *     -e ARM=https://management.azure.com -e ARM_TOKEN=… \
 *     -e ACCOUNT=/subscriptions/…/resourceGroups/…/providers/Microsoft.CognitiveServices/accounts/NAME
 *
 * A resource has two keys. Clients change over to the second one at their own pace, within some seconds here;
 * then the first one is regenerated. Look at: no failed Rank, before, during and after; and the old key, which
 * opens nothing any more. WARNING: against a real resource this does regenerate its first key.
 */
import { check, fail } from 'k6'
import http from 'k6/http'
import type { Options } from 'k6/options'
import type { WithHeadroom } from 'headroom-load'

export const options: WithHeadroom<Options> = {
  scenarios: {
    clients: {
      executor: 'constant-arrival-rate',
      rate: 40,
      duration: '20s',
      preAllocatedVUs: 20,
      maxVUs: 200,
      exec: 'rank',
    },
    operator: {
      executor: 'constant-arrival-rate',
      rate: 1,
      timeUnit: '1m',
      duration: '1s',
      preAllocatedVUs: 1,
      startTime: '12s',
      exec: 'regenerateFirstKey',
    },
  },
  thresholds: {
    'http_req_failed{name:rank}': ['rate==0'],
    'http_reqs{name:rank-with-old-key,status:401}': ['count==1'],
    checks: ['rate==1'],
  },
  // Room enough: that calls bunch is no question of keys.
  ext: { headroom: { mock: 'personalizer-s0,tps=200' } },
}

const CHANGE_FROM_MS = 4_000
const CHANGE_OVER_MS = 4_000
const ACCOUNT =
  __ENV.ACCOUNT ||
  '/subscriptions/s/resourceGroups/g/providers/Microsoft.CognitiveServices/accounts/personalizer'

interface Keys {
  readonly key1: string
  readonly key2: string
}

/** When clients begin to change over is counted from the end of setup. */
interface Rotation extends Keys {
  readonly startedAtMs: number
}

function manage(action: string, body: object): Keys {
  const url = `${__ENV.ARM || __ENV.TARGET}${ACCOUNT}/${action}?api-version=2021-10-01`
  const headers = {
    'Content-Type': 'application/json',
    Authorization: `Bearer ${__ENV.ARM_TOKEN || 'mock-token'}`,
  }
  const reply = http.post(url, JSON.stringify(body), { headers, tags: { name: action } })
  if (reply.status !== 200) fail(`${action} answered ${reply.status}`)
  return reply.json() as unknown as Keys
}

function rankWith(key: string, name: string) {
  const body = JSON.stringify({
    actions: [
      { id: 'a', features: [] },
      { id: 'b', features: [] },
    ],
  })
  const headers = { 'Content-Type': 'application/json', 'Ocp-Apim-Subscription-Key': key }
  return http.post(`${__ENV.TARGET}/personalizer/v1.0/rank`, body, { headers, tags: { name } })
}

export function setup(): Rotation {
  return { ...manage('listKeys', {}), startedAtMs: Date.now() }
}

/** Each client reads its configuration anew at a moment of its own. */
const changesAfterMs = CHANGE_FROM_MS + Math.random() * CHANGE_OVER_MS

export function rank({ key1, key2, startedAtMs }: Rotation) {
  const hasChanged = Date.now() - startedAtMs >= changesAfterMs
  const ranked = rankWith(hasChanged ? key2 : key1, 'rank')
  check(ranked, { 'the key opens': (reply) => reply.status === 201 })
}

export function regenerateFirstKey({ key1, key2 }: Rotation) {
  const keys = manage('regenerateKey', { keyName: 'Key1' })
  check(keys, {
    'the first key is another one': (now) => now.key1 !== key1,
    'the second key is the same': (now) => now.key2 === key2,
  })
  rankWith(key1, 'rank-with-old-key')
}
