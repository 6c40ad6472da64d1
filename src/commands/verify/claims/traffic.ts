/** Claims about how many requests were sent, and when. */
import { US_PER_MS, US_PER_S } from '../../../core/units.ts'
import type { Traffic } from '../../../measure/snapshot.ts'
import { exact, type Claim, type ClaimMaker } from '../claim.ts'
import { latenessDoubt } from '../lateness.ts'
import { durationSOf, peakRateRps, peakToAverage, requestCountOf, shortestGapUs, type Load } from '../load.ts'
import type { Observation } from '../observation.ts'

const RATE_TOLERANCE_RATIO = 0.001

/** The plan was carried out. */
export const rateClaims: ClaimMaker = ({ load }, observed) => {
  const plannedCount = requestCountOf(load)
  const plannedRps = plannedCount / durationSOf(load)
  const allowedCount = RATE_TOLERANCE_RATIO * plannedCount
  return [
    {
      claim: 'requests due',
      unit: 'count',
      truth: plannedCount,
      measured: observed.offeredCount,
      allowed: allowedCount,
    },
    {
      claim: 'achieved rate',
      unit: 'rps',
      truth: plannedRps,
      measured: observed.sentRps,
      allowed: RATE_TOLERANCE_RATIO * plannedRps,
      doubt: misplacedDoubt(load, observed, allowedCount),
    },
  ]
}

/** Above this a run is SUSPECT whatever it measures. */
const ALLOWED_DELAY_MS = 3

/** Iterations started when they were due; a generator that is late says that its machine is busy. */
export const scheduleDelayClaim: ClaimMaker = (_expected, { scheduleDelay }) => {
  const delayUs = scheduleDelay?.p99Us
  const measured = delayUs === undefined ? undefined : delayUs / US_PER_MS
  const isLate = measured !== undefined && measured > ALLOWED_DELAY_MS
  const doubt = isLate ? 'the machine was busy: lower the rate or end other programs' : undefined
  return [{ claim: 'schedule delay p99', unit: 'ms', truth: 0, measured, allowed: ALLOWED_DELAY_MS, doubt }]
}

/** What was sent is what came: with the warm-up, so that it does not matter when a late request of it left. */
export const sentClaim: ClaimMaker = ({ truth }, { sentCount }) => [
  exact('requests sent', 'count', truth?.keptCount, sentCount),
]

/**
 * A request that is less late than the gap to the next one counts where it should; each further gap may put another one
 * behind the end of its window.
 */
function misplacedDoubt(load: Load, { scheduleDelay }: Observation, allowedCount = 0): string | undefined {
  const delayUs = scheduleDelay?.maxUs ?? 0
  if (Math.floor(delayUs / shortestGapUs(load)) <= allowedCount) return undefined
  return `the machine was busy: a request was ${(delayUs / US_PER_MS).toFixed(1)} ms late, and others followed before it`
}

/** So far a request may lie from its place before the busiest window has another one in it. */
const LATE_US = 20 * US_PER_MS

/** Requests came evenly: the busiest window, wherever it begins, has no more of them than the rate says. */
export const arrivalClaims: ClaimMaker = ({ load, truth }, observed) => {
  const rateRps = peakRateRps(load)
  const peaks = [
    ['busiest 100 ms at the mock', 100 * US_PER_MS, truth?.arrivalPeaks.in100msCount],
    ['busiest second at the mock', US_PER_S, truth?.arrivalPeaks.in1sCount],
  ] as const
  return peaks.map(([claim, windowUs, measured]): Claim => ({
    claim,
    unit: 'count',
    truth: Math.ceil((rateRps * windowUs) / US_PER_S),
    measured,
    allowed: Math.ceil((rateRps * LATE_US) / US_PER_S),
    doubt: latenessDoubt({ observed, truth }, 'maxUs', LATE_US),
  }))
}

/** As many at once as the mock had; a reply that is on its way is in flight for the engine alone. */
export const concurrencyClaim: ClaimMaker = ({ load, truth }, observed) => {
  const truthCount = truth?.inFlightMaxCount
  const allowed = 1 + 0.05 * (truthCount ?? 0)
  const allowedUs = (allowed / peakRateRps(load)) * US_PER_S
  return [
    {
      claim: 'most requests in flight',
      unit: 'count',
      truth: truthCount,
      measured: observed.inFlightMaxCount,
      allowed,
      doubt: latenessDoubt({ observed, truth }, 'maxUs', allowedUs),
    },
  ]
}

/** In order of length. */
const WINDOWS = [
  [100, '100 ms'],
  [1_000, '1 s'],
  [10_000, '10 s'],
  [60_000, '60 s'],
] as const

/** Peak-to-average over every window of which a whole one fits into the load. */
export function peakClaims(traffics: readonly Traffic[]): ClaimMaker {
  return ({ load }, observed) =>
    traffics.flatMap((traffic) =>
      WINDOWS.flatMap(([windowMs, shown]): Claim[] => {
        const truth = peakToAverage(load, windowMs)
        if (truth === undefined) return []
        const peak = observed.peaks?.find((each) => each.traffic === traffic && each.windowMs === windowMs)
        const claim = exact(`${traffic} peak, ${shown}`, 'ratio', truth, peak?.peakToAverageRatio)
        const doubt = traffic === 'offered' ? undefined : misplacedDoubt(load, observed)
        return [{ ...claim, doubt }]
      }),
    )
}
