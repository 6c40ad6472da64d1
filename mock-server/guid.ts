import type { Rng } from '../src/core/rng.ts'

const TWO_POW_32 = 4_294_967_296

/** The two hexadecimal digits of every byte. */
const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** 32 random hexadecimal digits in the 8-4-4-4-12 form of a GUID. */
export function drawGuid(rng: Rng): string {
  const [a, b, c, d] = [rng.int(TWO_POW_32), rng.int(TWO_POW_32), rng.int(TWO_POW_32), rng.int(TWO_POW_32)]
  return `${hex4(a >>> 16)}${hex4(a)}-${hex4(b >>> 16)}-${hex4(b)}-${hex4(c >>> 16)}-${hex4(c)}${hex4(d >>> 16)}${hex4(d)}`
}

/** The lower 16 bits. */
function hex4(bits: number): string {
  return HEX[(bits >>> 8) & 0xff]! + HEX[bits & 0xff]!
}
