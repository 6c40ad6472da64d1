import { figure, rate } from '../../format.ts'
import type { InkName } from '../ink.ts'
import type { AbsentPlot, LegendItem, Plot } from '../plot.ts'
import { linearScale } from '../svg/linear-scale.ts'
import { lineMark } from '../svg/marks.ts'
import { stepPath } from '../svg/path.ts'
import type { TimeBin } from '../time-bins.ts'
import { zoomData } from '../zoom.ts'
import { shades, timeTable, TIME_LABEL, warmupLegend, warmupShade, type PlotContext } from './context.ts'

const ID = 'rate'
const TITLE = 'Rate over time'

interface Line {
  readonly ink: InkName
  readonly label: string
  readonly rps: (bin: TimeBin) => number | undefined
}

const OFFERED: Line = {
  ink: 'offered',
  label: 'offered: first attempts when they were due',
  rps: ({ offeredRps }) => offeredRps,
}

/** Without a plan what was offered is what was sent. */
function linesOf(isPlanned: boolean): Line[] {
  return [
    { ink: 'cap', label: 'cap: what the service admits', rps: ({ capRps }) => capRps },
    ...(isPlanned ? [OFFERED] : []),
    { ink: 'sent', label: isPlanned ? 'sent: with retries' : 'sent', rps: ({ sentRps }) => sentRps },
    { ink: 'accepted', label: 'accepted', rps: ({ outcomeRps }) => outcomeRps.accepted },
  ]
}

const PLANNED_ABOUT = 'Accepted follows offered up to the cap; the gap between sent and offered is retries.'
const UNPLANNED_ABOUT = 'The gap between sent and accepted is what was refused or failed.'

/** Plot 1: what was offered, sent and accepted, under the cap. */
export function ratePlot(context: PlotContext): Plot | AbsentPlot {
  const { time, x, origin } = context
  const isPlanned = origin === 'planned'
  if (time.bins.length === 0)
    return { id: ID, title: TITLE, absent: 'The run ended before its first second.' }
  const lines = linesOf(isPlanned).filter(({ rps }) => time.bins.some((bin) => rps(bin) !== undefined))
  const y = linearScale(
    Math.max(...lines.flatMap(({ rps }) => time.bins.map((bin) => rps(bin) ?? 0))),
    figure,
  )
  const axes = { x, y }
  const above = shades(axes, time, 'shade', isAboveCap)
  const marks = lines.map(({ ink, rps }) => lineMark(ink, stepPath(axes, time.edges, time.bins.map(rps))))
  return {
    id: ID,
    title: TITLE,
    about: isPlanned ? PLANNED_ABOUT : UNPLANNED_ABOUT,
    x,
    xLabel: TIME_LABEL,
    panels: [{ label: 'requests per second', y, marks: warmupShade(axes, context) + above + marks.join('') }],
    legend: [...lines.map(legendOf), ...(above === '' ? [] : [ABOVE_LEGEND]), ...warmupLegend(context)],
    table: timeTable(
      context,
      lines.map(({ ink, rps }) => [`${ink}/s`, (bin: TimeBin) => rate(rps(bin))] as const),
    ),
    zoom: zoomData(
      time,
      ['requests per second'],
      lines.map(({ ink, rps }) => ({ label: ink, ink, valueOf: rps })),
    ),
  }
}

const ABOVE_LEGEND: LegendItem = { kind: 'shade', ink: 'shade', label: 'offered above the cap' }

function legendOf({ ink, label }: Line): LegendItem {
  return { kind: 'line', ink, label }
}

function isAboveCap({ offeredRps, capRps }: TimeBin): boolean {
  return capRps !== undefined && offeredRps > capRps
}
