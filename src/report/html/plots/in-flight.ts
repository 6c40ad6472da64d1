import { US_PER_MS } from '../../../core/units.ts'
import { count, figure, milliseconds } from '../../format.ts'
import type { AbsentPlot, LegendItem, Panel, Plot } from '../plot.ts'
import { linearScale } from '../svg/linear-scale.ts'
import { lineMark } from '../svg/marks.ts'
import { levelPath, stepPath } from '../svg/path.ts'
import type { TimeBin } from '../time-bins.ts'
import { zoomData, type ZoomSource } from '../zoom.ts'
import {
  timeTable,
  TIME_LABEL,
  warmupLegend,
  warmupShade,
  type PlotContext,
  type TimeColumn,
} from './context.ts'

const ID = 'in-flight'
const TITLE = 'In flight, and the generator’s own delay'
const TITLE_WITHOUT_DELAY = 'Requests in flight'

/** Plot 8: requests under way at once, and how late the generator was: a late generator explains odd latencies. */
export function inFlightPlot(context: PlotContext): Plot | AbsentPlot {
  const { time, x } = context
  if (time.bins.length === 0)
    return { id: ID, title: TITLE, absent: 'The run ended before its first second.' }
  const tracks = TRACKS.filter(({ isKnown }) => isKnown(context))
  if (tracks.length === 0) return { id: ID, title: TITLE, absent: 'The source tells neither.' }
  const hasDelay = tracks.includes(DELAY)
  return {
    id: ID,
    title: hasDelay ? TITLE : TITLE_WITHOUT_DELAY,
    about: `The most of each second.${hasDelay ? DELAY_ABOUT : ''}`,
    x,
    xLabel: TIME_LABEL,
    panels: tracks.map((track) => track.panel(context)),
    legend: [...tracks.flatMap((track) => track.legend(context)), ...warmupLegend(context)],
    table: timeTable(
      context,
      tracks.map(({ column }) => column),
    ),
    zoom: zoomData(
      time,
      tracks.map(({ zoomAxis }) => zoomAxis),
      tracks.map(({ zoomSource }, axis) => ({ ...zoomSource, axis: axis === 0 ? 0 : 1 })),
    ),
  }
}

const DELAY_ABOUT = ' A schedule delay near the response times makes those doubtful.'

/** One of the two things that the plot has, over time. */
interface Track {
  readonly isKnown: (context: PlotContext) => boolean
  readonly panel: (context: PlotContext) => Panel
  readonly legend: (context: PlotContext) => readonly LegendItem[]
  readonly column: TimeColumn
  readonly zoomAxis: string
  readonly zoomSource: ZoomSource
}

const IN_FLIGHT: Track = {
  // Whatever is sent is in flight, at least by itself.
  isKnown: ({ time }) =>
    time.bins.some(({ inflightMaxCount }) => inflightMaxCount > 0) ||
    time.bins.every(({ sentRps }) => sentRps === 0),
  panel: inFlightPanel,
  legend: ({ run }) => [
    { kind: 'line', ink: 'sent', label: 'in flight' },
    ...capLegend(run.identity.capConcurrency),
  ],
  column: ['in flight', ({ inflightMaxCount }) => count(inflightMaxCount)],
  zoomAxis: 'in flight',
  zoomSource: { label: 'in flight', ink: 'sent', valueOf: ({ inflightMaxCount }) => inflightMaxCount },
}

const DELAY: Track = {
  isKnown: ({ origin }) => origin === 'planned',
  panel: delayPanel,
  legend: () => [{ kind: 'line', ink: 'p99', label: 'schedule delay of the generator' }],
  column: ['schedule delay ms', ({ scheduleDelayMaxUs }) => milliseconds(scheduleDelayMaxUs)],
  zoomAxis: 'schedule delay, ms',
  zoomSource: { label: 'schedule delay', ink: 'p99', valueOf: delayMs },
}

const TRACKS: readonly Track[] = [IN_FLIGHT, DELAY]

function inFlightPanel(context: PlotContext): Panel {
  const { time, x, run } = context
  const { capConcurrency } = run.identity
  const inFlight = time.bins.map(({ inflightMaxCount }) => inflightMaxCount)
  const y = linearScale(Math.max(capConcurrency ?? 0, ...inFlight), count, true)
  const cap = capConcurrency === undefined ? '' : lineMark('cap', levelPath({ x, y }, capConcurrency))
  const line = lineMark('sent', stepPath({ x, y }, time.edges, inFlight))
  return { label: 'requests in flight', y, marks: warmupShade({ x, y }, context) + cap + line }
}

function delayPanel(context: PlotContext): Panel {
  const { time, x } = context
  const delaysMs = time.bins.map(delayMs)
  const y = linearScale(Math.max(...delaysMs.map((ms) => ms ?? 0)), msLabel)
  const line = lineMark('p99', stepPath({ x, y }, time.edges, delaysMs))
  return { label: 'schedule delay', y, marks: warmupShade({ x, y }, context) + line }
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
