import type { Rng } from '../src/core/rng.ts'

const TWO_POW_32 = 4_294_967_296

const DIGITS = Buffer.from('0123456789abcdef')
/** Where each group of four digits stands in a GUID. */
const GROUPS = [0, 4, 9, 14, 19, 24, 28, 32] as const
/** Written anew for each GUID: pieces joined as strings would be a rope, which costs more to make and to send. */
const text = Buffer.alloc(36, '-')

/** 32 random hexadecimal digits in the 8-4-4-4-12 form of a GUID. */
export function drawGuid(rng: Rng): string {
  for (let group = 0; group < GROUPS.length; group += 2) {
    const bits = rng.int(TWO_POW_32)
    writeGroup(GROUPS[group]!, bits >>> 16)
    writeGroup(GROUPS[group + 1]!, bits)
  }
  return text.toString('latin1')
}

/** The lower 16 bits. */
function writeGroup(at: number, bits: number): void {
  text[at] = DIGITS[(bits >>> 12) & 0xf]!
  text[at + 1] = DIGITS[(bits >>> 8) & 0xf]!
  text[at + 2] = DIGITS[(bits >>> 4) & 0xf]!
  text[at + 3] = DIGITS[bits & 0xf]!
}
