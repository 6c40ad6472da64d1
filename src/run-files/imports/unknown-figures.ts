/** Leaves empty what the source of an import does not tell: a 0 would say that there was none. */
import { BIN_US } from '../../measure/burst.ts'
import type { RunFigures } from '../../measure/run-totals.ts'
import { US_PER_MS } from '../../core/units.ts'
import type { BurstRow, NameSummary, SecondRow } from '../../measure/summary.ts'

/** Written as an empty field. */
export const NOT_KNOWN: number = NaN

/** What the source does not say. */
export interface Unknown {
  readonly sentBytes: boolean
  readonly receivedBytes: boolean
  /** Where in its second something happened. */
  readonly subSecond: boolean
}

export function withoutUnknown({ names, burst, histograms }: RunFigures, unknown: Unknown): RunFigures {
  return {
    names: names.map((name) => withoutUnknownOfName(name, unknown)),
    burst: unknown.subSecond ? burst.map(withoutShortWindows) : burst,
    histograms: histograms.filter(({ measure }) => measure !== 'schedule_delay'),
  }
}

function withoutUnknownOfName(name: NameSummary, unknown: Unknown): NameSummary {
  return {
    ...name,
    iterationsDueCount: undefined,
    iterationsDroppedCount: undefined,
    inflightMaxCount: unknown.subSecond ? NOT_KNOWN : name.inflightMaxCount,
    sentBytes: unknown.sentBytes ? NOT_KNOWN : name.sentBytes,
    receivedBytes: unknown.receivedBytes ? NOT_KNOWN : name.receivedBytes,
  }
}

export function withoutUnknownOfSecond(row: SecondRow, unknown: Unknown): SecondRow {
  return {
    ...row,
    inflightMaxCount: unknown.subSecond ? NOT_KNOWN : row.inflightMaxCount,
    iterationsDueCount: undefined,
    iterationsDroppedCount: undefined,
  }
}

function withoutShortWindows(row: BurstRow): BurstRow {
  if (row.windowMs * US_PER_MS > BIN_US) return row
  const { name, traffic, windowMs } = row
  const none = { peakRps: undefined, meanRps: undefined, peakToAverageRatio: undefined }
  return { name, traffic, windowMs, ...none, dispersionRatio: undefined }
}
