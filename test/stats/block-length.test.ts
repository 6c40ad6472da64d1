import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Rng } from '../../src/core/rng.ts'
import { blockLength } from '../../src/stats/block-length.ts'
import { autocovariances, lag1Correlation, mean } from '../../src/stats/sample.ts'
import { autoregression } from './autoregression.ts'

/** Mean of the rule's answers over `count` series. */
function averageLength(correlation: number, length: number, count: number): number {
  const rng = new Rng(`blocks ${correlation}`)
  return mean(Array.from({ length: count }, () => blockLength(autoregression(length, correlation, rng))))
}

describe('block length', () => {
  // For AR(1): G = Σ|k|γₖ = 2φ/(1 − φ)² · γ₀ and g(0) = (1 + φ)/(1 − φ) · γ₀, so b = (6φ²n / (1 − φ²)²)^⅓.
  test.each([0.3, 0.5, 0.8])('of AR(1) series with φ = %f is near its known optimum', (correlation) => {
    const length = 2_000
    const optimum = Math.cbrt((6 * correlation ** 2 * length) / (1 - correlation ** 2) ** 2)
    const ratio = averageLength(correlation, length, 50) / optimum
    expect(ratio).toBeGreaterThan(0.85)
    expect(ratio).toBeLessThan(1.15)
  })

  test('grows with the third root of the length', () => {
    expect(averageLength(0.5, 4_000, 30) / averageLength(0.5, 500, 60)).toBeCloseTo(2, 0)
  })

  test('of independent seconds is short', () => {
    expect(averageLength(0, 1_000, 40)).toBeLessThan(4)
  })

  test('is at least 1 and at most ⌈min(3√n, n/3)⌉', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 2, maxLength: 200 }), (values) => {
        const length = blockLength(values)
        expect(length).toBeGreaterThanOrEqual(1)
        expect(length).toBeLessThanOrEqual(
          Math.ceil(Math.min(3 * Math.sqrt(values.length), values.length / 3)),
        )
      }),
    )
  })

  test.each([[[]], [[1]], [[2, 2, 2, 2]]])('of %o is 1', (values) => {
    expect(blockLength(values)).toBe(1)
  })

  test('does not depend on the unit', () => {
    const values = autoregression(500, 0.6, new Rng(3))
    expect(blockLength(values.map((value) => 1_000 * value + 7))).toBeCloseTo(blockLength(values), 9)
  })
})

test('autocovariances follow their definition', () => {
  expect(autocovariances([1, 2, 3, 4], 5)).toEqual([1.25, 0.3125, -0.375, -0.5625, 0, 0])
  expect(lag1Correlation([1, 2, 3, 4])).toBe(0.25)
  expect(lag1Correlation([5, 5, 5])).toBe(0)
})
