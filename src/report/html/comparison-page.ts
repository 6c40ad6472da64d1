import type { ComparedRun, ComparisonData } from '../comparison/comparison-data.ts'
import { shownComparison } from '../comparison/shown-comparison.ts'
import { doubtLines } from '../comparison/words.ts'
import { count } from '../format.ts'
import { htmlDocument } from './document.ts'
import { figure } from './figure.ts'
import { element, escaped } from './markup.ts'
import { comparedRuns } from './parts/compared-runs.ts'
import { comparisonTable } from './parts/comparison-table.ts'
import { comparisonVerdict } from './parts/comparison-verdict.ts'
import { sentences } from './parts/sentences.ts'
import { changesPlot } from './plots/changes.ts'
import { quantileRatiosPlot } from './plots/quantile-ratios.ts'
import { throttlingPlot } from './plots/throttling.ts'

/** Two sides on one page that needs no network and has no scripts. Every text that is not of our own making is escaped. */
export function renderComparisonHtml(comparison: ComparisonData): string {
  const data = shownComparison(comparison)
  const { base, head, comparisons, throttling, quantileRatios, notes } = data
  const plots = [
    changesPlot(comparisons, 'ratio'),
    changesPlot(comparisons, 'share'),
    quantileRatiosPlot(quantileRatios),
    throttlingPlot(throttling),
  ]
  return htmlDocument('Comparison', [
    headline(data),
    comparedRuns([...base.map(onSide('base')), ...head.map(onSide('head'))]),
    element('h2', {}, 'Plots'),
    // One of them is far higher than the others.
    element('div', { class: 'plots packed' }, ...plots.map(figure)),
    element(
      'section',
      { id: 'figures' },
      element('h2', {}, 'Every figure'),
      comparisonTable(comparisons, TABLE_CAPTION),
    ),
    sentences('Doubts', doubtLines(comparisons)),
    sentences('Notes', notes),
    sentences('How to read it', METHOD),
  ])
}

function headline(data: ComparisonData): string {
  const { base, head } = data
  const [scenario = ''] = [...head, ...base].map((run) => run.scenario).filter((name) => name !== '')
  return element(
    'header',
    {},
    element('h1', {}, escaped(scenario === '' ? 'Comparison' : `${scenario}: head against base`)),
    element('p', { class: 'facts' }, escaped(`base ${sideText(base)} · head ${sideText(head)}`)),
    ...comparisonVerdict(data),
  )
}

function sideText(runs: readonly ComparedRun[]): string {
  const [first] = runs
  return runs.length === 1 && first !== undefined ? first.runId : `${count(runs.length)} runs`
}

const TABLE_CAPTION =
  'Times and rates change by a factor, shares by percentage points (pp). A cell is empty where there is no such figure.'

function onSide(side: string): (run: ComparedRun) => readonly [string, ComparedRun] {
  return (run) => [side, run]
}

const METHOD = [
  'Regressed or improved: the whole 95 % interval lies beyond the smallest change that matters, the shaded band of the plots. Equivalent: the 90 % interval lies within it. Inconclusive: the data cannot say, which is not the same as no change.',
  'Within-run only: the seconds of both runs were drawn anew, in blocks. That covers how much a run varies within itself; how much runs differ from one another it does not know, so such an interval is too narrow for another pair of runs, and never fails a build.',
  'Within and between runs: the same, widened by how much past runs of the scenario differed. Between runs: each run counts as one sample. No interval: one run a side and nothing more is known, so nothing can be said.',
  'A throttled reply is neither an error nor a success, and its time is in no figure of accepted replies.',
]
