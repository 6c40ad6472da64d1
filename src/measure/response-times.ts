import type { DurationHistogram } from './histogram.ts'
import type { Outcome } from './outcome.ts'
import type { NameCell } from './snapshot.ts'

/** Adds the response times that requests of one outcome had in these cells to `durations`. */
export function addResponseTimes(
  durations: DurationHistogram,
  cells: readonly NameCell[],
  wanted: Outcome,
): void {
  for (const { histograms } of cells) {
    for (const { measure, outcome, histogram } of histograms) {
      if (measure === 'response_time' && outcome === wanted) durations.merge(histogram)
    }
  }
}
