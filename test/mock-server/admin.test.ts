import { describe, expect, test } from 'vitest'
import { createApp, type MockApp } from '../../mock-server/app.ts'
import { parseMockConfig } from '../../mock-server/config-schema.ts'
import type { ReplyPlan } from '../../mock-server/exchange.ts'
import { configOf, header, json, rank, request } from './requests.ts'

const custom = (options: string): MockApp => createApp(configOf(`custom,${options}`), 1)
const message = (plan: ReplyPlan): string => (json(plan)['error'] as { message: string }).message

describe('looking', () => {
  test('state is the app’s own account, and asking for it is not counted, limited or delayed', () => {
    const app = custom('tps=1,concurrency=1,latency=9ms')
    app.handle(request(), 0)
    for (let i = 0; i < 3; i++) {
      const plan = app.handle(request({ path: '/__mock/state?pretty' }), 100)
      expect([plan.status, plan.replyAtUs]).toEqual([200, 100])
      expect(json(plan)).toEqual(JSON.parse(JSON.stringify(app.state(100))))
    }
    expect(app.state(100).resources[0]?.operations['request']?.requestCount).toBe(1)
  })

  test('decisions are the latest ones, oldest first', () => {
    const resources = [
      { profile: 'custom', rules: [{ name: 'rate', limit: 2, window: '1s' }], latency: '7ms' },
    ]
    const app = createApp(parseMockConfig({ resources, decisions: 2 }).config!, 1)
    for (const atUs of [10, 20, 30]) app.handle(request(), atUs)
    const common = { resource: 'main', operation: 'request', faults: [] }
    expect(json(app.handle(request({ path: '/__mock/decisions' }), 50))).toEqual({
      decisions: [
        { ...common, atUs: 20, verdict: 'admitted', rule: null, status: 200, replyAtUs: 7_020 },
        { ...common, atUs: 30, verdict: 'refused', rule: 'rate', status: 429, replyAtUs: 30 },
      ],
    })
  })

  test('none are kept when none are wanted', () => {
    const app = createApp(parseMockConfig({ resources: [{ profile: 'custom' }], decisions: 0 }).config!, 1)
    app.handle(request(), 0)
    expect(json(app.handle(request({ path: '/__mock/decisions' }), 0))).toEqual({ decisions: [] })
  })

  test('an unknown path lists the known ones, a wrong method says the right one', () => {
    const app = custom('tps=1')
    const unknown = app.handle(request({ path: '/__mock/stat' }), 0)
    expect(unknown.status).toBe(404)
    expect(message(unknown)).toContain('/__mock/state, /__mock/decisions, /__mock/reset, /__mock/limits')
    const wrong = app.handle(request({ method: 'GET', path: '/__mock/reset' }), 0)
    expect([wrong.status, header(wrong, 'Allow')]).toEqual([405, 'POST'])
  })
})

describe('keys', () => {
  const rotate = (app: MockApp, body: unknown): ReplyPlan =>
    app.handle(request({ method: 'POST', path: '/__mock/keys', body }), 0)
  const rankWith = (app: MockApp, key: string): number => {
    const call = rank(['a'])
    return app.handle({ ...call, headers: { ...call.headers, 'ocp-apim-subscription-key': key } }, 0).status
  }

  test('one is replaced, the other opens as before', () => {
    const app = createApp(configOf('personalizer-s0'), 1)
    const { keys } = json(rotate(app, { key: 1 })) as { keys: string[] }
    expect(keys).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/), 'mock-key-2'])
    expect(['mock-key-1', 'mock-key-2', keys[0]!].map((key) => rankWith(app, key))).toEqual([401, 201, 201])
    expect(app.state(0).resources[0]?.keysRotatedCount).toBe(1)
    expect(JSON.stringify(app.state(0))).not.toContain(keys[0])
  })

  test.each(['azureml-low', 'direct-line-s1', 'qnamaker-3', 'speech-s0'])('of %s too', (profile) => {
    expect(json(rotate(createApp(configOf(profile), 1), { key: 2 }))).toMatchObject({
      resource: 'main',
      keys: ['mock-key-1', expect.stringMatching(/^[0-9a-f]{32}$/)],
    })
  })

  test.each<[string, string, unknown, RegExp]>([
    ['personalizer-s0', 'a third key', { key: 3 }, /keys\.key: /],
    [
      'personalizer-s0',
      'an unknown resource',
      { key: 1, resource: 'east' },
      /name one of the resources: main/,
    ],
    ['custom', 'a service without keys', { key: 1 }, /keys\.resource: main asks for no key/],
  ])('%s: %s', (profile, _story, body, expected) => {
    const plan = rotate(createApp(configOf(profile), 1), body)
    expect([plan.status, message(plan)]).toEqual([400, expect.stringMatching(expected)])
  })
})
