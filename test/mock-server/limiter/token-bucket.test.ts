import { describe, expect, test } from 'vitest'
import { TokenBucket } from '../../../mock-server/limiter/token-bucket.ts'
import { passedEvenly, take } from './take.ts'

const MS = 1_000
const S = 1_000_000

describe('token bucket, instant by instant', () => {
  // 2 tokens per second: one every 500 ms, at most 3 at once.
  const rows: readonly [story: string, cost: number, atUs: number, waitUs: number][] = [
    ['starts full', 3, 0, 0],
    ['is empty now', 1, 0, 500 * MS],
    ['one µs before the next token', 1, 499_999, 1],
    ['the next token, to the µs', 1, 500 * MS, 0],
    ['never more than the burst', 4, 500 * MS, Infinity],
    ['two tokens take a second', 2, 600 * MS, 900 * MS],
    ['a refusal charged nothing', 1, 1_000 * MS, 0],
    ['full again after a long pause, and no fuller', 3, 86_400 * S, 0],
    ['nothing was saved beyond the burst', 1, 86_400 * S, 500 * MS],
    ['a clock that goes back finds the latest state', 1, 86_000 * S, 400 * S + 500 * MS],
    ['and the promise made then holds', 1, 86_400 * S + 500 * MS, 0],
  ]

  test('table', () => {
    const bucket = new TokenBucket({ limit: 2, windowUs: S, burst: 3 })
    for (const [story, cost, atUs, waitUs] of rows)
      expect([story, take(bucket, cost, atUs)]).toEqual([story, waitUs])
  })

  test('counts exactly where a token takes no whole number of µs', () => {
    const bucket = new TokenBucket({ limit: 3, windowUs: S, burst: 2 })
    expect(take(bucket, 2, 0)).toBe(0)
    expect(take(bucket, 1, 0)).toBe(333_334)
    expect(take(bucket, 1, 333_334)).toBe(0)
    // The 2/3 µs that the first waited too long is not lost: the second is there after 666,666.67 µs.
    expect(take(bucket, 1, 333_334)).toBe(333_333)
  })

  test('the burst is the limit unless given', () => {
    const bucket = new TokenBucket({ limit: 5, windowUs: S })
    expect(bucket.remaining(0)).toBe(5)
  })

  test('a lowered limit cuts what is saved, a raised one refills faster', () => {
    const bucket = new TokenBucket({ limit: 10, windowUs: S })
    bucket.setQuota({ limit: 2, windowUs: S }, 0)
    expect(bucket.remaining(0)).toBe(2)
    expect(take(bucket, 2, 0)).toBe(0)
    bucket.setQuota({ limit: 4, windowUs: S }, 0)
    expect(take(bucket, 1, 0)).toBe(250 * MS)
  })
})

/**
 * AWS API Gateway developer guide, "Throttle API requests": rate 10,000/s, burst 5,000; what one second admits.
 * What falls "into one millisecond" comes at its first instant, which makes the guide's round numbers exact.
 */
describe('published examples of AWS API Gateway', () => {
  interface Burst {
    readonly count: number
    readonly fromMs: number
    /** 0: all at once. */
    readonly lengthMs: number
  }
  const at = (fromMs: number, count: number, lengthMs = 0): Burst => ({ count, fromMs, lengthMs })

  const examples: readonly [story: string, bursts: readonly Burst[], passed: number][] = [
    ['TB-1: 10 in every ms', Array.from({ length: 1_000 }, (_, ms) => at(ms, 10)), 10_000],
    ['TB-2: 10,000 in the first ms', [at(0, 10_000)], 5_000],
    ['TB-3: 5,000 in the first ms, then 5,000 evenly', [at(0, 5_000), at(1, 5_000, 999)], 10_000],
    ['TB-4: 5,000 in the first ms, 5,000 in ms 101', [at(0, 5_000), at(100, 5_000)], 6_000],
    [
      'TB-5: 5,000 in the first ms, 1,000 in ms 101, then 4,000 evenly',
      [at(0, 5_000), at(100, 1_000), at(101, 4_000, 899)],
      10_000,
    ],
  ]

  test.each(examples)('%s', (_story, bursts, passed) => {
    const bucket = new TokenBucket({ limit: 10_000, windowUs: S, burst: 5_000 })
    const counts = bursts.map(({ count, fromMs, lengthMs }) =>
      passedEvenly(bucket, count, fromMs * MS, lengthMs * MS),
    )
    expect(counts.reduce((sum, count) => sum + count)).toBe(passed)
  })
})
