import type { RunSummary } from '../measure/summary.ts'
import { hanging, paint, type Line } from './layout.ts'
import type { Styler } from './style.ts'
import type { TextFacts } from './text.ts'
import { headline, instrumentSection } from './verdict-lines.ts'

const MIN_WIDTH = 60
const WARNING = 'warning:'

/** What k6's summary does not say and nobody must miss: whether the run passed and can be trusted, warnings, and where its files are. */
export function renderVerdict(
  summary: RunSummary,
  facts: TextFacts,
  look: { readonly color: Styler; readonly width: number },
): string {
  const width = Math.max(MIN_WIDTH, look.width)
  const all = summary.names.find(({ name }) => name === '_all')
  const instrument = instrumentSection(summary.verdict, all, width)
  const lines: Line[] = [
    ...headline(summary, facts, width),
    ...instrument.head,
    ...instrument.items.flat(),
    ...summary.warnings.flatMap((warning) => hanging(WARNING, 'warn', WARNING.length + 1, warning, width)),
    ...(facts.resultsPath === undefined ? [] : [{ text: `Results  ${facts.resultsPath}` }]),
  ]
  return `${lines.map((line) => paint(line, look.color)).join('\n')}\n`
}
