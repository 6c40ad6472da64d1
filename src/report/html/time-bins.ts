import { OUTCOMES, zeroOutcomeCounts, type Outcome } from '../../measure/outcome.ts'
import type { SecondRow } from '../../measure/summary.ts'

/** Some seconds of the run together. */
export interface TimeBin {
  readonly startS: number
  readonly lengthS: number
  readonly offeredRps: number
  readonly retryRps: number
  readonly sentRps: number
  readonly outcomeRps: Readonly<Record<Outcome, number>>
  /** Sent, with an outcome that the files do not tell, as imports may have it. */
  readonly unexplainedRps: number
  readonly droppedRps: number
  /** The highest that a second of the bin had: percentiles of seconds cannot be averaged. */
  readonly p50Us: number | undefined
  readonly p95Us: number | undefined
  readonly p99Us: number | undefined
  readonly maxUs: number | undefined
  readonly inflightMaxCount: number
  readonly scheduleDelayMaxUs: number | undefined
  /** Mean over the seconds that have one. */
  readonly capRps: number | undefined
}

/** The seconds of a run in equal bins; the last one may be shorter. */
export interface TimeBins {
  /** Length of a bin, whole seconds. */
  readonly widthS: number
  readonly bins: readonly TimeBin[]
  /** Where bins begin and end, seconds: one more than there are bins. */
  readonly edges: readonly number[]
}

const WIDTHS_S = [1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600]

/** @param seconds of one request name or of `_all`, one for each second from 0 */
export function timeBins(seconds: readonly SecondRow[], mostCount: number): TimeBins {
  const least = seconds.length / mostCount
  const widthS = WIDTHS_S.find((width) => width >= least) ?? Math.ceil(least / 3_600) * 3_600
  const count = Math.ceil(seconds.length / widthS)
  const bins = Array.from({ length: count }, (_, i) =>
    binOf(seconds.slice(i * widthS, (i + 1) * widthS), i * widthS),
  )
  return { widthS, bins, edges: [...bins.map(({ startS }) => startS), seconds.length] }
}

function binOf(seconds: readonly SecondRow[], startS: number): TimeBin {
  const lengthS = seconds.length
  const rps = (countOf: (second: SecondRow) => number): number =>
    seconds.reduce((sum, second) => sum + countOf(second), 0) / lengthS
  const outcomeRps = zeroOutcomeCounts()
  for (const outcome of OUTCOMES) outcomeRps[outcome] = rps(({ outcomeCounts }) => outcomeCounts[outcome])
  const caps = seconds.flatMap(({ capRps }) => capRps ?? [])
  return {
    startS,
    lengthS,
    offeredRps: rps(({ offeredCount }) => offeredCount),
    retryRps: rps(({ retryCount }) => retryCount),
    sentRps: rps(({ sentCount }) => sentCount),
    outcomeRps,
    unexplainedRps: rps(unexplainedCount),
    droppedRps: rps(({ iterationsDroppedCount }) => iterationsDroppedCount ?? 0),
    p50Us: highest(seconds, ({ responseTimeAccepted }) => responseTimeAccepted.p50Us),
    p95Us: highest(seconds, ({ responseTimeAccepted }) => responseTimeAccepted.p95Us),
    p99Us: highest(seconds, ({ responseTimeAccepted }) => responseTimeAccepted.p99Us),
    maxUs: highest(seconds, ({ responseTimeAccepted }) => responseTimeAccepted.maxUs),
    inflightMaxCount: highest(seconds, ({ inflightMaxCount }) => inflightMaxCount) ?? 0,
    scheduleDelayMaxUs: highest(seconds, ({ scheduleDelayMaxUs }) => scheduleDelayMaxUs),
    capRps: caps.length === 0 ? undefined : caps.reduce((sum, cap) => sum + cap, 0) / caps.length,
  }
}

function unexplainedCount({ sentCount, outcomeCounts }: SecondRow): number {
  return OUTCOMES.reduce((rest, outcome) => rest - outcomeCounts[outcome], sentCount)
}

function highest(
  seconds: readonly SecondRow[],
  valueOf: (second: SecondRow) => number | undefined,
): number | undefined {
  const values = seconds.flatMap((second) => valueOf(second) ?? [])
  return values.length === 0 ? undefined : Math.max(...values)
}
