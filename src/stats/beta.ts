/**
 * The beta distribution, on which Student's t and exact intervals for shares rest.
 */
import { concaveRoot } from './newton.ts'
import { assertProbability } from './probability.ts'

/** Stirling's series is good to the last digit from here on. */
const STIRLING_FROM = 16
/** B₂ₖ / (2k(2k − 1)), k = 1 …: DLMF 5.11.1. */
const STIRLING_TERMS = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360_360] as const
/** The fraction needs some √max(a, b) terms on the side where it is used. */
const MAX_TERMS = 100_000
/** Keeps Lentz's quotients from dividing by 0. */
const TINY = 1e-300

/** A place in [0, 1] with its distance from 1 and the logarithms of both, each with its full relative precision. */
interface Place {
  readonly x: number
  readonly y: number
  readonly logX: number
  readonly logY: number
}

function mirrored({ x, y, logX, logY }: Place): Place {
  return { x: y, y: x, logX: logY, logY: logX }
}

/** The place with log(x / (1 − x)) = `logit`. */
function placeOfLogit(logit: number): Place {
  if (logit > 0) return mirrored(placeOfLogit(-logit))
  const odds = Math.exp(logit)
  const logY = -Math.log1p(odds)
  return { x: odds / (1 + odds), y: 1 / (1 + odds), logX: logit + logY, logY }
}

/** Beta(a, b), with what of its density no place changes. */
interface Shape {
  readonly a: number
  readonly b: number
  readonly logScale: number
}

function shapeOf(a: number, b: number): Shape {
  const sound = a > 0 && b > 0 && Number.isFinite(a) && Number.isFinite(b)
  if (!sound) throw new RangeError(`the parameters of a beta distribution must be above 0, not ${a} and ${b}`)
  const sum = a + b
  const logScale =
    Math.log((a / sum) * (b / (2 * Math.PI))) / 2 + stirlingError(sum) - stirlingError(a) - stirlingError(b)
  return { a, b, logScale }
}

/** What Stirling's formula lacks: ln Γ(z) = (z − ½) ln z − z + ½ ln 2π + stirlingError(z), z > 0. */
function stirlingError(z: number): number {
  if (z < STIRLING_FROM) return stirlingError(z + 1) + (z + 0.5) * Math.log1p(1 / z) - 1
  let power = 1 / z
  let sum = 0
  for (const term of STIRLING_TERMS) {
    sum += term * power
    power /= z * z
  }
  return sum
}

/** ln(1 + deviation), told as `log` too, which keeps its precision where `deviation` is near −1. */
function logAround(deviation: number, log: number): number {
  return Math.abs(deviation) < 0.5 ? Math.log1p(deviation) : log
}

/**
 * ln(xᵃ(1 − x)ᵇ / B(a, b)), which is the density of the logit. In Loader's form, deviations from the mean instead
 * of differences between large logarithms of gamma functions.
 *
 * Source: C. Loader, "Fast and Accurate Computation of Binomial Probabilities", 2000.
 */
function logLogitDensity({ x, y, logX, logY }: Place, { a, b, logScale }: Shape): number {
  const sum = a + b
  const offset = x * b - y * a
  return (
    a * logAround(offset / a, logX + Math.log(sum / a)) +
    b * logAround(-offset / b, logY + Math.log(sum / b)) +
    logScale
  )
}

/** Coefficient of term `index` ≥ 1 of the continued fraction of DLMF 8.17.22. */
function fractionTerm(index: number, x: number, a: number, b: number): number {
  const m = Math.floor(index / 2)
  const scale = (a + index - 1) * (a + index)
  return index % 2 === 0 ? (m * (b - m) * x) / scale : (-(a + m) * (a + b + m) * x) / scale
}

/** 1 / (1 + d₁/(1 + d₂/(1 + …))) by the modified Lentz method (Thompson and Barnett 1986). */
function fraction(x: number, a: number, b: number): number {
  let numerator = 1
  let denominator = 0
  let result = 1
  for (let index = 1; index <= MAX_TERMS; index++) {
    const term = fractionTerm(index, x, a, b)
    denominator = 1 / (1 + term * denominator || TINY)
    numerator = 1 + term / numerator || TINY
    const factor = numerator * denominator
    result *= factor
    if (Math.abs(factor - 1) < Number.EPSILON) break
  }
  return 1 / result
}

/** ln of the distribution function at `place`. */
function logCdf(place: Place, shape: Shape): number {
  const { a, b } = shape
  const logDensity = logLogitDensity(place, shape)
  // On this side of the mean the fraction converges fast; on the other one the complement does.
  if (place.x * (a + b + 2) <= a + 1) return logDensity + Math.log(fraction(place.x, a, b) / a)
  return Math.log1p(-Math.exp(logDensity) * (fraction(place.y, b, a) / b))
}

/**
 * I_x(a, b), the distribution function of Beta(a, b), which is the regularized incomplete beta function.
 *
 * @throws RangeError unless `x` is in [0, 1] and `a` and `b` are above 0.
 */
export function betaCdf(x: number, a: number, b: number): number {
  assertProbability(x)
  const shape = shapeOf(a, b)
  if (x === 0 || x === 1) return x
  return Math.exp(logCdf({ x, y: 1 - x, logX: Math.log(x), logY: Math.log1p(-x) }, shape))
}

/**
 * ln(x / (1 − x)) of the `p`-quantile x of Beta(a, b): tells quantiles very near to 0 or 1 from each other.
 *
 * @throws RangeError unless `p` is in [0, 1] and `a` and `b` are above 0.
 */
export function betaLogitQuantile(p: number, a: number, b: number): number {
  assertProbability(p)
  const shape = shapeOf(a, b)
  if (p > 0.5) return -betaLogitQuantile(1 - p, b, a)
  if (p === 0) return -Infinity
  const logP = Math.log(p)
  return concaveRoot(Math.log(a / b), (logit) => {
    const place = placeOfLogit(logit)
    const log = logCdf(place, shape)
    return { value: log - logP, slope: Math.exp(logLogitDensity(place, shape) - log) }
  })
}

/**
 * The x with I_x(a, b) = `p`.
 *
 * @throws RangeError unless `p` is in [0, 1] and `a` and `b` are above 0.
 */
export function betaQuantile(p: number, a: number, b: number): number {
  return placeOfLogit(betaLogitQuantile(p, a, b)).x
}
