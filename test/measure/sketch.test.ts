import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { QuantileSketch } from '../../src/measure/sketch.ts'

function sketchOf(values: readonly number[]): QuantileSketch {
  const sketch = new QuantileSketch()
  for (const value of values) sketch.add(value)
  return sketch
}

/** k6's percentile over all samples, exact. */
function exactQuantile(values: readonly number[], quantile: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const rank = quantile * (sorted.length - 1)
  const lower = sorted[Math.floor(rank)] ?? Number.NaN
  const upper = sorted[Math.ceil(rank)] ?? Number.NaN
  return lower + (upper - lower) * (rank - Math.floor(rank))
}

const value = fc.oneof(
  fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((x) => (Math.abs(x) < 1e-3 ? 0 : x)),
  fc.integer({ min: -20, max: 20 }),
)
const values = fc.array(value, { maxLength: 100 })
const someValues = fc.array(value, { minLength: 1, maxLength: 100 })

describe('a sketch', () => {
  test('that is empty shows nothing', () => {
    const sketch = new QuantileSketch()
    expect([sketch.min, sketch.max, sketch.interpolated(0.5)]).toEqual([undefined, undefined, undefined])
    expect([sketch.count, sketch.sum]).toEqual([0, 0])
  })

  test('knows negative numbers, zero and fractions', () => {
    const sketch = sketchOf([-10, -1, 0, 0.5, 100])
    expect([sketch.count, sketch.sum, sketch.min, sketch.max]).toEqual([5, 89.5, -10, 100])
    expect(sketch.interpolated(0.5)).toBe(0)
    expect(Math.abs((sketch.interpolated(0.25) ?? 0) + 1)).toBeLessThan(0.00101)
    expect(Math.abs((sketch.interpolated(0.75) ?? 0) - 0.5)).toBeLessThan(0.00051)
  })

  test('of two values has its median between them, as k6', () => {
    expect(sketchOf([1, 2]).interpolated(0.5)).toBe(1.5)
  })

  test.each([Number.NaN, Infinity, -Infinity])('refuses %d', (bad) => {
    const sketch = new QuantileSketch()
    expect(() => sketch.add(bad)).toThrow(RangeError)
    expect(sketch.count).toBe(0)
  })

  test('stays bounded and right at the top when values span every magnitude there is', () => {
    const wide = Array.from({ length: 601 }, (_, i) => 10 ** (i - 300))
    const sketch = sketchOf(wide)
    const { positive } = sketch.snapshot()
    expect(positive.keys.length).toBeLessThan(601)
    expect(Math.abs((sketch.interpolated(0.99) ?? 0) / 1e294 - 1)).toBeLessThan(0.00101)
    expect([sketch.min, sketch.max]).toEqual([wide[0], wide[600]])
  })

  test('has quantiles within 0.1 % of those of the sorted values', () => {
    fc.assert(
      fc.property(someValues, fc.constantFrom(0, 0.05, 0.5, 0.9, 0.95, 1), (sample, quantile) => {
        const exact = exactQuantile(sample, quantile)
        const seen = sketchOf(sample).interpolated(quantile) ?? Number.NaN
        // Between two values of different sign the error is that of the larger one.
        const magnitude = Math.max(...sample.map(Math.abs))
        const isBetween = !sample.includes(exact)
        expect(Math.abs(seen - exact)).toBeLessThanOrEqual(
          0.00101 * (isBetween ? magnitude : Math.abs(exact)),
        )
      }),
    )
  })

  test('merges without loss, negative values too, in any grouping', () => {
    const merged = (...sketches: readonly QuantileSketch[]): QuantileSketch => {
      const sum = new QuantileSketch()
      for (const sketch of sketches) sum.merge(sketch.snapshot())
      return sum
    }
    fc.assert(
      fc.property(values, values, values, (a, b, c) => {
        const direct = sketchOf([...a, ...b, ...c]).snapshot()
        const [x, y, z] = [sketchOf(a), sketchOf(b), sketchOf(c)]
        for (const { sum, ...grouping } of [merged(merged(x, y), z), merged(x, merged(y, z))].map((s) =>
          s.snapshot(),
        )) {
          const { sum: directSum, ...rest } = direct
          expect(grouping).toEqual(rest)
          // Sums of doubles depend on their order in the last places.
          expect(Math.abs(sum - directSum)).toBeLessThanOrEqual(1e-6)
        }
      }),
    )
  })
})
