import { concaveRoot } from './newton.ts'
import { assertProbability } from './probability.ts'

const LOG_SQRT_2PI = Math.log(2 * Math.PI) / 2
/** Where the continued fraction takes over from the series. */
const TAIL_STARTS_AT = 3
/** Enough for 16 digits at the start of the tail; further out fewer would do. */
const FRACTION_TERMS = 160

function logDensity(x: number): number {
  return -(x * x) / 2 - LOG_SQRT_2PI
}

/**
 * Φ(x) − ½ = φ(x) · (x + x³/3 + x⁵/(3·5) + …): no cancellation, good to the last digits near 0.
 *
 * Source: G. Marsaglia, "Evaluating the Normal Distribution", Journal of Statistical Software 11(4), 2004.
 */
function centralArea(x: number): number {
  let term = x
  let sum = x
  for (let divisor = 3; Math.abs(term) > Math.abs(sum) * Number.EPSILON; divisor += 2) {
    term *= (x * x) / divisor
    sum += term
  }
  return sum * Math.exp(logDensity(x))
}

/** φ(x) / (1 − Φ(x)) = x + 1/(x + 2/(x + 3/(x + …))) for x > 0 (Laplace; DLMF 7.9.2). */
function inverseMillsRatio(x: number): number {
  let fraction = x
  for (let term = FRACTION_TERMS; term >= 1; term--) fraction = x + term / fraction
  return fraction
}

/** ln Φ(x), finite where Φ itself underflows; made for x ≤ 0. */
function logLowerTail(x: number): number {
  if (x > -TAIL_STARTS_AT) return Math.log(0.5 + centralArea(x))
  return logDensity(x) - Math.log(inverseMillsRatio(-x))
}

/** Φ(x), the standard normal distribution function. Tails keep their relative precision. */
export function normalCdf(x: number): number {
  return x <= 0 ? Math.exp(logLowerTail(x)) : 1 - Math.exp(logLowerTail(-x))
}

/**
 * The x with Φ(x) = `p`; ∓∞ for 0 and 1.
 *
 * @throws RangeError unless `p` is in [0, 1].
 */
export function normalQuantile(p: number): number {
  assertProbability(p)
  if (p > 0.5) return -normalQuantile(1 - p)
  if (p === 0) return -Infinity
  if (p === 0.5) return 0
  const logP = Math.log(p)
  return concaveRoot(0, (x) => {
    const log = logLowerTail(x)
    return { value: log - logP, slope: Math.exp(logDensity(x) - log) }
  })
}
