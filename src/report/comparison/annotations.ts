/** What GitHub Actions shows beside a job: workflow commands, a line each. */
import { isRegression, type Comparison } from '../../stats/comparison.ts'
import { type Metric, scaled } from '../../stats/metric.ts'
import { directionOf } from '../../stats/verdict.ts'
import { figure } from '../format.ts'
import type { ComparisonData } from './comparison-data.ts'
import type { JudgedMetric, NightsData } from './nights-data.ts'
import { changeSentences } from './nights-outcome.ts'
import { shownComparison } from './shown-comparison.ts'
import { changeText, intervalText, metricLabel, metricValue, nameLabel } from './words.ts'

/** GitHub shows ten of a kind and step; nobody reads more than a few. */
const MAX_COUNT = 5
/** A lasting change that is older has been told often enough. */
const RECENT_NIGHT_COUNT = 7

/** The worst first. */
const LEVELS = ['error', 'warning', 'notice'] as const

interface Annotation {
  readonly level: (typeof LEVELS)[number]
  readonly title: string
  readonly message: string
}

/**
 * A judged night: an error for a confirmed regression, warnings for a candidate, a noisy night and a change for the
 * worse that has lasted since a night of the last week, notices for what was cleared or became better.
 */
export function nightsAnnotations({ metrics, noise }: NightsData): string[] {
  const judged = noise.length > 0 ? [] : metrics.flatMap(nightAnnotations)
  return commands([
    ...noisyNight(noise),
    ...judged,
    ...changeAnnotations(metrics, 'regressed'),
    ...changeAnnotations(metrics, 'improved'),
  ])
}

/**
 * Two sides: an error for a regression between runs, warnings for one within a run and for what is inconclusive,
 * notices for improvements.
 */
export function comparisonAnnotations(data: ComparisonData): string[] {
  const { comparisons } = shownComparison(data)
  const inconclusiveCount = comparisons.filter(({ verdict }) => verdict === 'inconclusive').length
  return commands([
    ...comparisons.flatMap(sidesAnnotations),
    ...inconclusive(inconclusiveCount, comparisons.length),
  ])
}

function noisyNight(noise: readonly string[]): Annotation[] {
  if (noise.length === 0) return []
  return [{ level: 'warning', title: 'noisy night: no verdict', message: noise.join('\n') }]
}

function nightAnnotations({ comparison, isConfirmed }: JudgedMetric): Annotation[] {
  return verdictAnnotations(
    comparison,
    `against ${comparison.baseCount} nights`,
    nightRegression(isConfirmed),
  )
}

type Heading = Pick<Annotation, 'level' | 'title'>

const IMPROVEMENT: Heading = { level: 'notice', title: 'improvement' }

function nightRegression(isConfirmed: boolean | undefined): Heading {
  if (isConfirmed === undefined) return { level: 'warning', title: 'candidate' }
  return isConfirmed
    ? { level: 'error', title: 'regression, confirmed' }
    : { level: 'notice', title: 'candidate, cleared' }
}

function sidesAnnotations(comparison: Comparison): Annotation[] {
  const level = isRegression(comparison) ? 'error' : 'warning'
  return verdictAnnotations(comparison, comparison.basis, { level, title: 'regression' })
}

function verdictAnnotations(comparison: Comparison, remark: string, regression: Heading): Annotation[] {
  const { verdict, metric } = comparison
  if (verdict !== 'regressed' && verdict !== 'improved') return []
  const { level, title } = verdict === 'regressed' ? regression : IMPROVEMENT
  const message = `${changeLine(comparison)}, ${remark}`
  return [{ level, title: `${title}: ${metricLabel(metric)}`, message }]
}

function changeAnnotations(metrics: readonly JudgedMetric[], direction: Direction): Annotation[] {
  const level = direction === 'regressed' ? 'warning' : 'notice'
  return changeSentences(metrics.filter((each) => recentDirection(each) === direction)).map((message) => ({
    level,
    title: `lasting change: ${direction}`,
    message,
  }))
}

type Direction = ReturnType<typeof directionOf>

/** Which way the last lasting change went, when it is not long ago. */
function recentDirection({ comparison, past }: JudgedMetric): Direction | undefined {
  const { metric, changes } = comparison
  const last = changes.at(-1)
  if (last === undefined || last.index < past.length - RECENT_NIGHT_COUNT) return undefined
  return directionOf(metric, scaled(metric, last.after) - scaled(metric, last.before))
}

function inconclusive(count: number, totalCount: number): Annotation[] {
  if (count === 0) return []
  const message = `The data cannot say whether ${count} of ${totalCount} figures changed; the summary has them.`
  return [{ level: 'warning', title: 'inconclusive', message }]
}

/** `rank: 251 ms -> 312 ms, +24.3 % [+15.0 … +34.2 %], matters from 10 % on`. */
function changeLine({ metric, name, base, head, change, interval }: Comparison): string {
  const values = `${metricValue(metric, base)} -> ${metricValue(metric, head)}`
  return `${nameLabel(name)}: ${values}, ${changeText(metric, change)} ${intervalText(metric, interval)}, ${limitText(metric)}`
}

function limitText({ kind, leastChange }: Metric): string {
  return `matters from ${figure(leastChange * 100)} ${kind === 'ratio' ? '%' : 'pp'} on`
}

/** The worst first; what is too much is counted in the last one. */
function commands(annotations: readonly Annotation[]): string[] {
  const sorted = LEVELS.flatMap((level) => annotations.filter((each) => each.level === level))
  const isCut = sorted.length > MAX_COUNT
  const shown = isCut ? sorted.slice(0, MAX_COUNT - 1) : sorted
  const next = sorted[shown.length]
  if (next === undefined) return shown.map(command)
  const message = `and ${sorted.length - shown.length} more; the summary has them.`
  return [...shown, { level: next.level, title: 'headroom', message }].map(command)
}

function command({ level, title, message }: Annotation): string {
  return `::${level} title=${escapedProperty(title)}::${escaped(message)}`
}

/** As the commands of `@actions/core` have it: what would end a command, or begin another one. */
function escaped(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function escapedProperty(text: string): string {
  return escaped(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
