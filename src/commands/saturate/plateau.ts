import { studentCdf } from '../../stats/student.ts'

/** A step that gains less than this share has not gained. */
export const LEAST_GAIN_RATIO = 0.05
/** How sure one must be to say so without reserve. */
export const CONFIDENCE = 0.95

/** Where more connections bring no more. */
export interface Plateau {
  /** Index of the first step that no later one beats. */
  readonly step: number
  /** The best later step's mean over that of this one, less 1. */
  readonly gainRatio: number
  /** The seconds of the steps are enough to say so with the confidence. */
  readonly isCertain: boolean
}

/**
 * The first step whose mean no later step exceeds by 5 % or more; `undefined` when the last step still gained.
 *
 * It is certain when for every later step the hypothesis "its mean is at least 1.05 times this one's" is rejected:
 * Welch's test on the seconds, at 5 % each, which is 5 % for all of them together (an intersection-union test).
 *
 * @param steps what came in each second of each step.
 */
export function findPlateau(steps: readonly (readonly number[])[]): Plateau | undefined {
  for (const [step, seconds] of steps.slice(0, -1).entries()) {
    const later = steps.slice(step + 1)
    const gainRatio = Math.max(...later.map((other) => gainOf(seconds, other)))
    if (gainRatio < LEAST_GAIN_RATIO) {
      return { step, gainRatio, isCertain: later.every((other) => gainsSurelyLess(seconds, other)) }
    }
  }
  return undefined
}

/** Connections are opened in the first second of a step: it is left out where enough others are left to compare. */
export function steadySeconds(perSecond: readonly number[]): readonly number[] {
  return perSecond.length > 2 ? perSecond.slice(1) : perSecond
}

/** 0 without any number. */
export function meanOf(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
}

function gainOf(before: readonly number[], after: readonly number[]): number {
  const [from, to] = [meanOf(before), meanOf(after)]
  if (from === 0) return to === 0 ? 0 : Infinity
  return to / from - 1
}

function gainsSurelyLess(before: readonly number[], after: readonly number[]): boolean {
  if (before.length < 2 || after.length < 2) return false
  const factor = 1 + LEAST_GAIN_RATIO
  const difference = meanOf(after) - factor * meanOf(before)
  const partBefore = (factor ** 2 * varianceOf(before)) / before.length
  const partAfter = varianceOf(after) / after.length
  const squaredError = partBefore + partAfter
  if (squaredError === 0) return difference < 0
  const degrees =
    squaredError ** 2 / (partBefore ** 2 / (before.length - 1) + partAfter ** 2 / (after.length - 1))
  return studentCdf(difference / Math.sqrt(squaredError), degrees) < 1 - CONFIDENCE
}

function varianceOf(values: readonly number[]): number {
  const mean = meanOf(values)
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)
}
