/** The flow that is measured: Rank, then the Reward of its event, without think time. */
import http from 'k6/http'

export const options = { vus: 50, duration: '5s' }

const HEADERS = { 'Content-Type': 'application/json', 'Ocp-Apim-Subscription-Key': 'mock-key-1' }
const ARTICLES = ['politics', 'sports', 'music', 'science']

/** Constant, as in the Lua script: building it is no work of the load generator. */
const BODY = JSON.stringify({
  contextFeatures: [{ timeOfDay: 'noon' }, { device: 'mobile' }],
  actions: ARTICLES.map((id) => ({ id, features: [{ topic: id }] })),
})

export default function () {
  const ranked = http.post(`${__ENV.TARGET}/personalizer/v1.0/rank`, BODY, {
    headers: HEADERS,
    tags: { name: 'rank' },
  })
  const { eventId } = ranked.json() as { eventId: string }
  http.post(`${__ENV.TARGET}/personalizer/v1.0/events/${eventId}/reward`, '{"value":1}', {
    headers: HEADERS,
    tags: { name: 'reward' },
  })
}
