import { describe, expect, it } from 'vitest'
import * as format from '../../src/report/format.ts'

describe('format', () => {
  it.each([
    [undefined, '-'],
    [0, '0 ms'],
    [4, '<0.01 ms'],
    [50, '0.05 ms'],
    [800, '0.8 ms'],
    [4_149, '4.1 ms'],
    [41_200, '41 ms'],
    [999_400, '999 ms'],
    [999_500, '1 s'],
    [4_649_000, '4.6 s'],
    [59_940_000, '59.9 s'],
    [59_950_000, '1m'],
    [125_000_000, '2m5s'],
    [3_600_000_000, '1h'],
  ])('duration of %s us is %s', (us, text) => {
    expect(format.duration(us)).toBe(text)
  })

  it.each([
    [undefined, '-'],
    [0, '0 %'],
    [0.0004, '<0.1 %'],
    [0.0005, '0.1 %'],
    [0.2561, '25.6 %'],
    [0.9994, '99.9 %'],
    [0.99999, '>99.9 %'],
    [1, '100 %'],
    [1.25, '125 %'],
  ])('%s as a share is %s', (ratio, text) => {
    expect(format.percent(ratio)).toBe(text)
  })

  it.each([
    [0, '0.0'],
    [64.04, '64.0'],
    [999.9, '999.9'],
    [1_234.5, '1,235'],
    [undefined, '-'],
  ])('rate of %s is %s', (rps, text) => {
    expect(format.rate(rps)).toBe(text)
  })

  it.each([
    [0, '00:00'],
    [72_999_999, '01:12'],
    [3_723_000_000, '1:02:03'],
    [360_000_000_000, '100:00:00'],
  ])('clock at %i us is %s', (us, text) => {
    expect(format.clock(us)).toBe(text)
  })

  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [999_949, '999.9 kB'],
    [999_950, '1 MB'],
    [11_345_678, '11.3 MB'],
    [5e15, '5,000 TB'],
  ])('%i bytes are %s', (value, text) => {
    expect(format.bytes(value)).toBe(text)
  })

  it.each([
    [0, '0'],
    [250.02, '250.02'],
    [1_234_567, '1,234,570'],
    [-0.25, '-0.25'],
    [1e-9, '1.00000e-9'],
    [3e300, '3.00000e+300'],
  ])('figure %s is %s', (value, text) => {
    expect(format.figure(value)).toBe(text)
  })

  it('shows ratios of traffic with two decimals', () => {
    expect(format.times(1.0781)).toBe('1.08 x')
    expect(format.times(undefined)).toBe('-')
  })

  it('shows what an imported run lacks as no figure', () => {
    const { bytes, count, percent, rate, times } = format
    expect([count(NaN), rate(NaN), percent(NaN), times(NaN), bytes(NaN)]).toEqual(['-', '-', '-', '-', '-'])
  })
})
