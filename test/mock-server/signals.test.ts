import { describe, expect, test } from 'vitest'
import type { Standing } from '../../mock-server/live-rule.ts'
import { Signals, type SignalsConfig } from '../../mock-server/signals.ts'

const S = 1_000_000
const START_UNIX_MS = Date.UTC(2000, 0, 1)

const standing = (rest: Partial<Standing> = {}): Standing => ({
  name: 'rate',
  unit: 'requests',
  limit: 50,
  remaining: 12,
  windowUs: S,
  moreAfterUs: 400_000,
  ...rest,
})

function onRefusal(config: SignalsConfig, retryAfterUs: number, standings: readonly Standing[] = []): object {
  const headers = new Signals(config, START_UNIX_MS).headers(
    { replyAtUs: 5_250_000, retryAfterUs },
    () => standings,
  )
  return Object.fromEntries(headers)
}

function onSuccess(config: SignalsConfig, standings: readonly Standing[]): object {
  return Object.fromEntries(new Signals(config, START_UNIX_MS).headers(undefined, () => standings))
}

describe('Retry-After', () => {
  test.each<[string, SignalsConfig, number, object]>([
    ['whole seconds, rounded up', {}, 1_000_001, { 'Retry-After': '2' }],
    ['at least one', {}, 1, { 'Retry-After': '1' }],
    // 5.25 s + 0.5 s after midnight: nobody may come before the sixth second.
    [
      'a date, rounded up',
      { retryAfter: 'http-date' },
      500_000,
      { 'Retry-After': 'Sat, 01 Jan 2000 00:00:06 GMT' },
    ],
    [
      'milliseconds beside it',
      { retryAfterMs: true },
      1_500_001,
      { 'Retry-After': '2', 'retry-after-ms': '1501' },
    ],
    ['milliseconds alone', { retryAfter: 'none', retryAfterMs: true }, 2_000, { 'retry-after-ms': '2' }],
    ['nothing', { retryAfter: 'none' }, S, {}],
    ['nothing where waiting does not help', { retryAfterMs: true }, Infinity, {}],
  ])('%s', (_story, config, retryAfterUs, headers) => {
    expect(onRefusal(config, retryAfterUs)).toEqual(headers)
  })

  test('is for refusals', () => {
    expect(onSuccess({ retryAfterMs: true }, [])).toEqual({})
  })
})

// Syntax of draft-ietf-httpapi-ratelimit-headers-10: lists of strings with parameters.
describe('RateLimit and RateLimit-Policy', () => {
  test('have an item for every limit', () => {
    const standings = [
      standing(),
      standing({
        name: 'hour',
        unit: 'characters',
        limit: 1_000,
        windowUs: 3_600 * S,
        remaining: 0,
        moreAfterUs: 9 * S,
      }),
      standing({ name: 'upload', unit: 'bytes', windowUs: 500_000, moreAfterUs: Infinity }),
      standing({
        name: 'concurrency',
        unit: 'requests in flight',
        limit: 4,
        windowUs: 0,
        moreAfterUs: Infinity,
      }),
    ]
    expect(onSuccess({ rateLimit: true }, standings)).toEqual({
      'RateLimit-Policy':
        '"rate";q=50;w=1, "hour";q=1000;qu="characters";w=3600, "upload";q=50;qu="content-bytes", ' +
        '"concurrency";q=4;qu="concurrent-requests"',
      RateLimit: '"rate";r=12;t=1, "hour";r=0;t=9, "upload";r=12, "concurrency";r=12',
    })
  })

  test('are on refusals too, and absent without limits', () => {
    expect(onRefusal({ rateLimit: true, retryAfter: 'none' }, S, [standing({ remaining: 0 })])).toEqual({
      'RateLimit-Policy': '"rate";q=50;w=1',
      RateLimit: '"rate";r=0;t=1',
    })
    expect(onSuccess({ rateLimit: true }, [])).toEqual({})
  })
})

describe('x-ratelimit', () => {
  const standings = [
    standing({ name: 'request', remaining: 20 }),
    standing({ name: 'burst', remaining: 3, limit: 5, moreAfterUs: 2 * S }),
    standing({ name: 'token', unit: 'tokens', limit: 240_000, remaining: 9_000 }),
    standing({ name: 'concurrency', unit: 'requests in flight', remaining: 8 }),
  ]

  test('single: of the limit with the least left', () => {
    expect(onSuccess({ xRateLimit: 'single' }, standings)).toEqual({
      'x-ratelimit-limit': '5',
      'x-ratelimit-remaining': '3',
      'x-ratelimit-reset': '2',
    })
  })

  test('single: a limit of which nothing is used resets at once', () => {
    expect(onSuccess({ xRateLimit: 'single' }, [standing({ moreAfterUs: Infinity })])).toMatchObject({
      'x-ratelimit-reset': '0',
    })
    expect(onSuccess({ xRateLimit: 'single' }, [])).toEqual({})
  })

  test('by unit: what remains of each', () => {
    expect(onSuccess({ xRateLimit: 'by-unit' }, standings)).toEqual({
      'x-ratelimit-remaining-requests': '3',
      'x-ratelimit-remaining-tokens': '9000',
    })
  })
})

test('Access-Control-Expose-Headers names what else is there', () => {
  const config: SignalsConfig = { exposeHeaders: true, rateLimit: true }
  expect(onRefusal(config, S, [standing()])).toMatchObject({
    'Access-Control-Expose-Headers': 'Retry-After, RateLimit-Policy, RateLimit',
  })
  expect(onSuccess({ exposeHeaders: true }, [])).toEqual({})
})
