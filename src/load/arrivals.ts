import type { Rng } from '../core/rng.ts'
import {
  assertCurve,
  countPieces,
  timeOfArea,
  type CountedPiece,
  type RateCurve,
  type RatePiece,
} from './curve.ts'

export type { RateCurve }

/** Due times in order, integer µs from the start of the scenario; `undefined` when the plan is over. */
export interface Arrivals {
  next(): number | undefined
}

/**
 * Evenly spread arrivals: number n (0, 1, …) is due at the time when the integral of the planned rate first
 * exceeds n, rounded down to µs. Each is computed from n, so nothing drifts, however long the run.
 *
 * @throws RangeError for a curve that is not made of whole numbers.
 */
export function evenArrivals(curve: RateCurve): Arrivals {
  return new EvenArrivals(countPieces(curve))
}

/**
 * Arrivals of a Poisson process whose rate follows the curve: the areas between them are exponential with
 * mean 1, mapped to times by the inverse of the integral. Never due at or after the end.
 *
 * @throws RangeError for a curve that is not made of whole numbers.
 */
export function poissonArrivals(curve: RateCurve, rng: Rng): Arrivals {
  return new PoissonArrivals(curve, rng)
}

/**
 * How many even arrivals a curve plans: the numbers n that its whole area exceeds.
 *
 * @throws RangeError for a curve that is not made of whole numbers.
 */
export function plannedCount(curve: RateCurve): number {
  return countPieces(curve).reduce((sum, piece) => sum + piece.arrivalCount, 0)
}

class EvenArrivals implements Arrivals {
  readonly #pieces: readonly CountedPiece[]
  #pieceIndex = 0
  /** Number of the next arrival within its piece. */
  #index = 0

  constructor(pieces: readonly CountedPiece[]) {
    this.#pieces = pieces
  }

  next(): number | undefined {
    let piece = this.#pieces[this.#pieceIndex]
    if (piece !== undefined && this.#index === piece.arrivalCount) {
      this.#index = 0
      piece = this.#pieces[++this.#pieceIndex]
    }
    return piece === undefined ? undefined : dueUs(piece, this.#index++)
  }
}

/** Due time of arrival `index` of a piece: the last whole µs at which the area does not exceed it. */
function dueUs(piece: CountedPiece, index: number): number {
  const offsetUs = piece.fromRate === piece.toRate ? constantUs(piece, index) : rampUs(piece, index)
  return piece.startUs + offsetUs
}

function constantUs(piece: CountedPiece, index: number): number {
  const area = piece.firstArea + index * piece.stepArea
  // The floor of a quotient of safe integers is exact.
  if (Number.isSafeInteger(area)) return Math.floor(area / (2 * piece.fromRate))
  return Number(exactArea(piece, index) / BigInt(2 * piece.fromRate))
}

/** Far above the error of `timeOfArea` (a few units in the last place), far below a µs for any run. */
const RELATIVE_DOUBT = 1e-14

function rampUs(piece: CountedPiece, index: number): number {
  const area = piece.firstArea + index * piece.stepArea
  const areaLeft = piece.lastArea + (piece.arrivalCount - 1 - index) * piece.stepArea
  const time = timeOfArea(piece, area, areaLeft)
  const nearest = Math.round(time)
  if (Math.abs(time - nearest) > piece.durationUs * RELATIVE_DOUBT) return Math.floor(time)
  return isDueAtOrAfter(piece, index, nearest) ? nearest : nearest - 1
}

/** Whether the area up to `timeUs`, `2·a·t + (b − a)·t²/D`, does not exceed that of arrival `index`. Exact. */
function isDueAtOrAfter(piece: CountedPiece, index: number, timeUs: number): boolean {
  const time = BigInt(timeUs)
  const duration = BigInt(piece.durationUs)
  const slope = BigInt(piece.toRate - piece.fromRate)
  const area = 2n * BigInt(piece.fromRate) * duration * time + slope * time * time
  return area <= exactArea(piece, index) * duration
}

function exactArea(piece: CountedPiece, index: number): bigint {
  return BigInt(piece.firstArea) + BigInt(index) * BigInt(piece.stepArea)
}

class PoissonArrivals implements Arrivals {
  readonly #curve: RateCurve
  readonly #rng: Rng
  #pieceIndex = 0
  #pieceStartUs = 0
  /** Where the process stands, in half steps from the start of the piece. */
  #area = 0
  #lastUs = 0

  constructor(curve: RateCurve, rng: Rng) {
    assertCurve(curve)
    this.#curve = curve
    this.#rng = rng
  }

  next(): number | undefined {
    this.#area += this.#rng.exponential() * 2 * this.#curve.timeUnitUs
    let piece = this.#curve.pieces[this.#pieceIndex]
    while (piece !== undefined) {
      const pieceArea = (piece.fromRate + piece.toRate) * piece.durationUs
      if (this.#area < pieceArea) return this.#dueUs(piece, pieceArea)
      this.#area -= pieceArea
      this.#pieceStartUs += piece.durationUs
      piece = this.#curve.pieces[++this.#pieceIndex]
    }
    return undefined
  }

  #dueUs(piece: RatePiece, pieceArea: number): number {
    const timeUs = Math.floor(timeOfArea(piece, this.#area, pieceArea - this.#area))
    // Rounding may neither reach the end of the piece nor step back behind the arrival before.
    const offsetUs = Math.min(timeUs, piece.durationUs - 1)
    this.#lastUs = Math.max(this.#lastUs, this.#pieceStartUs + offsetUs)
    return this.#lastUs
  }
}
