/** What a judged night comes to, as the terminal and pull requests say it. */
import { EXIT } from '../../core/errors.ts'
import type { Learning } from '../../stats/night-base.ts'
import { count } from '../format.ts'
import type { StyleName } from '../style.ts'
import type { JudgedMetric, NightPoint, NightsData, NightState } from './nights-data.ts'
import { doubtLines, metricValue, subjectLabel, verdictCounts } from './words.ts'

export interface NightsOutcome {
  /** The state, while learning with how far that is. */
  readonly word: string
  readonly style: StyleName
  readonly sentence: string
}

/** How each state reads; `end` comes behind what was found, or stands alone where nothing was judged. */
const STATES: Readonly<
  Record<NightState, { readonly style: StyleName; readonly isJudged: boolean; readonly end: string }>
> = {
  passed: { style: 'good', isJudged: true, end: '' },
  learning: { style: 'warn', isJudged: false, end: 'too few valid nights yet, no verdict' },
  candidate: { style: 'warn', isJudged: true, end: '; it fails only when confirmed' },
  confirmed: {
    style: 'bad',
    isJudged: true,
    end: `, confirmed by another run (exit code ${EXIT.regression})`,
  },
  cleared: { style: 'good', isJudged: true, end: ', but not in the confirmation run' },
  noisy: { style: 'warn', isJudged: false, end: 'the machine was not itself, no verdict' },
}

export function nightsOutcome({ head, state, metrics }: NightsData): NightsOutcome {
  const { style, isJudged, end } = STATES[state]
  const nightCount = Math.max(0, ...metrics.map(({ comparison }) => comparison.baseCount))
  const found = verdictCounts(metrics.map(({ comparison }) => comparison))
  const judged = isJudged ? `${found}, against ${count(nightCount)} past nights` : ''
  return { word: wordOf(state, metrics), style, sentence: `${head.scenario}: ${judged}${end}` }
}

function wordOf(state: NightState, metrics: readonly JudgedMetric[]): string {
  if (state === 'confirmed') return 'FAIL'
  return state === 'learning' ? learningWord(metrics) : state
}

/** `learning, 6/10`: of the metric that is nearest to its end. */
function learningWord(metrics: readonly JudgedMetric[]): string {
  const missing = ({ nightCount, neededCount }: Learning): number => neededCount - nightCount
  const nearest = metrics
    .flatMap(({ comparison }) => comparison.learning ?? [])
    .toSorted((a, b) => missing(a) - missing(b))[0]
  return nearest === undefined ? 'learning' : `learning, ${nearest.nightCount}/${nearest.neededCount}`
}

/** Metrics that took another level for good in the same night. */
interface LastingChange {
  readonly night: NightPoint
  /** `rank: response time p99, accepted 251 ms -> 312 ms`. */
  readonly levels: readonly string[]
}

/** The last lasting change of each metric, together where it was the same night. */
function lastingChanges(metrics: readonly JudgedMetric[]): LastingChange[] {
  const changes = new Map<string, { night: NightPoint; levels: string[] }>()
  for (const { comparison, past } of metrics) {
    const last = comparison.changes.at(-1)
    const night = last && past[last.index]
    if (night === undefined) continue
    const change = changes.get(night.runId) ?? { night, levels: [] }
    changes.set(night.runId, change)
    const { metric } = comparison
    change.levels.push(
      `${subjectLabel(comparison)} ${metricValue(metric, last?.before)} -> ${metricValue(metric, last?.after)}`,
    )
  }
  return [...changes.values()]
}

/** A line for each night from which on metrics had another level: a warning, never a failure. */
export function changeSentences(metrics: readonly JudgedMetric[]): string[] {
  return lastingChanges(metrics).map(({ night, levels }) => {
    const commit = night.commit === '' ? '' : `, commit ${night.commit.slice(0, 12)}`
    return `lasting change since ${night.startedAt} (run ${night.runId}${commit}): ${levels.join('; ')}`
  })
}

/** Why not to trust a figure too far; that it is still learning stands beside it. */
export function nightDoubts(metrics: readonly JudgedMetric[]): string[] {
  return doubtLines(
    metrics.map(({ comparison }) => comparison).filter(({ learning }) => learning === undefined),
  )
}

/** `p 0.002`, the p-value within the family; what is smaller than anybody distinguishes is `<0.0001`. */
export function pValueText(pValue: number | undefined): string {
  if (pValue === undefined) return ''
  if (pValue < 0.0001) return 'p <0.0001'
  return `p ${Number(pValue.toPrecision(2))}`
}

/** Whether the confirmation run has a regression as well, where there is one. */
export function confirmationText(isConfirmed: boolean | undefined): string {
  if (isConfirmed === undefined) return ''
  return isConfirmed ? 'confirmed' : 'not confirmed'
}
