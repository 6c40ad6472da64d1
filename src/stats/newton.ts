const MAX_STEPS = 200
const TOLERANCE = 1e-13

/** A function's value and its derivative at one place. */
export interface Tangent {
  readonly value: number
  readonly slope: number
}

/**
 * Root of an increasing, concave function, by Newton's method from any `start`.
 *
 * Its tangents lie above such a function, so that from the first step on every guess is left of the root and the
 * next one is nearer: no bracket is needed. Logarithms of distribution functions with a log-concave density
 * (normal; beta on the logit scale) are of this kind.
 */
export function concaveRoot(start: number, tangentAt: (x: number) => Tangent): number {
  let x = start
  for (let step = 0; step < MAX_STEPS; step++) {
    const { value, slope } = tangentAt(x)
    const next = x - value / slope
    if (Math.abs(next - x) <= TOLERANCE * Math.max(1, Math.abs(x))) return next
    x = next
  }
  return x
}
