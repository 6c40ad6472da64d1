import { describe, expect, test } from 'vitest'
import { createApp } from '../../mock-server/app.ts'
import { capOf } from '../../mock-server/cap.ts'
import { parseMockConfig } from '../../mock-server/config-schema.ts'
import { configOf, request } from './requests.ts'

const S = 1_000_000

const QUERIES = [{ name: 'queries', limit: 120, window: '1s' }]

describe('the cap of several', () => {
  test.each<[string, ReturnType<typeof capOf>]>([
    ['custom,tps=50,instances=4', { rps: 200 }],
    ['custom,tps=50,concurrency=10,instances=1+4@1h', { rps: 50, concurrency: 10 }],
    ['custom,tps=50,instances=2-6,scale-on=in-flight:9', { rps: 100 }],
    ['custom,tps=50,instances=4,manager-tps=150,manager-concurrency=9', { rps: 150, concurrency: 9 }],
    ['custom,instances=4,manager-tps=150', { rps: 150 }],
    ['custom,instances=4', {}],
    ['cognitive-autoscale', { rps: 10 }],
    ['container-8', { capacityRps: 160 }],
    ['custom,tps=50,workers=4,latency=100ms,instances=1+3@1h', { rps: 50, capacityRps: 40 }],
    ['custom,tps=50,workers=4,latency=20ms', { rps: 50 }],
    ['custom,workers=4,instances=2,manager-tps=70,latency=100ms', { rps: 70 }],
    ['custom,workers=4,instances=2,manager-tps=90,latency=100ms', { rps: 90, capacityRps: 80 }],
  ])('%s', (spec, cap) => {
    const config = configOf(spec)
    expect(capOf(config)).toEqual(cap)
    expect(createApp(config, 1).state(0).cap).toEqual(cap)
  })

  test.each<[string, object, ReturnType<typeof capOf>]>([
    ['unlimited apps', { profile: 'custom' }, { rps: 120 }],
    ['apps with less', { profile: 'custom', rules: [{ name: 'r', limit: 40, window: '1s' }] }, { rps: 80 }],
    ['apps with more', { profile: 'custom', rules: [{ name: 'r', limit: 90, window: '1s' }] }, { rps: 120 }],
  ])('a shared backend behind two %s', (_, app, cap) => {
    const resources = [{ name: 'app', instances: 2, backend: 'search', ...app }]
    const backends = [{ name: 'search', latency: '1ms', rules: QUERIES }]
    const { config } = parseMockConfig({ resources, backends })
    expect(capOf(config!)).toEqual(cap)
    const alone = { name: 'alone', profile: 'luis-s0' }
    const { config: more } = parseMockConfig({ resources: [...resources, alone], backends })
    expect(capOf(more!)).toEqual({ rps: cap.rps! + 50 })
  })
})

test('workers behind several and the time that a shared backend takes bound it too', () => {
  const app = { profile: 'custom', instances: 2, backend: 'search', workers: 5, latency: '40ms' }
  const search = { name: 'search', latency: '10ms' }
  const capWith = (backend: object): unknown => {
    const { config } = parseMockConfig({ resources: [app], backends: [{ ...search, ...backend }] })
    return capOf(config!)
  }
  expect(capWith({})).toEqual({ capacityRps: 200 })
  expect(capWith({ workers: 1 })).toEqual({ capacityRps: 100 })
})

describe('the cap at a time', () => {
  test('follows workers and latency that are changed by hand', () => {
    const app = createApp(configOf('custom,workers=4,latency=100ms'), 1)
    const patch = (body: object): unknown =>
      app.handle(request({ method: 'PATCH', path: '/__mock/limits', body }), 0) && app.cap(0)
    expect(app.cap(0)).toEqual({ capacityRps: 40 })
    expect(patch({ workers: 8 })).toEqual({ capacityRps: 80 })
    expect(patch({ latency: '50ms' })).toEqual({ capacityRps: 160 })
    expect(patch({ workers: null })).toEqual({})
  })

  test('follows the instances', () => {
    const app = createApp(configOf('custom,tps=50,instances=1+6@10m+2@20m'), 1)
    expect([0, 599, 600, 1_200].map((second) => app.state(second * S).cap.rps)).toEqual([50, 50, 300, 100])
  })

  test('follows autoscale and changes by hand', () => {
    const app = createApp(configOf('custom,tps=10,autoscale=yes'), 1)
    for (let i = 0; i < 11; i++) app.handle(request(), 0)
    expect([299, 300].map((second) => app.state(second * S).cap.rps)).toEqual([10, 14])
    app.handle(request({ method: 'PATCH', path: '/__mock/limits', body: { tps: 30 } }), 301 * S)
    expect(app.state(301 * S).cap).toEqual({ rps: 30 })
  })
})
