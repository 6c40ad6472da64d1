import { inflateSync } from 'node:zlib'
import * as fc from 'fast-check'
import {
  Int32Histogram,
  type JsHistogram,
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
} from 'hdr-histogram-js'
import { describe, expect, test } from 'vitest'
import { Rng } from '../../src/core/rng.ts'
import { BucketCounts } from '../../src/measure/bucket-counts.ts'
import { HIGHEST_DURATION_US, bucketIndex, bucketLowUs } from '../../src/measure/buckets.ts'
import { mergedHistogram } from '../../src/measure/merged-histogram.ts'
import type { SparseHistogram } from '../../src/measure/snapshot.ts'
import { compressedHistogram } from '../../src/run-files/compressed-histogram.ts'

const EMPTY: SparseHistogram = { lowUs: [], counts: [] }
const HIGHEST_INDEX = bucketIndex(HIGHEST_DURATION_US)
/** What a count of the library's histogram can hold. */
const MOST = 2 ** 32 - 1

/** Buckets next to each other, far apart, and at the ends of the range. */
const bucket = fc.oneof(
  fc.integer({ min: 0, max: HIGHEST_INDEX }),
  fc.integer({ min: 2_040, max: 2_060 }),
  fc.constantFrom(0, 1, 2_047, 2_048, 2_049, HIGHEST_INDEX),
)
/** Counts of every length that they may have in bytes. */
const count = fc.oneof(
  fc.integer({ min: 1, max: 200 }),
  fc.tuple(fc.integer({ min: 0, max: 28 }), fc.integer({ min: 1, max: 3 })).map(([bits, n]) => n * 2 ** bits),
)
const sparse = fc
  .uniqueArray(fc.tuple(bucket, count), { selector: ([index]) => index, maxLength: 100 })
  .map((entries) => histogramOf(entries))

function histogramOf(entries: readonly (readonly [number, number])[]): SparseHistogram {
  const sorted = entries.toSorted(([a], [b]) => a - b)
  return { lowUs: sorted.map(([index]) => bucketLowUs(index)), counts: sorted.map(([, n]) => n) }
}

/** The same counts in a histogram of the library's. */
function dense(...parts: readonly SparseHistogram[]): Int32Histogram {
  const histogram = new Int32Histogram(1, HIGHEST_DURATION_US, 3)
  for (const { lowUs, counts } of parts) {
    for (const [i, us] of lowUs.entries()) histogram.recordValueWithCount(us, counts[i] ?? 0)
  }
  return histogram
}

function decoded(base64: string): SparseHistogram {
  const histogram = decodeFromCompressedBase64(base64) as JsHistogram
  const lowUs: number[] = []
  const counts: number[] = []
  for (let index = 0; index < histogram.countsArrayLength; index++) {
    const n = histogram.getCountAtIndex(index)
    if (n === 0) continue
    lowUs.push(histogram.valueFromIndex(index))
    counts.push(n)
  }
  return { lowUs, counts }
}

/** Cookie, whether the length is right, and the bytes before compression. */
function parts(base64: string): { cookie: number; isWhole: boolean; bytes: Buffer } {
  const framed = Buffer.from(base64, 'base64')
  const isWhole = framed.readInt32BE(4) === framed.length - 8
  return { cookie: framed.readInt32BE(0), isWhole, bytes: inflateSync(framed.subarray(8)) }
}

describe('a compressed histogram', () => {
  test.each<[string, SparseHistogram]>([
    ['nothing', EMPTY],
    ['0', { lowUs: [0], counts: [1] }],
    ['1', { lowUs: [1], counts: [1] }],
    ['2, after a single empty bucket', { lowUs: [0, 2], counts: [1, 1] }],
    ['3, after two empty ones', { lowUs: [0, 3], counts: [1, 1] }],
    ['2047, 2048 and 2050', { lowUs: [2_047, 2_048, 2_050], counts: [1, 2, 3] }],
    ['the longest', { lowUs: [bucketLowUs(HIGHEST_INDEX)], counts: [1] }],
    ['63 and 64 times', { lowUs: [5, 6], counts: [63, 64] }],
    ['2^13 - 1 and 2^13 times', { lowUs: [5, 6], counts: [2 ** 13 - 1, 2 ** 13] }],
    ['2^28 times', { lowUs: [1_000, 40_000], counts: [2 ** 28, 2 ** 28 + 1] }],
    ['as often as can be', { lowUs: [0, 40_000], counts: [MOST, MOST - 1] }],
  ])('of %s is the library’s own before compression', (_, histogram) => {
    const own = parts(compressedHistogram(histogram))
    expect(own).toEqual(parts(encodeIntoCompressedBase64(dense(histogram))))
    expect(own.isWhole).toBe(true)
  })

  test('is the library’s own before compression, whatever it holds', () => {
    fc.assert(
      fc.property(sparse, (histogram) => {
        expect(parts(compressedHistogram(histogram))).toEqual(
          parts(encodeIntoCompressedBase64(dense(histogram))),
        )
      }),
    )
  })

  test('is decoded to exactly what it was made of', () => {
    fc.assert(
      fc.property(sparse, (histogram) => {
        expect(decoded(compressedHistogram(histogram))).toEqual(histogram)
      }),
    )
  })

  test('of every bucket there is comes back whole', () => {
    const all = histogramOf(
      Array.from({ length: HIGHEST_INDEX + 1 }, (_, index) => [index, 1 + (index % 300)]),
    )
    expect(decoded(compressedHistogram(all))).toEqual(all)
  })

  test.each([10, 400, 20_000])('of %d response times is about as long as the library’s', (requestCount) => {
    const rng = new Rng(requestCount)
    const times = new BucketCounts(HIGHEST_DURATION_US)
    for (let i = 0; i < requestCount; i++) times.add(Math.floor(20_000 * (1 - Math.log(1 - rng.next()))))
    const histogram = times.snapshot()
    const libraryLength = encodeIntoCompressedBase64(dense(histogram)).length
    expect(compressedHistogram(histogram).length / libraryLength).toBeLessThan(1.1)
  })

  test.each([
    ['not sorted', { lowUs: [9, 5], counts: [1, 1] }],
    ['in one bucket twice', { lowUs: [4_096, 4_097], counts: [1, 1] }],
    ['longer than the longest', { lowUs: [2 * HIGHEST_DURATION_US], counts: [1] }],
  ])('is refused when values are %s', (_, histogram) => {
    expect(() => compressedHistogram(histogram)).toThrow(RangeError)
  })
})

describe('several histograms merged', () => {
  test('are what one histogram of the library’s makes of all', () => {
    fc.assert(
      fc.property(fc.array(sparse, { maxLength: 4 }), (histograms) => {
        const own = compressedHistogram(mergedHistogram(histograms))
        expect(parts(own)).toEqual(parts(encodeIntoCompressedBase64(dense(...histograms))))
      }),
    )
  })
})
