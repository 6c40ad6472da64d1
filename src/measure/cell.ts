import { US_PER_S } from '../core/units.ts'
import { BucketCounts } from './bucket-counts.ts'
import { BIN_US } from './burst.ts'
import { HIGHEST_DURATION_US, HIGHEST_RETRY_AFTER_US } from './buckets.ts'
import { OUTCOMES, zeroOutcomeCounts, type Outcome } from './outcome.ts'
import {
  BINS_PER_SECOND,
  type CellHistogram,
  type Measure,
  type NameCell,
  type SecondCell,
  type Traffic,
} from './snapshot.ts'

/** Which tenth of its second `us` lies in. */
export function binOf(us: number): number {
  return Math.floor((us % US_PER_S) / BIN_US)
}

function emptyBins(): Record<Traffic, number[]> {
  const zeros = (): number[] => Array.from({ length: BINS_PER_SECOND }, () => 0)
  return { offered: zeros(), sent: zeros(), accepted: zeros() }
}

/** Durations that belong to a request, and so to its outcome. */
type RequestMeasure = Exclude<Measure, 'schedule_delay'>

type DurationsByOutcome = { [outcome in Outcome]?: BucketCounts }

/** One name in one open second. */
export class OpenNameCell {
  offeredCount = 0
  sentCount = 0
  retryCount = 0
  readonly outcomeCounts: Record<Outcome, number> = zeroOutcomeCounts()
  serviceTimeSumUs = 0
  operationsCount = 0
  operationsFailedCount = 0
  sentBytes = 0
  receivedBytes = 0
  inflightMaxCount = 0
  readonly retryAfter: BucketCounts = new BucketCounts(HIGHEST_RETRY_AFTER_US)
  readonly #bins = emptyBins()
  readonly #durations: Record<RequestMeasure, DurationsByOutcome> = {
    service_time: {},
    response_time: {},
    operation_duration: {},
  }

  addToBin(traffic: Traffic, bin: number): void {
    const bins = this.#bins[traffic]
    bins[bin] = (bins[bin] ?? 0) + 1
  }

  addDuration(measure: RequestMeasure, outcome: Outcome, us: number): void {
    const durations = this.#durations[measure]
    const counts = (durations[outcome] ??= new BucketCounts(HIGHEST_DURATION_US))
    counts.add(us)
  }

  snapshot(name: string): NameCell {
    return {
      name,
      offeredCount: this.offeredCount,
      sentCount: this.sentCount,
      retryCount: this.retryCount,
      outcomeCounts: { ...this.outcomeCounts },
      serviceTimeSumUs: this.serviceTimeSumUs,
      operationsCount: this.operationsCount,
      operationsFailedCount: this.operationsFailedCount,
      sentBytes: this.sentBytes,
      receivedBytes: this.receivedBytes,
      inflightMaxCount: this.inflightMaxCount,
      retryAfter: this.retryAfter.snapshot(),
      bins: this.#binsSnapshot(),
      histograms: [
        ...this.#histograms('service_time'),
        ...this.#histograms('response_time'),
        ...this.#histograms('operation_duration'),
      ],
    }
  }

  #binsSnapshot(): NameCell['bins'] {
    const { offered, sent, accepted } = this.#bins
    return { offered: [...offered], sent: [...sent], accepted: [...accepted] }
  }

  #histograms(measure: RequestMeasure): CellHistogram[] {
    return OUTCOMES.flatMap((outcome) => {
      const counts = this.#durations[measure][outcome]
      return counts === undefined ? [] : [{ measure, outcome, histogram: counts.snapshot() }]
    })
  }
}

/** One open second. */
export class OpenCell {
  readonly second: number
  iterationsDueCount = 0
  iterationsDroppedCount = 0
  iterationsStartedCount = 0
  readonly scheduleDelay: BucketCounts = new BucketCounts(HIGHEST_DURATION_US)
  inflightMaxCount = 0
  /** Requests sent in it without an outcome, and holds: while there are any, the second stays open. */
  pinCount = 0
  readonly #names: (OpenNameCell | undefined)[] = []
  #told: SecondCell | undefined

  constructor(second: number) {
    this.second = second
  }

  /** To be called before anything of it is changed but the pins. */
  change(): void {
    this.#told = undefined
  }

  name(nameId: number): OpenNameCell {
    return (this.#names[nameId] ??= new OpenNameCell())
  }

  /** The same object as last time, unless something has changed since. */
  snapshot(names: readonly string[]): SecondCell {
    this.#told ??= this.#snapshot(names)
    return this.#told
  }

  #snapshot(names: readonly string[]): SecondCell {
    return {
      second: this.second,
      names: this.#names.flatMap((cell, id) => (cell === undefined ? [] : [cell.snapshot(names[id] ?? '')])),
      iterationsDueCount: this.iterationsDueCount,
      iterationsDroppedCount: this.iterationsDroppedCount,
      iterationsStartedCount: this.iterationsStartedCount,
      scheduleDelay: this.scheduleDelay.snapshot(),
      inflightMaxCount: this.inflightMaxCount,
    }
  }
}
