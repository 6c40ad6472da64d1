/**
 * Is this size of QnA Maker large enough for 30 questions a second, and 100 in the peak?
 *
 *   headroom run scenarios/qna-maker.ts                                       bundled mock, about 25 s
 *   headroom run scenarios/qna-maker.ts --virtual --target mock:qnamaker-50   too small: exit code 99
 *   headroom run scenarios/qna-maker.ts --target https://APP.azurewebsites.net -e KEY=… -e KB=…
 *
 * No counter limits QnA Maker. It runs on an App Service and a Search service of your own, and saturates with
 * them: first it becomes slow, then it answers 503. The mock's profiles are the rows of Microsoft's guide
 * (qnamaker-3, -50, -80, -100, -200: questions a second). Look at: the response time of the peak beside the one
 * of the average, before any 503.
 */
import { check } from 'k6'
import http from 'k6/http'
import type { Options } from 'k6/options'
import type { WithHeadroom } from 'headroom-load'

const load = { executor: 'constant-arrival-rate' as const, preAllocatedVUs: 150, maxVUs: 2000 }

export const options: WithHeadroom<Options> = {
  scenarios: {
    average: { ...load, rate: 30, duration: '10s', env: { NAME: 'question-average' } },
    peak: { ...load, rate: 100, duration: '10s', startTime: '12s', env: { NAME: 'question-peak' } },
  },
  thresholds: {
    'http_req_duration{name:question-average}': ['p(95)<1500'],
    'http_req_duration{name:question-peak}': ['p(95)<1500'],
    checks: ['rate>0.999'],
  },
  ext: {
    headroom: {
      mock: 'qnamaker-100',
      throttled: [503],
      thresholds: { http_req_throttled: ['rate==0'] },
    },
  },
}

const KNOWLEDGE_BASE = __ENV.KB || '3f1c7f6e-5b0a-4c52-9d4e-2a6f0b8c9d10'
const URL = `${__ENV.TARGET}/qnamaker/knowledgebases/${KNOWLEDGE_BASE}/generateAnswer`
const HEADERS = {
  'Content-Type': 'application/json',
  Authorization: `EndpointKey ${__ENV.KEY || 'mock-key-1'}`,
}
const QUESTIONS = ['How do I reset my password?', 'Where is my order?', 'What are your opening hours?']

export default function () {
  const body = JSON.stringify({ question: QUESTIONS[__ITER % QUESTIONS.length], top: 1 })
  const reply = http.post(URL, body, { headers: HEADERS, tags: { name: __ENV.NAME ?? 'question' } })
  check(reply, { 'was answered': ({ status }) => status === 200 })
}
