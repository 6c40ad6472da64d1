import type { JudgedMetric, NightsData } from '../comparison/nights-data.ts'
import { changeSentences, confirmationText, nightsOutcome, pValueText } from '../comparison/nights-outcome.ts'
import { changeText, doubtLines, metricValue, subjectLabel } from '../comparison/words.ts'
import { count } from '../format.ts'
import { htmlDocument } from './document.ts'
import { figure } from './figure.ts'
import { element, escaped } from './markup.ts'
import { comparedRuns } from './parts/compared-runs.ts'
import { sentences } from './parts/sentences.ts'
import { verdictLine } from './parts/verdict-line.ts'
import { nightTrack } from './plots/night-track.ts'
import { predictedInterval } from './prediction.ts'
import { tableMarkup } from './table.ts'

/** A night on one page that needs no network and has no scripts. Every text that is not of our own making is escaped. */
export function renderNightsHtml(data: NightsData): string {
  const { head, confirmation, metrics, notes } = data
  const runs = [
    ['tonight', head] as const,
    ...(confirmation === undefined ? [] : [['confirmation', confirmation] as const]),
  ]
  return htmlDocument('Night', [
    headline(data),
    ...(metrics.length === 0 ? [] : [judgedFigures(metrics), tracks(metrics)]),
    sentences('Lasting changes', changeSentences(metrics)),
    sentences('Doubts', doubtLines(metrics.map(({ comparison }) => comparison))),
    sentences('Notes', notes),
    comparedRuns(runs),
    sentences('How to read it', METHOD),
  ])
}

function judgedFigures(metrics: readonly JudgedMetric[]): string {
  const title = element('h2', {}, 'Judged figures')
  return element('section', { id: 'figures' }, title, judgedTable(metrics))
}

function tracks(metrics: readonly JudgedMetric[]): string {
  const plots = metrics.map((judged, i) => figure(nightTrack(judged, i)))
  return element('h2', {}, 'Plots') + element('div', { class: 'plots' }, ...plots)
}

function headline(data: NightsData): string {
  const { head, metrics } = data
  const { word, style, sentence } = nightsOutcome(data)
  const facts = [head.runId, head.startedAt, head.target, head.commit.slice(0, 12), head.host]
  const regressed = metrics.filter(({ comparison }) => comparison.verdict === 'regressed')
  return element(
    'header',
    {},
    element('h1', {}, escaped(`${head.scenario}: tonight against past nights`)),
    element('p', { class: 'facts' }, escaped(facts.filter((fact) => fact !== '').join(' · '))),
    verdictLine(word, style, sentence),
    ...data.noise.map((text) => verdictLine('noise', 'warn', text)),
    ...regressed.map((judged) => verdictLine('regressed', 'bad', regressionSentence(judged))),
  )
}

function regressionSentence({ comparison, isConfirmed }: JudgedMetric): string {
  const { metric, base, head, change, baseCount } = comparison
  const sides = `${metricValue(metric, base)} → ${metricValue(metric, head)}`
  const against = `${changeText(metric, change)} against ${count(baseCount)} nights`
  return [`${subjectLabel(comparison)} ${sides}`, against, confirmationText(isConfirmed)]
    .filter((text) => text !== '')
    .join(', ')
}

function judgedTable(metrics: readonly JudgedMetric[]): string {
  const hasConfirmation = metrics.some(({ isConfirmed }) => isConfirmed !== undefined)
  const head = [
    'figure',
    'base',
    'nights',
    'tonight',
    'change',
    'expected, 95 %',
    'adjusted (Holm)',
    'verdict',
  ]
  return tableMarkup({
    caption: 'A cell is empty where there is no such figure.',
    head: hasConfirmation ? [...head, 'confirmed'] : head,
    rows: metrics.map((judged) => {
      const cells = cellsOf(judged)
      return hasConfirmation ? [...cells, confirmationText(judged.isConfirmed)] : cells
    }),
  })
}

function cellsOf({ comparison }: JudgedMetric): string[] {
  const { metric, base, baseCount, head, change, adjustedPValue, verdict } = comparison
  const predicted = predictedInterval(comparison)
  const ends = predicted === undefined ? [] : [predicted.low, predicted.high]
  return [
    subjectLabel(comparison),
    base === undefined ? '' : metricValue(metric, base),
    baseCount === 0 ? '' : count(baseCount),
    metricValue(metric, head),
    change === undefined ? '' : changeText(metric, change),
    ends.map((end) => metricValue(metric, end)).join(' … '),
    pValueText(adjustedPValue),
    verdict,
  ]
}

const METHOD = [
  'The base is the level of the nights since its last lasting change, without last night. Regressed: tonight is worse than it by more than the smallest change that matters, and the p-value of a prediction test, adjusted for the number of figures (Holm), is at most 1 %.',
  'Expected: where tonight would lie in 95 of 100 nights if nothing had changed. A single figure beyond it is no regression yet: many figures are looked at.',
  'A candidate has to be confirmed by a second run before anything fails. While there are too few nights, nothing is judged; a lasting change of level in the past is told and fails nothing.',
]
