import { escaped, table } from '../markdown.ts'
import type { Comparison } from '../../stats/comparison.ts'
import type { ComparisonData } from './comparison-data.ts'
import { basisRemark, comparisonOutcome, throttlingLines } from './comparison-outcome.ts'
import { bulletList, changeCells, RUN_HEAD, runCells } from './markdown-cells.ts'
import { shownComparison } from './shown-comparison.ts'
import { doubtLines, VERDICTS } from './words.ts'

/** Two sides for a pull request or the step summary of a CI job, in GitHub's Markdown. */
export function renderComparisonMarkdown(comparison: ComparisonData): string {
  const data = shownComparison(comparison)
  const { word, sentence } = comparisonOutcome(data)
  const remark = basisRemark(data)
  const blocks = [
    `## ${word}: ${escaped(sentence)}`,
    runTable(data),
    bulletList('**differs**: ', data.differences),
    remark === undefined ? '' : escaped(remark),
    figureTable(data.comparisons),
    bulletList('throttled, ', throttlingLines(data)),
    bulletList('warning: ', doubtLines(data.comparisons)),
    bulletList('', data.notes),
  ]
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`
}

/** Where rows are that a table has no room for. */
const MORE_IN = 'the CSV of the comparison (--format csv)'

function runTable({ base, head }: ComparisonData): string {
  const rows = [...base.map((run) => runCells('base', run)), ...head.map((run) => runCells('head', run))]
  return table(RUN_HEAD, rows, MORE_IN)
}

/** The worst first: they are never cut before the others. */
function figureTable(comparisons: readonly Comparison[]): string {
  const sorted = VERDICTS.flatMap((wanted) => comparisons.filter(({ verdict }) => verdict === wanted))
  const rows = sorted.map((comparison) => [...changeCells(comparison), escaped(comparison.basis)])
  return table(['', 'Name', 'Figure', 'Base', 'Head', 'Change', '95 % interval', 'It covers'], rows, MORE_IN)
}
