import { describe, expect, test } from 'vitest'
import { createApp, type MockApp } from '../../mock-server/app.ts'
import type { MockRequest, ReplyPlan } from '../../mock-server/exchange.ts'
import type { OperationCounts } from '../../mock-server/oracle.ts'
import type { ResourceState } from '../../mock-server/resource.ts'
import { Rng } from '../../src/core/rng.ts'
import { configOf, header, json, JSON_HEADERS, rank, request, reward } from './requests.ts'

const S = 1_000_000
const MS = 1_000

const custom = (options: string): MockApp => createApp(configOf(`custom,${options}`), 1)
const resource = (app: MockApp, nowUs = 0): ResourceState => app.state(nowUs).resources[0]!
const counts = (app: MockApp): OperationCounts => resource(app).operations['request']!
const get = (app: MockApp, atUs: number): ReplyPlan => app.handle(request(), atUs)
const times = (app: MockApp, ...atUs: number[]): (readonly [status: number, replyAtUs: number])[] =>
  atUs.map((at) => get(app, at)).map(({ status, replyAtUs }) => [status, replyAtUs])

const CALLS: Readonly<Record<string, MockRequest>> = {
  'language-s': request({
    method: 'POST',
    path: '/text/analytics/v3.1/sentiment',
    headers: JSON_HEADERS,
    body: { documents: [{ id: '1', language: 'en', text: 'good' }] },
  }),
  'cognitive-default': request({ method: 'POST', path: '/any', headers: JSON_HEADERS, body: {} }),
  'luis-s0': request({
    path: '/luis/v3.0/apps/00000000-0000-0000-0000-000000000001/slots/production/predict?query=hello',
    headers: JSON_HEADERS,
  }),
  'direct-line-s1': request({
    method: 'POST',
    path: '/v3/directline/conversations',
    headers: { authorization: 'Bearer mock-key-1' },
  }),
  'personalizer-s0': rank(['a']),
}

describe('workers', () => {
  test('latency rises before anything fails', () => {
    const app = custom('workers=2,backlog=2,latency=10ms')
    expect(times(app, 0, 0, 0, 0, 0, 10 * MS)).toEqual([
      [200, 10 * MS],
      [200, 10 * MS],
      [200, 20 * MS],
      [200, 20 * MS],
      [429, 0],
      [200, 30 * MS],
    ])
    expect(counts(app)).toMatchObject({ admittedCount: 5, refusedCounts: { capacity: 1 } })
    expect(resource(app, 10 * MS)).toMatchObject({
      capacity: { workers: 2, backlog: 2, busyCount: 2, backlogCount: 1 },
      inFlightCount: 3,
    })
  })

  test('a full backlog is refused as the service refuses, and says when there is room', () => {
    const app = custom('workers=1,backlog=1,latency=2500ms,status=503')
    get(app, 0)
    get(app, 0)
    const refused = get(app, 100 * MS)
    expect([refused.status, header(refused, 'Retry-After')]).toEqual([503, '3'])
    expect(json(refused)).toMatchObject({ error: { message: expect.stringContaining('"capacity"') } })
    expect(get(app, 2_500 * MS).status).toBe(200)
  })

  test('the reply says how long the service took, its backlog included', () => {
    const app = createApp(configOf('personalizer-container'), 1)
    const took = Array.from({ length: 6 }, () =>
      header(app.handle(rank(['a']), 0), 'x-envoy-upstream-service-time'),
    )
    expect(took).toEqual(['20', '20', '20', '20', '20', '40'])
  })

  test('five workers of 20 ms pass 250 a second of whatever is offered, and none fails', () => {
    const app = createApp(configOf('personalizer-container'), 1)
    const replies = Array.from({ length: 3_000 }, (_, index) => app.handle(reward('e'), index * 2 * MS))
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([204]))
    expect(replies.filter(({ replyAtUs }) => replyAtUs >= S && replyAtUs < 2 * S)).toHaveLength(250)
    // 3,000 at 250 a second, by the worker that was the last to start, at 8 ms.
    expect(replies.at(-1)?.replyAtUs).toBe(12 * S + 8 * MS)
  })

  test('a leaky bucket in front holds a request back before a worker has it', () => {
    const app = custom('tps=10,algorithm=leaky-bucket,burst=5,workers=1,latency=30ms')
    expect(times(app, 0, 0, 0)).toEqual([
      [200, 30 * MS],
      [200, 130 * MS],
      [200, 230 * MS],
    ])
  })

  test('reset sends everybody home', () => {
    const app = custom('workers=1,latency=1s')
    get(app, 0)
    app.handle(request({ method: 'POST', path: '/__mock/reset' }), 0)
    expect(resource(app).capacity).toMatchObject({ busyCount: 0 })
    expect(get(app, 0).replyAtUs).toBe(S)
  })

  test('a full backlog answers what is invalid as well, unless a gateway stands in front', () => {
    const statuses = (spec: string): number[] => {
      const app = createApp(configOf(`${spec},workers=1,backlog=0,latency=1s`), 1)
      return [rank([]), rank(['a']), rank([]), rank(['a'])].map((call) => app.handle(call, 0).status)
    }
    expect(statuses('personalizer-container')).toEqual([400, 201, 503, 503])
    expect(statuses('personalizer-s0')).toEqual([400, 201, 400, 503])
  })

  test.each(['language-s', 'cognitive-default', 'luis-s0', 'direct-line-s1', 'personalizer-s0'])(
    'a full backlog of %s is no rate that was exceeded: 503',
    (profile) => {
      const app = createApp(configOf(`${profile},workers=1,backlog=0,latency=1s`), 1)
      const call = CALLS[profile]!
      expect([app.handle(call, 0), app.handle(call, 0)].map(({ status }) => status)).toEqual([
        expect.toSatisfy((status: number) => status < 300),
        503,
      ])
    },
  )

  test('without workers there is no capacity', () => {
    expect(resource(custom('latency=1s')).capacity).toBeNull()
  })
})

describe('faults', () => {
  test('a server error takes the place of the reply, in its time, and is charged as admitted', () => {
    const app = custom('tps=2,latency=5ms,fault=error:503#1')
    const plan = get(app, 0)
    expect([plan.status, plan.replyAtUs, plan.fault]).toEqual([503, 5 * MS, undefined])
    expect(json(plan)).toMatchObject({ error: { code: '503' } })
    expect(times(app, 0, 0).map(([status]) => status)).toEqual([200, 429])
    expect(counts(app)).toMatchObject({
      admittedCount: 2,
      faultCounts: { error: 1 },
      statusCounts: { 503: 1, 200: 1, 429: 1 },
    })
  })

  test('what breaks on the wire is left to the transport', () => {
    const app = custom('latency=5ms,fault=reset#1+malformed#2+stall#3+slow-body:100#4+close-mid-body#5')
    const plans = [1, 2, 3, 4, 5, 6].map(() => get(app, 0))
    const half = Math.floor(Buffer.byteLength(plans[4]!.body) / 2)
    expect(plans.map(({ status, replyAtUs, fault }) => [status, replyAtUs, fault])).toEqual([
      [200, 5 * MS, { kind: 'reset' }],
      [200, 5 * MS, { kind: 'malformed' }],
      [200, 5 * MS, { kind: 'stall' }],
      [200, 5 * MS, { kind: 'slow-body', bytesPerS: 100 }],
      [200, 5 * MS, { kind: 'close-mid-body', sentBytes: half }],
      [200, 5 * MS, undefined],
    ])
    expect(counts(app)).toMatchObject({
      admittedCount: 6,
      faultCounts: { reset: 1, malformed: 1, stall: 1, 'slow-body': 1, 'close-mid-body': 1 },
    })
  })

  test('a reply without a body is not broken in its body, and not counted as if', () => {
    const app = createApp(configOf('personalizer-s0,fault=close-mid-body'), 1)
    expect(app.handle(reward('e'), 0)).not.toHaveProperty('fault')
    expect(app.handle(rank(['a']), 0).fault).toMatchObject({ kind: 'close-mid-body' })
    const { operations } = resource(app)
    expect([operations['reward']?.faultCounts, operations['rank']?.faultCounts]).toEqual([
      {},
      { 'close-mid-body': 1 },
    ])
  })

  test('a stall of some length is a late reply that keeps its slot', () => {
    const app = custom('concurrency=1,latency=5ms,fault=stall:2s#1')
    expect(times(app, 0, 5 * MS, 2_005 * MS)).toEqual([
      [200, 2_005 * MS],
      [429, 5 * MS],
      [200, 2_010 * MS],
    ])
    expect(counts(app).faultCounts).toEqual({ stall: 1 })
  })

  test('refused and invalid requests are not numbered and not hit', () => {
    const app = createApp(configOf('personalizer-s0,tps=2,fault=reset#2'), 1)
    const faults = [rank(['a']), rank([]), rank(['a']), rank(['a'])].map((one) => app.handle(one, 0).fault)
    expect(faults).toEqual([undefined, undefined, { kind: 'reset' }, undefined])
  })

  test('a pause holds back every reply due in it, refusals and errors too, until its end', () => {
    const app = createApp(configOf('personalizer-s0,tps=1,latency=20ms,fault=pause:1s@10s'), 1)
    const due = (atUs: number, one = rank(['a'])): number => app.handle(one, atUs).replyAtUs
    expect([
      due(9_979_999),
      due(9_990_000),
      due(9_990_000, rank([])),
      due(10_000_000),
      due(10_500_000, rank([])),
      due(10_979_999),
      due(11_980_000),
    ]).toEqual([9_999_999, 9_990_000, 9_990_000, 11 * S, 11 * S, 11 * S, 12 * S])
    expect(app.state(0).resources[0]?.operations['rank']).toMatchObject({
      faultCounts: { pause: 3 },
      refusedCounts: { rate: 2 },
      invalidCount: 2,
    })
  })

  test('what a pause holds back keeps its slot until it leaves', () => {
    const app = custom('concurrency=1,latency=5ms,fault=pause:1s@0s')
    expect(times(app, 0, 900 * MS, S)).toEqual([
      [200, S],
      [429, S],
      [200, S + 5 * MS],
    ])
  })

  test('faults of one request and a pause are both counted', () => {
    const app = custom('latency=5ms,fault=reset+pause:1s@0s')
    const { replyAtUs, fault } = get(app, 0)
    expect([replyAtUs, fault]).toEqual([S, { kind: 'reset' }])
    expect(counts(app).faultCounts).toEqual({ reset: 1, pause: 1 })
  })

  test('are shown as they were given, and started anew by a reset', () => {
    const app = custom('fault=error:500:0.5@1s..2s+reset#1')
    expect(resource(app).faults).toEqual(['error:500:0.5@1s..2s', 'reset#1'])
    expect(get(app, 0).fault).toEqual({ kind: 'reset' })
    app.handle(request({ method: 'POST', path: '/__mock/reset' }), 0)
    expect([get(app, 0).fault, get(app, 0).fault]).toEqual([{ kind: 'reset' }, undefined])
  })

  test('a share of faults changes no latency', () => {
    const run = (options: string): number[] => {
      const app = custom(`latency=lognormal:20ms:80ms${options}`)
      return Array.from({ length: 100 }, (_, index) => get(app, index * MS).replyAtUs)
    }
    expect(run(',fault=reset:0.5')).toEqual(run(''))
  })

  test('the share of errors that clients see is the one asked for', () => {
    const app = custom('tps=500,fault=error:500:0.02')
    const rng = new Rng('arrivals')
    let exactUs = 0
    for (let i = 0; i < 50_000; i++) get(app, Math.floor((exactUs += rng.exponential() * 1_000)))
    const { admittedCount, faultCounts, statusCounts } = counts(app)
    expect(admittedCount).toBeLessThan(30_000)
    expect(Math.abs(faultCounts['error']! / admittedCount - 0.02)).toBeLessThan(0.004)
    expect(statusCounts['500']).toBe(faultCounts['error'])
  })
})
