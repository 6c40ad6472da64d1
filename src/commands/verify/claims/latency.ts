/** Claims about how long requests took. */
import { US_PER_MS, US_PER_S } from '../../../core/units.ts'
import type { Claim, ClaimMaker } from '../claim.ts'
import { noiseOf, type Sides } from '../lateness.ts'
import { durationSOf, requestCountOf, shortestGapUs } from '../load.ts'
import type { Expectation } from '../observation.ts'

/** Shares of the requests that take at most so long, and with which of its quantiles lateness counts. */
const QUANTILES = {
  minUs: { shown: 'min', share: 0, lateness: 'p90Us' },
  p50Us: { shown: 'p50', share: 0.5, lateness: 'p90Us' },
  p90Us: { shown: 'p90', share: 0.9, lateness: 'p95Us' },
  p99Us: { shown: 'p99', share: 0.99, lateness: 'p99Us' },
  p999Us: { shown: 'p99.9', share: 0.999, lateness: 'maxUs' },
} as const

type ClaimedQuantile = keyof typeof QUANTILES

/** With fewer requests p99.9 is just the longest one. */
const P999_MIN_COUNT = 1_000

/** A time may be off by 1 ms or 2 %, whichever is more. */
function allowedUs(truthUs: number): number {
  return Math.max(US_PER_MS, 0.02 * truthUs)
}

/** The mock's own times of the same requests: from when it had read them to when it let the replies go. */
export const serviceTimeClaims: ClaimMaker = ({ load, truth }, observed) =>
  quantilesFor(requestCountOf(load)).map((quantile) => {
    const truthUs = truth?.latency?.[quantile]
    const measuredUs = observed.serviceTime?.[quantile]
    return timeClaim('service time', quantile, { truthUs, measuredUs }, { observed, truth })
  })

/** Between the plan and the figure the engine waits to send as well, and the mock to reply. */
const PLANNED_NOISE_FACTOR = 2

/** A stall of everything in the middle of the load, of otherwise constant latency. */
export interface Stall {
  /** In the mock's time. */
  readonly fromUs: number
  readonly stallUs: number
  readonly latencyUs: number
}

/**
 * Response times around a stall, as an open model has them: requests that are due in the stall wait for its end, the first
 * of them for all of it.
 */
export function stallClaims(stall: Stall): ClaimMaker {
  return (expected, observed) =>
    quantilesFor(requestCountOf(expected.load))
      .filter((quantile) => quantile !== 'minUs')
      .map((quantile) => {
        const truthUs = stallQuantileUs(stall, durationSOf(expected.load), QUANTILES[quantile].share)
        // Between two requests the formula knows of no gap.
        const slackUs = shortestGapUs(expected.load)
        const times = {
          truthUs,
          measuredUs: observed.responseTime?.[quantile],
          slackUs,
          noiseFactor: PLANNED_NOISE_FACTOR,
        }
        const { truth } = expected
        const claim = timeClaim('response time', quantile, times, { observed, truth })
        return { ...claim, doubt: missedStall(stall, expected) ?? claim.doubt }
      })
}

/**
 * Of requests that come evenly for T, the share (S + L − x) / T takes longer than x, for x between L and S + L: those due
 * less than S + L − x after the first that the stall of S holds up.
 */
export function stallQuantileUs({ stallUs, latencyUs }: Stall, durationS: number, share: number): number {
  return Math.max(latencyUs, stallUs + latencyUs - (1 - share) * durationS * US_PER_S)
}

/** The mock's clock starts before the load does. */
function missedStall({ fromUs, latencyUs }: Stall, { truth }: Expectation): string | undefined {
  const startUs = truth?.firstArrivalUs
  if (startUs === undefined || startUs + latencyUs < fromUs) return undefined
  return 'the machine was busy: the load began too late for the stall'
}

function quantilesFor(requestCount: number): ClaimedQuantile[] {
  const all = Object.keys(QUANTILES) as ClaimedQuantile[]
  return all.filter((quantile) => quantile !== 'p999Us' || requestCount >= P999_MIN_COUNT)
}

interface TimePair {
  readonly truthUs: number | undefined
  readonly measuredUs: number | undefined
  /** May be off by so much more; default 0. */
  readonly slackUs?: number
  /** How many times the noise between engine and mock; default 1. */
  readonly noiseFactor?: number
}

function timeClaim(
  name: string,
  quantile: ClaimedQuantile,
  { truthUs, measuredUs, slackUs = 0, noiseFactor = 1 }: TimePair,
  sides: Sides,
): Claim {
  const { shown, lateness } = QUANTILES[quantile]
  const { usualUs, mostUs, why } = noiseOf(sides, lateness)
  const noiseMs = (us: number): number => (noiseFactor * us) / US_PER_MS
  return {
    claim: `${name} ${shown}`,
    unit: 'ms',
    truth: truthUs === undefined ? undefined : truthUs / US_PER_MS,
    measured: measuredUs === undefined ? undefined : measuredUs / US_PER_MS,
    allowed: (allowedUs(truthUs ?? 0) + slackUs) / US_PER_MS,
    noise: { usual: noiseMs(usualUs), most: noiseMs(mostUs), why },
  }
}
