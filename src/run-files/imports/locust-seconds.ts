import { DurationHistogram } from '../../measure/histogram.ts'
import { OUTCOMES, zeroOutcomeCounts, type Outcome } from '../../measure/outcome.ts'
import type { SecondRow } from '../../measure/summary.ts'
import type { Fields } from './fields.ts'
import { numberOf, RowFault } from './request-sample.ts'
import { locustKey } from './locust-errors.ts'
import { NOT_KNOWN } from './unknown-figures.ts'
import type { LocustName } from './locust-names.ts'

const NO_DURATIONS = new DurationHistogram().summary()

/** Requests and failures since the start of the run. */
interface Totals {
  readonly requestCount: number
  readonly failureCount: number
}

const NOTHING: Totals = { requestCount: 0, failureCount: 0 }

/** `_stats_history.csv`: what each second added to the sums, by when replies came. */
export class LocustHistory {
  /** The last sums of each second, by method and name. */
  readonly #totals = new Map<string, Map<number, Totals>>()
  readonly #startS: number
  readonly #endS: number

  /** @throws RowFault when there is no row, or one cannot be read */
  constructor(rows: readonly Fields[]) {
    const times = rows.map((row) => numberOf(row.text('Timestamp'), 'Timestamp'))
    if (times.length === 0) throw new RowFault('there is no row')
    // Minutes of seconds may be hours of them: too many for the arguments of a call.
    this.#startS = times.reduce((least, time) => Math.min(least, time))
    this.#endS = times.reduce((most, time) => Math.max(most, time))
    for (const [i, row] of rows.entries()) this.#note(row, (times[i] ?? 0) - this.#startS)
  }

  /** Seconds since 1970. */
  get startS(): number {
    return this.#startS
  }

  /** A row for each second and each name of which there is a history: all together, unless Locust was told to keep more. */
  *seconds(names: readonly LocustName[]): Generator<readonly SecondRow[]> {
    const known = names.flatMap((name) => {
      const totals = this.#totals.get(locustKey(name.method, name.locustName))
      return totals === undefined ? [] : [{ name: name.name, totals, before: NOTHING }]
    })
    for (let second = 0; second <= this.#endS - this.#startS; second++) {
      yield known.map((each) => {
        const now = each.totals.get(second) ?? each.before
        const row = secondRow(second, each.name, each.before, now)
        each.before = now
        return row
      })
    }
  }

  #note(row: Fields, second: number): void {
    const key = locustKey(row.text('Type'), row.text('Name'))
    const requestCount = numberOf(row.text('Total Request Count'), 'Total Request Count')
    const failureCount = numberOf(row.text('Total Failure Count'), 'Total Failure Count')
    const totals = this.#totals.get(key) ?? new Map<number, Totals>()
    totals.set(second, { requestCount, failureCount })
    this.#totals.set(key, totals)
  }
}

function secondRow(second: number, name: string, before: Totals, now: Totals): SecondRow {
  // Statistics that were reset after the start begin anew.
  const base = now.requestCount < before.requestCount ? NOTHING : before
  const sentCount = now.requestCount - base.requestCount
  return {
    second,
    phase: 'measure',
    name,
    offeredCount: sentCount,
    retryCount: 0,
    sentCount,
    outcomeCounts: outcomeCounts(sentCount, now.failureCount - base.failureCount),
    responseTimeAcceptedSumUs: NOT_KNOWN,
    responseTimeAccepted: NO_DURATIONS,
    responseTimeThrottledP50Us: undefined,
    inflightMaxCount: NOT_KNOWN,
    capRps: undefined,
    scheduleDelayMaxUs: undefined,
    iterationsDueCount: undefined,
    iterationsDroppedCount: undefined,
  }
}

/** Which failures a second had is told nowhere. */
function outcomeCounts(sentCount: number, failedCount: number): Record<Outcome, number> {
  const counts = { ...zeroOutcomeCounts(), accepted: sentCount - failedCount }
  if (failedCount === 0) return counts
  for (const outcome of OUTCOMES)
    if (outcome !== 'accepted' && outcome !== 'aborted') counts[outcome] = NOT_KNOWN
  return counts
}
