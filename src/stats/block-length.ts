import { autocovariances } from './sample.ts'

/** Lags in a row that must be insignificant before the correlation counts as gone. */
const LEAST_QUIET_LAGS = 5
/** Width of the band of insignificant correlations; Politis and White's recommended constant. */
const BAND = 2
/** D = 4/3 · ĝ(0)² for the circular bootstrap, against 2 · ĝ(0)² for the stationary one. */
const CIRCULAR = 4 / 3

/** Flat-top window: 1 up to ½, then falling in a straight line to 0 at 1. */
function flatTop(x: number): number {
  return Math.min(1, 2 * (1 - x))
}

/**
 * The lag after which the correlations are insignificant, `quietLags` times in a row; the last lag of all when
 * there is no such place.
 */
function correlationEnds(covariances: readonly number[], quietLags: number, band: number): number {
  const variance = covariances[0] ?? 0
  let quiet = 0
  for (let lag = 1; lag < covariances.length; lag++) {
    quiet = Math.abs(covariances[lag] ?? 0) < band * variance ? quiet + 1 : 0
    if (quiet === quietLags) return lag - quietLags
  }
  return covariances.length - 1
}

/**
 * The length of blocks with which the circular block bootstrap estimates the variance of the mean of `values`
 * best, from 1 to ⌈min(3√n, n/3)⌉, not rounded:
 *
 *     b = (2 Ĝ² / D)^⅓ · n^⅓    Ĝ = Σ λ(k/M) |k| γ̂ₖ    D = 4/3 · (Σ λ(k/M) γ̂ₖ)²    |k| ≤ M
 *
 * with λ the flat-top window and M twice the lag at which the correlations end.
 *
 * Source: D. Politis and H. White, "Automatic Block-Length Selection for the Dependent Bootstrap", Econometric
 * Reviews 23(1), 2004, with the correction by A. Patton, D. Politis and H. White, Econometric Reviews 28(4), 2009.
 */
export function blockLength(values: readonly number[]): number {
  const count = values.length
  if (count < 2) return 1
  const longest = Math.ceil(Math.min(3 * Math.sqrt(count), count / 3))
  const logCount = Math.log10(count)
  const quietLags = Math.max(LEAST_QUIET_LAGS, Math.ceil(Math.sqrt(logCount)))
  const maxLag = Math.min(Math.ceil(Math.sqrt(count)) + quietLags, count - 1)
  const covariances = autocovariances(values, maxLag)
  const ends = correlationEnds(covariances, quietLags, BAND * Math.sqrt(logCount / count))
  const cutoff = Math.min(2 * Math.max(ends, 1), maxLag)

  let weighted = 0
  let spectrum = covariances[0] ?? 0
  for (let lag = 1; lag <= cutoff; lag++) {
    const covariance = 2 * flatTop(lag / cutoff) * (covariances[lag] ?? 0)
    weighted += lag * covariance
    spectrum += covariance
  }
  if (weighted === 0) return 1
  const length = Math.cbrt(((2 * weighted ** 2) / (CIRCULAR * spectrum ** 2)) * count)
  return Math.min(Math.max(length, 1), longest)
}
