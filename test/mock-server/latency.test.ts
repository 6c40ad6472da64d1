import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createLatency, formatLatency, type LatencyConfig, parseLatency } from '../../mock-server/latency.ts'
import { Rng } from '../../src/core/rng.ts'

function draw(config: LatencyConfig, count: number): number[] {
  const next = createLatency(config, new Rng(7))
  return Array.from({ length: count }, next).sort((a, b) => a - b)
}

describe('drawing', () => {
  test('fixed is fixed', () => {
    expect(new Set(draw({ kind: 'fixed', us: 20_000 }, 10))).toEqual(new Set([20_000]))
  })

  test('uniform reaches both ends and is flat between them', () => {
    const draws = draw({ kind: 'uniform', lowUs: 10, highUs: 14 }, 10_000)
    for (const us of [10, 11, 12, 13, 14]) {
      const share = draws.filter((one) => one === us).length / draws.length
      expect(Math.abs(share - 0.2)).toBeLessThan(0.02)
    }
    expect([draws[0], draws.at(-1)]).toEqual([10, 14])
  })

  test('lognormal has the median and the p99 asked for, in whole µs', () => {
    const draws = draw({ kind: 'lognormal', medianUs: 20_000, p99Us: 80_000 }, 40_000)
    expect(Math.abs(draws[20_000]! / 20_000 - 1)).toBeLessThan(0.02)
    expect(Math.abs(draws[39_600]! / 80_000 - 1)).toBeLessThan(0.05)
    expect(draws.every(Number.isInteger)).toBe(true)
  })

  test('normal has the mean and the spread asked for where 0 is far', () => {
    const draws = draw({ kind: 'normal', meanUs: 20_000, sdUs: 3_000 }, 40_000)
    // Quantiles 0.5 and 0.8413 of a normal distribution are its mean and one standard deviation above.
    expect(Math.abs(draws[20_000]! - 20_000)).toBeLessThan(100)
    expect(Math.abs(draws[33_652]! - 23_000)).toBeLessThan(100)
    expect(draws.every(Number.isInteger)).toBe(true)
  })

  test('normal near 0 is cut there and not heaped up', () => {
    const draws = draw({ kind: 'normal', meanUs: 0, sdUs: 10_000 }, 40_000)
    expect(draws[0]).toBeGreaterThanOrEqual(0)
    expect(draws.filter((us) => us === 0).length).toBeLessThan(20)
    // The median of the half-normal distribution.
    expect(Math.abs(draws[20_000]! - 6_745)).toBeLessThan(150)
  })

  const quantiles: LatencyConfig = {
    kind: 'quantiles',
    points: [
      { percent: 10, us: 1_000 },
      { percent: 50, us: 5_000 },
      { percent: 90, us: 45_000 },
    ],
  }

  test('quantiles are met, straight between and flat outside', () => {
    const draws = draw(quantiles, 40_000)
    const expected: readonly (readonly [us: number, percent: number])[] = [
      [999, 0],
      [1_000, 10],
      [3_000, 30],
      [5_000, 50],
      [25_000, 70],
      [44_990, 90],
      [45_000, 100],
    ]
    for (const [us, percent] of expected) {
      const share = draws.filter((one) => one <= us).length / draws.length
      expect(Math.abs(share * 100 - percent)).toBeLessThan(1)
    }
  })

  test('every draw from quantiles lies between the first and the last, whatever they are', () => {
    const rising = fc
      .array(fc.record({ percent: fc.integer({ min: 0, max: 100 }), us: fc.integer({ min: 0, max: 1e9 }) }), {
        minLength: 2,
        maxLength: 8,
      })
      .map((points) => ({
        percents: [...new Set(points.map(({ percent }) => percent))].sort((a, b) => a - b),
        us: points.map(({ us }) => us).sort((a, b) => a - b),
      }))
      .filter(({ percents }) => percents.length >= 2)
    fc.assert(
      fc.property(rising, fc.integer(), ({ percents, us }, seed) => {
        const points = percents.map((percent, index) => ({ percent, us: us[index]! }))
        const next = createLatency({ kind: 'quantiles', points }, new Rng(seed))
        for (let i = 0; i < 20; i++) {
          const drawnUs = next()
          expect(Number.isInteger(drawnUs)).toBe(true)
          expect(drawnUs).toBeGreaterThanOrEqual(points[0]!.us)
          expect(drawnUs).toBeLessThanOrEqual(points.at(-1)!.us)
        }
      }),
      { numRuns: 50 },
    )
  })

  test('values are drawn as they are, each as often as the others', () => {
    const draws = draw({ kind: 'values', path: 'x.csv', valuesUs: [9, 1, 1, 500] }, 40_000)
    const share = (us: number): number => draws.filter((one) => one === us).length / draws.length
    expect(Math.abs(share(1) - 0.5)).toBeLessThan(0.01)
    expect(Math.abs(share(9) - 0.25)).toBeLessThan(0.01)
    expect(Math.abs(share(500) - 0.25)).toBeLessThan(0.01)
  })

  test('a file that has not been read gives nothing', () => {
    expect(() => createLatency({ kind: 'file', path: 'x.csv' }, new Rng(1))).toThrow(
      'x.csv has not been read',
    )
  })

  test('a tail without end is cut at an hour', () => {
    const draws = draw({ kind: 'lognormal', medianUs: 1, p99Us: 3_600_000_000 }, 1_000)
    expect(draws.at(-1)).toBe(3_600_000_000)
  })

  test('the same seed draws the same', () => {
    const config: LatencyConfig = { kind: 'lognormal', medianUs: 20_000, p99Us: 80_000 }
    expect(draw(config, 50)).toEqual(draw(config, 50))
  })
})

describe('text', () => {
  test.each<[string, LatencyConfig]>([
    ['20ms', { kind: 'fixed', us: 20_000 }],
    ['0s', { kind: 'fixed', us: 0 }],
    ['uniform:5ms:15ms', { kind: 'uniform', lowUs: 5_000, highUs: 15_000 }],
    ['normal:20ms:5ms', { kind: 'normal', meanUs: 20_000, sdUs: 5_000 }],
    ['lognormal:20ms:80ms', { kind: 'lognormal', medianUs: 20_000, p99Us: 80_000 }],
    [
      'quantiles:p0=1ms:p50=20ms:p99.9=1.5s',
      {
        kind: 'quantiles',
        points: [
          { percent: 0, us: 1_000 },
          { percent: 50, us: 20_000 },
          { percent: 99.9, us: 1_500_000 },
        ],
      },
    ],
    ['file:C:\\rank.csv', { kind: 'file', path: 'C:\\rank.csv' }],
  ])('%s is read and written back', (text, config) => {
    expect(parseLatency(text)).toEqual(config)
    expect(formatLatency(config)).toBe(text)
  })

  test.each([
    ['fast', /"fast" is no latency/],
    ['', /is no latency/],
    ['2h', /at most 1h/],
    ['uniform:5ms', /is no latency/],
    ['uniform:5ms:x', /is no latency/],
    ['pareto:5ms:15ms', /is no latency/],
    ['lognormal:1ms:2ms:3ms', /is no latency/],
    ['normal:5ms', /is no latency/],
    ['file:', /needs a name/],
    ['quantiles:p50=20ms', /two or more percentiles/],
    ['quantiles:p50=20ms:p101=30ms', /two or more percentiles/],
    ['quantiles:p50=20ms:q99=30ms', /two or more percentiles/],
    ['quantiles:p50=20ms:p99', /two or more percentiles/],
    ['quantiles:p50=20ms:p99=2h', /two or more percentiles/],
    ['quantiles:p50=20ms:p50=30ms', /must rise; p50 does not/],
    ['quantiles:p50=20ms:p90=10ms', /must rise; p90 does not/],
    ['uniform:15ms:5ms', /the upper end 5ms is below 15ms/],
    ['lognormal:80ms:20ms', /p99 20ms is below the median 80ms/],
    ['lognormal:0s:20ms', /median above 0/],
  ])('%j is refused', (text, fault) => {
    expect(parseLatency(text)).toMatch(fault)
  })
})
