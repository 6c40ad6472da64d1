import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Algorithm, ALGORITHMS, createLimiter } from '../../../mock-server/limiter/algorithms.ts'
import type { Limiter, Quota } from '../../../mock-server/limiter/limiter.ts'
import {
  type Charge,
  type Definition,
  inEstimatedWindow,
  inFirstHitWindow,
  inFixedWindow,
  inSlidingWindow,
  underEveryCurve,
  underLeakyCurve,
} from './definitions.ts'
import { take } from './take.ts'

const DEFINITIONS: Readonly<Record<Algorithm, Definition>> = {
  'sliding-log': inSlidingWindow,
  'sliding-counter': inEstimatedWindow,
  'fixed-window': inFixedWindow,
  'first-hit-window': inFirstHitWindow,
  'token-bucket': underEveryCurve,
  gcra: underEveryCurve,
  'leaky-bucket': underLeakyCurve,
}

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

describe.each(ALGORITHMS)('%s', (algorithm) => {
  const create = (quota: Quota): Limiter => createLimiter({ algorithm, ...quota })
  const definition = DEFINITIONS[algorithm]

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

  test('a time that goes back counts as the latest, and says how long from itself', () => {
    fc.assert(
      fc.property(quotas, arrivals, fc.integer({ min: 1, max: 3_000_000 }), (quota, steps, backUs) => {
        const limiter = create(quota)
        const reference = create(quota)
        let atUs = 0
        for (const { tenths, cost } of steps) {
          atUs += Math.round((tenths * quota.windowUs) / 10)
          const waitUs = take(reference, cost, atUs)
          expect(limiter.waitUs(cost, atUs)).toBe(waitUs)
          expect(limiter.waitUs(cost, atUs - backUs)).toBe(waitUs === 0 ? 0 : waitUs + backUs)
          expect(limiter.remaining(atUs - backUs)).toBe(limiter.remaining(atUs))
          if (waitUs === 0) limiter.charge(cost, atUs - backUs)
        }
      }),
    )
  })

  test('a quota that changes and changes back leaves nothing behind but the charges', () => {
    fc.assert(
      fc.property(quotas, arrivals, fc.integer({ min: 12, max: 30 }), (quota, steps, larger) => {
        const limiter = create(quota)
        const reference = create(quota)
        let atUs = 0
        for (const { tenths, cost } of steps) {
          atUs += Math.round((tenths * quota.windowUs) / 10)
          limiter.setQuota({ ...quota, limit: larger, burst: larger }, atUs)
          limiter.setQuota(quota, atUs)
          expect(take(limiter, cost, atUs)).toBe(take(reference, cost, atUs))
        }
      }),
    )
  })
})

describe.each(['sliding-log', 'sliding-counter', 'fixed-window', 'first-hit-window'] as const)(
  '%s that counts what it refuses',
  (algorithm) => {
    test('decides as its definition does over everything that came', () => {
      fc.assert(
        fc.property(quotas, arrivals, ({ limit, windowUs }, steps) => {
          const limiter = createLimiter({ algorithm, limit, windowUs })
          const charges: Charge[] = []
          let atUs = 0
          for (const { tenths, shiftUs, cost } of steps) {
            atUs = Math.max(atUs, atUs + Math.round((tenths * windowUs) / 10) + shiftUs)
            const passes = DEFINITIONS[algorithm]({ limit, windowUs }, charges, cost, atUs)
            expect(limiter.waitUs(cost, atUs) === 0).toBe(passes)
            limiter.charge(cost, atUs)
            charges.push({ atUs, cost })
          }
        }),
      )
    })
  },
)
