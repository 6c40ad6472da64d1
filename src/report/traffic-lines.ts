import { type Outcome, OUTCOMES } from '../measure/outcome.ts'
import { TRAFFIC } from '../measure/snapshot.ts'
import type { NameSummary, RunSummary } from '../measure/summary.ts'
import { bytes, count, duration, percent, rate, supportedP99Us, times } from './format.ts'
import { flow, type Section } from './layout.ts'

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
): readonly (readonly [label: string, parts: readonly string[]])[] {
  const rows = [
    ['Requests', requestParts(all)],
    ['Outcome', outcomeParts(all)],
    ['Cap', capParts(all)],
    ['Peaks', peakParts(all)],
    ['Operations', operationParts(all)],
    ['Iterations', iterationParts(summary)],
    ['Load', loadParts(all)],
  ] as const
  return rows.filter(([, parts]) => parts.length > 0)
}

/** What was asked, sent and answered over the whole run, most important first; the counts of a line add up. */
export function trafficSection(summary: TrafficFigures, all: NameSummary, width: number): Section {
  const rows = trafficRows(summary, all)
  return {
    head: [],
    items: rows.map(([label, parts]) => flow(label, parts, width).map((text) => ({ text }))),
    keepCount: 3,
    more: () => ({ text: '(more figures in summary.csv)' }),
    tail: [],
    isLastToCut: true,
  }
}

function iterationParts({ iterations }: TrafficFigures): string[] {
  return [
    `due ${count(iterations.dueCount)}`,
    `completed ${count(iterations.completedCount)}`,
    `dropped ${count(iterations.droppedCount)}`,
    ...(iterations.interruptedCount > 0 ? [`interrupted ${count(iterations.interruptedCount)}`] : []),
  ]
}

/** Written as a sum when it is one; requests due before an edge of the measured part and sent after it shift it a little. */
function requestParts(all: NameSummary): string[] {
  const isSum = all.offeredCount + all.retryCount === all.sentCount
  return [
    `offered ${count(all.offeredCount)} (${rate(all.offeredRps)}/s)`,
    `${isSum ? '+ ' : ''}retries ${count(all.retryCount)}`,
    `${isSum ? '= ' : ''}sent ${count(all.sentCount)} (${rate(all.sentRps)}/s)`,
  ]
}

function outcomeParts(all: NameSummary): string[] {
  const counts = all.outcomeCounts
  const errors = ERRORS.filter(([outcome]) => counts[outcome] > 0)
  const errorCount = errors.reduce((sum, [outcome]) => sum + counts[outcome], 0)
  const kinds = errors.map(([outcome, word]) => `${count(counts[outcome])} ${word}`).join(', ')
  return [
    `accepted ${count(counts.accepted)} (${share(counts.accepted, all)}, ${rate(all.acceptedRps)}/s)`,
    `throttled ${count(counts.throttled)} (${percent(all.throttledRatio)})`,
    errorCount === 0 ? 'errors 0' : `errors ${count(errorCount)} (${percent(all.errorRatio)}): ${kinds}`,
    ...(counts.aborted > 0 ? [`aborted ${count(counts.aborted)}`] : []),
  ]
}

function share(part: number, all: NameSummary): string {
  const repliesCount = OUTCOMES.reduce((sum, outcome) => sum + all.outcomeCounts[outcome], 0)
  return percent(repliesCount === 0 ? undefined : part / repliesCount)
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

function peakParts({ peak1s }: NameSummary): string[] {
  const parts = TRAFFIC.flatMap((traffic) => {
    const { peakRps, peakToAverageRatio } = peak1s[traffic]
    return peakRps === undefined
      ? []
      : [`${count(peakRps)} ${traffic} (${times(peakToAverageRatio)} average)`]
  })
  return parts.map((part, i) => (i === 0 ? `busiest second: ${part}` : part))
}

function operationParts(all: NameSummary): string[] {
  if (all.operationsCount === 0) return []
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
  return [
    `in flight mean ${rate(all.inflightMeanCount)}, max ${count(all.inflightMaxCount)}`,
    `sent ${bytes(all.sentBytes)}`,
    `received ${bytes(all.receivedBytes)}`,
  ]
}
