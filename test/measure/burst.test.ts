import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BurstMeter } from '../../src/measure/burst.ts'
import type { NameCell } from '../../src/measure/snapshot.ts'
import type { BurstRow, PeakSummary } from '../../src/measure/summary.ts'

const WINDOWS_MS = [100, 1_000, 10_000, 60_000]
const NOTHING: PeakSummary = {
  peakRps: undefined,
  meanRps: undefined,
  peakToAverageRatio: undefined,
  dispersionRatio: undefined,
}

function bins(counts: readonly number[]): NameCell['bins'] {
  const zeros = counts.map(() => 0)
  return { offered: [...counts], sent: zeros, accepted: zeros }
}

/** Feeds seconds of ten bins; `undefined`: the name was not active. The last second may be cut. */
function measure(seconds: readonly (readonly number[] | undefined)[]): BurstRow[] {
  const meter = new BurstMeter()
  let bin = 0
  for (const second of seconds) {
    if (second !== undefined) meter.add(bin, bins(second), second.length)
    bin += second?.length ?? 10
  }
  meter.advanceTo(bin)
  return meter.rows('rank').filter(({ traffic }) => traffic === 'offered')
}

/** Windows cut from the whole series, textbook formulas. */
function slowly(counts: readonly number[], windowMs: number): PeakSummary {
  const size = windowMs / 100
  const windows = Array.from({ length: Math.floor(counts.length / size) }, (_, i) =>
    counts.slice(i * size, (i + 1) * size).reduce((sum, count) => sum + count, 0),
  )
  if (windows.length === 0) return NOTHING
  const mean = windows.reduce((sum, count) => sum + count, 0) / windows.length
  const variance = windows.reduce((sum, count) => sum + (count - mean) ** 2, 0) / windows.length
  const windowS = windowMs / 1_000
  return {
    peakRps: Math.max(...windows) / windowS,
    meanRps: mean / windowS,
    peakToAverageRatio: mean === 0 ? undefined : Math.max(...windows) / mean,
    dispersionRatio: mean === 0 ? undefined : variance / mean,
  }
}

describe('peak-to-average', () => {
  test('of even traffic is 1 with no dispersion, exactly', () => {
    const rows = measure(Array.from({ length: 120 }, () => Array.from({ length: 10 }, () => 7)))
    expect(rows).toEqual(
      WINDOWS_MS.map((windowMs) => ({
        name: 'rank',
        traffic: 'offered',
        windowMs,
        peakRps: 70,
        meanRps: 70,
        peakToAverageRatio: 1,
        dispersionRatio: 0,
      })),
    )
  })

  test('of one burst a second: 10 at 100 ms, 1 from a second on', () => {
    const rows = measure(Array.from({ length: 10 }, () => [50, 0, 0, 0, 0, 0, 0, 0, 0, 0]))
    expect(
      rows.map(({ windowMs, peakRps, peakToAverageRatio }) => [windowMs, peakRps, peakToAverageRatio]),
    ).toEqual([
      [100, 500, 10],
      [1_000, 50, 1],
      [10_000, 50, 1],
      [60_000, undefined, undefined],
    ])
    // Counts of 50 and nine zeros: mean 5, variance 225.
    expect(rows[0]?.dispersionRatio).toBe(45)
  })

  test('of a name that was never active is undefined, its rates are 0', () => {
    expect(measure([undefined, undefined])[1]).toMatchObject({
      peakRps: 0,
      meanRps: 0,
      peakToAverageRatio: undefined,
      dispersionRatio: undefined,
    })
  })

  test('counts whole windows only', () => {
    const rows = measure([
      [1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
      [9, 9],
    ])
    expect(rows.map(({ peakRps }) => peakRps)).toEqual([90, 10, undefined, undefined])
  })

  test('agrees with cutting the whole series into windows', () => {
    const second = fc.option(fc.array(fc.nat({ max: 50 }), { minLength: 10, maxLength: 10 }), {
      nil: undefined,
    })
    const cut = fc.array(fc.nat({ max: 50 }), { maxLength: 10 })
    fc.assert(
      fc.property(fc.array(second, { maxLength: 150 }), cut, (seconds, last) => {
        const counts = [...seconds, last].flatMap((one) => one ?? Array.from({ length: 10 }, () => 0))
        for (const { windowMs, peakRps, meanRps, peakToAverageRatio, dispersionRatio } of measure([
          ...seconds,
          last,
        ])) {
          const wanted = slowly(counts, windowMs)
          expect(peakRps).toBe(wanted.peakRps)
          expect(meanRps ?? -1).toBeCloseTo(wanted.meanRps ?? -1, 9)
          expect(peakToAverageRatio ?? -1).toBeCloseTo(wanted.peakToAverageRatio ?? -1, 9)
          expect(dispersionRatio ?? -1).toBeCloseTo(wanted.dispersionRatio ?? -1, 6)
        }
      }),
      { numRuns: 60 },
    )
  })
})
