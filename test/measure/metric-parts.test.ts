import { describe, expect, it } from 'vitest'
import { DEFAULT_TREND_STATS } from '../../src/core/trend-stat.ts'
import { MetricStore } from '../../src/measure/metric-store.ts'
import { MetricRegistry } from '../../src/measure/metrics.ts'

const SECOND = 1_000_000

function valuesOf(store: MetricStore, scenario: string, group?: string): Record<string, object> {
  const figures = store.figuresOfPart({ scenario, group }, SECOND, DEFAULT_TREND_STATS)
  return Object.fromEntries(figures.map(({ definition, values }) => [definition.name, values]))
}

describe('metrics by scenario and group', () => {
  it('are kept of trends too, whole scenarios and the groups within', () => {
    const registry = new MetricRegistry({ selectors: [], warmupUs: 0, byPart: true })
    const store = new MetricStore(0)
    const own = registry.declare('own', 'counter', false)
    const add = (metric: number, value: number, tags: Record<string, string>): void =>
      registry.add(metric, value, { tag: (key) => tags[key] }, 1)
    for (const [ms, group] of [
      [10, ''],
      [20, '::g'],
    ] as const) {
      add(registry.id('http_req_duration'), ms, { scenario: 's', group })
      add(own, 1, { scenario: 's', group })
      store.merge(structuredClone(registry.delta()))
    }
    add(own, 5, { group: '::setup' })
    store.merge(registry.delta())
    expect(store.parts()).toEqual([
      { scenario: 's', group: undefined },
      { scenario: 's', group: '::g' },
    ])
    expect(valuesOf(store, 's')).toMatchObject({
      http_req_duration: { avg: 15, min: 10, max: 20 },
      own: { count: 2, rate: 2 },
    })
    expect(valuesOf(store, 's', '::g')).toMatchObject({ http_req_duration: { avg: 20 }, own: { count: 1 } })
    expect(valuesOf(store, 'other')).toEqual({})
  })

  it('are bounded in number', () => {
    const registry = new MetricRegistry({ selectors: [], warmupUs: 0, byPart: true })
    const store = new MetricStore(0)
    for (let n = 0; n < 1_000; n++) {
      const tags: Record<string, string> = { scenario: 's', group: `::g${n}` }
      registry.add(registry.id('http_reqs'), 1, { tag: (key) => tags[key] }, 1)
    }
    store.merge(registry.delta())
    expect(store.parts()).toHaveLength(200)
    expect(valuesOf(store, 's')).toMatchObject({ http_reqs: { count: 1_000 } })
  })
})
