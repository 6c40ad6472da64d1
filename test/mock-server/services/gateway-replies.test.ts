/** What the gateway in front of each service says, as captured in the issues that `azure.ts` names. */
import { describe, expect, test } from 'vitest'
import type { ReplyPlan } from '../../../mock-server/exchange.ts'
import { header, json } from '../requests.ts'
import { type CallName, GOOD_CALLS, prepare } from './good-calls.ts'

/** How messages name the operation with its API, and the kind with its tier. */
const NAMES: readonly (readonly [call: CallName, operation: string, kindAndTier: string])[] = [
  ['Personalizer Rank, v1.0', 'Rank Operation under Personalizer API (v1.0)', 'Personalizer S0'],
  ['Personalizer Rank, v1.1', 'Rank Operation under Personalizer API (v1.1-preview.1)', 'Personalizer S0'],
  ['Personalizer Reward', 'Reward Operation under Personalizer API (v1.1-preview.1)', 'Personalizer S0'],
  ['Text Analytics', 'Sentiment Operation under Text Analytics API (v3.1)', 'TextAnalytics S'],
  ['Language', 'Sentiment Operation under Language API (2023-04-01)', 'TextAnalytics S'],
  [
    'custom question answering',
    'QueryKnowledgebases Operation under Question Answering API (2021-10-01)',
    'TextAnalytics S',
  ],
  ['LUIS', 'Predict Operation under LUIS Runtime API (v3.0)', 'LUIS S0'],
  ['Speech', 'Recognize Operation under Speech to Text API (v1.0)', 'SpeechServices S0'],
  [
    'any service behind the gateway',
    'Anything Operation under Cognitive Services API (v1.0)',
    'CognitiveServices S0',
  ],
]

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const DAY_US = 86_400_000_000

function expectCommonHeaders(plan: ReplyPlan): void {
  expect(header(plan, 'apim-request-id')).toMatch(GUID)
  expect(header(plan, 'Strict-Transport-Security')).toBe('max-age=31536000; includeSubDomains; preload')
  expect(header(plan, 'x-content-type-options')).toBe('nosniff')
}

const messageOf = (plan: ReplyPlan): string => (json(plan)['error'] as { message: string }).message

describe.each(NAMES)('%s', (name, operation, kindAndTier) => {
  const call = GOOD_CALLS[name]

  test('a success has the headers of the gateway', () => {
    const { app, good } = prepare(call, 'latency=20ms')
    const plan = app.handle(good, 0)
    expect(plan.status).toBeLessThan(300)
    expectCommonHeaders(plan)
    expect(header(plan, 'x-ms-region')).toBe('mock')
    expect(header(plan, 'x-envoy-upstream-service-time')).toBe('20')
  })

  test('a rate is a 429 that names operation, API, kind and tier', () => {
    const { app, good } = prepare(call, 'latency=0s,rates=1/1s')
    app.handle(good, 0)
    const plan = app.handle(good, 100)
    expect([plan.status, header(plan, 'Retry-After')]).toEqual([429, '1'])
    expect(header(plan, 'Content-Type')).toBe('application/json')
    expectCommonHeaders(plan)
    expect(plan.headers.filter(([one]) => /ratelimit/i.test(one))).toEqual([])
    expect(json(plan)).toEqual({
      error: {
        code: '429',
        message:
          `Requests to the ${operation} have exceeded rate limit of your current ${kindAndTier} pricing tier. Please ` +
          'retry after 1 second. Please contact Azure support service if you would like to further increase the default ' +
          'rate limit.',
      },
    })
  })

  test('a spent quota is a 403 that says in how many days, and Retry-After in seconds', () => {
    const { app, good } = prepare(call, 'latency=0s,quota=1/30d')
    app.handle(good, 0)
    const plan = app.handle(good, 3 * DAY_US)
    expect([plan.status, header(plan, 'Retry-After')]).toEqual([403, String(27 * 86_400)])
    expect(messageOf(plan)).toBe(
      `Out of call volume quota for ${kindAndTier} pricing tier. Please retry after 27 days. ` +
        'To increase your call volume switch to a paid tier.',
    )
  })

  test.each([500, 503])('told to fail with %d it does, in the same envelope', (status) => {
    const { app, good } = prepare(call, `latency=0s,fault=error:${status}`)
    const plan = app.handle(good, 0)
    expect([plan.status, json(plan)]).toMatchObject([
      status,
      { error: { code: String(status), message: expect.any(String) } },
    ])
  })
})
