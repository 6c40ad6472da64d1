import type { ComparisonData } from '../../comparison/comparison-data.ts'
import { basisRemark } from '../../comparison/comparison-outcome.ts'
import { doubtLines, verdictCounts } from '../../comparison/words.ts'
import { element, escaped } from '../markup.ts'
import { comparisonTable } from './comparison-table.ts'
import { doubtfulRuns } from './comparison-verdict.ts'
import { verdictLine } from './verdict-line.ts'

/** The run held against the one before it; nothing when there is none. */
export function baselinePart(comparison: ComparisonData | undefined): string {
  if (comparison === undefined) return ''
  const { base, comparisons, differences, notes } = comparison
  const remark = basisRemark(comparison)
  const remarks = [...(remark === undefined ? [] : [remark]), ...doubtLines(comparisons), ...notes]
  return element(
    'section',
    { id: 'baseline' },
    element('h2', {}, 'Against the run before'),
    element('p', { class: 'facts' }, escaped(base.map(({ path }) => path).join(', '))),
    ...doubtfulRuns('past', base),
    ...differences.map((difference) => verdictLine('differs', 'warn', difference)),
    comparisonTable(comparisons, `${verdictCounts(comparisons)}. All requests together.`),
    ...remarks.map((text) => element('p', { class: 'about' }, escaped(text))),
  )
}
