import { describe, expect, test } from 'vitest'
import { LeakyBucket } from '../../../mock-server/limiter/leaky-bucket.ts'
import type { Limiter } from '../../../mock-server/limiter/limiter.ts'
import { Rng } from '../../../src/core/rng.ts'

const S = 1_000_000

/** @returns how long the request is held back; `refused` with nothing charged. */
function ask(bucket: Limiter, atUs: number): number | 'refused' {
  return bucket.waitUs(1, atUs) === 0 ? bucket.charge(1, atUs) : 'refused'
}

/** NGINX `limit_req rate=1r/s burst=5`, as its source decides. */
const NGINX = { limit: 1, windowUs: S, burst: 5 }

describe('NG-1', () => {
  test('of seven at once the first passes, five follow second by second, the last is refused', () => {
    const bucket = new LeakyBucket(NGINX)
    const replies = Array.from({ length: 7 }, () => ask(bucket, 0))
    expect(replies).toEqual([0, S, 2 * S, 3 * S, 4 * S, 5 * S, 'refused'])
    expect(bucket.waitUs(1, 0)).toBe(S)
  })

  test('with nodelay six pass at once', () => {
    const bucket = new LeakyBucket({ ...NGINX, noDelay: true })
    expect(Array.from({ length: 7 }, () => ask(bucket, 0))).toEqual([0, 0, 0, 0, 0, 0, 'refused'])
  })
})

test('without a burst it spaces requests out and refuses the rest', () => {
  const bucket = new LeakyBucket({ limit: 10, windowUs: S })
  const replies = [0, 50_000, 99_999, 100_000, 150_000, 300_000].map((atUs) => ask(bucket, atUs))
  expect(replies).toEqual([0, 'refused', 'refused', 0, 'refused', 0])
})

test('a larger burst leaves the places of those who wait as they are', () => {
  const bucket = new LeakyBucket({ limit: 1, windowUs: S, burst: 1 })
  expect([ask(bucket, 0), ask(bucket, 0), ask(bucket, 0)]).toEqual([0, S, 'refused'])
  bucket.setQuota({ limit: 1, windowUs: S, burst: 3 }, 0)
  expect([ask(bucket, 0), ask(bucket, 0), ask(bucket, 0)]).toEqual([2 * S, 3 * S, 'refused'])
})

test('decides and delays as the formula of NGINX does, in its thousandths of a request', () => {
  // ngx_http_limit_req_module: excess ← max(0, excess − rate·Δms/1000 + 1000); refused iff excess > burst.
  const rate = 4_000
  const burst = 6_000
  let excess = 0
  let lastMs: number | undefined
  const bucket = new LeakyBucket({ limit: 4, windowUs: S, burst: 6 })
  const rng = new Rng('nginx')
  let atMs = 0
  const verdicts = { passed: 0, delayed: 0, refused: 0 }
  for (let i = 0; i < 20_000; i++) {
    // Whole eighths of a second leave NGINX nothing to round.
    atMs += rng.int(5) * 125
    const next = lastMs === undefined ? 0 : Math.max(0, excess - (rate * (atMs - lastMs)) / 1_000 + 1_000)
    const isRefused = next > burst
    const expected = isRefused ? 'refused' : ((next * 1_000) / rate) * 1_000
    expect(ask(bucket, atMs * 1_000)).toBe(expected)
    verdicts[isRefused ? 'refused' : expected === 0 ? 'passed' : 'delayed']++
    if (isRefused) continue
    excess = next
    lastMs = atMs
  }
  expect(Math.min(verdicts.passed, verdicts.delayed, verdicts.refused)).toBeGreaterThan(50)
})
