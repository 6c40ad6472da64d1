import { US_PER_S } from '../../../core/units.ts'
import { ALL_NAMES } from '../../../measure/names.ts'
import { clock, count } from '../../format.ts'
import { originOf, type Origin } from '../../origin.ts'
import { SHADE_OPACITY, type InkName } from '../ink.ts'
import type { LegendItem } from '../plot.ts'
import type { RunData } from '../run-data.ts'
import { stretches } from '../stretches.ts'
import { areaMark } from '../svg/marks.ts'
import { rectPath, type Axes } from '../svg/path.ts'
import type { Scale } from '../svg/scale.ts'
import { timeScale } from '../svg/time-scale.ts'
import type { DataTable } from '../table.ts'
import { timeBins, type TimeBin, type TimeBins } from '../time-bins.ts'

/** More than a screen has columns for is not drawn. */
const MOST_BINS = 1_200
/** More is not read; the files have every second. */
const MOST_TABLE_BINS = 60

/** What every plot over time is drawn from. */
export interface PlotContext {
  readonly run: RunData
  readonly origin: Origin
  readonly time: TimeBins
  readonly tableTime: TimeBins
  readonly x: Scale
}

export function plotContext(run: RunData): PlotContext {
  return {
    run,
    origin: originOf(run.identity),
    time: timeBins(run.seconds, MOST_BINS),
    tableTime: timeBins(run.seconds, MOST_TABLE_BINS),
    x: timeScale(run.seconds.length),
  }
}

export const TIME_LABEL = 'time since the start'

/** Columns of figures over time. */
export type TimeColumn = readonly [head: string, cell: (bin: TimeBin) => string]

/** A table of some columns over time. */
export function timeTable({ tableTime }: PlotContext, columns: readonly TimeColumn[]): DataTable {
  const { widthS, bins } = tableTime
  const each = widthS === 1 ? 'Each second' : `Each ${widthS} s; every second`
  return {
    caption: `${each} is in timeseries.csv.`,
    head: ['time', ...columns.map(([head]) => head)],
    rows: bins.map((bin) => [clock(bin.startS * US_PER_S), ...columns.map(([, cell]) => cell(bin))]),
  }
}

/** Marks the stretches of time in which `holds`, behind the lines. */
export function shades(
  axes: Axes,
  { bins, edges }: TimeBins,
  ink: InkName,
  holds: (bin: TimeBin) => boolean,
): string {
  const d = stretches(bins.map(holds))
    .map(([first, end]) => rectPath(axes, [edges[first] ?? 0, edges[end] ?? 0], [0, Infinity]))
    .join('')
  return d === '' ? '' : areaMark(ink, d, SHADE_OPACITY)
}

const WARMUP_LEGEND: LegendItem = {
  kind: 'shade',
  ink: 'pause',
  label: 'warm-up: not in the summary',
}

/** The stretch before the measured part. */
export function warmupShade(axes: Axes, { run }: PlotContext): string {
  const endS = run.seconds.filter(({ phase }) => phase === 'warmup').length
  return endS === 0 ? '' : areaMark('pause', rectPath(axes, [0, endS], [0, Infinity]), SHADE_OPACITY)
}

export function warmupLegend({ run }: PlotContext): LegendItem[] {
  return run.seconds[0]?.phase === 'warmup' ? [WARMUP_LEGEND] : []
}

/** Why there are no response times of accepted replies to be drawn. */
export function noTimes({ run }: PlotContext): string {
  const acceptedCount = acceptedCountOf(run)
  if (acceptedCount === 0) return 'No reply was accepted, so none has a time.'
  const replies =
    acceptedCount === 1 ? '1 reply was accepted' : `${count(acceptedCount)} replies were accepted`
  return `${replies}, but the run has kept no times to be drawn.`
}

export function acceptedCountOf({ summary }: RunData): number {
  return summary.names.find(({ name }) => name === ALL_NAMES)?.outcomeCounts.accepted ?? 0
}
