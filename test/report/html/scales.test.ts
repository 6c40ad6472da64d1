import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bandScale } from '../../../src/report/html/svg/band-scale.ts'
import { linearScale, rangeScale } from '../../../src/report/html/svg/linear-scale.ts'
import { logScale } from '../../../src/report/html/svg/log-scale.ts'
import { ratioScale } from '../../../src/report/html/svg/ratio-scale.ts'
import type { Scale } from '../../../src/report/html/svg/scale.ts'
import { tailScale } from '../../../src/report/html/svg/tail-scale.ts'
import { timeScale } from '../../../src/report/html/svg/time-scale.ts'

const MOST = 12

function labels(scale: Scale, maxCount = MOST): string[] {
  return scale.ticks(maxCount).map(({ label }) => label)
}

/** Ticks stand in order, on the axis, at the values that they name, and no two look alike. */
function expectOrderly(scale: Scale, valueOf: (label: string) => number): void {
  const ticks = scale.ticks(MOST)
  expect(ticks.length).toBeGreaterThan(1)
  expect(new Set(ticks.map(({ label }) => label)).size).toBe(ticks.length)
  for (const [i, { at, label }] of ticks.entries()) {
    expect(at).toBeGreaterThan(ticks[i - 1]?.at ?? -1)
    expect(at).toBeLessThanOrEqual(1)
    expect(scale.at(valueOf(label))).toBeCloseTo(at, 5)
  }
}

const positive = fc.double({ min: 1e-3, max: 1e9, noNaN: true })
const exact = (value: number): string => String(Number(value.toPrecision(12)))

describe('linearScale', () => {
  it.each([
    [100, ['0', '50', '100']],
    [208, ['0', '100', '200', '300']],
    [1, ['0', '0.5', '1']],
    [0, ['0', '0.5', '1']],
    [37, ['0', '10', '20', '30', '40']],
  ])('up to %d', (max, expected) => {
    expect(labels(linearScale(max, exact))).toEqual(expected)
  })

  it('has whole numbers only when asked to', () => {
    expect(labels(linearScale(1, exact, true))).toEqual(['0', '1'])
    expect(labels(linearScale(3, exact, true))).toEqual(['0', '1', '2', '3'])
  })

  it('holds its largest value, without much room above', () => {
    fc.assert(
      fc.property(positive, (max) => {
        const scale = linearScale(max, exact)
        expectOrderly(scale, Number)
        expect(scale.at(max)).toBeGreaterThan(0.5)
        expect(scale.at(max)).toBeLessThanOrEqual(1)
        expect(scale.at(0)).toBe(0)
      }),
    )
  })
})

describe('rangeScale', () => {
  it('holds its ends', () => {
    fc.assert(
      fc.property(positive, positive, (a, b) => {
        const [min, max] = [Math.min(a, b), Math.max(a, b)]
        const scale = rangeScale(min, max, (value) => String(value))
        expect(scale.at(min)).toBeGreaterThanOrEqual(0)
        expect(scale.at(max)).toBeLessThanOrEqual(1)
        expect(scale.ticks(MOST).length).toBeLessThanOrEqual(5)
      }),
    )
  })

  it('puts a single value inside', () => {
    for (const value of [-3, 1, 0.25, 312]) {
      const at = rangeScale(value, value, exact).at(value)
      expect(at).toBeGreaterThan(0)
      expect(at).toBeLessThan(1)
    }
  })

  it('does not go below 0 where nothing does', () => {
    expect(rangeScale(0, 0, exact).at(0)).toBe(0)
    expect(rangeScale(0, 0, exact).ticks(5)[0]).toEqual({ at: 0, label: '0' })
  })
})

describe('logScale', () => {
  it.each([
    [12, 80, ['10', '20', '50', '100']],
    [20, 5_000, ['20', '50', '100', '200', '500', '1000', '2000', '5000', '10000']],
    [1, 5_000_000, ['1', '10', '100', '1000', '10000', '100000', '1000000', '10000000']],
    [7, 7, ['5', '10']],
    [10, 10, ['10', '20']],
  ])('from %d to %d', (min, max, expected) => {
    expect(labels(logScale(min, max, exact))).toEqual(expected)
  })

  it('holds both ends', () => {
    fc.assert(
      fc.property(positive, positive, (a, b) => {
        const [min, max] = [Math.min(a, b), Math.max(a, b)]
        const scale = logScale(min, max, exact)
        expectOrderly(scale, Number)
        expect(scale.at(min)).toBeLessThanOrEqual(scale.at(max))
        expect(scale.at(max)).toBeLessThanOrEqual(1)
      }),
    )
  })
})

describe('timeScale', () => {
  it.each([
    [3, ['00:00', '00:01', '00:02', '00:03']],
    [20, ['00:00', '00:02', '00:04', '00:06', '00:08', '00:10', '00:12', '00:14', '00:16', '00:18', '00:20']],
    [
      600,
      ['00:00', '01:00', '02:00', '03:00', '04:00', '05:00', '06:00', '07:00', '08:00', '09:00', '10:00'],
    ],
  ])('of %d s', (endS, expected) => {
    expect(labels(timeScale(endS))).toEqual(expected)
  })

  it('never has more ticks than asked for', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10_000_000 }),
        fc.integer({ min: 2, max: 20 }),
        (endS, maxCount) => {
          const ticks = timeScale(endS).ticks(maxCount)
          expect(ticks.length).toBeLessThanOrEqual(maxCount)
          expect(ticks[0]?.at).toBe(0)
        },
      ),
    )
  })
})

describe('bandScale', () => {
  it('labels the middle of each band', () => {
    expect(bandScale(['a', 'b']).ticks(MOST)).toEqual([
      { at: 0.25, label: 'a' },
      { at: 0.75, label: 'b' },
    ])
  })

  it('keeps the last label when there is no room for all', () => {
    expect(labels(bandScale(['a', 'b', 'c', 'd', 'e', 'f']), 3)).toEqual(['b', 'd', 'f'])
  })
})

describe('ratioScale', () => {
  it.each([
    [1, ['0.96', '0.98', '1', '1.02', '1.04']],
    [1.2, ['0.8', '0.9', '1', '1.1', '1.25']],
    [0.6, ['0.5', '0.7', '1', '1.4', '2']],
    [7, ['0.1', '0.3', '1', '3', '10']],
    [50, ['0.01', '0.1', '1', '10', '100']],
  ])('for %d at most', (most, expected) => {
    expect(labels(ratioScale(most, exact))).toEqual(expected)
  })

  it('holds a ratio and its inverse, as far from the middle on either side', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), (most) => {
        const scale = ratioScale(most, exact)
        expectOrderly(scale, Number)
        expect(scale.at(1)).toBe(0.5)
        expect(scale.at(most) + scale.at(1 / most)).toBeCloseTo(1)
        expect(scale.at(most * 0.999)).toBeLessThan(1)
      }),
    )
  })

  it('keeps the middle when there is no room for all', () => {
    expect(labels(ratioScale(2, exact), 3)).toEqual(['0.5', '1', '2'])
    expect(labels(ratioScale(2, exact), 2)).toEqual(['1'])
  })
})

describe('tailScale', () => {
  it('gives each further nine the same room', () => {
    const scale = tailScale(4)
    expect(labels(scale)).toEqual(['0', '50', '90', '99', '99.9', '99.99'])
    expect(labels(scale, 5)).toEqual(['0', '90', '99', '99.9', '99.99'])
    expect(labels(scale, 3)).toEqual(['0', '99', '99.99'])
    for (const [quantile, at] of [
      [0, 0],
      [0.5, 0.0753],
      [0.9, 0.25],
      [0.999, 0.75],
      [1, 1],
    ] as const) {
      expect(scale.at(quantile)).toBeCloseTo(at)
    }
  })
})
