import { US_PER_S } from '../core/units.ts'
import { OpenCell, binOf, type OpenNameCell } from './cell.ts'
import { NameTable } from './names.ts'
import type { Outcome } from './outcome.ts'
import type { RecorderSnapshot } from './snapshot.ts'

/** A second is closed at the earliest so long after its end: what belongs to it has been reported by then. */
const CLOSE_AFTER_US = US_PER_S

/** How a request ended. The recorder copies what it needs, so one object may serve for every request. */
export interface RequestFacts {
  readonly outcome: Outcome
  /** When it should have been sent. */
  readonly plannedUs: number
  /** As told to `sent`. */
  readonly sentUs: number
  readonly doneUs: number
  /** From 1. */
  readonly attempt: number
  /** What a throttled reply asked for. */
  readonly retryAfterUs: number | undefined
  readonly sentBytes: number
  readonly receivedBytes: number
  /** The operation it is an attempt of, with its planned start; `undefined`: an operation of its own. */
  readonly operation: { readonly startUs: number; readonly isLast: boolean } | undefined
}

/**
 * Counts what a worker does, second by second. Times are integer µs since the start of the run.
 *
 * Requests count in the second in which they were sent, whenever they end, so a second stays open while one of
 * its requests is under way; first attempts are offered in the second they were planned for, iterations in the
 * second they were due. What comes for a second that is closed counts in the earliest open one: sums stay exact.
 */
export class Recorder {
  readonly #names: NameTable
  /** Without gaps; the first is the earliest second not yet closed. */
  #open: OpenCell[] = []
  #firstSecond = 0
  /** Up to which second the numbers in flight have been carried over. */
  #carriedSecond = -1
  #inflightCount = 0
  readonly #inflightByName: number[] = []

  /** @param showName gives a request name as it may be written to a file; names that are shown alike are one. */
  constructor(showName?: (name: string) => string) {
    this.#names = new NameTable(showName)
  }

  /** The number under which a request name is counted; at most 200 names, the rest share `_other`. */
  nameId(name: string): number {
    return this.#names.id(name)
  }

  /** What is written for that number. */
  shownName(nameId: number): string {
    return this.#names.names[nameId] ?? ''
  }

  /** An iteration was planned for `dueUs`, or several. */
  iterationDue(dueUs: number, count = 1): void {
    this.#cellAt(dueUs).iterationsDueCount += count
  }

  /** The iteration due at `dueUs` will not start, or several. */
  iterationDropped(dueUs: number, count = 1): void {
    this.#cellAt(dueUs).iterationsDroppedCount += count
  }

  /** @throws RangeError when it starts before it is due. */
  iterationStarted(dueUs: number, startUs: number): void {
    const cell = this.#cellAt(dueUs)
    cell.iterationsStartedCount++
    cell.scheduleDelay.add(startUs - dueUs)
  }

  /** A first attempt was planned for `plannedUs`. */
  offered(nameId: number, plannedUs: number): void {
    const name = this.#cellAt(plannedUs).name(nameId)
    name.offeredCount++
    name.addToBin('offered', this.#binAt(plannedUs))
  }

  /** A request left, or failed before it could: then at the moment it failed. `attempt` counts from 1. */
  sent(nameId: number, sentUs: number, attempt: number): void {
    this.#carryInflight(sentUs)
    const cell = this.#cellAt(sentUs)
    const name = cell.name(nameId)
    cell.pinCount++
    name.sentCount++
    if (attempt > 1) name.retryCount++
    name.addToBin('sent', this.#binAt(sentUs))
    const inflight = (this.#inflightByName[nameId] ?? 0) + 1
    this.#inflightByName[nameId] = inflight
    this.#inflightCount++
    if (inflight > name.inflightMaxCount) name.inflightMaxCount = inflight
    if (this.#inflightCount > cell.inflightMaxCount) cell.inflightMaxCount = this.#inflightCount
  }

  /**
   * A request that was `sent` has its outcome.
   *
   * @throws RangeError when it is done before it was sent or planned.
   */
  done(nameId: number, facts: RequestFacts): void {
    this.#carryInflight(facts.doneUs)
    this.#inflightCount--
    this.#inflightByName[nameId] = (this.#inflightByName[nameId] ?? 0) - 1
    const cell = this.#cellAt(facts.sentUs)
    cell.pinCount--
    const name = cell.name(nameId)
    const { outcome } = facts
    name.outcomeCounts[outcome]++
    name.serviceTimeSumUs += facts.doneUs - facts.sentUs
    name.sentBytes += facts.sentBytes
    name.receivedBytes += facts.receivedBytes
    if (outcome === 'accepted') name.addToBin('accepted', this.#binAt(facts.sentUs))
    if (outcome === 'throttled' && facts.retryAfterUs !== undefined) name.retryAfter.add(facts.retryAfterUs)
    if (outcome !== 'aborted') {
      name.addDuration('service_time', outcome, facts.doneUs - facts.sentUs)
      name.addDuration('response_time', outcome, facts.doneUs - facts.plannedUs)
    }
    const { operation, doneUs } = facts
    if (operation?.isLast === false) return
    countOperation(name, outcome, doneUs - (operation?.startUs ?? facts.plannedUs))
  }

  /** An operation is over; its last attempt, sent at `sentUs`, was told to `done` before anybody knew that. */
  operationEnded(nameId: number, outcome: Outcome, sentUs: number, durationUs: number): void {
    countOperation(this.#cellAt(sentUs).name(nameId), outcome, durationUs)
  }

  /** Keeps the second of `us` open until `release` is called with the same time. */
  hold(us: number): void {
    this.#pinnable(us).pinCount++
  }

  release(us: number): void {
    this.#pinnable(us).pinCount--
  }

  /**
   * The seconds that are over, each once and in order, and the state of the others; the same object for a second as last
   * time, where nothing has changed in it since. A second is over when it ended a second ago, no arrival is due in it any
   * more, and nothing that was sent or held in it or before is still under way.
   *
   * @param nextDueUs the next planned arrival; `Infinity` when there is none.
   */
  snapshot(nowUs: number, nextDueUs: number): RecorderSnapshot {
    this.#carryInflight(nowUs)
    const isOver = ({ second, pinCount }: OpenCell): boolean => {
      const endUs = (second + 1) * US_PER_S
      return pinCount === 0 && endUs + CLOSE_AFTER_US <= nowUs && endUs <= nextDueUs
    }
    const stillOpen = this.#open.findIndex((cell) => !isOver(cell))
    return this.#close(stillOpen === -1 ? this.#open.length : stillOpen)
  }

  /** Everything up to `nowUs`. Every request must have its outcome by now. */
  close(nowUs: number): RecorderSnapshot {
    // A run that ends on a full second has no second that starts there.
    if (nowUs > 0) this.#carryInflight(nowUs - 1)
    return this.#close(this.#open.length)
  }

  #close(count: number): RecorderSnapshot {
    const { names, isOverflowed } = this.#names
    const snapshots = this.#open.map((cell) => cell.snapshot(names))
    this.#open = this.#open.slice(count)
    this.#firstSecond += count
    return { closed: snapshots.slice(0, count), open: snapshots.slice(count), namesOverflowed: isOverflowed }
  }

  /** The cell in which `us` counts, to count something in it. */
  #cellAt(us: number): OpenCell {
    const cell = this.#pinnable(us)
    cell.change()
    return cell
  }

  /** The cell in which `us` counts, of which nothing changes that is told. */
  #pinnable(us: number): OpenCell {
    const index = Math.max(Math.floor(us / US_PER_S) - this.#firstSecond, 0)
    return this.#open[index] ?? this.#openUpTo(index)
  }

  #openUpTo(index: number): OpenCell {
    let cell: OpenCell
    do {
      cell = new OpenCell(this.#firstSecond + this.#open.length)
      this.#open.push(cell)
    } while (this.#open.length <= index)
    return cell
  }

  /** The bin of `us`; the first one when its second is closed. */
  #binAt(us: number): number {
    return us < this.#firstSecond * US_PER_S ? 0 : binOf(us)
  }

  /** What is in flight when a second begins is in flight in that second, though nothing happens in it. */
  #carryInflight(us: number): void {
    const second = Math.floor(us / US_PER_S)
    if (second <= this.#carriedSecond) return
    for (let next = this.#carriedSecond + 1; next <= second; next++) {
      this.#carryInto(this.#cellAt(next * US_PER_S))
    }
    this.#carriedSecond = second
  }

  #carryInto(cell: OpenCell): void {
    cell.inflightMaxCount = this.#inflightCount
    for (const [nameId, count] of this.#inflightByName.entries()) {
      if (count > 0) cell.name(nameId).inflightMaxCount = count
    }
  }
}

function countOperation(name: OpenNameCell, outcome: Outcome, durationUs: number): void {
  name.operationsCount++
  if (outcome !== 'accepted') name.operationsFailedCount++
  if (outcome !== 'aborted') name.addDuration('operation_duration', outcome, durationUs)
}
