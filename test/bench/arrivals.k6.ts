/** One request an iteration, at an even rate: `-e RATE=… -e SECONDS=…`. */
import http from 'k6/http'

export const options = {
  scenarios: {
    even: {
      executor: 'constant-arrival-rate',
      rate: Number(__ENV.RATE),
      duration: `${__ENV.SECONDS}s`,
      preAllocatedVUs: 100,
      maxVUs: 1_000,
    },
  },
}

export default function () {
  http.get(`${__ENV.TARGET}/arrival`)
}
