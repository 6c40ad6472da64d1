/**
 * Are two S1 instances enough for 120 texts a second, and may one go when the traffic is down to 60?
 *
 *   headroom run scenarios/translator-instances.ts --virtual                  bundled mock with a traffic manager
 *   headroom run scenarios/translator-instances.ts --virtual -e INSTANCES=1   one from the start: exit code 99
 *   headroom run scenarios/translator-instances.ts --target https://NAME.trafficmanager.net -e KEY=…
 *
 * 120 texts of 120 characters are 51.84 million an hour: one S1 takes 40, two take 80. 60 texts are 25.92
 * million, so that the second instance can be taken away off-peak. Look at: the throttled share of the two
 * names, and the minute after the instance has gone.
 */
import { check } from 'k6'
import http from 'k6/http'
import type { Options } from 'k6/options'
import type { WithHeadroom } from 'headroom-load'

const load = { executor: 'constant-arrival-rate' as const, duration: '2m', preAllocatedVUs: 50, maxVUs: 2000 }

export const options: WithHeadroom<Options> = {
  scenarios: {
    peak: { ...load, rate: 120, env: { NAME: 'translate-peak' } },
    off_peak: { ...load, rate: 60, startTime: '2m', env: { NAME: 'translate-off-peak' } },
  },
  thresholds: { checks: ['rate==1'] },
  ext: {
    headroom: {
      mock: {
        resources: [{ name: 'translator', profile: 'translator-s1', instances: 2 }],
        manager: { instances: `${__ENV.INSTANCES || 2}+1@2m` },
      },
      thresholds: {
        'http_req_throttled{name:translate-peak}': ['rate==0'],
        'http_req_throttled{name:translate-off-peak}': ['rate==0'],
      },
    },
  },
}

const URL = `${__ENV.TARGET}/translate?api-version=3.0&from=en&to=de`
const HEADERS = {
  'Content-Type': 'application/json; charset=UTF-8',
  'Ocp-Apim-Subscription-Key': __ENV.KEY || 'mock-key-1',
}
const BODY = JSON.stringify([{ Text: 'language'.repeat(15) }])

export default function () {
  const reply = http.post(URL, BODY, { headers: HEADERS, tags: { name: __ENV.NAME ?? 'translate' } })
  check(reply, { 'was translated, or throttled': ({ status }) => status === 200 || status === 429 })
}
