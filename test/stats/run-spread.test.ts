import { describe, expect, test } from 'vitest'
import { runSpread } from '../../src/stats/run-spread.ts'
import { P50, THROTTLED } from './simulated-run.ts'

describe('runSpread', () => {
  test('is the standard deviation of the logarithms of ratios', () => {
    const spread = runSpread(P50, [1, 2, 3, 4, 5].map(Math.exp))
    // Of 1 … 5 the variance is 10/4.
    expect(spread?.deviation).toBeCloseTo(Math.sqrt(2.5), 12)
    expect(spread?.degrees).toBe(4)
  })

  test('is the standard deviation of shares themselves', () => {
    expect(runSpread(THROTTLED, [0, 0.1, 0, 0.1, 0, 0.1])?.deviation).toBeCloseTo(Math.sqrt(0.003), 12)
  })

  test('needs five runs that have a place on the scale', () => {
    expect(runSpread(P50, [10, 11, 12, 13])).toBeUndefined()
    expect(runSpread(P50, [10, 11, 0, 12, 13])).toBeUndefined()
  })

  test('a lasting change is no spread', () => {
    const noise = [0, 0.01, -0.01, 0.005, -0.005, 0.01, -0.01, 0]
    const values = [...noise.map((e) => 40 * Math.exp(e)), ...noise.map((e) => 80 * Math.exp(e))]
    const spread = runSpread(P50, values)
    expect(spread?.degrees).toBe(7)
    expect(spread?.deviation).toBeLessThan(0.01)
  })
})
