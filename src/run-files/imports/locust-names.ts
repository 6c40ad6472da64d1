import { DurationHistogram } from '../../measure/histogram.ts'
import { ALL_NAMES } from '../../measure/names.ts'
import { errorCount, OUTCOMES, zeroOutcomeCounts, type Outcome } from '../../measure/outcome.ts'
import type { DurationSummary, NameSummary, PeakSummary } from '../../measure/summary.ts'
import type { Fields } from './fields.ts'
import { locustKey, type LocustFailures } from './locust-errors.ts'
import { numberOf, requestName, RowFault } from './request-sample.ts'
import { msToUs } from './sample-time.ts'
import { NOT_KNOWN } from './unknown-figures.ts'

const NO_DURATIONS: DurationSummary = new DurationHistogram().summary()
const NO_PEAK: PeakSummary = {
  peakRps: undefined,
  meanRps: undefined,
  peakToAverageRatio: undefined,
  dispersionRatio: undefined,
}

/** Locust's row of everything together. */
const AGGREGATED = 'Aggregated'

/** One row of `_stats.csv` under the name that it gets. */
export interface LocustName {
  readonly name: string
  readonly method: string
  /** As Locust writes it. */
  readonly locustName: string
  readonly row: Fields
}

/** The rows of `_stats.csv`, all together first. @throws RowFault without a row of all */
export function locustNames(rows: readonly Fields[]): [all: LocustName, ...names: LocustName[]] {
  const named = rows.map((row) => ({ row, method: row.text('Type'), locustName: row.text('Name') }))
  const isAll = ({ method, locustName }: (typeof named)[number]): boolean =>
    method === '' && locustName === AGGREGATED
  const all = named.find(isAll)
  if (all === undefined) throw new RowFault(`there is no row ${AGGREGATED}: the file was cut off`)
  const others = named.filter((each) => !isAll(each))
  const names = distinctNames(others.map(({ method, locustName }) => [method, requestName(locustName)]))
  return [
    { ...all, name: ALL_NAMES },
    ...others.map((each, i) => ({ ...each, name: names[i] ?? each.locustName })),
  ]
}

/** A name alone where it is the only one, with its method where that tells it apart, with a number where nothing does. */
function distinctNames(pairs: readonly (readonly [method: string, name: string])[]): string[] {
  const timesOf = (wanted: string): number => pairs.filter(([, name]) => name === wanted).length
  const given = new Map<string, number>()
  return pairs.map(([method, name]) => {
    const plain = timesOf(name) > 1 ? `${method} ${name}` : name
    const times = (given.get(plain) ?? 0) + 1
    given.set(plain, times)
    return times === 1 ? plain : `${plain} (${times})`
  })
}

/**
 * How long the run was, by its own rate: Locust divides by the time from its start to the last request.
 *
 * @throws RowFault
 */
export function locustDurationS({ row }: LocustName): number {
  const count = numberOf(row.text('Request Count'), 'Request Count')
  const rps = numberOf(row.text('Requests/s'), 'Requests/s')
  return rps === 0 ? 0 : count / rps
}

/**
 * What `_stats.csv` knows of a name. Its percentiles are those of all replies together, so where some failed, nothing is
 * known of the accepted ones alone.
 *
 * @param failures of this name; `undefined`: there is no `_failures.csv`
 * @throws RowFault
 */
export function locustSummary(
  { name, row }: LocustName,
  durationS: number,
  failures: LocustFailures | undefined,
): NameSummary {
  const sentCount = numberOf(row.text('Request Count'), 'Request Count')
  const failedCount = numberOf(row.text('Failure Count'), 'Failure Count')
  const outcomeCounts = outcomeCountsOf(sentCount, failedCount, failures)
  const durations = failedCount === 0 ? durationsOf(row, sentCount) : NO_DURATIONS
  const perSecond = (count: number): number => (durationS === 0 ? 0 : count / durationS)
  const meanMs = sentCount === 0 ? 0 : numberOf(row.text('Average Response Time'), 'Average Response Time')
  return {
    name,
    durationS,
    offeredCount: sentCount,
    retryCount: 0,
    sentCount,
    outcomeCounts,
    iterationsDueCount: undefined,
    iterationsDroppedCount: undefined,
    operationsCount: sentCount,
    operationsFailedCount: failedCount,
    offeredRps: perSecond(sentCount),
    sentRps: perSecond(sentCount),
    acceptedRps: perSecond(outcomeCounts.accepted),
    capRps: undefined,
    acceptedToCapRatio: undefined,
    throttledRatio: ratio(outcomeCounts.throttled, sentCount),
    expectedThrottledRatio: undefined,
    errorRatio: ratio(errorCount(outcomeCounts), sentCount),
    peak1s: { offered: NO_PEAK, sent: NO_PEAK, accepted: NO_PEAK },
    retryAmplificationRatio: ratio(sentCount, sentCount),
    inflightMeanCount: perSecond((sentCount * meanMs) / 1_000),
    inflightMaxCount: NOT_KNOWN,
    responseTimeAccepted: durations,
    serviceTimeAccepted: durations,
    responseTimeThrottled: NO_DURATIONS,
    operationDuration: durations,
    retryAfter: NO_DURATIONS,
    scheduleDelay: undefined,
    loopUtilizationMaxRatio: undefined,
    sentBytes: NOT_KNOWN,
    receivedBytes: NOT_KNOWN,
  }
}

/** All failures of the run as those of one name. */
export function allFailures(failures: ReadonlyMap<string, LocustFailures>): LocustFailures {
  const each = [...failures.values()]
  const byOutcome = new Map(
    OUTCOMES.map((outcome) => [
      outcome,
      each.reduce((total, one) => total + (one.byOutcome.get(outcome) ?? 0), 0),
    ]),
  )
  return {
    byOutcome,
    count: each.reduce((total, { count }) => total + count, 0),
    unclearCount: each.reduce((total, { unclearCount }) => total + unclearCount, 0),
  }
}

export function failuresOf(
  failures: ReadonlyMap<string, LocustFailures>,
  { method, locustName }: LocustName,
): LocustFailures | undefined {
  return failures.get(locustKey(method, locustName))
}

/** Which kinds of failures there were is known when `_failures.csv` says it of every one. */
function outcomeCountsOf(
  sentCount: number,
  failedCount: number,
  failures: LocustFailures | undefined,
): Record<Outcome, number> {
  const counts = { ...zeroOutcomeCounts(), accepted: sentCount - failedCount }
  if (failedCount === 0) return counts
  const isClear = failures?.count === failedCount && failures.unclearCount === 0
  for (const outcome of OUTCOMES) {
    if (outcome === 'accepted' || outcome === 'aborted') continue
    counts[outcome] = isClear ? (failures.byOutcome.get(outcome) ?? 0) : NOT_KNOWN
  }
  return counts
}

function durationsOf(row: Fields, count: number): DurationSummary {
  const us = (column: string): number | undefined => {
    const text = row.text(column)
    return text === '' || text === 'N/A' ? undefined : msToUs(numberOf(text, column))
  }
  return {
    count,
    minUs: us('Min Response Time'),
    meanUs: us('Average Response Time'),
    p50Us: us('50%'),
    p90Us: us('90%'),
    p95Us: us('95%'),
    p99Us: us('99%'),
    p999Us: us('99.9%'),
    maxUs: us('Max Response Time'),
  }
}

function ratio(part: number, whole: number): number | undefined {
  return whole === 0 ? undefined : part / whole
}
