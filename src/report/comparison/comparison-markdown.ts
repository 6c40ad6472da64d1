import { escaped, table } from '../markdown.ts'
import type { Comparison } from '../../stats/comparison.ts'
import type { ComparedRun, ComparisonData } from './comparison-data.ts'
import { basisRemark, comparisonOutcome, throttlingLines } from './comparison-outcome.ts'
import { shownComparison } from './shown-comparison.ts'
import {
  changeText,
  doubtLines,
  intervalText,
  metricLabel,
  metricValue,
  nameLabel,
  VERDICTS,
} from './words.ts'

/** Two sides for a pull request or the step summary of a CI job, in GitHub's Markdown. */
export function renderComparisonMarkdown(comparison: ComparisonData): string {
  const data = shownComparison(comparison)
  const { word, sentence } = comparisonOutcome(data)
  const remark = basisRemark(data)
  const blocks = [
    `## ${word}: ${escaped(sentence)}`,
    runTable(data),
    list('**differs**: ', data.differences),
    remark === undefined ? '' : escaped(remark),
    figureTable(data.comparisons),
    list('throttled, ', throttlingLines(data)),
    list('warning: ', doubtLines(data.comparisons)),
    list('', data.notes),
  ]
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`
}

/** Where rows are that a table has no room for. */
const MORE_IN = 'the CSV of the comparison (--format csv)'

function runTable({ base, head }: ComparisonData): string {
  const rowOf =
    (side: string) =>
    (run: ComparedRun): string[] =>
      [side, run.path, run.verdict, run.startedAt, run.target, run.commit.slice(0, 12)].map(escaped)
  const rows = [...base.map(rowOf('base')), ...head.map(rowOf('head'))]
  return table(['', 'Run', 'Generator', 'Started', 'Target', 'Commit'], rows, MORE_IN)
}

/** The worst first: they are never cut before the others. */
function figureTable(comparisons: readonly Comparison[]): string {
  const sorted = VERDICTS.flatMap((wanted) => comparisons.filter(({ verdict }) => verdict === wanted))
  const rows = sorted.map((comparison) => {
    const { metric, name, base, head, change, interval, basis, verdict } = comparison
    const isChanged = verdict === 'regressed' || verdict === 'improved'
    return [
      isChanged ? `**${verdict}**` : verdict,
      ...[
        nameLabel(name),
        metricLabel(metric),
        metricValue(metric, base),
        metricValue(metric, head),
        changeText(metric, change),
        intervalText(metric, interval),
        basis,
      ].map(escaped),
    ]
  })
  const head = ['', 'Name', 'Figure', 'Base', 'Head', 'Change', '95 % interval', 'It covers']
  return table(head, rows, MORE_IN)
}

function list(label: string, texts: readonly string[]): string {
  return texts.map((text) => `- ${label}${escaped(text)}`).join('\n')
}
