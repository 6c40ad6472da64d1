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
    ['lognormal:20ms:80ms', { kind: 'lognormal', medianUs: 20_000, p99Us: 80_000 }],
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
    ['uniform:15ms:5ms', /the upper end 5ms is below 15ms/],
    ['lognormal:80ms:20ms', /p99 20ms is below the median 80ms/],
    ['lognormal:0s:20ms', /median above 0/],
  ])('%j is refused', (text, fault) => {
    expect(parseLatency(text)).toMatch(fault)
  })
})
