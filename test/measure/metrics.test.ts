import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MetricStore } from '../../src/measure/metric-store.ts'
import type { Aggregation, MetricSelector } from '../../src/measure/metric-types.ts'
import { MetricRegistry, type TagSource } from '../../src/measure/metrics.ts'

const SECOND = 1_000_000

function tags(values: Readonly<Record<string, string>>): TagSource {
  return { tag: (key) => values[key] }
}

const NO_TAGS = tags({})

function whole(metric: string): MetricSelector {
  return { metric, tags: [] }
}

function look(method: Aggregation['method'], percent?: number): Aggregation {
  return { method, percent }
}

function registry(...selectors: MetricSelector[]): MetricRegistry {
  return new MetricRegistry({ selectors, warmupUs: 0 })
}

function storeOf(...registries: MetricRegistry[]): MetricStore {
  const store = new MetricStore(0)
  for (const one of registries) store.merge(structuredClone(one.delta()))
  return store
}

describe('built-in metrics', () => {
  test('counters, rates and gauges are always kept', () => {
    const metrics = registry()
    for (const atUs of [1, 2, 3]) metrics.add(metrics.id('http_reqs'), 1, NO_TAGS, atUs)
    for (const failed of [0, 1, 0, 0]) metrics.add(metrics.id('http_req_failed'), failed, NO_TAGS, 1)
    for (const [atUs, vus] of [3, 9, 5].entries()) metrics.add(metrics.id('vus'), vus, NO_TAGS, atUs)
    const store = storeOf(metrics)
    expect(store.observe(whole('http_reqs'), look('count'), 2 * SECOND)).toBe(3)
    expect(store.observe(whole('http_reqs'), look('rate'), 2 * SECOND)).toBe(1.5)
    expect(store.observe(whole('http_req_failed'), look('rate'), SECOND)).toBe(0.25)
    expect(store.observe(whole('vus'), look('value'), SECOND)).toBe(5)
  })

  test('trends are kept when a threshold looks at them', () => {
    const metrics = registry(whole('http_req_duration'))
    for (const name of ['http_req_duration', 'http_req_waiting'] as const) {
      metrics.add(metrics.id(name), 20, NO_TAGS, 0)
    }
    const store = storeOf(metrics)
    expect(store.observe(whole('http_req_duration'), look('avg'), SECOND)).toBe(20)
    expect(store.observe(whole('http_req_waiting'), look('avg'), SECOND)).toBeUndefined()
  })

  test('durations are ms to the µs, percentiles on a straight line as in k6', () => {
    const metrics = registry(whole('http_req_duration'))
    for (const ms of [10, 20, 30, 40.0004]) metrics.add(metrics.id('http_req_duration'), ms, NO_TAGS, 0)
    const store = storeOf(metrics)
    const seen = (aggregation: Aggregation) => store.observe(whole('http_req_duration'), aggregation, SECOND)
    expect(seen(look('min'))).toBe(10)
    expect(seen(look('max'))).toBe(40)
    expect(seen(look('avg'))).toBe(25)
    expect(seen(look('med'))).toBeCloseTo(25, 1)
    expect(seen(look('p', 100))).toBe(40)
    expect(seen(look('p', 90))).toBeCloseTo(37, 1)
    expect(seen(look('count'))).toBeUndefined()
  })

  test('a Retry-After of days is no hour', () => {
    const metrics = registry(whole('retry_after'))
    const dayMs = 86_400_000
    for (const ms of [dayMs, dayMs, dayMs, 1_000]) metrics.add(metrics.id('retry_after'), ms, NO_TAGS, 0)
    const median = storeOf(metrics).observe(whole('retry_after'), look('med'), SECOND)
    expect(Math.abs((median ?? 0) / dayMs - 1)).toBeLessThan(0.001)
  })

  test('samples of the warm-up are ignored, rates are per second after it', () => {
    const metrics = new MetricRegistry({ selectors: [], warmupUs: SECOND })
    const id = metrics.id('http_reqs')
    for (const atUs of [0, SECOND - 1, SECOND, 2 * SECOND]) metrics.add(id, 1, NO_TAGS, atUs)
    const store = new MetricStore(SECOND)
    store.merge(metrics.delta())
    expect(store.observe(whole('http_reqs'), look('count'), 3 * SECOND)).toBe(2)
    expect(store.observe(whole('http_reqs'), look('rate'), 3 * SECOND)).toBe(1)
    expect(store.observe(whole('http_reqs'), look('rate'), SECOND)).toBeUndefined()
  })

  test.each([Number.NaN, Infinity])('a sample of %d is refused', (value) => {
    const metrics = registry()
    expect(() => metrics.add(metrics.id('http_reqs'), value, NO_TAGS, 0)).toThrow(RangeError)
    expect(metrics.delta().sinks).toEqual([])
  })
})

describe('a selector', () => {
  const accepted: MetricSelector = { metric: 'http_req_duration', tags: [['outcome', 'accepted']] }
  const both: MetricSelector = {
    metric: 'http_req_duration',
    tags: [
      ['outcome', 'accepted'],
      ['name', 'rank'],
    ],
  }

  test('takes the samples that have all its tags', () => {
    const metrics = registry(accepted, both)
    const id = metrics.id('http_req_duration')
    metrics.add(id, 1, tags({ outcome: 'accepted', name: 'rank' }), 0)
    metrics.add(id, 2, tags({ outcome: 'accepted', name: 'reward' }), 0)
    metrics.add(id, 4, tags({ outcome: 'throttled', name: 'rank' }), 0)
    metrics.add(id, 8, NO_TAGS, 0)
    const store = storeOf(metrics)
    expect(store.observe(accepted, look('max'), SECOND)).toBe(2)
    expect(store.observe(both, look('max'), SECOND)).toBe(1)
    expect(store.observe(whole('http_req_duration'), look('max'), SECOND)).toBeUndefined()
  })

  test('is the same in any order of its tags, and kept once', () => {
    const turned: MetricSelector = { ...both, tags: both.tags.toReversed() }
    const metrics = registry(both, turned)
    metrics.add(metrics.id('http_req_duration'), 7, tags({ outcome: 'accepted', name: 'rank' }), 0)
    const delta = metrics.delta()
    expect(delta.sinks).toHaveLength(1)
    const store = new MetricStore(0)
    store.merge(delta)
    expect(store.observe(turned, look('max'), SECOND)).toBe(7)
  })

  test('does not ask for tags when nothing selects', () => {
    const metrics = registry()
    const source: TagSource = {
      tag: () => {
        throw new Error('asked for a tag')
      },
    }
    metrics.add(metrics.id('http_req_duration'), 1, source, 0)
    metrics.add(metrics.id('http_reqs'), 1, source, 0)
    expect(metrics.delta().sinks).toHaveLength(1)
  })

  test('works on a counter beside the whole', () => {
    const throttled: MetricSelector = { metric: 'http_reqs', tags: [['status', '429']] }
    const metrics = registry(throttled)
    for (const status of ['200', '429', '429']) metrics.add(metrics.id('http_reqs'), 1, tags({ status }), 0)
    const store = storeOf(metrics)
    expect(store.observe(throttled, look('count'), SECOND)).toBe(2)
    expect(store.observe(whole('http_reqs'), look('count'), SECOND)).toBe(3)
  })
})

describe('metrics of the script', () => {
  test('are kept whole, with k6 summaries', () => {
    const metrics = registry()
    const add = (id: number, values: readonly number[]): void => {
      for (const [atUs, value] of values.entries()) metrics.add(id, value, NO_TAGS, atUs)
    }
    add(metrics.declare('orders', 'counter', false), [1, 2.5])
    add(metrics.declare('queue', 'gauge', false), [4, 9, 2])
    add(metrics.declare('hits', 'rate', false), [1, 0, 0, 1])
    add(metrics.declare('score', 'trend', false), [-1, 0, 3])
    add(metrics.declare('wait', 'trend', true), [0.25, 0.75])
    metrics.declare('unused', 'counter', false)
    expect(storeOf(metrics).summaries(2 * SECOND)).toEqual([
      { name: 'orders', type: 'counter', isTime: false, values: { count: 3.5, rate: 1.75 } },
      { name: 'queue', type: 'gauge', isTime: false, values: { value: 2, min: 2, max: 9 } },
      { name: 'hits', type: 'rate', isTime: false, values: { rate: 0.5, passes: 2, fails: 2 } },
      {
        name: 'score',
        type: 'trend',
        isTime: false,
        values: {
          avg: 2 / 3,
          min: -1,
          med: 0,
          max: 3,
          'p(90)': 2.4000000000000004,
          'p(95)': 2.6999999999999997,
        },
      },
      {
        name: 'wait',
        type: 'trend',
        isTime: true,
        values: { avg: 0.5, min: 0.25, med: 0.5, max: 0.75, 'p(90)': 0.7, 'p(95)': 0.725 },
      },
    ])
  })

  test('may be declared by every VU', () => {
    const metrics = registry()
    const id = metrics.declare('orders', 'counter', false)
    expect(metrics.declare('orders', 'counter', false)).toBe(id)
    expect(metrics.delta().declared).toHaveLength(1)
    expect(metrics.delta().declared).toEqual([])
  })

  test.each<[name: string, type: 'counter' | 'trend', isTime: boolean, message: string]>([
    ['orders', 'trend', false, 'metric "orders" is already a counter: give this trend another name'],
    [
      'orders',
      'counter',
      true,
      'metric "orders" is already a counter: give this counter of times another name',
    ],
    ['http_reqs', 'counter', false, 'metric "http_reqs" is built in: choose another name'],
    ['9lives', 'counter', false, '"9lives" is no name for a metric'],
    ['a-b', 'counter', false, '"a-b" is no name for a metric'],
    ['x', 'counter', false, '"x" is no name for a metric'],
    ['x'.repeat(129), 'counter', false, 'is no name for a metric'],
  ])('%s as a %s (time: %o) is refused', (name, type, isTime, message) => {
    const metrics = registry()
    metrics.declare('orders', 'counter', false)
    expect(() => metrics.declare(name, type, isTime)).toThrow(message)
  })

  test('are among the definitions', () => {
    const metrics = registry()
    metrics.declare('wait', 'trend', true)
    expect(metrics.definitions().at(-1)).toEqual({
      name: 'wait',
      type: 'trend',
      contains: 'time',
      origin: 'script',
    })
    expect(metrics.definitions().find(({ name }) => name === 'data_sent')).toMatchObject({
      type: 'counter',
      contains: 'data',
      origin: 'k6',
    })
  })
})

describe('deltas', () => {
  test('add up to the same store however they are cut and over however many workers', () => {
    const selector: MetricSelector = { metric: 'http_req_duration', tags: [['name', 'rank']] }
    const sample = fc.record({
      worker: fc.nat({ max: 1 }),
      ms: fc.integer({ min: 0, max: 100_000 }),
      name: fc.constantFrom('rank', 'reward'),
      isCut: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 60 }), (samples) => {
        const workers = [registry(selector), registry(selector)]
        const single = registry(selector)
        const store = new MetricStore(0)
        for (const { worker, ms, name, isCut } of samples) {
          for (const metrics of [single, ...workers.slice(worker, worker + 1)]) {
            const score = metrics.declare('score', 'trend', false)
            metrics.add(metrics.id('http_req_duration'), ms, tags({ name }), ms)
            metrics.add(metrics.id('http_reqs'), 1, tags({ name }), ms)
            metrics.add(metrics.id('http_req_failed'), ms % 2, tags({ name }), ms)
            metrics.add(score, -ms, tags({ name }), ms)
          }
          const cut = workers[worker]
          if (isCut && cut !== undefined) store.merge(cut.delta())
        }
        for (const metrics of workers) store.merge(metrics.delta())
        const wanted = storeOf(single)
        for (const aggregation of [look('avg'), look('max'), look('p', 95)]) {
          expect(store.observe(selector, aggregation, SECOND)).toBe(
            wanted.observe(selector, aggregation, SECOND),
          )
        }
        for (const name of ['http_reqs', 'http_req_failed']) {
          expect(store.observe(whole(name), look('rate'), SECOND)).toBe(
            wanted.observe(whole(name), look('rate'), SECOND),
          )
        }
        expect(store.summaries(SECOND)).toEqual(wanted.summaries(SECOND))
      }),
      { numRuns: 50 },
    )
  })

  test('of a metric that nobody declared are refused', () => {
    const sinks = [{ key: 'ghost{name:rank}', data: { kind: 'counter', sum: 1 } }] as const
    expect(() => new MetricStore(0).merge({ declared: [], sinks })).toThrow('never declared: ghost')
  })

  test('of another type are refused', () => {
    const sinks = [{ key: 'http_reqs', data: { kind: 'rate', passes: 1, total: 1 } }] as const
    expect(() => new MetricStore(0).merge({ declared: [], sinks })).toThrow(
      'rate cannot be merged into counter',
    )
  })
})
