import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Rng } from '../../src/core/rng.ts'
import {
  exactInterval,
  overdispersion,
  shareDifferenceInterval,
  wilsonInterval,
} from '../../src/stats/share.ts'

// SciPy 1.17, binomtest(7, 50).proportion_ci.
test('score and exact intervals of 7 in 50', () => {
  const wilson = wilsonInterval({ count: 7, totalCount: 50 }, 0.95)
  expect(wilson.low).toBeCloseTo(0.06950833427016292, 12)
  expect(wilson.high).toBeCloseTo(0.26186193710585537, 12)
  const exact = exactInterval({ count: 7, totalCount: 50 }, 0.95)
  expect(exact.low).toBeCloseTo(0.05819170033997344, 12)
  expect(exact.high).toBeCloseTo(0.26739600249700846, 12)
})

test('none of n: the exact interval ends where n misses in a row have probability α/2', () => {
  const { low, high } = exactInterval({ count: 0, totalCount: 1_000 }, 0.95)
  expect(low).toBe(0)
  expect((1 - high) ** 1_000).toBeCloseTo(0.025, 12)
  expect(exactInterval({ count: 1_000, totalCount: 1_000 }, 0.95)).toEqual({
    low: expect.closeTo(1 - high, 12),
    high: 1,
  })
})

test('intervals lie in [0, 1], hold the share and mirror', () => {
  const counts = fc.tuple(fc.nat(500), fc.nat(500)).filter(([a, b]) => a + b > 0)
  fc.assert(
    fc.property(counts, fc.double({ min: 1, max: 20, noNaN: true }), ([count, others], dispersion) => {
      const totalCount = count + others
      const { low, high } = wilsonInterval({ count, totalCount, dispersion }, 0.95)
      expect(0 <= low && low <= count / totalCount && count / totalCount <= high && high <= 1).toBe(true)
      const mirrored = wilsonInterval({ count: others, totalCount, dispersion }, 0.95)
      expect(mirrored.low).toBeCloseTo(1 - high, 12)
    }),
  )
  expect(wilsonInterval({ count: 0, totalCount: 0 }, 0.95)).toEqual({ low: 0, high: 1 })
})

test('dispersion φ is as if there were φ times fewer trials', () => {
  expect(wilsonInterval({ count: 40, totalCount: 200, dispersion: 4 }, 0.9)).toEqual(
    wilsonInterval({ count: 10, totalCount: 50 }, 0.9),
  )
})

describe('overdispersion', () => {
  test('follows its formula', () => {
    // p = 1/2; (2² + 2²)/(10/4) · 1/(2 − 1), the empty second left out.
    expect(overdispersion([7, 0, 3], [10, 0, 10])).toBeCloseTo(3.2, 12)
  })

  test('is 1 for even traffic, for no traffic and where nothing varies', () => {
    expect(overdispersion([5, 5, 5], [10, 10, 10])).toBe(1)
    expect(overdispersion([], [])).toBe(1)
    expect(overdispersion([0, 0], [10, 10])).toBe(1)
    expect(overdispersion([3], [10])).toBe(1)
  })

  test('of independent trials is near 1, of a cap under varying traffic far above', () => {
    const rng = new Rng(1)
    const totals = Array.from({ length: 2_000 }, () => 80)
    const independent = totals.map(
      (n) => Array.from({ length: n }, () => rng.next()).filter((u) => u < 0.2).length,
    )
    expect(overdispersion(independent, totals)).toBeLessThan(1.1)
    const sent = totals.map((n) => Math.round(n + 9 * rng.normal()))
    const throttled = sent.map((n) => Math.max(n - 60, 0))
    expect(overdispersion(throttled, sent)).toBeGreaterThan(2)
  })
})

describe('the difference of two shares', () => {
  // Newcombe 1998, table II, case (a): 56/70 less 48/80, method 10.
  test('has the published interval', () => {
    const { low, high } = shareDifferenceInterval(
      { count: 48, totalCount: 80 },
      { count: 56, totalCount: 70 },
      0.95,
    )
    expect(low).toBeCloseTo(0.0524, 4)
    expect(high).toBeCloseTo(0.3339, 4)
  })

  test('mirrors when the sides are swapped, and says something of shares that are 0', () => {
    const none = { count: 0, totalCount: 500 }
    const some = { count: 12, totalCount: 300, dispersion: 2 }
    const forth = shareDifferenceInterval(none, some, 0.95)
    const back = shareDifferenceInterval(some, none, 0.95)
    expect(back).toEqual({ low: -forth.high, high: -forth.low })
    const nothing = shareDifferenceInterval(none, none, 0.95)
    expect(nothing.high).toBeGreaterThan(3 / 500)
  })
})
