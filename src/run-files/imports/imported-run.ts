import TinyQueue from 'tinyqueue'
import { US_PER_S } from '../../core/units.ts'
import { Recorder } from '../../measure/recorder.ts'
import { RunTotals, type RunFigures } from '../../measure/run-totals.ts'
import type { SecondCell } from '../../measure/snapshot.ts'
import type { SecondRow } from '../../measure/summary.ts'
import type { RequestSample } from './request-sample.ts'
import { withoutUnknown, withoutUnknownOfSecond, type Unknown } from './unknown-figures.ts'

/** Gets the seconds of the run, each once and in order. */
interface Listener {
  readonly onSecond: (rows: readonly SecondRow[]) => void
  readonly onCells: (cells: readonly SecondCell[]) => void
}

/** What was counted. */
export interface ImportedEnd extends RunFigures {
  readonly namesOverflowed: boolean
  /** Every time in the source is a whole second. */
  readonly isCoarse: boolean
  /** The last request's end, since second 0. */
  readonly endUs: number
}

/** A request on its way through the recorder. Times since second 0. */
interface Pending {
  readonly nameId: number
  readonly startUs: number
  readonly endUs: number
  readonly sample: RequestSample
}

/**
 * Counts the requests of another tool as those of a run are counted. The run lasts from the first request's start to the
 * last one's end, as JMeter and Locust have it. When requests were due is not known: they are offered when they start.
 */
export class ImportedRun {
  readonly #originUs: number
  readonly #listener: Listener
  readonly #recorder = new Recorder()
  readonly #totals: RunTotals
  readonly #pending = new TinyQueue<Pending>([], (a, b) => a.endUs - b.endUs)
  #second = 0
  #endUs = 0
  #lacksSentBytes = false
  #lacksReceivedBytes = false
  #isCoarse = true

  /** @param originUs second 0, at or shortly before the first request's start; µs since 1970. */
  constructor(originUs: number, listener: Listener) {
    this.#originUs = originUs
    this.#listener = listener
    const onSecond = (rows: readonly SecondRow[]): void =>
      listener.onSecond(rows.map((row) => withoutUnknownOfSecond(row, this.#unknown())))
    this.#totals = new RunTotals({ warmupUs: 0, loadEndUs: Infinity, capRps: undefined, onSecond })
  }

  /** Requests come in the order of their starts. */
  add(sample: RequestSample): void {
    const startUs = sample.startUs - this.#originUs
    const endUs = sample.endUs - this.#originUs
    this.#endAllUntil(startUs)
    this.#closeSecondsBefore(startUs)
    const nameId = this.#recorder.nameId(sample.name)
    this.#recorder.offered(nameId, startUs)
    this.#recorder.sent(nameId, startUs, 1)
    this.#pending.push({ nameId, startUs, endUs, sample })
    this.#note(sample, endUs)
  }

  finish(): ImportedEnd {
    this.#endAllUntil(Infinity)
    const endUs = this.#endUs
    this.#totals.endLoad(endUs)
    const { closed, namesOverflowed } = this.#recorder.close(endUs)
    this.#take(closed)
    const figures = withoutUnknown(this.#totals.finish({ loadEndUs: endUs }), this.#unknown())
    return { ...figures, namesOverflowed, isCoarse: this.#isCoarse, endUs }
  }

  #note({ sentBytes, receivedBytes, startUs, endUs }: RequestSample, relativeEndUs: number): void {
    this.#lacksSentBytes ||= sentBytes === undefined
    this.#lacksReceivedBytes ||= receivedBytes === undefined
    this.#isCoarse &&= startUs % US_PER_S === 0 || endUs % US_PER_S === 0
    this.#endUs = Math.max(this.#endUs, relativeEndUs)
  }

  #unknown(): Unknown {
    return {
      sentBytes: this.#lacksSentBytes,
      receivedBytes: this.#lacksReceivedBytes,
      subSecond: this.#isCoarse,
    }
  }

  /** What ends when another begins ends first. */
  #endAllUntil(us: number): void {
    for (
      let next = this.#pending.peek();
      next !== undefined && next.endUs <= us;
      next = this.#pending.peek()
    ) {
      this.#pending.pop()
      this.#end(next)
    }
  }

  #end({ nameId, startUs, endUs, sample }: Pending): void {
    this.#recorder.done(nameId, {
      outcome: sample.outcome,
      plannedUs: startUs,
      sentUs: startUs,
      doneUs: endUs,
      attempt: 1,
      retryAfterUs: undefined,
      sentBytes: sample.sentBytes ?? 0,
      receivedBytes: sample.receivedBytes ?? 0,
      operation: undefined,
    })
  }

  #closeSecondsBefore(us: number): void {
    const second = Math.floor(us / US_PER_S)
    if (second <= this.#second) return
    this.#second = second
    this.#take(this.#recorder.snapshot(us, Infinity).closed)
  }

  #take(cells: readonly SecondCell[]): void {
    this.#totals.add(cells)
    this.#listener.onCells(cells)
  }
}
