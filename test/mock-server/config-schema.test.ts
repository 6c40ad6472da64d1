import { describe, expect, test } from 'vitest'
import { parseMockConfig } from '../../mock-server/config-schema.ts'
import { capOf } from '../../mock-server/config.ts'
import { formatFault } from '../../src/core/errors.ts'

const east = { name: 'east', profile: 'personalizer-s0' }
const west = {
  name: 'west',
  profile: 'custom',
  status: 503,
  rules: [
    { name: 'second', limit: 100, window: '1s' },
    { name: 'minute', limit: 300, window: '1m', algorithm: 'token-bucket', burst: 20 },
  ],
  concurrency: 8,
  latency: 'uniform:5ms:15ms',
}

describe('a good config', () => {
  test('several resources, each as it says or as its profile does', () => {
    const { config, faults } = parseMockConfig({ resources: [east, west], decisions: 5 })
    expect(faults).toEqual([])
    expect(config).toEqual({
      decisionsKeptCount: 5,
      resources: [
        {
          name: 'east',
          service: { kind: 'personalizer', tier: 'S0', keys: ['mock-key-1', 'mock-key-2'] },
          rules: [{ name: 'rate', algorithm: 'sliding-log', limit: 50, windowUs: 1_000_000 }],
          concurrency: 100,
          latency: { kind: 'lognormal', medianUs: 20_000, p99Us: 80_000 },
        },
        {
          name: 'west',
          service: { kind: 'custom', refusalStatus: 503 },
          rules: [
            { name: 'second', algorithm: 'sliding-log', limit: 100, windowUs: 1_000_000 },
            { name: 'minute', algorithm: 'token-bucket', limit: 300, windowUs: 60_000_000, burst: 20 },
          ],
          concurrency: 8,
          latency: { kind: 'uniform', lowUs: 5_000, highUs: 15_000 },
        },
      ],
    })
  })

  test('the cap is that of the slowest window, summed over resources', () => {
    const { config } = parseMockConfig({ resources: [east, west] })
    expect(capOf(config!)).toEqual({ rps: 50 + 5, concurrency: 108 })
  })

  test('a resource without a limit takes it from the sum', () => {
    const { config } = parseMockConfig({ resources: [east, { ...west, concurrency: null, rules: [] }] })
    expect(capOf(config!)).toEqual({})
  })

  test('keys of its own', () => {
    const { config } = parseMockConfig({ resources: [{ ...east, keys: ['k'] }] })
    expect(config?.resources[0]?.service).toMatchObject({ keys: ['k'] })
  })
})

describe('a bad config', () => {
  const fault = (json: unknown): string[] => parseMockConfig(json).faults.map(formatFault)

  test('every fault at once, with its path', () => {
    const resources = [
      { ...east, colour: 'red', latency: 'now' },
      { profile: 'luis', rules: [{ name: 'a b', limit: 0, window: '0s' }], status: 500 },
    ]
    const { config, faults } = parseMockConfig({ resources })
    expect(config).toBeUndefined()
    expect(faults.map(({ where }) => where)).toEqual([
      'config.resources[0].latency',
      'config.resources[0]',
      'config.resources[1].profile',
      'config.resources[1].rules[0].name',
      'config.resources[1].rules[0].limit',
      'config.resources[1].rules[0].window',
      'config.resources[1].status',
    ])
    expect(faults[1]?.what).toBe(
      'unknown key "colour"; known keys: name, profile, rules, concurrency, latency, keys, status',
    )
    expect(faults[2]?.what).toBe('no such profile; profiles: personalizer-s0, personalizer-f0, custom')
  })

  test.each<[string, unknown, RegExp]>([
    ['no object', null, /^config: /],
    ['no resources', { resources: [] }, /^config\.resources: /],
    [
      'the same resource twice',
      { resources: [east, east] },
      /^config\.resources: the name "east" is there more than once$/,
    ],
    [
      'the same rule twice',
      { resources: [{ ...west, rules: [west.rules[0], west.rules[0]] }] },
      /^config\.resources\[0\]\.rules: the name "second" is there more than once$/,
    ],
    [
      'a rule named as the cap on requests in flight',
      { resources: [{ ...west, rules: [{ name: 'concurrency', limit: 1, window: '1s' }] }] },
      /^config\.resources\[0\]\.rules\[0\]\.name: "concurrency" is the name of/,
    ],
    [
      'a burst without a bucket',
      { resources: [{ ...west, rules: [{ name: 'a', limit: 1, window: '1s', burst: 2 }] }] },
      /^config\.resources\[0\]\.rules\[0\]\.burst: a sliding-log has no burst/,
    ],
    [
      'a status for a real service',
      { resources: [{ ...east, status: 503 }] },
      /^config\.resources\[0\]\.status: only/,
    ],
    [
      'keys that nobody asks for',
      { resources: [{ ...west, keys: ['k'] }] },
      /^config\.resources\[0\]\.keys: .*no key$/,
    ],
  ])('%s', (_story, json, expected) => {
    expect(fault(json)).toEqual([expect.stringMatching(expected)])
  })
})
