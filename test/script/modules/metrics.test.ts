import { describe, expect, it } from 'vitest'
import { createMetricsModule, type MetricsModule } from '../../../src/script/modules/metrics.ts'
import { FakeHost } from './fake-host.ts'

/** The metrics as a script makes them, while it loads; then it runs. */
function make<T>(load: (metrics: MetricsModule) => T): { host: FakeHost; made: T } {
  const host = new FakeHost()
  host.mayWait = false
  const made = load(createMetricsModule(host))
  host.mayWait = true
  return { host, made }
}

describe('metric classes', () => {
  it('declare what they are', () => {
    const { host, made } = make(({ Counter, Gauge, Rate, Trend }) => [
      new Counter('orders'),
      new Gauge('level'),
      new Rate('hits', true),
      new Trend('wait', true),
      new Trend('length', false),
    ])
    expect(host.declared).toEqual([
      ['orders', 'counter', false],
      ['level', 'gauge', false],
      ['hits', 'rate', true],
      ['wait', 'trend', true],
      ['length', 'trend', false],
    ])
    expect(made.map(({ name }) => name)).toEqual(['orders', 'level', 'hits', 'wait', 'length'])
  })

  it('cannot be made in an iteration', () => {
    const host = new FakeHost()
    const { Trend } = createMetricsModule(host)
    expect(() => new Trend('wait')).toThrow('the metric wait must be made while the script loads')
    expect(host.declared).toEqual([])
  })

  it('cannot be added to while the script loads', () => {
    expect(() => make(({ Counter }) => new Counter('orders').add(1))).toThrow(
      'the metric orders cannot be added to while the script loads',
    )
  })
})

describe('add', () => {
  it('passes on value and tags', () => {
    const { host, made } = make(({ Counter, Trend }) => ({
      orders: new Counter('orders'),
      wait: new Trend('wait'),
    }))
    expect(made.orders.add(2)).toBe(true)
    expect(made.wait.add(-1.5, { tier: 1 })).toBe(true)
    expect(host.samples).toEqual([
      { metric: 0, value: 2, tags: undefined },
      { metric: 1, value: -1.5, tags: { tier: '1' } },
    ])
  })

  it.each([
    [true, 1],
    [false, 0],
    [1, 1],
    [0, 0],
    [-3, 1],
    ['0', 0],
  ])('makes %j a %i in a Rate', (value, expected) => {
    const { host, made } = make(({ Rate }) => new Rate('hits'))
    expect(made.add(value)).toBe(true)
    expect(host.samples.map((sample) => sample.value)).toEqual([expected])
  })

  it.each([
    [Number.NaN, 'NaN'],
    [Infinity, 'Infinity'],
    [-Infinity, '-Infinity'],
    [undefined, 'a value of type undefined'],
    [null, 'null'],
    ['many', 'a value of type string'],
    [{}, 'a value of type object'],
  ])('leaves %j out with a warning', (value, shown) => {
    const { host, made } = make(({ Trend }) => new Trend('wait'))
    expect(made.add(value)).toBe(false)
    expect(host.samples).toEqual([])
    expect(host.warnings).toEqual([`the metric wait was given ${shown}, which it cannot count: left out`])
  })

  it('counts nothing down', () => {
    const { host, made } = make(({ Counter }) => new Counter('orders'))
    expect(made.add(-1)).toBe(false)
    expect(host.warnings).toEqual([
      'the metric orders was given a negative number, which it cannot count: left out',
    ])
  })

  it('warns once for all values of a kind', () => {
    const { host, made } = make(({ Trend }) => new Trend('wait'))
    for (let i = 0; i < 100; i++) made.add(`${i} ms`)
    expect(host.warnings).toHaveLength(1)
  })
})
