import { describe, expect, test } from 'vitest'
import { createApp, type MockApp } from '../../../mock-server/app.ts'
import type { CognitiveConfig } from '../../../mock-server/config.ts'
import { MAX_BODY_BYTES, type MockRequest } from '../../../mock-server/exchange.ts'
import { configOf, header, json, JSON_HEADERS, request } from '../requests.ts'

const FREE: CognitiveConfig = {
  kind: 'cognitive',
  apiName: 'Face API (v1.0)',
  kindAndTier: 'Face F0',
  isFreeTier: true,
  keys: ['mock-key-1'],
}

const paid = (options: string): MockApp => createApp(configOf(`cognitive-default,${options}`), 1)

function free(options: string): MockApp {
  const config = configOf(`cognitive-default,${options}`)
  return createApp(
    { ...config, resources: config.resources.map((resource) => ({ ...resource, service: FREE })) },
    1,
  )
}

const call = (path: string, rest: Partial<MockRequest> = {}): MockRequest => ({
  ...request({ method: 'POST', path, headers: JSON_HEADERS }),
  ...rest,
})

describe('a service behind the gateway of Azure', () => {
  test('answers any route with what was asked for', () => {
    const plan = paid('latency=5ms').handle(call('/face/v1.0/detect?query=x'), 0)
    expect([plan.status, plan.replyAtUs]).toEqual([200, 5_000])
    expect(json(plan)).toEqual({ method: 'POST', path: '/face/v1.0/detect' })
    expect(header(plan, 'apim-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  })

  test('asks for a key and takes no endless body', () => {
    const app = paid('tps=none')
    expect(app.handle(call('/x', { headers: {} }), 0).status).toBe(401)
    expect(app.handle(call('/x', { body: new Uint8Array(MAX_BODY_BYTES + 1) }), 0).status).toBe(413)
    expect(app.state(0).resources[0]?.operations['request']).toMatchObject({
      requestCount: 2,
      invalidCount: 2,
    })
  })

  test('a rate is refused with 429 and the names of operation, API and tier', () => {
    const app = paid('tps=1')
    app.handle(call('/face/v1.0/detect'), 0)
    const plan = app.handle(call('/face/v1.0/detect'), 300_000)
    expect([plan.status, header(plan, 'Retry-After')]).toEqual([429, '1'])
    expect(json(plan)).toEqual({
      error: {
        code: '429',
        message:
          'Requests to the Detect Operation under Cognitive Services API (v1.0) have exceeded rate limit of your current ' +
          'CognitiveServices S0 pricing tier. Please retry after 1 second. Please contact Azure support service if you ' +
          'would like to further increase the default rate limit.',
      },
    })
  })

  test('a request that no window can hold is told so without a time to come again', () => {
    const app = free('rates=5/1m,unit=characters')
    const plan = app.handle(call('/translate', { body: new TextEncoder().encode('[{"Text":"sixsix"}]') }), 0)
    expect([plan.status, header(plan, 'Retry-After')]).toEqual([429, undefined])
    expect(json(plan)).toMatchObject({
      error: {
        message: expect.stringMatching(
          /F0 pricing tier\. To increase your rate limit switch to a paid tier\.$/,
        ),
      },
    })
  })

  test('a spent quota is refused with 403 and the days until it comes back', () => {
    const app = free('quota=1/3d')
    app.handle(call('/predict'), 0)
    const plan = app.handle(call('/predict'), 86_400_000_000)
    expect([plan.status, header(plan, 'Retry-After')]).toEqual([403, '172800'])
    expect(json(plan)).toEqual({
      error: {
        code: '403',
        message:
          'Out of call volume quota for Face F0 pricing tier. Please retry after 2 days. ' +
          'To increase your call volume switch to a paid tier.',
      },
    })
  })
})

// azure-docs Speech-Service/speech-services-quotas-and-limits.md and LUIS/luis-limits.md.
test.each([
  ['speech-tts-s0', 200, 1_000_000],
  ['speech-batch-s0', 300, 60_000_000],
  ['luis-authoring-f0', 5, 1_000_000],
])('%s takes %d in %d µs', (profile, limit, windowUs) => {
  const app = createApp(configOf(`${profile},latency=0s`), 1)
  const statusAt = (atUs: number): number => app.handle(call('/x'), atUs).status
  const statuses = Array.from({ length: limit }, (_, n) => statusAt(n))
  expect(new Set(statuses)).toEqual(new Set([200]))
  expect([statusAt(limit), statusAt(windowUs - 1), statusAt(windowUs)]).toEqual([429, 429, 200])
})

test('LUIS authoring has a million calls a month', () => {
  const app = createApp(configOf('luis-authoring-f0,tps=none,latency=0s'), 1)
  const month = app.state(0).resources[0]?.rules.find(({ name }) => name === 'month')
  expect(month).toMatchObject({ limit: 1_000_000, windowUs: 2_592_000_000_000 })
})
