import { errorCount, type Outcome } from '../measure/outcome.ts'
import { TRAFFIC } from '../measure/snapshot.ts'
import type { NameSummary, RunSummary } from '../measure/summary.ts'
import { bytes, count, duration, isKnown, percent, rate, supportedP99Us, times } from './format.ts'
import { flow, type Section } from './layout.ts'
import type { Origin } from './origin.ts'

const ERRORS: readonly (readonly [Outcome, string])[] = [
  ['client_error', 'client'],
  ['server_error', 'server'],
  ['timeout', 'timeout'],
  ['network_error', 'network'],
]

type TrafficFigures = Pick<RunSummary, 'iterations'>

/** Label and parts of each line of figures that there is; those of one line add up. */
export function trafficRows(
  summary: TrafficFigures,
  all: NameSummary,
  origin: Origin,
): readonly (readonly [label: string, parts: readonly string[]])[] {
  const rows = [
    ['Requests', requestParts(all, origin)],
    ['Outcome', outcomeParts(all)],
    ['Cap', capParts(all)],
    ['Peak second', peakParts(all, origin)],
    ['Operations', operationParts(all, origin)],
    ['Iterations', iterationParts(summary, all)],
    ['Load', loadParts(all)],
  ] as const
  return rows.filter(([, parts]) => parts.length > 0)
}

/** What was asked, sent and answered over the whole of a planned run, most important first; the counts of a line add up. */
export function trafficSection(summary: TrafficFigures, all: NameSummary, width: number): Section {
  const rows = trafficRows(summary, all, 'planned')
  return {
    head: [],
    items: rows.map(([label, parts]) => flow(label, parts, width).map((text) => ({ text }))),
    keepCount: 3,
    more: () => ({ text: '(more figures in summary.csv)' }),
    tail: [],
    isLastToCut: true,
  }
}

/** None where requests came from no iteration, as in a saturation; an imported run has what its source told. */
function iterationParts({ iterations }: TrafficFigures, { sentCount }: NameSummary): string[] {
  const { dueCount, completedCount, droppedCount, interruptedCount } = iterations
  if (dueCount === 0 && sentCount > 0) return []
  return [
    ...(isKnown(dueCount) ? [`due ${count(dueCount)}`] : []),
    ...(isKnown(completedCount) ? [`completed ${count(completedCount)}`] : []),
    ...(isKnown(droppedCount) ? [`dropped ${count(droppedCount)}`] : []),
    ...(interruptedCount > 0 ? [`interrupted ${count(interruptedCount)}`] : []),
  ]
}

/** Written as a sum when it is one; requests due before an edge of the measured part and sent after it shift it a little. */
function requestParts(all: NameSummary, origin: Origin): string[] {
  // What was offered and what was a retry follows from a plan.
  if (origin !== 'planned') return [`sent ${count(all.sentCount)} (${rate(all.sentRps)}/s)`]
  const isSum = all.offeredCount + all.retryCount === all.sentCount
  return [
    `offered ${count(all.offeredCount)} (${rate(all.offeredRps)}/s)`,
    `${isSum ? '+ ' : ''}retries ${count(all.retryCount)}`,
    `${isSum ? '= ' : ''}sent ${count(all.sentCount)} (${rate(all.sentRps)}/s)`,
  ]
}

function outcomeParts(all: NameSummary): string[] {
  const counts = all.outcomeCounts
  return [
    `accepted ${count(counts.accepted)} (${share(counts.accepted, all)}, ${rate(all.acceptedRps)}/s)`,
    ...(isExplained(all) ? [`throttled ${count(counts.throttled)} (${percent(all.throttledRatio)})`] : []),
    isExplained(all) ? errorPart(all) : unexplainedPart(all),
    ...(counts.aborted > 0 ? [`aborted ${count(counts.aborted)}`] : []),
  ]
}

/** An import may know how many were not accepted, and not why. */
function isExplained({ outcomeCounts: counts }: NameSummary): boolean {
  return isKnown(counts.throttled) && ERRORS.every(([outcome]) => isKnown(counts[outcome]))
}

function unexplainedPart(all: NameSummary): string {
  const unexplainedCount = all.sentCount - all.outcomeCounts.accepted - all.outcomeCounts.aborted
  return `not accepted ${count(unexplainedCount)} (${share(unexplainedCount, all)}): the source does not say why`
}

function errorPart({ outcomeCounts: counts, errorRatio }: NameSummary): string {
  const errors = ERRORS.filter(([outcome]) => counts[outcome] > 0)
  if (errors.length === 0) return 'errors 0'
  const kinds = errors.map(([outcome, word]) => `${count(counts[outcome])} ${word}`).join(', ')
  return `errors ${count(errorCount(counts))} (${percent(errorRatio)}): ${kinds}`
}

function share(part: number, { sentCount }: NameSummary): string {
  return percent(sentCount === 0 ? undefined : part / sentCount)
}

function capParts(all: NameSummary): string[] {
  if (all.capRps === undefined) return []
  return [
    `${rate(all.capRps)}/s`,
    `accepted ${percent(all.acceptedToCapRatio)} of it`,
    `throttled ${percent(all.throttledRatio)}${expected(all)}`,
  ]
}

function expected(all: NameSummary): string {
  return all.expectedThrottledRatio === undefined ? '' : ` (${percent(all.expectedThrottledRatio)} expected)`
}

/** Sent requests stand beside offered ones only where retries make their peak another one. */
function peakParts({ peak1s, retryCount }: NameSummary, origin: Origin): string[] {
  const hasOffered = origin === 'planned'
  const isShown = { offered: hasOffered, sent: !hasOffered || retryCount > 0, accepted: true }
  const parts = TRAFFIC.filter((traffic) => isShown[traffic]).flatMap((traffic) => {
    const { peakRps, peakToAverageRatio } = peak1s[traffic]
    return isKnown(peakRps) ? [`${traffic} ${count(peakRps)} (${times(peakToAverageRatio)}`] : []
  })
  return parts.map((part, i) => (i === 0 ? `${part} mean)` : `${part})`))
}

/** None where each request is an operation by itself because nothing is known of retries. */
function operationParts(all: NameSummary, origin: Origin): string[] {
  if (all.operationsCount === 0 || origin !== 'planned') return []
  const { operationDuration, retryAfter } = all
  const failedRatio = all.operationsFailedCount / all.operationsCount
  return [
    count(all.operationsCount),
    `failed ${count(all.operationsFailedCount)} (${percent(failedRatio)})`,
    `p50 ${duration(operationDuration.p50Us)}`,
    `p99 ${duration(supportedP99Us(operationDuration))}`,
    `retry amplification ${times(all.retryAmplificationRatio)}`,
    ...(retryAfter.count > 0
      ? [`Retry-After p50 ${duration(retryAfter.p50Us)}, max ${duration(retryAfter.maxUs)}`]
      : []),
  ]
}

function loadParts(all: NameSummary): string[] {
  const { inflightMeanCount, inflightMaxCount, sentBytes, receivedBytes } = all
  const most = isKnown(inflightMaxCount) ? `, max ${count(inflightMaxCount)}` : ''
  return [
    ...(isKnown(inflightMeanCount) ? [`in flight mean ${rate(inflightMeanCount)}${most}`] : []),
    ...(isKnown(sentBytes) ? [`sent ${bytes(sentBytes)}`] : []),
    ...(isKnown(receivedBytes) ? [`received ${bytes(receivedBytes)}`] : []),
  ]
}
