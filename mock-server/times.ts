/** When requests came and how long they took, exactly: every figure is found among the decisions themselves. */
import { US_PER_MS, US_PER_S } from '../src/core/units.ts'
import type { DecisionRecord } from './oracle.ts'

/** Of the decisions that the mock still has, without the first ones that were to be skipped. */
export interface Times {
  readonly decisionCount: number
  /** Of those skipped too: older ones are gone when there are as many as the mock keeps. */
  readonly keptCount: number
  readonly admittedCount: number
  /** By status of the reply. */
  readonly statusCounts: Readonly<Record<string, number>>
  /** When the first of them came, in the mock's time; absent: there is none. */
  readonly firstArrivalUs?: number
  /**
   * From the arrival of an admitted request to its reply, pauses included; absent: none was admitted. Replies count from
   * when they really left, where that was noted, else from when they were due; so they do below.
   */
  readonly latency?: LatencyTimes
  /** How long after they were due replies left; absent: nobody noted it. */
  readonly lateness?: LatencyTimes
  /** Most requests at one instant that had come and were not answered. */
  readonly inFlightMaxCount: number
  /** Most arrivals in any window (t − length, t]. */
  readonly arrivalPeaks: { readonly in100msCount: number; readonly in1sCount: number }
}

/** Nearest rank: the smallest time that so large a share of the requests took at most. */
export interface LatencyTimes {
  readonly minUs: number
  readonly p50Us: number
  readonly p90Us: number
  readonly p95Us: number
  readonly p99Us: number
  readonly p999Us: number
  readonly maxUs: number
}

/**
 * @param kept in the order in which they were made.
 * @param skipCount how many of the first ones to leave out.
 */
export function timesOf(kept: readonly DecisionRecord[], skipCount = 0): Times {
  const decisions = kept.slice(skipCount)
  const admitted = decisions.filter(({ verdict }) => verdict === 'admitted')
  const latency = latencyTimes(admitted.map((decision) => leftUs(decision) - decision.atUs))
  const lateness = latencyTimes(
    decisions.map(({ lateUs }) => lateUs).filter((lateUs) => lateUs !== undefined),
  )
  const arrivalsUs = decisions.map(({ atUs }) => atUs)
  const [firstArrivalUs] = arrivalsUs
  return {
    decisionCount: decisions.length,
    keptCount: kept.length,
    admittedCount: admitted.length,
    statusCounts: countByStatus(decisions),
    ...(firstArrivalUs !== undefined && { firstArrivalUs }),
    ...(latency !== undefined && { latency }),
    ...(lateness !== undefined && { lateness }),
    inFlightMaxCount: mostInFlight(decisions),
    arrivalPeaks: {
      in100msCount: mostWithin(arrivalsUs, 100 * US_PER_MS),
      in1sCount: mostWithin(arrivalsUs, US_PER_S),
    },
  }
}

/** When its reply left, or was to leave. */
function leftUs({ replyAtUs, lateUs = 0 }: DecisionRecord): number {
  return replyAtUs + lateUs
}

function countByStatus(decisions: readonly DecisionRecord[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { status } of decisions) counts[status] = (counts[status] ?? 0) + 1
  return counts
}

function latencyTimes(timesUs: readonly number[]): LatencyTimes | undefined {
  if (timesUs.length === 0) return undefined
  const sortedUs = timesUs.toSorted(ascending)
  /** Thousandths are whole numbers, so that no rank is lost to rounding. */
  const atThousandths = (share: number): number => sortedUs[Math.ceil((sortedUs.length * share) / 1_000) - 1]!
  return {
    minUs: sortedUs[0]!,
    p50Us: atThousandths(500),
    p90Us: atThousandths(900),
    p95Us: atThousandths(950),
    p99Us: atThousandths(990),
    p999Us: atThousandths(999),
    maxUs: sortedUs.at(-1)!,
  }
}

/** A request whose reply leaves at the instant at which another arrives is not in flight beside it. */
function mostInFlight(decisions: readonly DecisionRecord[]): number {
  const repliesUs = decisions.map(leftUs).sort(ascending)
  let answeredCount = 0
  let mostCount = 0
  for (const [index, { atUs }] of decisions.entries()) {
    while (answeredCount <= index && repliesUs[answeredCount]! <= atUs) answeredCount++
    mostCount = Math.max(mostCount, index + 1 - answeredCount)
  }
  return mostCount
}

function mostWithin(arrivalsUs: readonly number[], windowUs: number): number {
  let first = 0
  let mostCount = 0
  for (const [index, atUs] of arrivalsUs.entries()) {
    while (arrivalsUs[first]! <= atUs - windowUs) first++
    mostCount = Math.max(mostCount, index + 1 - first)
  }
  return mostCount
}

function ascending(firstUs: number, secondUs: number): number {
  return firstUs - secondUs
}
