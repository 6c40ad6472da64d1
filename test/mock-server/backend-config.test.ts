import { describe, expect, test } from 'vitest'
import { parseMockConfig } from '../../mock-server/config-schema.ts'
import type { ResourceConfig } from '../../mock-server/config.ts'
import { parseMockSpec } from '../../mock-server/spec.ts'
import { formatFault } from '../../src/core/errors.ts'
import { resourceOfSpec } from './requests.ts'

const ofJson = (members: object): ResourceConfig =>
  parseMockConfig({ resources: [{ profile: 'custom', ...members }] }).config!.resources[0]!

describe('the same in both forms', () => {
  test.each<[string, object, Partial<ResourceConfig>]>([
    ['workers=8', { workers: 8 }, { capacity: { workers: 8 } }],
    ['workers=8,backlog=0', { workers: 8, backlog: 0 }, { capacity: { workers: 8, backlog: 0 } }],
    ['workers=8,backlog=none', { workers: 8, backlog: null }, { capacity: { workers: 8 } }],
    [
      'latency=normal:20ms:5ms',
      { latency: 'normal:20ms:5ms' },
      { latency: { kind: 'normal', meanUs: 20_000, sdUs: 5_000 } },
    ],
    ['latency=file:a.csv', { latency: 'file:a.csv' }, { latency: { kind: 'file', path: 'a.csv' } }],
    [
      'fault=reset:0.01+pause:1s@10s',
      { faults: ['reset:0.01', 'pause:1s@10s'] },
      {
        faults: [
          { kind: 'reset', ratio: 0.01 },
          { kind: 'pause', fromUs: 10_000_000, durationUs: 1_000_000 },
        ],
      },
    ],
  ])('%s', (spec, json, expected) => {
    expect(resourceOfSpec(`custom,${spec}`)).toMatchObject(expected)
    expect(ofJson(json)).toEqual(resourceOfSpec(`custom,${spec}`))
  })

  test('a profile’s workers can be changed and taken away', () => {
    const change = (spec: string): ResourceConfig['capacity'] =>
      resourceOfSpec(`personalizer-container,${spec}`).capacity
    expect(change('latency=1ms')).toEqual({ workers: 5 })
    expect(change('backlog=3')).toEqual({ workers: 5, backlog: 3 })
    expect(change('workers=2')).toEqual({ workers: 2 })
    expect(change('workers=none')).toBeUndefined()
    expect(ofJson({ profile: 'personalizer-container', workers: null })).not.toHaveProperty('capacity')
  })
})

describe('faults in a spec', () => {
  test.each<[string, RegExp]>([
    ['workers=0', /^mock\.workers: "0" is no whole number from 1/],
    ['backlog=3', /^mock\.backlog: needs workers; add workers=…$/],
    ['workers=none,backlog=3', /^mock\.backlog: needs workers/],
    ['fault=explode', /^mock\.fault: "explode" is no fault/],
    ['fault=reset+stall:1', /^mock\.fault: "stall:1" is not how stall is written/],
    ['latency=normal:20ms:5ms,p99=30ms', /^mock\.p99: a normal latency has no p99 to set$/],
    ['latency=file:a.csv,p99=30ms', /^mock\.p99: a file latency has no p99 to set$/],
  ])('%s', (spec, expected) => {
    expect(parseMockSpec(`custom,${spec}`).faults.map(formatFault)).toEqual([expect.stringMatching(expected)])
  })
})

describe('faults in a config', () => {
  test('each with its path', () => {
    const { faults } = parseMockConfig({
      resources: [{ profile: 'custom', workers: 0, backlog: -1, faults: ['reset', 'explode', 5] }],
    })
    expect(faults.map(({ where }) => where)).toEqual([
      'config.resources[0].workers',
      'config.resources[0].backlog',
      'config.resources[0].faults[1]',
      'config.resources[0].faults[2]',
    ])
  })

  test('a backlog without workers, a rule with the name of the backlog', () => {
    const rules = [{ name: 'capacity', limit: 1, window: '1s' }]
    const { faults } = parseMockConfig({ resources: [{ profile: 'custom', backlog: 3, rules }] })
    expect(faults.map(formatFault)).toEqual([
      'config.resources[0].rules[0].name: "capacity" is the name of the backlog of the workers',
      'config.resources[0].backlog: needs workers',
    ])
  })

  test('a mock that runs cannot be given a file', () => {
    const { faults } = parseMockConfig({ resources: [{ profile: 'custom', latency: 'file:' }] })
    expect(faults.map(({ where }) => where)).toEqual(['config.resources[0].latency'])
  })
})
