import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Limiter, Quota } from '../../../mock-server/limiter/limiter.ts'
import { SlidingLog } from '../../../mock-server/limiter/sliding-log.ts'
import { TokenBucket } from '../../../mock-server/limiter/token-bucket.ts'
import { take } from './take.ts'

interface Charge {
  readonly atUs: number
  readonly cost: number
}

/** Whether a cost passes, given everything that has passed before: the definition, without any state to keep. */
type Definition = (quota: Quota, charges: readonly Charge[], cost: number, atUs: number) => boolean

const total = (charges: readonly Charge[]): number => charges.reduce((sum, { cost }) => sum + cost, 0)

const inWindow: Definition = ({ limit, windowUs }, charges, cost, atUs) =>
  total(charges.filter((charge) => charge.atUs > atUs - windowUs)) + cost <= limit

/** A bucket holds b(t) = min over s ≤ t of B + r·(t − s) − (what passed since s); in whole numbers by BigInt. */
const underEveryCurve: Definition = ({ limit, windowUs, burst = limit }, charges, cost, atUs) =>
  [atUs, ...charges.map((charge) => charge.atUs)].every((sinceUs) => {
    const passed = total(charges.filter((charge) => charge.atUs >= sinceUs))
    const room = BigInt(burst) * BigInt(windowUs) + BigInt(limit) * BigInt(atUs - sinceUs)
    return BigInt(passed + cost) * BigInt(windowUs) <= room
  })

const limiters: readonly [name: string, create: (quota: Quota) => Limiter, definition: Definition][] = [
  ['sliding log', (quota) => new SlidingLog(quota), inWindow],
  ['token bucket', (quota) => new TokenBucket(quota), underEveryCurve],
]

const quotas = fc.record({
  limit: fc.integer({ min: 1, max: 12 }),
  windowUs: fc.constantFrom(7, 1_000, 999_983),
  burst: fc.integer({ min: 1, max: 12 }),
})
/** Steps in tenths of a window, so that borders are hit often, shifted by a µs. */
const arrivals = fc.array(
  fc.record({
    tenths: fc.integer({ min: 0, max: 14 }),
    shiftUs: fc.constantFrom(-1, 0, 0, 1),
    cost: fc.integer({ min: 1, max: 4 }),
  }),
  { maxLength: 60 },
)

describe.each(limiters)('%s', (_name, create, definition) => {
  test('decides as the definition does', () => {
    fc.assert(
      fc.property(quotas, arrivals, (quota, steps) => {
        const limiter = create(quota)
        const charges: Charge[] = []
        let atUs = 0
        for (const { tenths, shiftUs, cost } of steps) {
          atUs = Math.max(atUs, atUs + Math.round((tenths * quota.windowUs) / 10) + shiftUs)
          const passes = definition(quota, charges, cost, atUs)
          expect(take(limiter, cost, atUs) === 0).toBe(passes)
          if (passes) charges.push({ atUs, cost })
        }
      }),
    )
  })

  test('what it says to wait is exact: refused until then, admitted then', () => {
    fc.assert(
      fc.property(quotas, arrivals, (quota, steps) => {
        const limiter = create(quota)
        let atUs = 0
        for (const { tenths, cost } of steps) {
          atUs += Math.round((tenths * quota.windowUs) / 10)
          const waitUs = take(limiter, cost, atUs)
          if (waitUs === 0 || waitUs === Infinity) continue
          for (const earlierUs of [0, waitUs >> 1, waitUs - 1]) {
            expect(limiter.waitUs(cost, atUs + earlierUs)).toBe(waitUs - earlierUs)
          }
          atUs += waitUs
          expect(take(limiter, cost, atUs)).toBe(0)
        }
      }),
    )
  })

  test('what remains passes, one more does not', () => {
    fc.assert(
      fc.property(quotas, arrivals, (quota, steps) => {
        const limiter = create(quota)
        let atUs = 0
        for (const { tenths, cost } of steps) {
          atUs += Math.round((tenths * quota.windowUs) / 10)
          take(limiter, cost, atUs)
          const remaining = limiter.remaining(atUs)
          expect(limiter.waitUs(remaining, atUs)).toBe(0)
          expect(limiter.waitUs(remaining + 1, atUs)).toBeGreaterThan(0)
        }
      }),
    )
  })
})
