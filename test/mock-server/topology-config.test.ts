import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { createApp } from '../../mock-server/app.ts'
import { capOf } from '../../mock-server/cap.ts'
import { parseMockConfig } from '../../mock-server/config-schema.ts'
import type { ResourceConfig } from '../../mock-server/config.ts'
import { loadLatencyFiles } from '../../mock-server/latency-file.ts'
import { parseMockSpec } from '../../mock-server/spec.ts'
import { parseInstances, parsePolicy, parseTrigger } from '../../mock-server/traffic/settings.ts'
import { formatFault } from '../../src/core/errors.ts'
import { request, resourceOfSpec } from './requests.ts'

const ofJson = (members: object): ResourceConfig =>
  parseMockConfig({ resources: [{ profile: 'custom', ...members }] }).config!.resources[0]!
const faultsOf = (json: object): string[] => parseMockConfig(json).faults.map(formatFault)

const RULES = [{ name: 'rate', limit: 5, window: '1s' }]

describe('the same in both forms', () => {
  test.each<[string, object]>([
    ['autoscale=yes', { autoscale: true }],
    ['autoscale=no', { autoscale: false }],
    [
      'autoscale-growth=+82.5,autoscale-max=500,autoscale-period=1m,autoscale-spare=100',
      { autoscale: { growth: '+82.5', max: 500, period: '1m', spare: 100 } },
    ],
    ['autoscale-spare=none', { autoscale: { spare: null } }],
    [
      'usage-outage=2h@30m+1h@1d,usage-period=15m',
      { usageReport: { outages: ['2h@30m', '1h@1d'], period: '15m' } },
    ],
  ])('%s', (spec, json) => {
    expect(ofJson({ rules: RULES, ...json })).toEqual(resourceOfSpec(`custom,tps=5,${spec}`))
  })

  test('all rate rules move unless some are marked', () => {
    const marked = { ...RULES[0], name: 'marked', autoscale: true }
    const moving = (rules: object[]): unknown[] =>
      ofJson({ rules, autoscale: true }).rules.map(({ isAutoscaled }) => isAutoscaled)
    expect(moving([...RULES, { ...RULES[0], name: 'month', quota: true }])).toEqual([true, undefined])
    expect(moving([...RULES, marked])).toEqual([undefined, true])
  })

  test('a profile’s autoscale can be changed and switched', () => {
    expect(resourceOfSpec('vision-s1').autoscale?.enabled).toBe(false)
    expect(resourceOfSpec('vision-s1,autoscale=yes').autoscale?.enabled).toBe(true)
    expect(resourceOfSpec('vision-s1,autoscale-max=99').autoscale).toMatchObject({
      enabled: false,
      maxPerS: 99,
    })
  })
})

describe('faults of a spec', () => {
  test.each<[string, string[]]>([
    ['custom,autoscale=yes', ['mock.autoscale: needs a rate limit; add tps=…']],
    [
      'custom,tps=1,autoscale-growth=1',
      [
        'mock.autoscale-growth: "1" is no growth: write a factor above 1, such as 1.5, or units per second, such as +82.5',
      ],
    ],
    ['custom,tps=1,autoscale-period=2d', ['mock.autoscale-period: "2d" is no duration above 0 and up to 1d']],
    ['custom,usage-outage=2h', ['mock.usage-outage: "2h" is no outage such as 2h@30m']],
    ['custom,usage-period=5m', ['mock.usage-period: needs an outage; add usage-outage=…']],
    [
      'custom,policy=random,scale-lag=1m,manager-tps=5',
      ['policy', 'scale-lag', 'manager-tps'].map((key) => `mock.${key}: needs instances; add instances=…`),
    ],
    ['custom,instances=1-3', ['mock.scale-on: is needed for a range of instances, e.g. in-flight:20:5']],
    [
      'custom,instances=3,scale-on=in-flight:2,scale-step=1',
      ['scale-on', 'scale-step'].map((key) => `mock.${key}: needs a range of instances, e.g. 1-6`),
    ],
    [
      'custom,instances=1-3,scale-on=in-flight:2,scale-period=0s',
      ['mock.scale-period: "0s" is no duration above 0 and up to 24h'],
    ],
  ])('%s', (spec, faults) => {
    expect(parseMockSpec(spec).faults.map(formatFault)).toEqual(faults)
  })

  test.each(['0', '101', '1+2', '1@5s+2@1s', '1@1s', '3-1', '2-2', '0-4', '1-101', 'many', '2+3@soon'])(
    'instances=%s',
    (text) => {
      expect(parseInstances(text)).toContain(`"${text}" is no count of instances`)
    },
  )

  test.each([
    '',
    'fastest',
    'random:1',
    'per-user',
    'per-user:body:x',
    'per-user:header:',
    'per-user:header:a b',
    'per-session:query:x',
  ])('policy=%s', (text) => {
    expect(parsePolicy(text)).toContain(`"${text}" is no policy`)
  })

  test.each(['', 'cpu:5', 'in-flight', 'in-flight:x', 'in-flight:1:2', 'throttled:1', 'throttled:0.5:0.1:0'])(
    'scale-on=%s',
    (text) => {
      expect(parseTrigger(text)).toContain(`"${text}" is no trigger`)
    },
  )
})

describe('faults of a file, all at once with their paths', () => {
  test('what cannot be read', () => {
    const faults = faultsOf({
      resources: [
        { profile: 'custom', autoscale: { growth: 'fast' }, usageReport: { outages: [] }, instances: 0 },
      ],
      backends: [{ name: 'search', latency: 'slow', queue: { size: 1 } }],
      manager: { policy: 'best', instances: '0', colour: 'red' },
    })
    const places = [
      'config.resources[0].autoscale',
      'config.resources[0].usageReport.outages',
      'config.resources[0].instances',
      'config.backends[0].latency',
      'config.backends[0].queue',
      'config.manager.policy',
      'config.manager.instances',
      'config.manager',
    ]
    expect(new Set(faults.map((fault) => fault.split(': ')[0]))).toEqual(new Set(places))
  })

  test('what does not go together', () => {
    const search = { name: 'search', latency: '1ms', rules: [...RULES, ...RULES] }
    expect(
      faultsOf({
        resources: [
          { name: 'a', profile: 'custom', autoscale: true, backend: 'serach' },
          { name: 'b', profile: 'custom', instances: 2 },
          { name: 'b-2', profile: 'custom' },
          { name: 'c', profile: 'custom', rules: [{ ...RULES[0], quota: true, autoscale: true }] },
          { name: 'd', profile: 'custom', rules: [{ ...RULES[0], name: 'usage-report' }] },
        ],
        backends: [search, { name: 'search', latency: '1ms' }],
        manager: { instances: '9', scaleLag: '1m' },
      }),
    ).toEqual([
      'config.resources[0].autoscale: needs a rate rule',
      'config.resources[3].rules[0].autoscale: a quota does not move',
      'config.resources[4].rules[0].name: "usage-report" is the name of a container’s want of a report',
      'config.backends[0].rules: the name "rate" is there more than once',
      'config.resources: the name "b-2" is there more than once',
      'config.backends: the name "search" is there more than once',
      'config.resources[0].backend: no such backend; there are search, search',
      'config.manager.scaleLag: needs a range of instances, e.g. 1-6',
    ])
  })

  test('both at once: a fault in one place hides none in another', () => {
    const broken = { ...RULES[0], name: 'broken', limit: 0 }
    const bursting = { ...RULES[0], name: 'bursting', burst: 3 }
    expect(
      faultsOf({
        colour: 'red',
        resources: [
          { name: 'a', profile: 'custom', latency: 'soon', backlog: 2, rules: [broken, bursting] },
          { name: 'b', profile: 'nowhere', queue: { size: 1 } },
          { name: 'c', profile: 'custom', queue: { size: 1 }, backend: 'search', workers: 0 },
          { name: 'd', profile: 'custom', concurrency: 'many', queue: { size: 1 }, realTimeFactor: 2 },
        ],
        backends: [{ name: 'find', rules: [...RULES, ...RULES], latency: '1ms', colour: 'red' }],
        manager: { instances: '9', tps: 0 },
      }).map((fault) => fault.split(/: |;/)[0]),
    ).toEqual([
      'config',
      'config.resources[0].rules[0].limit',
      'config.resources[0].rules[1].burst',
      'config.resources[0].latency',
      'config.resources[0].backlog',
      'config.resources[1].profile',
      'config.resources[2].workers',
      'config.resources[2].queue',
      'config.resources[3].concurrency',
      'config.resources[3].realTimeFactor',
      'config.backends[0]',
      'config.backends[0].rules',
      'config.manager.tps',
      'config.resources[2].backend',
    ])
  })

  test('more instances than resources', () => {
    const resources = [{ profile: 'custom', instances: 2 }]
    expect(faultsOf({ resources, manager: { instances: '3' } })).toEqual([
      'config.manager.instances: there are not so many resources, only 2',
    ])
  })

  test.each<[string, object]>([
    ['queue: needs a cap on requests in flight; add concurrency', { queue: { size: 1 } }],
    ['backlog: needs workers', { backlog: 1 }],
  ])('config.backends[0].%s', (fault, members) => {
    const backends = [{ name: 'search', latency: '1ms', ...members }]
    expect(faultsOf({ resources: [{ profile: 'custom' }], backends })).toEqual([
      `config.backends[0].${fault}`,
    ])
  })
})

test('latency files of the manager and of backends are read too', async () => {
  const { config } = parseMockConfig({
    resources: [{ profile: 'custom', backend: 'search' }],
    backends: [{ name: 'search', latency: 'file:a.csv' }],
    manager: { latency: 'file:b.csv' },
  })
  const read = (text: string) => async (path: string) => (path === 'a.csv' ? 'latency_us\n7\n' : text)
  const loaded = await loadLatencyFiles(config!, read('latency_us\n100\n'))
  expect(createApp(loaded.config!, 1).handle(request(), 0).replyAtUs).toBe(107)
  const broken = await loadLatencyFiles(config!, read('nothing'))
  expect(broken.faults.map(formatFault)).toEqual([expect.stringMatching(/^mock: the latency file b\.csv: /)])
})

// Twelve workers of the search service at 68.6 ms, the mean of its lognormal latency.
test.each<[string, object]>([
  ['traffic-manager', { rps: 10 }],
  ['planned-scale-out', { rps: 50 }],
  ['qna-behind-search', { concurrency: 2_000, capacityRps: expect.closeTo(174.93, 2) }],
])('the example %s', (name, cap) => {
  const text = readFileSync(new URL(`../../scenarios/mocks/${name}.json`, import.meta.url), 'utf8')
  const { config, faults } = parseMockConfig(JSON.parse(text))
  expect(faults).toEqual([])
  expect(capOf(config!)).toEqual(cap)
})
