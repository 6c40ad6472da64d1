import { expect, it } from 'vitest'
import { peakRateRps, type RatePiece } from '../../src/load/curve.ts'

const SECOND = 1_000_000

it.each<[string, number, readonly RatePiece[], number]>([
  ['a constant rate', SECOND, [{ durationUs: SECOND, fromRate: 50, toRate: 50 }], 50],
  ['a rate per minute', 60 * SECOND, [{ durationUs: SECOND, fromRate: 30, toRate: 30 }], 0.5],
  ['the end of a ramp', SECOND, [{ durationUs: SECOND, fromRate: 1, toRate: 9 }], 9],
  [
    'a peak between two ramps',
    SECOND,
    [
      { durationUs: SECOND, fromRate: 1, toRate: 70 },
      { durationUs: SECOND, fromRate: 70, toRate: 2 },
    ],
    70,
  ],
  ['no stage', SECOND, [], 0],
])('the highest rate of %s', (_story, timeUnitUs, pieces, expectedRps) => {
  expect(peakRateRps({ timeUnitUs, pieces })).toBe(expectedRps)
})
