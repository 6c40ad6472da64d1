import { DurationHistogram } from './histogram.ts'
import { ALL_NAMES } from './names.ts'
import { OUTCOMES, zeroOutcomeCounts, type Outcome } from './outcome.ts'
import { addResponseTimes } from './response-times.ts'
import type { NameCell, SecondCell } from './snapshot.ts'
import type { Phase, SecondRow } from './summary.ts'

function sum(cells: readonly NameCell[], count: (cell: NameCell) => number): number {
  return cells.reduce((total, cell) => total + count(cell), 0)
}

function sumOutcomes(cells: readonly NameCell[]): Record<Outcome, number> {
  const counts = zeroOutcomeCounts()
  for (const outcome of OUTCOMES) counts[outcome] = sum(cells, (cell) => cell.outcomeCounts[outcome])
  return counts
}

/** Makes the rows of the time series. */
export class SecondRows {
  /** Reused for every row. */
  readonly #durations = new DurationHistogram()

  /** `_all` first, then a row for each of `names`, whether it was active or not. */
  of(cell: SecondCell, phase: Phase, names: Iterable<string>, capRps: number | undefined): SecondRow[] {
    const byName = new Map(cell.names.map((nameCell) => [nameCell.name, nameCell]))
    const rows = [this.#allRow(cell, phase, capRps)]
    for (const name of names) {
      const nameCell = byName.get(name)
      rows.push({
        ...this.#row(cell.second, phase, name, nameCell === undefined ? [] : [nameCell]),
        inflightMaxCount: nameCell?.inflightMaxCount ?? 0,
        capRps: undefined,
        scheduleDelayMaxUs: undefined,
        iterationsDueCount: undefined,
        iterationsDroppedCount: undefined,
      })
    }
    return rows
  }

  #allRow(cell: SecondCell, phase: Phase, capRps: number | undefined): SecondRow {
    return {
      ...this.#row(cell.second, phase, ALL_NAMES, cell.names),
      inflightMaxCount: cell.inflightMaxCount,
      capRps,
      scheduleDelayMaxUs: cell.iterationsStartedCount === 0 ? undefined : cell.scheduleDelay.maxUs,
      iterationsDueCount: cell.iterationsDueCount,
      iterationsDroppedCount: cell.iterationsDroppedCount,
    }
  }

  #row(second: number, phase: Phase, name: string, cells: readonly NameCell[]) {
    const accepted = this.#merged(cells, 'accepted')
    const responseTimeAcceptedSumUs = accepted.sumUs
    const responseTimeAccepted = accepted.summary()
    return {
      second,
      phase,
      name,
      offeredCount: sum(cells, (cell) => cell.offeredCount),
      retryCount: sum(cells, (cell) => cell.retryCount),
      sentCount: sum(cells, (cell) => cell.sentCount),
      outcomeCounts: sumOutcomes(cells),
      responseTimeAcceptedSumUs,
      responseTimeAccepted,
      responseTimeThrottledP50Us: this.#merged(cells, 'throttled').quantileUs(0.5),
    }
  }

  /** Response times of the cells; valid until the next call. */
  #merged(cells: readonly NameCell[], wanted: Outcome): DurationHistogram {
    this.#durations.reset()
    addResponseTimes(this.#durations, cells, wanted)
    return this.#durations
  }
}
