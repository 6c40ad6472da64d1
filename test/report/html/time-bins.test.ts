import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SecondRow } from '../../../src/measure/summary.ts'
import { stretches } from '../../../src/report/html/stretches.ts'
import { timeBins } from '../../../src/report/html/time-bins.ts'
import { outcomeCounts, quantiles, SECOND } from '../../support/summary-fixture.ts'

function second(index: number, count: number): SecondRow {
  return {
    ...SECOND,
    second: index,
    offeredCount: count,
    outcomeCounts: outcomeCounts({ accepted: count }),
    responseTimeAccepted: quantiles(count, [count, count, count * 2, count * 3, count * 4, count * 5]),
    inflightMaxCount: count,
  }
}

const COUNTS = fc.array(fc.nat(1_000), { minLength: 1, maxLength: 400 })

describe('timeBins', () => {
  it('loses no request and keeps the highest of percentiles', () => {
    fc.assert(
      fc.property(COUNTS, fc.integer({ min: 1, max: 60 }), (counts, mostCount) => {
        const { bins, edges } = timeBins(
          counts.map((count, i) => second(i, count)),
          mostCount,
        )
        expect(bins.length).toBeLessThanOrEqual(mostCount)
        expect(edges).toEqual([...bins.map(({ startS }) => startS), counts.length])
        const offered = bins.reduce((sum, { offeredRps, lengthS }) => sum + offeredRps * lengthS, 0)
        expect(offered).toBeCloseTo(counts.reduce((sum, count) => sum + count, 0))
        for (const { startS, lengthS, p99Us, inflightMaxCount } of bins) {
          const most = Math.max(...counts.slice(startS, startS + lengthS))
          expect([p99Us, inflightMaxCount]).toEqual([most * 3, most])
        }
      }),
    )
  })

  it('has a bin a second where they fit', () => {
    expect(timeBins([second(0, 1), second(1, 2), second(2, 3)], 3)).toMatchObject({
      widthS: 1,
      edges: [0, 1, 2, 3],
    })
  })

  it('makes nothing of nothing', () => {
    expect(timeBins([], 10)).toMatchObject({ bins: [], edges: [0] })
  })

  it('has the mean of the caps that there are', () => {
    const rows = [10, undefined, 20].map((capRps, i) => ({ ...second(i, 1), capRps }))
    expect(timeBins(rows, 1).bins[0]?.capRps).toBe(15)
  })
})

describe('stretches', () => {
  it.each([
    [[], []],
    [[false, false], []],
    [[true], [[0, 1]]],
    [
      [true, true, false, true],
      [
        [0, 2],
        [3, 4],
      ],
    ],
  ])('of %j are %j', (flags, expected) => {
    expect(stretches(flags)).toEqual(expected)
  })
})
