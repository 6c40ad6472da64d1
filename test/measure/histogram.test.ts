import * as fc from 'fast-check'
import { Int32Histogram, build } from 'hdr-histogram-js'
import { describe, expect, test } from 'vitest'
import { BucketCounts } from '../../src/measure/bucket-counts.ts'
import {
  HIGHEST_DURATION_US,
  HIGHEST_RETRY_AFTER_US,
  bucketHighUs,
  bucketIndex,
  bucketLowUs,
} from '../../src/measure/buckets.ts'
import { DurationHistogram } from '../../src/measure/histogram.ts'
import type { HistogramSnapshot } from '../../src/measure/snapshot.ts'

const HOUR = 3_600_000_000

/** Values of every magnitude, not mostly large ones. */
const duration = fc
  .tuple(fc.integer({ min: 0, max: 31 }), fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }))
  .map(([exponent, part]) => Math.min(Math.floor(2 ** exponent * (1 + part)) - 1, HOUR))
const durations = fc.array(duration, { maxLength: 200 })
const someDurations = fc.array(duration, { minLength: 1, maxLength: 200 })

function histogramOf(values: readonly number[]): DurationHistogram {
  const histogram = new DurationHistogram()
  for (const value of values) histogram.record(value)
  return histogram
}

function countsOf(values: readonly number[]): HistogramSnapshot {
  const counts = new BucketCounts(HIGHEST_DURATION_US)
  for (const value of values) counts.add(value)
  return counts.snapshot()
}

describe('BucketCounts', () => {
  test('has a count for each bucket that occurs, in their order', () => {
    const durationUs = fc.oneof(fc.nat(100), fc.nat(5_000), fc.nat(HOUR))
    const property = fc.property(fc.array(durationUs), (values) => {
      const expected = new Map<number, number>()
      for (const low of values.map((us) => bucketLowUs(bucketIndex(us))).toSorted((a, b) => a - b)) {
        expected.set(low, (expected.get(low) ?? 0) + 1)
      }
      const { lowUs, counts } = countsOf(values)
      expect(lowUs.map((low, i) => [low, counts[i]])).toEqual([...expected])
    })
    fc.assert(property)
  })
})

describe('buckets', () => {
  test.each([
    [0, 0, 0],
    [1, 1, 1],
    [2_047, 2_047, 2_047],
    [2_048, 2_048, 2_049],
    [4_095, 4_094, 4_095],
    [20_000, 20_000, 20_015],
    [1_000_000, 999_936, 1_000_447],
    [HOUR, 3_598_712_832, 3_600_809_983],
  ])('%d µs lies in %d … %d', (us, lowUs, highUs) => {
    expect([bucketLowUs(bucketIndex(us)), bucketHighUs(us)]).toEqual([lowUs, highUs])
  })

  test('are those of the HDR library, up to the longest Retry-After', () => {
    const reference = new Int32Histogram(1, HIGHEST_RETRY_AFTER_US, 3)
    fc.assert(
      fc.property(fc.oneof(duration, fc.integer({ min: 0, max: HIGHEST_RETRY_AFTER_US })), (us) => {
        expect(bucketIndex(us)).toBe(reference.countsArrayIndex(us))
        expect(bucketLowUs(bucketIndex(us))).toBe(reference.lowestEquivalentValue(us))
        expect(bucketHighUs(us)).toBe(reference.highestEquivalentValue(us))
      }),
    )
  })
})

describe('a histogram', () => {
  test('that is empty has no quantiles', () => {
    expect(new DurationHistogram().summary()).toEqual({ count: 0 })
    expect(new DurationHistogram().interpolatedUs(0.5)).toBeUndefined()
    expect(new DurationHistogram().snapshot()).toEqual({
      lowUs: [],
      counts: [],
      sumUs: 0,
      minUs: 0,
      maxUs: 0,
    })
  })

  test('of equal values is exact everywhere', () => {
    expect(histogramOf([20_000, 20_000, 20_000]).summary()).toEqual({
      count: 3,
      minUs: 20_000,
      meanUs: 20_000,
      p50Us: 20_000,
      p90Us: 20_000,
      p95Us: 20_000,
      p99Us: 20_000,
      p999Us: 20_000,
      maxUs: 20_000,
    })
  })

  test('of 1 … 1000 µs gives nearest ranks', () => {
    const histogram = histogramOf(Array.from({ length: 1_000 }, (_, i) => i + 1))
    expect(histogram.summary()).toMatchObject({ p50Us: 500, p90Us: 900, p95Us: 950, p99Us: 990, p999Us: 999 })
    expect([histogram.quantileUs(0), histogram.quantileUs(1)]).toEqual([1, 1_000])
  })

  test.each([
    // k6's own: rank 0.5 · 3 = 1.5 lies half way between 20 and 30.
    [0.5, 25],
    [0, 10],
    [1, 40],
    [0.9, 37],
  ])('interpolates as k6 does: %d of 10, 20, 30, 40 is %d', (quantile, us) => {
    expect(histogramOf([40, 10, 30, 20]).interpolatedUs(quantile)).toBeCloseTo(us, 9)
  })

  test('counts 0, and what is longer than an hour as an hour with an exact maximum and sum', () => {
    const histogram = histogramOf([0, 2 * HOUR])
    expect(histogram.summary()).toMatchObject({ count: 2, minUs: 0, maxUs: 2 * HOUR, meanUs: HOUR })
    expect(histogram.snapshot()).toMatchObject({ lowUs: [0, bucketLowUs(bucketIndex(HOUR))], counts: [1, 1] })
  })

  test.each([Number.NaN, -1, 0.5, Infinity])('refuses %d', (us) => {
    const histogram = new DurationHistogram()
    expect(() => histogram.record(us)).toThrow(RangeError)
    expect(histogram.count).toBe(0)
    expect(() => new BucketCounts(HOUR).add(us)).toThrow(RangeError)
  })

  test('forgets everything on reset', () => {
    const histogram = histogramOf([5, HOUR])
    histogram.reset()
    histogram.record(7)
    expect(histogram.snapshot()).toEqual(histogramOf([7]).snapshot())
    expect(histogram.summary()).toEqual(histogramOf([7]).summary())
  })

  test('has quantiles within 0.1 % above those of the sorted values', () => {
    const quantile = fc.constantFrom(0, 0.001, 0.5, 0.9, 0.95, 0.99, 0.999, 1)
    fc.assert(
      fc.property(someDurations, quantile, (values, q) => {
        const sorted = values.toSorted((a, b) => a - b)
        const exact = sorted[Math.max(Math.ceil(q * sorted.length - 1e-9), 1) - 1] ?? Number.NaN
        const seen = histogramOf(values).quantileUs(q) ?? Number.NaN
        expect(seen).toBeGreaterThanOrEqual(exact)
        expect(seen).toBeLessThanOrEqual(exact * 1.001)
      }),
    )
  })

  test('reports quantiles as the HDR library does, within its exact minimum and maximum', () => {
    fc.assert(
      fc.property(someDurations, fc.integer({ min: 0, max: 1_000 }), (values, permille) => {
        const reference = build({ numberOfSignificantValueDigits: 3 })
        for (const value of values) reference.recordValue(value)
        const wanted = Math.min(reference.getValueAtPercentile(permille / 10), Math.max(...values))
        const histogram = histogramOf(values)
        const isLowestRank = Math.ceil((permille / 1_000) * values.length - 1e-9) <= 1
        expect(histogram.quantileUs(permille / 1_000)).toBe(isLowestRank ? Math.min(...values) : wanted)
      }),
    )
  })
})

describe('merging', () => {
  test('cells of a second loses nothing against recording everything in one histogram', () => {
    fc.assert(
      fc.property(durations, durations, durations, (a, b, c) => {
        const merged = new DurationHistogram()
        for (const part of [a, b, c]) merged.merge(countsOf(part))
        const direct = histogramOf([...a, ...b, ...c])
        expect(merged.snapshot()).toEqual(direct.snapshot())
        expect(merged.summary()).toEqual(direct.summary())
      }),
    )
  })

  test('is the same in any grouping', () => {
    const merge = (...parts: readonly HistogramSnapshot[]): HistogramSnapshot => {
      const histogram = new DurationHistogram()
      for (const part of parts) histogram.merge(part)
      return histogram.snapshot()
    }
    fc.assert(
      fc.property(durations, durations, durations, (a, b, c) => {
        const [x, y, z] = [countsOf(a), countsOf(b), countsOf(c)]
        expect(merge(merge(x, y), z)).toEqual(merge(x, merge(y, z)))
        expect(merge(x, y)).toEqual(merge(y, x))
      }),
    )
  })

  test('counts as the HDR library does, however often and in whatever order', () => {
    const count = fc.oneof(fc.nat(5), fc.integer({ min: 2 ** 20, max: 2 ** 26 }))
    const entries = fc.array(fc.tuple(duration, count), { maxLength: 20 })
    fc.assert(
      fc.property(durations, entries, (recorded, merged) => {
        const reference = new Int32Histogram(1, HOUR, 3)
        for (const us of recorded) reference.recordValue(us)
        for (const [us, n] of merged) reference.recordValueWithCount(us, n)
        const oneByOne = histogramOf(recorded)
        for (const entry of merged) oneByOne.merge(snapshotOf([entry]))
        const together = histogramOf(recorded)
        together.merge(snapshotOf(merged))
        for (const histogram of [oneByOne, together]) {
          const { lowUs, counts } = histogram.snapshot()
          expect(histogram.count).toBe(reference.totalCount)
          expect(counts).toEqual(lowUs.map((us) => reference.getCountAtIndex(reference.countsArrayIndex(us))))
          expect(counts.reduce((sum, n) => sum + n, 0)).toBe(reference.totalCount)
        }
      }),
    )
  })

  test('grows to the longest Retry-After, and from what was small before', () => {
    const histogram = new DurationHistogram(HIGHEST_RETRY_AFTER_US)
    histogram.record(3)
    for (const us of [2_047, 2_048, 2_049, HOUR, HIGHEST_RETRY_AFTER_US, 5]) {
      histogram.merge(snapshotOf([[us, 2]]))
    }
    expect(histogram.snapshot()).toEqual({
      lowUs: [
        3,
        5,
        2_047,
        2_048,
        bucketLowUs(bucketIndex(HOUR)),
        bucketLowUs(bucketIndex(34_560_000_000_000)),
      ],
      counts: [1, 2, 2, 4, 2, 2],
      sumUs: 3 + 2 * (2_047 + 2_048 + 2_049 + HOUR + HIGHEST_RETRY_AFTER_US + 5),
      minUs: 3,
      maxUs: HIGHEST_RETRY_AFTER_US,
    })
    expect(histogram.quantileUs(0.5)).toBe(2_049)
  })

  test('goes on from nothing after a reset, and records after merging', () => {
    const histogram = new DurationHistogram()
    histogram.merge(countsOf([7, 5_000_000]))
    histogram.reset()
    histogram.merge(countsOf([9, 30_000]))
    histogram.record(40_000)
    expect(histogram.snapshot()).toEqual(histogramOf([9, 30_000, 40_000]).snapshot())
    expect(histogram.summary()).toEqual(histogramOf([9, 30_000, 40_000]).summary())
  })

  test('of nothing changes nothing', () => {
    const histogram = histogramOf([4, 6])
    histogram.merge(countsOf([]))
    expect(histogram.snapshot()).toEqual(histogramOf([4, 6]).snapshot())
  })
})

/** Of durations and how often there were, in the order given, which need not be sorted. */
function snapshotOf(entries: readonly (readonly [number, number])[]): HistogramSnapshot {
  const seen = entries.filter(([, count]) => count > 0).map(([us]) => us)
  return {
    lowUs: entries.map(([us]) => us),
    counts: entries.map(([, count]) => count),
    sumUs: entries.reduce((sum, [us, count]) => sum + us * count, 0),
    minUs: seen.length === 0 ? 0 : Math.min(...seen),
    maxUs: Math.max(0, ...seen),
  }
}
