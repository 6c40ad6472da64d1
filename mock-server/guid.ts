import type { Rng } from '../src/core/rng.ts'

const TWO_POW_32 = 4_294_967_296

/** 32 random hexadecimal digits in the 8-4-4-4-12 form of a GUID. */
export function drawGuid(rng: Rng): string {
  const [a, b, c, d] = [hex8(rng), hex8(rng), hex8(rng), hex8(rng)]
  return `${a}-${b.slice(0, 4)}-${b.slice(4)}-${c.slice(0, 4)}-${c.slice(4)}${d}`
}

function hex8(rng: Rng): string {
  return rng.int(TWO_POW_32).toString(16).padStart(8, '0')
}
