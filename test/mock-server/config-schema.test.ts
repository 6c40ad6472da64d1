import { describe, expect, test } from 'vitest'
import { parseMockConfig } from '../../mock-server/config-schema.ts'
import { capOf } from '../../mock-server/cap.ts'
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

  test('every part of a rule, a queue, signals and replies', () => {
    const resource = {
      profile: 'custom',
      rules: [
        { name: 'day', limit: 9, window: '1d', quota: true, status: 403, algorithm: 'first-hit-window' },
        {
          name: 'upload',
          limit: 10,
          window: '1s',
          unit: 'bytes',
          match: ['POST /up/*', '/x'],
          group: 'paths',
        },
        { name: 'leaky', limit: 5, window: '1s', algorithm: 'leaky-bucket', burst: 0, noDelay: true },
        {
          name: 'fixed',
          limit: 5,
          window: '1s',
          algorithm: 'fixed-window',
          countRefused: true,
          quota: false,
        },
      ],
      concurrency: 4,
      queue: { size: 10, timeout: '2s' },
      signals: { retryAfter: 'http-date', rateLimit: true },
      replies: [{ route: 'GET /a', status: 202, body: [1, null], refusal: { status: 503 } }],
    }
    expect(parseMockConfig({ resources: [resource] }).config?.resources).toEqual([
      {
        name: 'main',
        service: {
          kind: 'custom',
          refusalStatus: 429,
          replies: [
            { route: { method: 'GET', path: '/a' }, status: 202, body: [1, null], refusal: { status: 503 } },
          ],
        },
        rules: [
          {
            name: 'day',
            algorithm: 'first-hit-window',
            limit: 9,
            windowUs: 86_400_000_000,
            isQuota: true,
            status: 403,
          },
          {
            name: 'upload',
            algorithm: 'sliding-log',
            limit: 10,
            windowUs: 1_000_000,
            unit: 'bytes',
            match: [
              { method: 'POST', path: '/up/*' },
              { method: '*', path: '/x' },
            ],
            group: 'paths',
          },
          {
            name: 'leaky',
            algorithm: 'leaky-bucket',
            limit: 5,
            windowUs: 1_000_000,
            burst: 0,
            noDelay: true,
          },
          { name: 'fixed', algorithm: 'fixed-window', limit: 5, windowUs: 1_000_000, countRefused: true },
        ],
        concurrency: 4,
        queue: { size: 10, timeoutUs: 2_000_000 },
        signals: { retryAfter: 'http-date', rateLimit: true },
        latency: { kind: 'fixed', us: 0 },
      },
    ])
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
    expect(faults[1]?.what).toMatch(
      /^unknown key "colour"; known keys: name, profile, rules, concurrency, queue, signals, .*replies\b/,
    )
    expect(faults[2]?.what).toMatch(/^no such profile; profiles: personalizer-s0, .*custom$/)
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
      'a window of more than a year',
      { resources: [{ ...west, rules: [{ name: 'a', limit: 1, window: '367d' }] }] },
      /^config\.resources\[0\]\.rules\[0\]\.window: must be a duration above 0 and up to 366d/,
    ],
    [
      'a pattern that is none',
      {
        resources: [
          {
            ...west,
            rules: [
              { name: 'a', limit: 1, window: '1s', match: ['POST'], group: 'g' },
              { name: 'b', limit: 1, window: '1s', match: [''] },
            ],
          },
        ],
      },
      /^config\.resources\[0\]\.rules\[1\]\.match\[0\]: must be a path/,
    ],
    [
      'a group without patterns',
      { resources: [{ ...west, rules: [{ name: 'a', limit: 1, window: '1s', group: 'g' }] }] },
      /^config\.resources\[0\]\.rules\[0\]\.group: is for rules with patterns/,
    ],
    [
      'a unit that the service does not count',
      { resources: [{ ...east, rules: [{ name: 'a', limit: 1, window: '1s', unit: 'tokens' }] }] },
      /^config\.resources\[0\]\.rules\[0\]\.unit: the service counts only requests, bytes$/,
    ],
    [
      'a queue without a cap',
      { resources: [{ ...west, concurrency: null, queue: { size: 5 } }] },
      /^config\.resources\[0\]\.queue: needs a cap/,
    ],
    [
      'a body where there is none',
      { resources: [{ profile: 'custom', replies: [{ route: '/', status: 204, body: {} }] }] },
      /^config\.resources\[0\]\.replies\[0\]\.body: a status of 204 or 304 has no body$/,
    ],
    [
      'replies for a real service',
      { resources: [{ ...east, replies: [] }] },
      /^config\.resources\[0\]\.replies: only/,
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
