import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { holm } from '../../src/stats/holm.ts'

test('multiplies the smallest by the number of tests, the next by one less, and never falls', () => {
  const adjusted = holm([0.01, 0.04, 0.03, 0.005])
  for (const [index, expected] of [0.03, 0.06, 0.06, 0.02].entries()) {
    expect(adjusted[index]).toBeCloseTo(expected, 12)
  }
  expect(holm([])).toEqual([])
  expect(holm([0.7, 0.9])).toEqual([1, 1])
})

/** Step down: reject the smallest while it is at most α over the number left. */
function rejectedStepByStep(pValues: readonly number[], alpha: number): Set<number> {
  const rejected = new Set<number>()
  const order = [...pValues.keys()].sort((a, b) => (pValues[a] ?? 0) - (pValues[b] ?? 0))
  for (const index of order) {
    if ((pValues[index] ?? 1) * (pValues.length - rejected.size) > alpha) break
    rejected.add(index)
  }
  return rejected
}

test('rejects what the step-down procedure rejects', () => {
  const p = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 0.001, 0.01, 0.5, 1))
  fc.assert(
    fc.property(fc.array(p, { maxLength: 8 }), fc.constantFrom(0.01, 0.05, 0.5), (pValues, alpha) => {
      const rejected = holm(pValues).flatMap((adjusted, index) => (adjusted <= alpha ? [index] : []))
      expect(new Set(rejected)).toEqual(rejectedStepByStep(pValues, alpha))
    }),
  )
})
