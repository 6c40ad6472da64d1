import type { RunFigures } from '../../measure/run-totals.ts'
import type { SecondRow } from '../../measure/summary.ts'
import type { Fields } from './fields.ts'
import { locustFailures, type LocustFailures } from './locust-errors.ts'
import {
  allFailures,
  failuresOf,
  locustDurationS,
  locustNames,
  locustSummary,
  type LocustName,
} from './locust-names.ts'
import { LocustHistory } from './locust-seconds.ts'

/** Rows of the files that Locust writes with --csv. */
export interface LocustTables {
  readonly stats: readonly Fields[]
  readonly history: readonly Fields[]
  /** `undefined`: the file was not given. */
  readonly failures: readonly Fields[] | undefined
}

export interface LocustRun {
  readonly epochMs: number
  readonly figures: RunFigures
  readonly seconds: Iterable<readonly SecondRow[]>
  /** What could not be told, in sentences. */
  readonly warnings: readonly string[]
}

/** A run of which there are percentiles, but no samples. @throws RowFault */
export function locustRun(
  { stats, history, failures }: LocustTables,
  throttled: ReadonlySet<number>,
): LocustRun {
  const names = locustNames(stats)
  const [all] = names
  const durationS = locustDurationS(all)
  const past = new LocustHistory(history)
  const known = failures && locustFailures(failures, throttled)
  const summaries = names.map((name) => locustSummary(name, durationS, failuresIn(known, name, name === all)))
  return {
    epochMs: past.startS * 1_000,
    figures: { names: summaries, burst: [], histograms: [] },
    seconds: past.seconds(names),
    warnings: [
      'Locust keeps percentiles, not samples: there are no histograms, no peaks and no latency by second; its percentiles have two digits, and its seconds count replies by when they came',
      ...(summaries.some(({ operationsFailedCount }) => operationsFailedCount > 0) ? [MIXED] : []),
      ...(summaries.some(({ outcomeCounts }) => Number.isNaN(outcomeCounts.throttled)) ? [UNCLEAR] : []),
    ],
  }
}

const MIXED =
  'latencies of names with failures are left out: Locust mixes those of failed and accepted replies, and fast refusals would make them look better'

const UNCLEAR =
  'not every failure tells its status: throttled replies and errors of such names are left out; give the _failures.csv too, and let failures be HTTP errors'

function failuresIn(
  failures: ReadonlyMap<string, LocustFailures> | undefined,
  name: LocustName,
  isAll: boolean,
): LocustFailures | undefined {
  if (failures === undefined) return undefined
  return isAll ? allFailures(failures) : failuresOf(failures, name)
}
