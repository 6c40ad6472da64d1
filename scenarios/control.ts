/**
 * Is this machine quiet enough to measure on, and the same as last night?
 *
 *   headroom run scenarios/control.ts                  bundled mock, 60 s; -e SECONDS=20 for less
 *   headroom run scenarios/control.ts --target http://OTHER-MACHINE:8429   headroom mock custom,latency=20ms there
 *
 * Nothing here can become slower but the machine: every call takes 20 ms, 50 calls a second are little for any of
 * them, and no cap is near. The nightly job runs this before and after the night's own scenario, and when the
 * control differs from those of other nights, that night is noisy and judges nobody. Look at: the response time,
 * of which everything above 20 ms is the machine's own, and the schedule delay, which says how late it was.
 */
import { check } from 'k6'
import http from 'k6/http'
import type { Options } from 'k6/options'
import type { WithHeadroom } from 'headroom-load'

export const options: WithHeadroom<Options> = {
  scenarios: {
    control: {
      executor: 'constant-arrival-rate',
      rate: 50,
      duration: `${__ENV.SECONDS || 60}s`,
      preAllocatedVUs: 10,
      maxVUs: 500,
    },
  },
  thresholds: { checks: ['rate==1'] },
  ext: {
    headroom: {
      mock: 'custom,latency=20ms',
      thresholds: {
        'http_req_response_time{name:control,outcome:accepted}': ['p(50)<25', 'p(95)<40'],
        http_req_throttled: ['rate==0'],
      },
    },
  },
}

export default function () {
  const reply = http.get(`${__ENV.TARGET}/`, { tags: { name: 'control' } })
  check(reply, { 'was answered': ({ status }) => status === 200 })
}
