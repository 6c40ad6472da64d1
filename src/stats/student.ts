import { betaCdf, betaLogitQuantile } from './beta.ts'

/**
 * Distribution function of Student's t: P(T ≤ `t`) with `degrees` > 0 degrees of freedom, whole or not.
 * The lower tail keeps its relative precision; for the upper one ask for −t.
 *
 * Formula: P(|T| > t) = I_x(ν/2, ½) at x = ν/(ν + t²) (DLMF 8.17; Abramowitz and Stegun 26.7.1).
 */
export function studentCdf(t: number, degrees: number): number {
  const tail = betaCdf(degrees / (degrees + t * t), degrees / 2, 0.5) / 2
  return t > 0 ? 1 - tail : tail
}

/**
 * The t with P(T ≤ t) = `p`; ∓∞ for 0 and 1.
 *
 * @throws RangeError unless `p` is in [0, 1] and `degrees` above 0.
 */
export function studentQuantile(p: number, degrees: number): number {
  const logit = betaLogitQuantile(2 * Math.min(p, 1 - p), degrees / 2, 0.5)
  const distance = Math.sqrt(degrees) * Math.exp(-logit / 2)
  return p < 0.5 ? -distance : distance
}
