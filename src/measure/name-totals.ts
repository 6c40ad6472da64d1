import { US_PER_S } from '../core/units.ts'
import { HIGHEST_RETRY_AFTER_US } from './buckets.ts'
import { BurstMeter } from './burst.ts'
import { DurationHistogram } from './histogram.ts'
import { errorCount, OUTCOMES, zeroOutcomeCounts, type Outcome } from './outcome.ts'
import type { CellHistogram, Measure, NameCell } from './snapshot.ts'
import type { DurationSummary, HistogramRows, NameSummary } from './summary.ts'

/** What a summary row says besides what was counted under its name. */
export interface SummaryFacts {
  readonly durationS: number
  /** The cap of the whole target: `undefined` for the row of a single name. */
  readonly capRps: number | undefined
  readonly expectedThrottledRatio: number | undefined
  readonly iterationsDueCount: number | undefined
  readonly iterationsDroppedCount: number | undefined
  readonly scheduleDelay: DurationSummary | undefined
  readonly loopUtilizationMaxRatio: number | undefined
}

interface Entry {
  readonly measure: Measure
  readonly outcome: Outcome | null
  readonly histogram: DurationHistogram
}

const NO_DURATIONS = new DurationHistogram().summary()

function ratio(part: number, whole: number): number | undefined {
  return whole === 0 ? undefined : part / whole
}

/** Everything counted under one name, or under all. */
export class NameTotals {
  readonly name: string
  readonly burst: BurstMeter = new BurstMeter()
  #offeredCount = 0
  #sentCount = 0
  #retryCount = 0
  readonly #outcomeCounts = zeroOutcomeCounts()
  #serviceTimeSumUs = 0
  #operationsCount = 0
  #operationsFailedCount = 0
  #sentBytes = 0
  #receivedBytes = 0
  #inflightMaxCount = 0
  readonly #retryAfter = new DurationHistogram(HIGHEST_RETRY_AFTER_US)
  readonly #entries = new Map<string, Entry>()

  constructor(name: string) {
    this.name = name
  }

  get sentCount(): number {
    return this.#sentCount
  }

  add(cell: NameCell): void {
    this.#offeredCount += cell.offeredCount
    this.#sentCount += cell.sentCount
    this.#retryCount += cell.retryCount
    for (const outcome of OUTCOMES) this.#outcomeCounts[outcome] += cell.outcomeCounts[outcome]
    this.#serviceTimeSumUs += cell.serviceTimeSumUs
    this.#operationsCount += cell.operationsCount
    this.#operationsFailedCount += cell.operationsFailedCount
    this.#sentBytes += cell.sentBytes
    this.#receivedBytes += cell.receivedBytes
    this.seeInflight(cell.inflightMaxCount)
    this.#retryAfter.merge(cell.retryAfter)
    for (const histogram of cell.histograms) this.addHistogram(histogram)
  }

  addHistogram({ measure, outcome, histogram }: CellHistogram): void {
    const key = `${measure}/${outcome}`
    let entry = this.#entries.get(key)
    if (entry === undefined) {
      entry = { measure, outcome, histogram: new DurationHistogram() }
      this.#entries.set(key, entry)
    }
    entry.histogram.merge(histogram)
  }

  /** So many were in flight at once. */
  seeInflight(count: number): void {
    this.#inflightMaxCount = Math.max(this.#inflightMaxCount, count)
  }

  durations(measure: Measure, outcome: Outcome | null): DurationSummary {
    return this.#entries.get(`${measure}/${outcome}`)?.histogram.summary() ?? NO_DURATIONS
  }

  summary(facts: SummaryFacts): NameSummary {
    const { durationS, capRps } = facts
    const perSecond = (count: number): number => (durationS === 0 ? 0 : count / durationS)
    const outcomes = this.#outcomeCounts
    const acceptedRps = perSecond(outcomes.accepted)
    return {
      ...facts,
      name: this.name,
      offeredCount: this.#offeredCount,
      retryCount: this.#retryCount,
      sentCount: this.#sentCount,
      outcomeCounts: { ...outcomes },
      operationsCount: this.#operationsCount,
      operationsFailedCount: this.#operationsFailedCount,
      offeredRps: perSecond(this.#offeredCount),
      sentRps: perSecond(this.#sentCount),
      acceptedRps,
      acceptedToCapRatio: capRps === undefined ? undefined : ratio(acceptedRps, capRps),
      throttledRatio: ratio(outcomes.throttled, this.#sentCount),
      errorRatio: ratio(errorCount(outcomes), this.#sentCount),
      peak1s: this.burst.peaks(),
      retryAmplificationRatio: ratio(this.#sentCount, this.#offeredCount),
      inflightMeanCount: perSecond(this.#serviceTimeSumUs / US_PER_S),
      inflightMaxCount: this.#inflightMaxCount,
      responseTimeAccepted: this.durations('response_time', 'accepted'),
      serviceTimeAccepted: this.durations('service_time', 'accepted'),
      responseTimeThrottled: this.durations('response_time', 'throttled'),
      operationDuration: this.durations('operation_duration', 'accepted'),
      retryAfter: this.#retryAfter.summary(),
      sentBytes: this.#sentBytes,
      receivedBytes: this.#receivedBytes,
    }
  }

  histograms(): HistogramRows[] {
    return [...this.#entries.values()].map(({ measure, outcome, histogram }) => ({
      name: this.name,
      measure,
      outcome,
      histogram: histogram.snapshot(),
    }))
  }
}
