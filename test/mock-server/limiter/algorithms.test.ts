import { expect, test } from 'vitest'
import { faultsInLimiter, type LimiterConfig } from '../../../mock-server/limiter/algorithms.ts'

const HOUR_US = 3_600_000_000

const base: LimiterConfig = { algorithm: 'sliding-log', limit: 200_000_000, windowUs: HOUR_US }

test.each<[string, Partial<LimiterConfig>, string[]]>([
  ['a window of any size for a log', {}, []],
  ['refused requests in a log', { countRefused: true }, []],
  ['a burst of 0 in a queue', { algorithm: 'leaky-bucket', limit: 9, burst: 0, noDelay: true }, []],
  [
    'a burst in a window',
    { burst: 3 },
    ['burst: a sliding-log has no burst; token-bucket, gcra, leaky-bucket have'],
  ],
  [
    'an empty bucket',
    { algorithm: 'gcra', limit: 1, burst: 0 },
    ['burst: the burst of a gcra is at least 1'],
  ],
  [
    'a delay without a queue',
    { algorithm: 'token-bucket', limit: 1, noDelay: true },
    ['noDelay: a token-bucket delays nothing; leaky-bucket does'],
  ],
  [
    'refused requests in a bucket',
    { algorithm: 'gcra', limit: 1, countRefused: true },
    [
      'countRefused: a gcra cannot count what it refuses; sliding-log, sliding-counter, fixed-window, first-hit-window can',
    ],
  ],
  [
    'a product beyond the exact integers',
    { algorithm: 'token-bucket' },
    ['limit: too large for a token-bucket over so long a window; use sliding-log or fixed-window'],
  ],
])('%s', (_story, change, faults) => {
  expect(faultsInLimiter({ ...base, ...change }).map(({ key, what }) => `${key}: ${what}`)).toEqual(faults)
})
