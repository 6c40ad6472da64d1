import { escaped, table } from '../markdown.ts'
import { bulletList, changeCells, RUN_HEAD, runCells } from './markdown-cells.ts'
import type { JudgedMetric, NightsData } from './nights-data.ts'
import {
  changeSentences,
  confirmationText,
  nightDoubts,
  nightsOutcome,
  pValueText,
} from './nights-outcome.ts'
import { VERDICTS } from './words.ts'

/** Where rows are that a table has no room for. */
const MORE_IN = 'the CSV of the night (--format csv)'

/** A judged night for the step summary of a CI job, in GitHub's Markdown. */
export function renderNightsMarkdown(data: NightsData): string {
  const { head, confirmation, metrics, noise, notes } = data
  const { word, sentence } = nightsOutcome(data)
  const runs = [
    runCells('tonight', head),
    ...(confirmation === undefined ? [] : [runCells('confirmation', confirmation)]),
  ]
  const blocks = [
    `## ${word}: ${escaped(sentence)}`,
    table(RUN_HEAD, runs, MORE_IN),
    bulletList('**noise**: ', noise),
    figureTable(metrics),
    bulletList('warning: ', [...changeSentences(metrics), ...nightDoubts(metrics)]),
    bulletList('', notes),
  ]
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`
}

/** The worst first: they are never cut before the others. */
function figureTable(metrics: readonly JudgedMetric[]): string {
  const sorted = VERDICTS.flatMap((wanted) =>
    metrics.filter(({ comparison }) => comparison.verdict === wanted),
  )
  const head = [
    '',
    'Name',
    'Figure',
    'Past nights',
    'Tonight',
    'Change',
    '95 % interval',
    'Nights',
    'p',
    'Confirmed',
  ]
  return table(head, sorted.map(figureRow), MORE_IN)
}

function figureRow({ comparison, isConfirmed }: JudgedMetric): string[] {
  const { baseCount, adjustedPValue, learning } = comparison
  const nights =
    learning === undefined ? String(baseCount) : `learning, ${learning.nightCount}/${learning.neededCount}`
  const rest = [nights, pValueText(adjustedPValue), confirmationText(isConfirmed)]
  return [...changeCells(comparison), ...rest.map(escaped)]
}
