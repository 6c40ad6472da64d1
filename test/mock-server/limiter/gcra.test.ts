import { expect, test } from 'vitest'
import { Gcra } from '../../../mock-server/limiter/gcra.ts'
import { TokenBucket } from '../../../mock-server/limiter/token-bucket.ts'
import { Rng } from '../../../src/core/rng.ts'
import { take } from './take.ts'

const MS = 1_000
const S = 1_000_000

// 2 units per second: one every 500 ms, at most 3 at once.
const rows: readonly [story: string, cost: number, atUs: number, waitUs: number][] = [
  ['a burst of three', 3, 0, 0],
  ['the next unit is due after 500 ms', 1, 0, 500 * MS],
  ['one µs before', 1, 499_999, 1],
  ['to the µs', 1, 500 * MS, 0],
  ['never more than the burst', 4, 500 * MS, Infinity],
  ['two units take a second', 2, 600 * MS, 900 * MS],
  ['long after, no more than the burst has been saved', 3, 86_400 * S, 0],
  ['and it is used up', 1, 86_400 * S, 500 * MS],
]

test('instant by instant', () => {
  const gcra = new Gcra({ limit: 2, windowUs: S, burst: 3 })
  for (const [story, cost, atUs, waitUs] of rows)
    expect([story, take(gcra, cost, atUs)]).toEqual([story, waitUs])
})

test('a lowered limit makes what has been charged take longer', () => {
  const gcra = new Gcra({ limit: 4, windowUs: S, burst: 4 })
  take(gcra, 4, 0)
  gcra.setQuota({ limit: 2, windowUs: S, burst: 4 }, 0)
  expect(gcra.backlogUs(0)).toBe(2 * S)
  expect(take(gcra, 1, 0)).toBe(500 * MS)
})

test('GC-1: decides as a token bucket of the same size on 10^5 random arrivals', () => {
  const quota = { limit: 1_000, windowUs: 1_000_003, burst: 37 }
  const gcra = new Gcra(quota)
  const bucket = new TokenBucket(quota)
  const rng = new Rng('GC-1')
  let atUs = 0
  let refusedCount = 0
  let differenceCount = 0
  for (let i = 0; i < 100_000; i++) {
    atUs += Math.floor(rng.exponential() * 2_000)
    const cost = 1 + rng.int(4)
    const waitUs = take(bucket, cost, atUs)
    if (take(gcra, cost, atUs) !== waitUs) differenceCount++
    if (waitUs > 0) refusedCount++
  }
  expect(differenceCount).toBe(0)
  // Offered 2.5 units per 2 ms against one per ms: both verdicts are frequent.
  expect(refusedCount).toBeGreaterThan(10_000)
  expect(refusedCount).toBeLessThan(90_000)
})
