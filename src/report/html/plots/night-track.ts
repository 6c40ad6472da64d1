import type { ChangePoint } from '../../../stats/change-points.ts'
import type { JudgedMetric, NightPoint } from '../../comparison/nights-data.ts'
import { metricValue, subjectLabel } from '../../comparison/words.ts'
import { count } from '../../format.ts'
import { SHADE_OPACITY } from '../ink.ts'
import type { LegendItem, Plot } from '../plot.ts'
import { predictedInterval } from '../prediction.ts'
import { bandScale } from '../svg/band-scale.ts'
import { rangeScale } from '../svg/linear-scale.ts'
import { areaMark, lineMark } from '../svg/marks.ts'
import { linePath, rectPath, type Axes } from '../svg/path.ts'
import type { DataTable } from '../table.ts'
import { runLabel, shortCommit, tickLabel, trackMarks } from './track.ts'

/** More nights are too many to be told apart. */
const MOST_NIGHTS = 60

/** What is shown of a metric's nights: the last ones and tonight. */
interface Shown {
  readonly judged: JudgedMetric
  /** Oldest first, tonight last. */
  readonly nights: readonly NightPoint[]
  /** Their indexes are those of `nights`. */
  readonly changes: readonly ChangePoint[]
}

/** A judged metric over the nights, with what the past says tonight should be. `index` makes the plot's anchor. */
export function nightTrack(judged: JudgedMetric, index: number): Plot {
  const { comparison, past, tonight } = judged
  const { metric } = comparison
  const hiddenCount = Math.max(0, past.length - MOST_NIGHTS)
  const changes = comparison.changes
    .map((change) => ({ ...change, index: change.index - hiddenCount }))
    .filter((change) => change.index >= 0)
  const shown: Shown = { judged, nights: [...past.slice(hiddenCount), tonight], changes }
  const x = bandScale(labelsOf(shown.nights))
  const predicted = predictedInterval(comparison)
  const values = shown.nights.map(({ value }) => value)
  const limits = predicted === undefined ? values : [...values, predicted.low, predicted.high]
  const y = rangeScale(Math.min(...limits), Math.max(...limits), (value) => tickLabel(metric, value))
  return {
    id: `night-${index}`,
    title: subjectLabel(comparison),
    about: aboutOf(shown),
    x,
    xLabel: 'nights, oldest first',
    panels: [{ label: '', y, marks: baseMarks({ x, y }, shown) + nightMarks({ x, y }, shown) }],
    legend: legendOf(shown),
    table: nightsTable(shown),
  }
}

/** Days; in virtual time, where all nights are the same day, numbers. */
function labelsOf(nights: readonly NightPoint[]): string[] {
  const days = nights.map(({ startedAt }) => startedAt.slice(5, 10))
  return nights.length > 1 && new Set(days).size === 1 ? days.map((_, i) => String(i + 1)) : days
}

function aboutOf({ judged: { comparison, past }, nights }: Shown): string {
  const hidden =
    past.length >= nights.length
      ? ` The last ${count(nights.length - 1)} of ${count(past.length)} nights.`
      : ''
  const scale = 'The scale does not begin at 0.'
  return comparison.baseCount === 0
    ? `Not judged yet: there are too few nights. ${scale}${hidden}`
    : `${comparison.verdict}; the base is from ${count(comparison.baseCount)} nights. ${scale}${hidden}`
}

/** The level of the nights that the base is from, and where 95 % of nights like them lie. */
function baseMarks(axes: Axes, { judged: { comparison }, nights }: Shown): string {
  const { base, baseCount } = comparison
  const predicted = predictedInterval(comparison)
  if (base === undefined || predicted === undefined) return ''
  // Last night is no part of the base: together with tonight it is held against it.
  const start = Math.max(0, nights.length - 2 - baseCount)
  const end = nights.length
  const level = linePath(axes, [
    [start, base],
    [end, base],
  ])
  const band = rectPath(axes, [start, end], [predicted.low, predicted.high])
  return areaMark('equivalent', band, SHADE_OPACITY) + lineMark('base', level)
}

function nightMarks(axes: Axes, { nights, changes }: Shown): string {
  const points = nights.map(({ value }, i) => [i + 0.5, value] as const)
  return trackMarks(axes, { points, own: points.slice(-1), changesAt: changes.map(({ index }) => index) })
}

function legendOf({ judged: { comparison }, nights, changes }: Shown): LegendItem[] {
  const base: LegendItem[] = [
    { kind: 'line', ink: 'base', label: `base ${metricValue(comparison.metric, comparison.base)}` },
    { kind: 'shade', ink: 'equivalent', label: 'where tonight would lie, 95 %' },
  ]
  return [
    { kind: 'dot', ink: 'sent', label: 'a night' },
    { kind: 'dot', ink: 'cap', label: 'tonight' },
    ...(predictedInterval(comparison) === undefined ? [] : base),
    ...changes.map(({ index, before, after }): LegendItem => {
      const [from, to] = [before, after].map((level) => metricValue(comparison.metric, level))
      return { kind: 'line', ink: 'cap', label: `since ${runLabel(nights[index])}: ${from} → ${to}` }
    }),
  ]
}

function nightsTable({ judged: { comparison }, nights, changes }: Shown): DataTable {
  const changed = new Set(changes.map(({ index }) => index))
  return {
    caption: 'The last one is tonight.',
    head: ['started', 'value', 'commit', 'run', 'level'],
    rows: nights.map(({ startedAt, value, commit, runId }, i) => [
      startedAt,
      metricValue(comparison.metric, value),
      shortCommit(commit),
      runId,
      changed.has(i) ? 'changed for good' : '',
    ]),
  }
}
