import { US_PER_S } from '../../core/units.ts'
import { DurationHistogram } from '../../measure/histogram.ts'
import { errorCount, OUTCOMES, type Outcome } from '../../measure/outcome.ts'
import { addResponseTimes } from '../../measure/response-times.ts'
import type { NameCell, RecorderSnapshot, SecondCell } from '../../measure/snapshot.ts'
import type { LiveName, LiveState } from '../../report/live.ts'

/** Counts of seconds that are in no total yet. */
export interface OpenCounts {
  readonly sentCount: number
  readonly throttledCount: number
  readonly errorCount: number
  readonly droppedCount: number
  readonly inflightMaxCount: number
}

/**
 * The latest seconds of a run for the live view. It reads open seconds too: a target that stalls keeps
 * seconds open for as long as its slowest reply, and that is when people look.
 */
export class LiveWindow {
  readonly #seconds: number
  #cells: readonly SecondCell[] = []
  #open: readonly SecondCell[] = []

  /** How many whole seconds the view looks back on. */
  constructor(seconds: number) {
    this.#seconds = seconds
  }

  take({ closed, open }: RecorderSnapshot): void {
    this.#open = open
    this.#cells = [...this.#cells, ...closed].slice(-this.#seconds)
  }

  /** In flight now: sent, without an outcome yet. */
  get inflightCount(): number {
    return sum(this.#open, (cell) => sum(cell.names, unresolved))
  }

  /** Of the open seconds that begin at or after `fromUs`. */
  openCounts(fromUs: number): OpenCounts {
    const cells = this.#open.filter(({ second }) => second * US_PER_S >= fromUs)
    const names = cells.flatMap((cell) => cell.names)
    return {
      sentCount: sum(names, ({ sentCount }) => sentCount),
      throttledCount: sum(names, throttled),
      errorCount: sum(names, errors),
      droppedCount: sum(cells, ({ iterationsDroppedCount }) => iterationsDroppedCount),
      inflightMaxCount: Math.max(0, ...cells.map(({ inflightMaxCount }) => inflightMaxCount)),
    }
  }

  recent(nowUs: number): LiveState['recent'] {
    const names = this.#window(nowUs).flatMap((cell) => cell.names)
    const perSecond = (count: (name: NameCell) => number): number => sum(names, count) / this.#seconds
    const sent = sum(names, ({ sentCount }) => sentCount)
    const accepted = responseTimes(names, 'accepted')
    return {
      offeredRps: perSecond(({ offeredCount }) => offeredCount),
      sentRps: perSecond(({ sentCount }) => sentCount),
      retryRps: perSecond(({ retryCount }) => retryCount),
      acceptedRps: perSecond(({ outcomeCounts }) => outcomeCounts.accepted),
      throttledRatio: ratio(sum(names, throttled), sent),
      errorRatio: ratio(sum(names, errors), sent),
      p50Us: accepted.quantileUs(0.5),
      p95Us: accepted.quantileUs(0.95),
      p99Us: accepted.quantileUs(0.99),
      throttledP50Us: responseTimes(names, 'throttled').quantileUs(0.5),
    }
  }

  names(nowUs: number): LiveName[] {
    const all = this.#window(nowUs).flatMap((cell) => cell.names)
    return [...new Set(all.map(({ name }) => name))].map((name) => {
      const cells = all.filter((cell) => cell.name === name)
      const sent = sum(cells, ({ sentCount }) => sentCount)
      return {
        name,
        sentRps: sent / this.#seconds,
        throttledRatio: ratio(sum(cells, throttled), sent),
        p99Us: responseTimes(cells, 'accepted').quantileUs(0.99),
      }
    })
  }

  /** The last whole seconds before now. */
  #window(nowUs: number): readonly SecondCell[] {
    const end = Math.floor(nowUs / US_PER_S)
    return [...this.#cells, ...this.#open].filter(
      ({ second }) => second < end && second >= end - this.#seconds,
    )
  }
}

function responseTimes(names: readonly NameCell[], wanted: Outcome): DurationHistogram {
  const durations = new DurationHistogram()
  addResponseTimes(durations, names, wanted)
  return durations
}

function throttled({ outcomeCounts }: NameCell): number {
  return outcomeCounts.throttled
}

function errors({ outcomeCounts }: NameCell): number {
  return errorCount(outcomeCounts)
}

function unresolved({ sentCount, outcomeCounts }: NameCell): number {
  return sentCount - sum(OUTCOMES, (outcome) => outcomeCounts[outcome])
}

function ratio(part: number, whole: number): number | undefined {
  return whole === 0 ? undefined : part / whole
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0)
}
