import { betaQuantile } from './beta.ts'
import { around, type Interval } from './interval.ts'
import { normalQuantile } from './normal.ts'

/** Things of a kind among all: throttled replies among requests, false alarms among nights. */
export interface ShareCount {
  readonly count: number
  /** At least `count`. */
  readonly totalCount: number
  /** Variance over that of independent trials, at least 1 (see `overdispersion`). 1 when left out. */
  readonly dispersion?: number
}

/** Whether all or none are of the kind: a share that shows nothing of how it varies. */
export function isExtreme({ count, totalCount }: ShareCount): boolean {
  return count === 0 || count === totalCount
}

function twoSidedNormal(confidence: number): number {
  return normalQuantile((1 + confidence) / 2)
}

/**
 * Wilson's score interval for a share, in [0, 1]. Dispersion φ counts as fewer trials: n/φ of them. With no trials
 * it is [0, 1].
 *
 * Source: E. B. Wilson, "Probable Inference", Journal of the American Statistical Association 22, 1927;
 * dispersion as in quasi-binomial models (McCullagh and Nelder, "Generalized Linear Models", §4.5).
 */
export function wilsonInterval(
  { count, totalCount, dispersion = 1 }: ShareCount,
  confidence: number,
): Interval {
  if (totalCount === 0) return { low: 0, high: 1 }
  const share = count / totalCount
  const trials = totalCount / dispersion
  const zz = twoSidedNormal(confidence) ** 2
  const scale = 1 + zz / trials
  const centre = (share + zz / (2 * trials)) / scale
  const halfWidth = Math.sqrt(zz * ((share * (1 - share)) / trials + zz / (4 * trials ** 2))) / scale
  const { low, high } = around(centre, halfWidth)
  return { low: count === 0 ? 0 : low, high: count === totalCount ? 1 : high }
}

/**
 * The exact interval for a share of independent trials (Clopper and Pearson 1934). None of n: up to 1 − (α/2)^(1/n),
 * some 3.7/n at 95 %; the "rule of three" is its one-sided form.
 */
export function exactInterval({ count, totalCount }: ShareCount, confidence: number): Interval {
  const outside = (1 - confidence) / 2
  return {
    low: count === 0 ? 0 : betaQuantile(outside, count, totalCount - count + 1),
    high: count === totalCount ? 1 : betaQuantile(1 - outside, count + 1, totalCount - count),
  }
}

/**
 * How much more a share varies from second to second than independent trials would, at least 1:
 *
 *     φ = 1/(S − 1) · Σ (xₜ − nₜp)² / (nₜ p(1 − p)),   p = Σx / Σn
 *
 * over the S seconds that have trials. Below 1 (even arrivals against a fixed window) it is not trusted.
 */
export function overdispersion(counts: readonly number[], totals: readonly number[]): number {
  const total = totals.reduce((sum, n) => sum + n, 0)
  const share = counts.reduce((sum, x) => sum + x, 0) / total
  const trialVariance = share * (1 - share)
  if (!(trialVariance > 0)) return 1
  let sum = 0
  let seconds = 0
  totals.forEach((n, second) => {
    if (n === 0) return
    sum += ((counts[second] ?? 0) - n * share) ** 2 / (n * trialVariance)
    seconds++
  })
  return seconds < 2 ? 1 : Math.max(sum / (seconds - 1), 1)
}

/**
 * Interval for `head`'s share less `base`'s, from the score intervals of both. Unlike a bootstrap it says something
 * of a share that is 0 or 1 in every second. Swapped sides give the negated interval.
 *
 * Source: R. Newcombe, "Interval estimation for the difference between independent proportions", Statistics in
 * Medicine 17, 1998, method 10.
 */
export function shareDifferenceInterval(base: ShareCount, head: ShareCount, confidence: number): Interval {
  const baseShare = base.count / base.totalCount
  const headShare = head.count / head.totalCount
  const ofBase = wilsonInterval(base, confidence)
  const ofHead = wilsonInterval(head, confidence)
  const difference = headShare - baseShare
  return {
    low: difference - Math.hypot(headShare - ofHead.low, ofBase.high - baseShare),
    high: difference + Math.hypot(ofHead.high - headShare, baseShare - ofBase.low),
  }
}
