import { US_PER_S } from '../../../core/units.ts'
import { ALL_NAMES } from '../../../measure/names.ts'
import { errorCount, OUTCOMES } from '../../../measure/outcome.ts'
import type { NameSummary, SecondRow } from '../../../measure/summary.ts'
import { clock, count, isKnown, NONE } from '../../format.ts'
import { element, escaped } from '../markup.ts'
import { stretches } from '../stretches.ts'
import { tableMarkup } from '../table.ts'

const MOST_GAPS = 20

const UNKNOWN = ` “${NONE}”: the source does not say why they were not accepted.`

/** Seconds in which requests were sent and none was accepted, and errors by name. */
export function gapsPart(seconds: readonly SecondRow[], names: readonly NameSummary[]): string {
  return element(
    'section',
    { id: 'gaps' },
    element('h2', {}, 'Gaps and errors'),
    element('p', {}, escaped(gapText(seconds))),
    errorTable(names),
  )
}

function gapText(seconds: readonly SecondRow[]): string {
  const flags = seconds.map(({ sentCount, outcomeCounts }) => sentCount > 0 && outcomeCounts.accepted === 0)
  const gaps = stretches(flags)
  const seconds0 = flags.filter(Boolean).length
  if (gaps.length === 0) return 'In every second with requests some were accepted.'
  const shown = gaps.slice(0, MOST_GAPS).map(([first, end]) => {
    const [from, to] = [clock(first * US_PER_S), clock((end - 1) * US_PER_S)]
    return from === to ? from : `${from}–${to}`
  })
  const more = gaps.length > MOST_GAPS ? `, and ${count(gaps.length - MOST_GAPS)} more` : ''
  return `In ${count(seconds0)} s with requests none was accepted: ${shown.join(', ')}${more}.`
}

const ERRORS = OUTCOMES.filter((outcome) => outcome !== 'accepted' && outcome !== 'throttled')

function errorTable(names: readonly NameSummary[]): string {
  const failing = names.filter(({ name, outcomeCounts }) => {
    const failedCount = errorCount(outcomeCounts) + outcomeCounts.aborted
    return name !== ALL_NAMES && (failedCount > 0 || !isKnown(failedCount))
  })
  if (failing.length === 0) return element('p', {}, 'No request ended in an error.')
  const isComplete = failing.every(({ outcomeCounts }) => isKnown(errorCount(outcomeCounts)))
  return tableMarkup({
    caption: `Requests that were neither accepted nor throttled.${isComplete ? '' : UNKNOWN}`,
    head: ['name', ...ERRORS.map((outcome) => outcome.replace('_', ' '))],
    rows: failing.map(({ name, outcomeCounts }) => [
      name,
      ...ERRORS.map((outcome) => count(outcomeCounts[outcome])),
    ]),
  })
}
