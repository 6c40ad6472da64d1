import { US_PER_MS } from '../../../core/units.ts'
import { count, figure, milliseconds } from '../../format.ts'
import type { AbsentPlot, LegendItem, Plot } from '../plot.ts'
import { linearScale } from '../svg/linear-scale.ts'
import { lineMark } from '../svg/marks.ts'
import { levelPath, stepPath } from '../svg/path.ts'
import type { TimeBin } from '../time-bins.ts'
import { zoomData, type ZoomSource } from '../zoom.ts'
import { timeTable, TIME_LABEL, warmupLegend, warmupShade, type PlotContext } from './context.ts'

const ID = 'in-flight'
const TITLE = 'In flight, and the generator’s own delay'

/** Plot 8: requests under way at once, and how late the generator was: a late generator explains odd latencies. */
export function inFlightPlot(context: PlotContext): Plot | AbsentPlot {
  const { time, x, run } = context
  const { bins, edges } = time
  if (bins.length === 0) return { id: ID, title: TITLE, absent: 'The run ended before its first second.' }
  const { capConcurrency } = run.identity
  const inFlight = bins.map(({ inflightMaxCount }) => inflightMaxCount)
  const delaysMs = bins.map(delayMs)
  const y = linearScale(Math.max(capConcurrency ?? 0, ...inFlight), count, true)
  const yDelay = linearScale(Math.max(...delaysMs.map((ms) => ms ?? 0)), msLabel)
  const shade = warmupShade({ x, y }, context)
  const cap = capConcurrency === undefined ? '' : lineMark('cap', levelPath({ x, y }, capConcurrency))
  return {
    id: ID,
    title: TITLE,
    about: 'The most of each second. A schedule delay near the response times makes those doubtful.',
    x,
    xLabel: TIME_LABEL,
    panels: [
      {
        label: 'requests in flight',
        y,
        marks: shade + cap + lineMark('sent', stepPath({ x, y }, edges, inFlight)),
      },
      {
        label: 'schedule delay',
        y: yDelay,
        marks: shade + lineMark('p99', stepPath({ x, y: yDelay }, edges, delaysMs)),
      },
    ],
    legend: [
      { kind: 'line', ink: 'sent', label: 'in flight' },
      ...capLegend(capConcurrency),
      { kind: 'line', ink: 'p99', label: 'schedule delay of the generator' },
      ...warmupLegend(context),
    ],
    table: timeTable(context, [
      ['in flight', ({ inflightMaxCount }) => count(inflightMaxCount)],
      ['schedule delay ms', ({ scheduleDelayMaxUs }) => milliseconds(scheduleDelayMaxUs)],
    ]),
    zoom: zoomData(time, ['in flight', 'schedule delay, ms'], ZOOM_SERIES),
  }
}

function msLabel(ms: number): string {
  return `${figure(ms)} ms`
}

function capLegend(capConcurrency: number | undefined): LegendItem[] {
  return capConcurrency === undefined
    ? []
    : [{ kind: 'line', ink: 'cap', label: `cap: ${count(capConcurrency)} at once` }]
}

function delayMs({ scheduleDelayMaxUs }: TimeBin): number | undefined {
  return scheduleDelayMaxUs === undefined ? undefined : scheduleDelayMaxUs / US_PER_MS
}

const ZOOM_SERIES: readonly ZoomSource[] = [
  { label: 'in flight', ink: 'sent', valueOf: ({ inflightMaxCount }) => inflightMaxCount },
  { label: 'schedule delay', ink: 'p99', axis: 1, valueOf: delayMs },
]
