import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatDuration, parseDurationUs } from '../../src/core/units.ts'

describe('parseDurationUs', () => {
  test.each<[value: string | number, us: number]>([
    ['0', 0],
    [0, 0],
    ['1us', 1],
    ['1µs', 1],
    ['1500ns', 2],
    ['300ms', 300_000],
    ['1.5s', 1_500_000],
    ['.5s', 500_000],
    ['1m', 60_000_000],
    ['1h30m', 5_400_000_000],
    ['1h1m1s1ms1us', 3_661_001_001],
    ['2d', 172_800_000_000],
    [' 10s ', 10_000_000],
    // A bare number is milliseconds, as in k6.
    ['1500', 1_500_000],
    [1500, 1_500_000],
    [0.5, 500],
  ])('%o is %d µs', (value, us) => {
    expect(parseDurationUs(value)).toBe(us)
  })

  test.each(['', ' ', 's', '-1s', '1x', '1s2', '1 s', 's1', '1e3s', 'NaN'])('%o is no duration', (text) => {
    expect(parseDurationUs(text)).toBeUndefined()
  })

  test.each([-1, Number.NaN, Infinity, 1e300])('the number %d is no duration', (value) => {
    expect(parseDurationUs(value)).toBeUndefined()
  })
})

describe('formatDuration', () => {
  test.each([
    [0, '0s'],
    [1, '1us'],
    [1_500, '1.5ms'],
    [1_500_000, '1.5s'],
    [60_000_000, '1m'],
    [90_000_000, '1m30s'],
    [3_600_000_000, '1h'],
    [3_661_000_001, '1h1m1.000001s'],
  ])('%d µs is %s', (us, text) => {
    expect(formatDuration(us)).toBe(text)
  })

  test('is read back to the same µs', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 * 86_400_000_000 }), (us) => {
        expect(parseDurationUs(formatDuration(us))).toBe(us)
      }),
    )
  })
})
