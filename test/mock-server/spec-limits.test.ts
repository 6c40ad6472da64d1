import { describe, expect, test } from 'vitest'
import type { ResourceConfig } from '../../mock-server/config.ts'
import { parseMockSpec } from '../../mock-server/spec.ts'
import { formatFault } from '../../src/core/errors.ts'
import { resourceOfSpec } from './requests.ts'

const S = 1_000_000
const DAY_US = 86_400 * S

describe('limits in a spec', () => {
  test.each<[string, Partial<ResourceConfig>]>([
    [
      'custom,rates=100/1s+300/1m',
      {
        rules: [
          { name: 'rate-1s', algorithm: 'sliding-log', limit: 100, windowUs: S },
          { name: 'rate-1m', algorithm: 'sliding-log', limit: 300, windowUs: 60 * S },
        ],
      },
    ],
    [
      'custom,rates=90/1m,algorithm=leaky-bucket,burst=0,no-delay=yes',
      {
        rules: [
          { name: 'rate', algorithm: 'leaky-bucket', limit: 90, windowUs: 60 * S, burst: 0, noDelay: true },
        ],
      },
    ],
    [
      'custom,tps=5,algorithm=fixed-window,count-refused=yes,unit=bytes,match=POST:/a/*+/b',
      {
        rules: [
          {
            name: 'rate',
            algorithm: 'fixed-window',
            limit: 5,
            windowUs: S,
            countRefused: true,
            unit: 'bytes',
            match: [
              { method: 'POST', path: '/a/*' },
              { method: '*', path: '/b' },
            ],
          },
        ],
      },
    ],
    [
      'custom,tps=5,count-refused=no',
      { rules: [{ name: 'rate', algorithm: 'sliding-log', limit: 5, windowUs: S }] },
    ],
    [
      'luis-f0,tps=9',
      {
        rules: [
          {
            name: 'month',
            algorithm: 'fixed-window',
            limit: 10_000,
            windowUs: 30 * DAY_US,
            isQuota: true,
            status: 403,
          },
          { name: 'rate', algorithm: 'sliding-log', limit: 9, windowUs: S },
        ],
      },
    ],
    [
      'luis-f0,quota=7/1d,quota-from=first-use,quota-status=429,tps=none',
      {
        rules: [
          {
            name: 'quota',
            algorithm: 'first-hit-window',
            limit: 7,
            windowUs: DAY_US,
            isQuota: true,
            status: 429,
          },
        ],
      },
    ],
    [
      'luis-f0,quota-status=429,quota-from=start,tps=none',
      {
        rules: [
          {
            name: 'month',
            algorithm: 'fixed-window',
            limit: 10_000,
            windowUs: 30 * DAY_US,
            isQuota: true,
            status: 429,
          },
        ],
      },
    ],
    ['luis-f0,quota=none', { rules: [{ name: 'rate', algorithm: 'sliding-log', limit: 5, windowUs: S }] }],
    ['speech-f0,queue=3,queue-timeout=500ms', { concurrency: 1, queue: { size: 3, timeoutUs: 500_000 } }],
    ['custom,concurrency=2,queue=9', { concurrency: 2, queue: { size: 9 } }],
  ])('%s', (spec, expected) => {
    expect(resourceOfSpec(spec)).toMatchObject(expected)
    expect(resourceOfSpec(spec).rules).toEqual(expected.rules ?? [])
  })

  test('signals are added to those of the profile', () => {
    const spec = 'retry-after=http-date,rate-limit=yes,x-rate-limit=single,expose-headers=yes'
    expect(resourceOfSpec(`openai-240,${spec}`).signals).toEqual({
      retryAfter: 'http-date',
      retryAfterMs: true,
      rateLimit: true,
      xRateLimit: 'single',
      exposeHeaders: true,
    })
    expect(resourceOfSpec('custom,retry-after-ms=no').signals).toEqual({ retryAfterMs: false })
    expect(resourceOfSpec('custom')).not.toHaveProperty('signals')
  })
})

describe('what does not go together', () => {
  test.each<[string, string[]]>([
    ['custom,tps=1,rates=1/1s', ['mock.rates: goes instead of tps, not beside it']],
    ['custom,rates=1', ['mock.rates: "1" is no rate such as 100/1s']],
    ['custom,rates=1/1s/2', ['mock.rates: "1/1s/2" is no rate such as 100/1s']],
    ['custom,rates=0/1s', ['mock.rates: "0" is no whole number from 1 to 1000000000']],
    ['custom,rates=1/367d', ['mock.rates: "1/367d" is no rate such as 100/1s']],
    ['custom,rates=1/1s+2/1000ms', ['mock.rates: the same window is there twice']],
    [
      'custom,rates=1000000000/1d+1000000000/2d,algorithm=gcra',
      ['mock.rates: too large for a gcra over so long a window; use sliding-log or fixed-window'],
    ],
    ['custom,quota=many', ['mock.quota: "many" is no rate such as 100/1s']],
    ['custom,tps=1,match=POST /a b', ['mock.match: "POST /a b" is no pattern such as POST:/vision/*']],
    [
      'custom,tps=1,algorithm=token-bucket,burst=0',
      ['mock.burst: the burst of a token-bucket is at least 1'],
    ],
    ['custom,tps=1,no-delay=yes', ['mock.no-delay: a sliding-log delays nothing; leaky-bucket does']],
    [
      'custom,tps=1,algorithm=gcra,count-refused=yes',
      [
        'mock.count-refused: a gcra cannot count what it refuses; sliding-log, sliding-counter, fixed-window, first-hit-window can',
      ],
    ],
    ['personalizer-s0,unit=characters', ['mock.unit: the service counts only requests, bytes']],
    ['custom,quota-status=403', ['mock.quota-status: needs a quota; add quota=…']],
    ['custom,quota-from=start', ['mock.quota-from: needs a quota; add quota=…']],
    ['custom,queue=5', ['mock.queue: needs a cap; add concurrency=…']],
    ['custom,queue=none', []],
    ['custom,concurrency=5,queue-timeout=1s', ['mock.queue-timeout: needs a queue; add queue=…']],
    [
      'custom,concurrency=5,queue=5,queue-timeout=soon',
      ['mock.queue-timeout: "soon" is no duration such as 500ms'],
    ],
    ['custom,rate-limit=on', ['mock.rate-limit: "on" is none of yes, no']],
    [
      'custom,burst=2,unit=bytes,match=/a,count-refused=no',
      ['burst', 'countRefused', 'unit', 'match'].map(
        (key) => `mock.${key === 'countRefused' ? 'count-refused' : key}: needs a rate limit; add tps=…`,
      ),
    ],
  ])('%s', (spec, faults) => {
    expect(parseMockSpec(spec).faults.map(formatFault)).toEqual(faults)
  })
})
