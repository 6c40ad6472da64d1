import { constants, deflateSync } from 'node:zlib'
import { doAll, type Steps } from '../core/steps.ts'
import { HIGHEST_DURATION_US, bucketIndex } from '../measure/buckets.ts'
import type { SparseHistogram } from '../measure/snapshot.ts'

/**
 * Histograms as the lines of a histogram log hold them, straight from their buckets. The library's encoder wants a
 * histogram of 98 KB filled first, and compresses with a state of 268 KB, all for some 200 numbers. Once a second, for
 * two names with accepted and throttled replies, that takes 1.1 ms (14 ms the first time) where this takes 0.5 (3);
 * and what it allocates outside of the heap brings on six times as many collections of the heap.
 *
 * Before compression: cookie, length of what follows the header, an offset and the significant digits; as 64-bit
 * integers lowest value, highest value and a ratio; then the counts of all buckets from that of 0 to the highest that
 * holds something, several zeros in a row as one negative number.
 *
 * Source of the format: https://github.com/HdrHistogram/HdrHistogram, AbstractHistogram.encodeIntoByteBuffer, V2.
 */

const COOKIE = 0x1c849313
const COMPRESSED_COOKIE = 0x1c849314
const FRAME_BYTES = 8

const HEADER = headerBytes()
const LENGTH_AT = 4

/** Offset and ratio, which mean something to histograms of fractions only, are what the library writes. */
function headerBytes(): Buffer {
  const header = Buffer.alloc(40)
  header.writeInt32BE(COOKIE, 0)
  header.writeInt32BE(1, 8)
  header.writeInt32BE(3, 12)
  header.writeBigInt64BE(1n, 16)
  header.writeBigInt64BE(BigInt(HIGHEST_DURATION_US), 24)
  header.writeBigInt64BE(1n, 32)
  return header
}

/** A run of zeros in up to three bytes, a count below 2⁵³ in up to eight. */
const MOST_BYTES_PER_BUCKET = 11

const HIGHEST_INDEX = bucketIndex(HIGHEST_DURATION_US)

/**
 * Measured counts hardly repeat: to look for what does takes longer and compresses no better. The state takes 12 KB
 * (2¹² bytes by the window, 2¹³ by the memory level), the output 1 KB at a time.
 */
const COMPRESSION = { strategy: constants.Z_HUFFMAN_ONLY, windowBits: 10, memLevel: 4, chunkSize: 1_024 }

/**
 * The histogram as base64 text.
 *
 * @throws RangeError when buckets are out of order, come twice or lie above `HIGHEST_DURATION_US`
 */
export function compressedHistogram(histogram: SparseHistogram): string {
  return doAll(compressHistogramInSteps(histogram))
}

/** The same in steps. */
export function* compressHistogramInSteps(histogram: SparseHistogram): Steps<string> {
  const bytes = encoded(histogram)
  yield
  const compressed = deflateSync(bytes, COMPRESSION)
  yield
  const framed = Buffer.allocUnsafe(FRAME_BYTES + compressed.length)
  framed.writeInt32BE(COMPRESSED_COOKIE, 0)
  framed.writeInt32BE(compressed.length, LENGTH_AT)
  framed.set(compressed, FRAME_BYTES)
  return framed.toString('base64')
}

function encoded(histogram: SparseHistogram): Buffer {
  const bytes = Buffer.allocUnsafe(HEADER.length + MOST_BYTES_PER_BUCKET * (histogram.lowUs.length + 1))
  bytes.set(HEADER)
  const end = putCounts(bytes, HEADER.length, histogram)
  bytes.writeInt32BE(end - HEADER.length, LENGTH_AT)
  return bytes.subarray(0, end)
}

/** @returns where the counts, which start at `start`, end */
function putCounts(bytes: Buffer, start: number, { lowUs, counts }: SparseHistogram): number {
  // An empty histogram has the bucket of 0.
  if (lowUs.length === 0) return putZeros(bytes, start, 1)
  let at = start
  let next = 0
  for (let i = 0; i < lowUs.length; i++) {
    const index = bucketIndex(lowUs[i] ?? 0)
    if (index < next || index > HIGHEST_INDEX) throw new RangeError(`no place for a bucket at ${lowUs[i]} µs`)
    if (index > next) at = putZeros(bytes, at, index - next)
    at = putNumber(bytes, at, 2 * (counts[i] ?? 0))
    next = index + 1
  }
  return at
}

/** Zigzag: n stands as 2n, −n as 2n − 1. One zero stands as it is. */
function putZeros(bytes: Buffer, at: number, count: number): number {
  return putNumber(bytes, at, count === 1 ? 0 : 2 * count - 1)
}

/** LEB128: seven bits a byte, the lowest first; `value` an integer in [0, 2⁵⁶). @returns where the number ends */
function putNumber(bytes: Buffer, at: number, value: number): number {
  let end = at
  let rest = value
  while (rest >= 0x80) {
    bytes[end++] = (rest % 0x80) | 0x80
    rest = Math.floor(rest / 0x80)
  }
  bytes[end++] = rest
  return end
}
