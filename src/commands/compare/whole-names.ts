/** Whether the seconds of a run are all of it: a file may have been cut short, and an import may know less by second. */
import { ALL_NAMES } from '../../measure/names.ts'
import type { NameSummary } from '../../measure/summary.ts'
import { count, isKnown } from '../../report/format.ts'
import type { SecondColumns } from '../../run-files/second-columns.ts'

/** Request names of which every second is there. */
export interface WholeNames {
  readonly names: readonly string[]
  /** Why the others are left out. */
  readonly notes: readonly string[]
}

/** Columns of timeseries.csv that add up to the same ones of summary.csv. */
const COUNTS: readonly (readonly [column: string, countOf: (summary: NameSummary) => number | undefined])[] =
  [
    ['sent_count', ({ sentCount }) => sentCount],
    ['accepted_count', ({ outcomeCounts }) => outcomeCounts.accepted],
    ['throttled_count', ({ outcomeCounts }) => outcomeCounts.throttled],
  ]

/** More names of one note are not read. */
const MOST_NAMES = 6

/** Those of `names` whose counts add up; none when those of `_all` do not, because then the file is not whole. */
export function wholeNames(
  columns: SecondColumns,
  summaries: readonly NameSummary[],
  names: readonly string[],
): WholeNames {
  const faults = new Map(summaries.map((summary) => [summary.name, faultOf(columns, summary)]))
  const fault = faults.get(ALL_NAMES)
  if (fault !== undefined) return { names: [], notes: [`${fault}; its seconds are not used`] }
  const isWhole = (name: string): boolean => faults.get(name) === undefined
  return { names: names.filter(isWhole), notes: partialNotes(names.filter((name) => !isWhole(name))) }
}

/** `undefined`: all counts that both files know are the same. */
function faultOf({ names }: SecondColumns, summary: NameSummary): string | undefined {
  for (const [column, countOf] of COUNTS) {
    const expected = countOf(summary)
    const found = (names.get(summary.name)?.get(column) ?? []).reduce((sum, value) => sum + value, 0)
    if (isKnown(expected) && isKnown(found) && found !== expected) {
      return `${column} of timeseries.csv adds up to ${count(found)}, that of summary.csv is ${count(expected)}`
    }
  }
  return undefined
}

function partialNotes(names: readonly string[]): string[] {
  if (names.length === 0) return []
  const more = names.length > MOST_NAMES ? ` and ${count(names.length - MOST_NAMES)} more` : ''
  const shown = names.slice(0, MOST_NAMES).join(', ')
  return [`timeseries.csv does not have all requests of ${shown}${more}; their seconds are not used`]
}
