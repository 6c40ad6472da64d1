import { ALL_NAMES } from '../../../measure/names.ts'
import { TRAFFIC, type Traffic } from '../../../measure/snapshot.ts'
import type { BurstRow } from '../../../measure/summary.ts'
import { US_PER_MS } from '../../../core/units.ts'
import { duration, figure, NONE, rate, times } from '../../format.ts'
import type { Origin } from '../../origin.ts'
import type { AbsentPlot, LegendItem, Plot } from '../plot.ts'
import { bandScale } from '../svg/band-scale.ts'
import { linearScale } from '../svg/linear-scale.ts'
import { areaMark, lineMark } from '../svg/marks.ts'
import { levelPath, rectPath, type Axes } from '../svg/path.ts'
import type { DataTable } from '../table.ts'
import type { PlotContext } from './context.ts'

const ID = 'bursts'
const TITLE = 'Peaks by window'

/** Of a band: the rest is the gap to the next. */
const BARS_SHARE = 0.75

/** Without a plan what was offered is what was sent. */
const UNPLANNED_TRAFFIC: readonly Traffic[] = ['sent', 'accepted']

const NOT_FITTING = 'A window that does not fit into the run is left out'
const LEFT_OUT: Readonly<Record<Origin, string>> = {
  planned: `${NOT_FITTING}.`,
  closed: `${NOT_FITTING}.`,
  imported: `${NOT_FITTING}, and so is one for which the times of the source are too coarse.`,
}

/** @param burst has windows of all lengths, unless nothing is known of any */
function absence(burst: readonly BurstRow[]): string {
  return burst.length === 0
    ? 'The run has kept no peaks.'
    : 'The measured part is shorter than the shortest window.'
}

/** Plot 6: the fullest window of each length, as a rate. */
export function burstsPlot({ run, origin }: PlotContext): Plot | AbsentPlot {
  const shown = origin === 'planned' ? TRAFFIC : UNPLANNED_TRAFFIC
  const rows = run.summary.burst.filter(
    ({ name, peakRps, traffic }) => name === ALL_NAMES && peakRps !== undefined && shown.includes(traffic),
  )
  const windowsMs = [...new Set(rows.map(({ windowMs }) => windowMs))].toSorted((a, b) => a - b)
  if (windowsMs.length === 0) return { id: ID, title: TITLE, absent: absence(run.summary.burst) }
  const { capRps } = run.summary.names[0] ?? {}
  const x = bandScale(windowsMs.map((windowMs) => duration(windowMs * US_PER_MS)))
  const y = linearScale(Math.max(capRps ?? 0, ...rows.map(({ peakRps }) => peakRps ?? 0)), figure)
  const bars = rows.map((row) => bar({ x, y }, windowsMs.indexOf(row.windowMs), row, shown))
  const cap = capRps === undefined ? '' : lineMark('cap', levelPath({ x, y }, capRps))
  return {
    id: ID,
    title: TITLE,
    about: `The fullest window of each length, per second: how far short bursts rise above the mean. ${LEFT_OUT[origin]}`,
    x,
    xLabel: 'length of the window',
    panels: [{ label: 'requests per second', y, marks: bars.join('') + cap }],
    legend: [...shown.map((ink) => ({ kind: 'area', ink, label: ink }) as const), ...capLegend(capRps)],
    table: burstTable(rows),
  }
}

function capLegend(capRps: number | undefined): LegendItem[] {
  return capRps === undefined ? [] : [{ kind: 'line', ink: 'cap', label: `cap ${rate(capRps)}/s` }]
}

function bar(axes: Axes, band: number, { traffic, peakRps }: BurstRow, shown: readonly Traffic[]): string {
  const width = BARS_SHARE / shown.length
  const left = band + (1 - BARS_SHARE) / 2 + shown.indexOf(traffic) * width
  return areaMark(traffic, rectPath(axes, [left, left + width * 0.92], [0, peakRps ?? 0]))
}

function burstTable(rows: readonly BurstRow[]): DataTable {
  return {
    caption: 'As in burst.csv. Dispersion: 0 for even traffic, 1 for Poisson, more for bursts.',
    head: ['window', 'traffic', 'peak/s', 'mean/s', 'peak / mean', 'dispersion'],
    rows: rows.map((row) => [
      duration(row.windowMs * US_PER_MS),
      row.traffic,
      rate(row.peakRps),
      rate(row.meanRps),
      times(row.peakToAverageRatio),
      row.dispersionRatio === undefined ? NONE : figure(row.dispersionRatio),
    ]),
  }
}
