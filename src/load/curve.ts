/** A planned rate over time, and the exact inverse of its integral. */

import { US_PER_S } from '../core/units.ts'

/** A stretch in which the rate moves in a straight line. A duration of 0 µs is a jump and plans nothing. */
export interface RatePiece {
  /** Integer µs. */
  readonly durationUs: number
  /** Whole iterations per `timeUnitUs` of the curve, at the start and at the end of the piece. */
  readonly fromRate: number
  readonly toRate: number
}

/** Pieces follow each other without a gap; a constant rate is one piece. */
export interface RateCurve {
  /** Integer µs, at least 1. */
  readonly timeUnitUs: number
  readonly pieces: readonly RatePiece[]
}

/** The highest rate that is planned, iterations per second. */
export function peakRateRps({ timeUnitUs, pieces }: RateCurve): number {
  const highest = pieces.reduce((most, { fromRate, toRate }) => Math.max(most, fromRate, toRate), 0)
  return (highest * US_PER_S) / timeUnitUs
}

/**
 * A piece and the arrivals that fall into it.
 *
 * Areas are counted in half steps: one arrival is `2 · timeUnitUs` of them, so that the area of every
 * piece, `(fromRate + toRate) · durationUs`, is whole and nothing is ever rounded.
 *
 *     rate                 area of arrival m of the piece, in half steps, from the piece's start:
 *     toRate  ┤      ╱       firstArea + m · stepArea
 *             │    ╱ ▒     and from its end, which is where a falling rate must be counted from:
 *     fromRate┤  ╱   ▒       lastArea + (arrivalCount − 1 − m) · stepArea
 *             └──┴───┴── t
 */
export interface CountedPiece extends RatePiece {
  readonly startUs: number
  /** At least 1: pieces without arrivals are left out. */
  readonly arrivalCount: number
  /** In [0, stepArea). */
  readonly firstArea: number
  /** In (0, stepArea]. */
  readonly lastArea: number
  /** `2 · timeUnitUs`. */
  readonly stepArea: number
}

function assertWhole(value: number, what: string, least: number): void {
  if (!Number.isSafeInteger(value) || value < least) {
    throw new RangeError(`${what} must be a whole number of at least ${least}, not ${value}`)
  }
}

/** @throws RangeError when a duration, a rate or the time unit is negative, fractional or not finite. */
export function assertCurve(curve: RateCurve): void {
  assertWhole(curve.timeUnitUs, 'timeUnitUs', 1)
  for (const { durationUs, fromRate, toRate } of curve.pieces) {
    assertWhole(durationUs, 'durationUs', 0)
    assertWhole(fromRate, 'fromRate', 0)
    assertWhole(toRate, 'toRate', 0)
  }
}

/** Area of a piece in half steps. */
function areaOf(piece: RatePiece): bigint {
  return BigInt(piece.fromRate + piece.toRate) * BigInt(piece.durationUs)
}

function divideUp(dividend: bigint, divisor: bigint): bigint {
  return (dividend + divisor - 1n) / divisor
}

/**
 * The pieces in which arrivals are due, with their counts.
 *
 * @throws RangeError for a curve that is not made of whole numbers.
 */
export function countPieces(curve: RateCurve): CountedPiece[] {
  assertCurve(curve)
  const step = 2n * BigInt(curve.timeUnitUs)
  const counted: CountedPiece[] = []
  let startUs = 0
  let area = 0n
  for (const piece of curve.pieces) {
    const endArea = area + areaOf(piece)
    // Arrival n belongs to the piece in which the area exceeds n: those with area <= n · step < endArea.
    const first = divideUp(area, step)
    const end = divideUp(endArea, step)
    if (end > first) {
      counted.push({
        ...piece,
        startUs,
        arrivalCount: Number(end - first),
        firstArea: Number(first * step - area),
        lastArea: Number(endArea - (end - 1n) * step),
        stepArea: Number(step),
      })
    }
    startUs += piece.durationUs
    area = endArea
  }
  return counted
}

/**
 * Time in µs from the piece's start at which its area reaches `area` half steps, in floating point.
 * `areaLeft` is the same point counted from the end of the piece.
 *
 * Solves `2·a·x + (b − a)·x²/D = area` in the form without cancellation, from whichever end the rate is lower.
 */
export function timeOfArea(piece: RatePiece, area: number, areaLeft: number): number {
  const { durationUs, fromRate, toRate } = piece
  if (toRate >= fromRate) return timeFromLowEnd(fromRate, toRate, durationUs, area)
  return durationUs - timeFromLowEnd(toRate, fromRate, durationUs, areaLeft)
}

function timeFromLowEnd(lowRate: number, highRate: number, durationUs: number, area: number): number {
  if (area === 0) return 0
  return area / (lowRate + Math.sqrt(lowRate * lowRate + ((highRate - lowRate) * area) / durationUs))
}
