import type { Comparison } from '../../../stats/comparison.ts'
import type { Interval } from '../../../stats/interval.ts'
import type { Metric } from '../../../stats/metric.ts'
import {
  changeText,
  intervalText,
  metricLabel,
  nameLabel,
  subjectLabel,
  VERDICTS,
} from '../../comparison/words.ts'
import { count, figure } from '../../format.ts'
import { clip } from '../../layout.ts'
import { SHADE_OPACITY } from '../ink.ts'
import type { AbsentPlot, LegendItem, Panel, Plot } from '../plot.ts'
import { bandScale } from '../svg/band-scale.ts'
import { rangeScale } from '../svg/linear-scale.ts'
import { areaMark, dotMark, lineMark } from '../svg/marks.ts'
import { dotPath, linePath, rectPath, uprightPath, type Axes } from '../svg/path.ts'
import { ratioScale } from '../svg/ratio-scale.ts'
import type { Scale } from '../svg/scale.ts'

/** More rows are not taken in at a glance; the table has all. */
const MOST_NAMES = 8
const LABEL_CHARACTERS = 16

/** A change does not stand at the very edge. */
const ROOM = 1.05

/** An interval that goes further says next to nothing, and would squeeze those that say something. */
const FURTHEST_RATIO = 4

/** A comparison that has a change. */
interface Change {
  readonly comparison: Comparison
  readonly change: number
  readonly interval: Interval | undefined
}

/** How the changes of a kind of metrics are drawn. */
interface Drawing {
  readonly id: string
  readonly title: string
  readonly about: string
  readonly xLabel: string
  /** Where nothing has changed. */
  readonly unchanged: number
  /** A change as the axis has it. */
  readonly onAxis: (change: number) => number
  /** What lies between is too small to matter. */
  readonly negligible: (metric: Metric) => readonly [low: number, high: number]
  readonly scaleOf: (changes: readonly Change[]) => Scale
  /** Whether the metrics are drawn to one scale. */
  readonly isOneScale: boolean
}

const DRAWINGS: Readonly<Record<Metric['kind'], Drawing>> = {
  ratio: {
    id: 'changes',
    title: 'Changes of times and rates',
    about: 'Head / base with its 95 % interval. Within the shaded band a change is too small to matter.',
    xLabel: 'head / base, logarithmic',
    unchanged: 1,
    onAxis: (ratio) => ratio,
    negligible: ({ leastChange }) => [1 / (1 + leastChange), 1 + leastChange],
    scaleOf: (changes) => ratioScale(furthestRatio(changes) ** ROOM, figure),
    isOneScale: true,
  },
  share: {
    id: 'share-changes',
    title: 'Changes of shares',
    about:
      'Head − base with its 95 % interval, each figure to its own scale. Within the shaded band a change is too small to matter.',
    xLabel: 'head − base, percentage points',
    unchanged: 0,
    onAxis: (share) => share * 100,
    negligible: ({ leastChange }) => [-100 * leastChange, 100 * leastChange],
    scaleOf: (changes) => {
      const furthest = 100 * ROOM * furthestShare(changes)
      return rangeScale(-furthest, furthest, figure)
    },
    // A point of errors is much, a point of throttled replies little.
    isOneScale: false,
  },
}

/** Every change of a kind of metrics with its interval: a panel for each metric, in it a row for each request name. */
export function changesPlot(comparisons: readonly Comparison[], kind: Metric['kind']): Plot | AbsentPlot {
  const drawing = DRAWINGS[kind]
  const { id, title, about, xLabel } = drawing
  const all = comparisons.filter(({ metric }) => metric.kind === kind).flatMap(changeOf)
  if (all.length === 0) return { id, title, absent: 'No such figure was measured on both sides.' }
  const names = [...new Set(all.map(({ comparison }) => comparison.name))]
  const shownNames = new Set(names.slice(0, MOST_NAMES))
  const changes = all.filter(({ comparison }) => shownNames.has(comparison.name))
  const hiddenCount = names.length - shownNames.size
  const hidden =
    hiddenCount === 0 ? '' : ` ${count(hiddenCount)} more names stand below, under “Every figure”.`
  const metrics = new Map(changes.map(({ comparison: { metric } }) => [metric.column, metric]))
  return {
    id,
    title,
    about: `${about}${hidden}`,
    x: drawing.scaleOf(changes),
    xLabel,
    panels: [...metrics.values()].map((metric) => metricPanel(drawing, metric, changes)),
    legend: legendOf(changes),
    table: {
      caption: 'Changes with their 95 % intervals; “-”: the data give none.',
      head: ['figure', 'change', '95 % interval', 'verdict'],
      rows: changes.map(({ comparison, change, interval }) => [
        subjectLabel(comparison),
        changeText(comparison.metric, change),
        intervalText(comparison.metric, interval),
        comparison.verdict,
      ]),
    },
  }
}

function changeOf(comparison: Comparison): Change[] {
  const { change, interval } = comparison
  return change === undefined ? [] : [{ comparison, change, interval }]
}

function metricPanel(drawing: Drawing, metric: Metric, changes: readonly Change[]): Panel {
  // The first name stands on top.
  const rows = changes.filter(({ comparison }) => comparison.metric.column === metric.column).toReversed()
  const y = bandScale(rows.map(({ comparison }) => clip(nameLabel(comparison.name), LABEL_CHARACTERS)))
  const x = drawing.scaleOf(drawing.isOneScale ? changes : rows)
  const axes = { x, y }
  const band = rectPath(axes, drawing.negligible(metric), [0, rows.length])
  const marks = [
    areaMark('pause', band, SHADE_OPACITY),
    lineMark('base', uprightPath(axes, drawing.unchanged)),
    ...rows.map((row, i) => changeMarks(drawing, axes, row, i + 0.5)),
  ]
  return { label: metricLabel(metric), x, y, marks: marks.join(''), lineCount: rows.length }
}

function changeMarks(
  { onAxis }: Drawing,
  axes: Axes,
  { comparison, change, interval }: Change,
  y: number,
): string {
  const { verdict } = comparison
  const dot = dotMark(verdict, dotPath(axes, [[onAxis(change), y]]), 8)
  if (interval === undefined) return dot
  const ends = [interval.low, interval.high].map((end): [number, number] => [onAxis(end), y])
  return lineMark(verdict, linePath(axes, ends)) + dot
}

function legendOf(changes: readonly Change[]): LegendItem[] {
  const seen = new Set(changes.map(({ comparison }) => comparison.verdict))
  const verdicts = VERDICTS.filter((verdict) => seen.has(verdict))
  return [
    ...verdicts.map((verdict): LegendItem => ({ kind: 'interval', ink: verdict, label: verdict })),
    { kind: 'shade', ink: 'pause', label: 'too small to matter' },
  ]
}

function furthestRatio(changes: readonly Change[]): number {
  const distances = changes.map(({ change, interval }) => {
    const bounds = interval === undefined ? [] : [interval.low, interval.high].map(ratioDistance)
    return Math.max(ratioDistance(change), ...bounds.map((bound) => Math.min(bound, FURTHEST_RATIO)))
  })
  return Math.max(...distances, ...changes.map(({ comparison }) => 1 + comparison.metric.leastChange))
}

function ratioDistance(ratio: number): number {
  return Math.max(ratio, 1 / ratio)
}

function furthestShare(changes: readonly Change[]): number {
  const ends = changes.flatMap(({ comparison: { metric }, change, interval }) => [
    change,
    metric.leastChange,
    ...(interval === undefined ? [] : [interval.low, interval.high]),
  ])
  return Math.max(...ends.map(Math.abs))
}
