/** Claims about what a limit refused, and about bytes. */
import { US_PER_S } from '../../../core/units.ts'
import { exact, type Claim, type ClaimMaker } from '../claim.ts'

/** As the mock counted them. */
export const outcomeClaims: ClaimMaker = ({ truth }, { acceptedCount, throttledCount }) => [
  exact('accepted replies', 'count', truth?.admittedCount, acceptedCount),
  exact('429 replies', 'count', truth && (truth.statusCounts['429'] ?? 0), throttledCount),
]

/** What the refusals said, in seconds. */
export interface RetryAdvice {
  readonly p50S: number
  readonly maxS: number
}

/** A histogram of three digits gives a time to so much of it. */
const HISTOGRAM_RATIO = 0.001

export function retryAfterClaims({ p50S, maxS }: RetryAdvice): ClaimMaker {
  return (_expected, { retryAfter }) => [
    retryAfterClaim('Retry-After p50', p50S, retryAfter?.p50Us),
    retryAfterClaim('Retry-After max', maxS, retryAfter?.maxUs),
  ]
}

function retryAfterClaim(claim: string, truth: number, measuredUs: number | undefined): Claim {
  const measured = measuredUs === undefined ? undefined : measuredUs / US_PER_S
  return { claim, unit: 's', truth, measured, allowed: HISTOGRAM_RATIO * truth }
}

/** Heads and bodies, as they went over the wire. */
export const bytesClaims: ClaimMaker = ({ truth }, { sentBytes, receivedBytes }) => [
  exact('bytes sent', 'bytes', truth?.wire?.sentBytes, sentBytes),
  exact('bytes received', 'bytes', truth?.wire?.receivedBytes, receivedBytes),
]
