import { US_PER_S } from '../../core/units.ts'
import { DurationHistogram } from '../../measure/histogram.ts'
import { errorCount, OUTCOMES, type Outcome } from '../../measure/outcome.ts'
import { addResponseTimes } from '../../measure/response-times.ts'
import type { NameCell, RecorderSnapshot, SecondCell } from '../../measure/snapshot.ts'
import { LIVE_HISTORY_S, LIVE_NAMES, type LiveSecond, type LiveState } from '../../report/live.ts'

/** Counts of seconds that are in no total yet. */
export interface OpenCounts {
  readonly sentCount: number
  readonly throttledCount: number
  readonly errorCount: number
  readonly droppedCount: number
  readonly inflightMaxCount: number
}

/** Percentiles need more replies than a second may have. */
const LATENCY_SECONDS = 10

/**
 * The latest seconds of a run for the live view. It reads open seconds too: a target that stalls keeps
 * seconds open for as long as its slowest reply, and that is when people look.
 */
export class LiveWindow {
  readonly #rateSeconds: number
  #cells: readonly SecondCell[] = []
  #open: readonly SecondCell[] = []
  readonly #names = new Set<string>()
  /** A second is drawn in many frames. */
  readonly #drawn = new WeakMap<SecondCell, LiveSecond>()

  /** How many whole seconds rates and shares are means of. */
  constructor(rateSeconds: number) {
    this.#rateSeconds = rateSeconds
  }

  take({ closed, open }: RecorderSnapshot): void {
    this.#open = open
    this.#cells = [...this.#cells, ...closed].slice(-LIVE_HISTORY_S)
    for (const cell of [...closed, ...open]) for (const { name } of cell.names) this.#names.add(name)
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

  /** What the view shows of the seconds before now. */
  at(nowUs: number): Pick<LiveState, 'recent' | 'history' | 'names' | 'nameCount'> {
    const secondCount = Math.min(this.#rateSeconds, Math.floor(nowUs / US_PER_S))
    const rated = namesOf(this.#last(this.#rateSeconds, nowUs))
    const timed = namesOf(this.#last(LATENCY_SECONDS, nowUs))
    return {
      recent: recentFigures(rated, timed, secondCount),
      history: this.#last(LIVE_HISTORY_S, nowUs).map((cell) => this.#drawnSecond(cell)),
      names: [...this.#names].slice(0, LIVE_NAMES).map((name) => {
        const isNamed = (cell: NameCell): boolean => cell.name === name
        const cells = rated.filter(isNamed)
        return {
          name,
          sentRps: perSecond(sum(cells, sent), secondCount),
          throttledRatio: throttledRatio(cells),
          p99Us: responseTimes(timed.filter(isNamed), 'accepted').quantileUs(0.99),
        }
      }),
      nameCount: this.#names.size,
    }
  }

  #drawnSecond(cell: SecondCell): LiveSecond {
    const known = this.#drawn.get(cell)
    if (known !== undefined) return known
    const second = {
      acceptedCount: sum(cell.names, accepted),
      throttledRatio: throttledRatio(cell.names),
      p99Us: responseTimes(cell.names, 'accepted').quantileUs(0.99),
    }
    this.#drawn.set(cell, second)
    return second
  }

  /** The last whole seconds before now. */
  #last(secondCount: number, nowUs: number): readonly SecondCell[] {
    const end = Math.floor(nowUs / US_PER_S)
    return [...this.#cells, ...this.#open].filter(({ second }) => second < end && second >= end - secondCount)
  }
}

function recentFigures(
  rated: readonly NameCell[],
  timed: readonly NameCell[],
  secondCount: number,
): LiveState['recent'] {
  const rate = (count: (name: NameCell) => number): number => perSecond(sum(rated, count), secondCount)
  const acceptedTimes = responseTimes(timed, 'accepted')
  return {
    offeredRps: rate(({ offeredCount }) => offeredCount),
    sentRps: rate(sent),
    retryRps: rate(({ retryCount }) => retryCount),
    acceptedRps: rate(accepted),
    throttledRatio: throttledRatio(rated),
    errorRatio: ratio(sum(rated, errors), sum(rated, sent)),
    p50Us: acceptedTimes.quantileUs(0.5),
    p95Us: acceptedTimes.quantileUs(0.95),
    p99Us: acceptedTimes.quantileUs(0.99),
    throttledP50Us: responseTimes(timed, 'throttled').quantileUs(0.5),
  }
}

function namesOf(cells: readonly SecondCell[]): NameCell[] {
  return cells.flatMap(({ names }) => names)
}

function responseTimes(names: readonly NameCell[], wanted: Outcome): DurationHistogram {
  const durations = new DurationHistogram()
  addResponseTimes(durations, names, wanted)
  return durations
}

function sent({ sentCount }: NameCell): number {
  return sentCount
}

function accepted({ outcomeCounts }: NameCell): number {
  return outcomeCounts.accepted
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

function throttledRatio(names: readonly NameCell[]): number | undefined {
  return ratio(sum(names, throttled), sum(names, sent))
}

/** 0 before the first second is over. */
function perSecond(count: number, secondCount: number): number {
  return secondCount === 0 ? 0 : count / secondCount
}

function ratio(part: number, whole: number): number | undefined {
  return whole === 0 ? undefined : part / whole
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0)
}
