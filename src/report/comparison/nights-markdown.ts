import { escaped, table } from '../markdown.ts'
import type { ComparedRun } from './comparison-data.ts'
import type { JudgedMetric, NightsData } from './nights-data.ts'
import {
  changeSentences,
  confirmationText,
  nightDoubts,
  nightsOutcome,
  pValueText,
} from './nights-outcome.ts'
import { changeText, intervalText, metricLabel, metricValue, nameLabel, VERDICTS } from './words.ts'

/** Where rows are that a table has no room for. */
const MORE_IN = 'the CSV of the night (--format csv)'

/** A judged night for the step summary of a CI job, in GitHub's Markdown. */
export function renderNightsMarkdown(data: NightsData): string {
  const { head, confirmation, metrics, noise, notes } = data
  const { word, sentence } = nightsOutcome(data)
  const runs = [
    runRow('tonight', head),
    ...(confirmation === undefined ? [] : [runRow('confirmation', confirmation)]),
  ]
  const blocks = [
    `## ${word}: ${escaped(sentence)}`,
    table(['', 'Run', 'Generator', 'Started', 'Target', 'Commit'], runs, MORE_IN),
    list('**noise**: ', noise),
    figureTable(metrics),
    list('warning: ', [...changeSentences(metrics), ...nightDoubts(metrics)]),
    list('', notes),
  ]
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`
}

function runRow(label: string, run: ComparedRun): string[] {
  return [label, run.path, run.verdict, run.startedAt, run.target, run.commit.slice(0, 12)].map(escaped)
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
  const { metric, name, base, head, change, interval, verdict, baseCount, adjustedPValue, learning } =
    comparison
  const nights =
    learning === undefined ? String(baseCount) : `learning, ${learning.nightCount}/${learning.neededCount}`
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
      nights,
      pValueText(adjustedPValue),
      confirmationText(isConfirmed),
    ].map(escaped),
  ]
}

function list(label: string, texts: readonly string[]): string {
  return texts.map((text) => `- ${label}${escaped(text)}`).join('\n')
}
