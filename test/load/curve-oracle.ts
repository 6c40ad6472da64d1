import type { RateCurve } from '../../src/load/arrivals.ts'

/** Twice the planned number of arrivals up to whole µs `timeUs`, as a fraction; slow and exact. */
function doubledArea(curve: RateCurve, timeUs: bigint): { numerator: bigint; denominator: bigint } {
  let numerator = 0n
  let denominator = 1n
  let startUs = 0n
  for (const { durationUs, fromRate, toRate } of curve.pieces) {
    const duration = BigInt(durationUs)
    const inside = timeUs - startUs < duration ? timeUs - startUs : duration
    if (inside > 0n) {
      // 2·(a·x + (b − a)·x²/2D)/U = (2·a·D·x + (b − a)·x²) / (D·U)
      const top = 2n * BigInt(fromRate) * duration * inside + BigInt(toRate - fromRate) * inside * inside
      const bottom = duration * BigInt(curve.timeUnitUs)
      numerator = numerator * bottom + top * denominator
      denominator *= bottom
    }
    startUs += duration
  }
  return { numerator, denominator }
}

/** Whether more than `count` arrivals are planned before `timeUs`. */
function exceeds(curve: RateCurve, timeUs: bigint, count: bigint): boolean {
  const { numerator, denominator } = doubledArea(curve, timeUs)
  return numerator > 2n * count * denominator
}

/** Total length in µs. */
export function lengthUs(curve: RateCurve): number {
  return curve.pieces.reduce((sum, piece) => sum + piece.durationUs, 0)
}

/** Due time of arrival `index` by bisection over whole µs, or `undefined` when it is not planned. */
export function slowDueUs(curve: RateCurve, index: number): number | undefined {
  const count = BigInt(index)
  let high = BigInt(lengthUs(curve))
  if (!exceeds(curve, high, count)) return undefined
  let low = 0n
  // The area at `low` does not exceed the count, the area at `high` does.
  while (high - low > 1n) {
    const middle = (low + high) / 2n
    if (exceeds(curve, middle, count)) high = middle
    else low = middle
  }
  return Number(low)
}
