import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { heatGrid } from '../../../src/report/html/heat-grid.ts'
import { bandedLatency } from '../../../src/report/html/latency-bands.ts'
import { NO_DURATION, quantiles, SECOND } from '../../support/summary-fixture.ts'

const US = fc.integer({ min: 0, max: 3_600_000_000 })
const SPANS = fc.array(fc.record({ startS: fc.nat(99), us: fc.array(US, { minLength: 1, maxLength: 20 }) }), {
  minLength: 1,
  maxLength: 30,
})

describe('heatGrid', () => {
  it('puts every reply into a cell of its time', () => {
    fc.assert(
      fc.property(SPANS, (given) => {
        const spans = given.map(({ startS, us }) => ({
          startS,
          lengthS: 1,
          histogram: { lowUs: us.toSorted((a, b) => a - b), counts: us.map(() => 2) },
        }))
        const grid = heatGrid(spans, 10, 10)
        expect(grid?.rowCount).toBeLessThanOrEqual(64)
        for (let column = 0; column < 10; column++) {
          const inColumn = grid?.counts.filter((_, i) => i % 10 === column).reduce((a, b) => a + b, 0)
          const expected = given
            .filter(({ startS }) => Math.floor(startS / 10) === column)
            .reduce((sum, { us }) => sum + 2 * us.length, 0)
          expect(inColumn).toBe(expected)
        }
      }),
    )
  })

  it('has rows 19 % apart that begin at the shortest time', () => {
    const grid = heatGrid(
      [{ startS: 0, lengthS: 1, histogram: { lowUs: [1_000, 1_200], counts: [1, 5] } }],
      1,
      1,
    )
    expect(grid?.rowRatio).toBeCloseTo(2 ** 0.25)
    expect(grid?.lowestUs).toBeLessThanOrEqual(1_000)
    expect([...(grid?.counts ?? [])]).toEqual([1, 5])
  })

  it('is none without a reply', () => {
    expect(heatGrid([{ startS: 0, lengthS: 1, histogram: { lowUs: [], counts: [] } }], 1, 1)).toBeUndefined()
  })
})

describe('bandedLatency', () => {
  it('has as many replies as the second, half of them up to p50', () => {
    const responseTimeAccepted = quantiles(200, [40_000, 60_000, 80_000, 120_000, 130_000, 150_000])
    const [span] = bandedLatency([{ ...SECOND, responseTimeAccepted }], 10_000)
    const { lowUs = [], counts = [] } = span?.histogram ?? {}
    const countOf = (from: number, to: number): number =>
      counts.reduce(
        (sum, count, i) => ((lowUs[i] ?? 0) > from && (lowUs[i] ?? 0) <= to ? sum + count : sum),
        0,
      )
    expect(countOf(10_000, 40_000)).toBeCloseTo(100)
    expect(countOf(40_000, 80_000)).toBeCloseTo(90)
    expect(countOf(0, 150_000)).toBeCloseTo(200)
  })

  it('has nothing of seconds without an accepted reply', () => {
    expect(bandedLatency([{ ...SECOND, responseTimeAccepted: NO_DURATION }], 10)).toEqual([])
  })
})
