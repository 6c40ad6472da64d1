/**
 * How far below its 10 questions a second must the average of a custom question answering resource stay?
 *
 *   headroom run scenarios/custom-question-answering.ts --virtual   bundled mock, without waiting
 *   headroom run scenarios/custom-question-answering.ts --virtual -e RATE=8
 *   headroom run scenarios/custom-question-answering.ts --target https://NAME.cognitiveservices.azure.com \
 *     -e KEY=… -e PROJECT=… -e DEPLOYMENT=…
 *
 * Users do not ask in step. With arrivals at random (Poisson) around an average of 4 a second hardly any second
 * has more than 10, around 8 many do. Look at: the throttled share for each average, and the busiest second
 * beside the average, which is what a tier has to be bought for.
 */
import { check } from 'k6'
import http from 'k6/http'
import type { Options } from 'k6/options'
import type { WithHeadroom } from 'headroom-load'

export const options: WithHeadroom<Options> = {
  scenarios: {
    questions: {
      executor: 'constant-arrival-rate',
      rate: Number(__ENV.RATE || 4),
      duration: '5m',
      preAllocatedVUs: 20,
      maxVUs: 200,
    },
  },
  thresholds: {
    'http_req_duration{name:question,expected_response:true}': ['p(95)<500'],
    checks: ['rate==1'],
  },
  ext: {
    headroom: {
      mock: 'cqa-s',
      arrival: { questions: 'poisson' },
      thresholds: { 'http_req_throttled{name:question}': ['rate<0.02'] },
    },
  },
}

const PROJECT = `projectName=${__ENV.PROJECT || 'support'}&deploymentName=${__ENV.DEPLOYMENT || 'production'}`
const URL = `${__ENV.TARGET}/language/:query-knowledgebases?${PROJECT}&api-version=2021-10-01`
const HEADERS = {
  'Content-Type': 'application/json',
  'Ocp-Apim-Subscription-Key': __ENV.KEY || 'mock-key-1',
}
const QUESTIONS = ['How do I reset my password?', 'Where is my order?', 'What are your opening hours?']

export default function () {
  const body = JSON.stringify({ question: QUESTIONS[__ITER % QUESTIONS.length], top: 1 })
  const reply = http.post(URL, body, { headers: HEADERS, tags: { name: 'question' } })
  check(reply, { 'was answered, or throttled': ({ status }) => status === 200 || status === 429 })
}
