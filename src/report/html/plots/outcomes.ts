import type { Outcome } from '../../../measure/outcome.ts'
import { figure, rate } from '../../format.ts'
import type { InkName } from '../ink.ts'
import type { AbsentPlot, Plot } from '../plot.ts'
import { linearScale } from '../svg/linear-scale.ts'
import { areaMark } from '../svg/marks.ts'
import { stepArea } from '../svg/path.ts'
import type { TimeBin } from '../time-bins.ts'
import { timeTable, TIME_LABEL, warmupLegend, warmupShade, type PlotContext } from './context.ts'

const ID = 'outcomes'
const TITLE = 'What became of the requests'

interface Layer {
  readonly ink: InkName
  readonly label: string
  readonly rps: (bin: TimeBin) => number
}

function layer(outcome: Outcome, label: string): Layer {
  return { ink: outcome, label, rps: ({ outcomeRps }) => outcomeRps[outcome] }
}

/** From the bottom up. */
const LAYERS: readonly Layer[] = [
  layer('accepted', 'accepted'),
  layer('throttled', 'throttled'),
  layer('client_error', 'other 4xx'),
  layer('server_error', '5xx'),
  layer('timeout', 'timeout'),
  layer('network_error', 'network error'),
  layer('aborted', 'unfinished at the end'),
  {
    ink: 'unexplained',
    label: 'not accepted; the seconds of the source do not say why',
    rps: ({ unexplainedRps }) => unexplainedRps,
  },
  { ink: 'dropped', label: 'dropped iterations: no VU was free', rps: ({ droppedRps }) => droppedRps },
]

const ABOUT = 'Stacked, by the second in which a request was sent, whenever its reply came.'
const IMPORTED_ABOUT = 'Stacked, by the second in which the source has a request.'

/** Plot 2: outcomes by the second in which the request was sent, stacked. */
export function outcomesPlot(context: PlotContext): Plot | AbsentPlot {
  const { time, x, origin } = context
  const layers = LAYERS.filter(({ rps }) => time.bins.some((bin) => rps(bin) > 0))
  if (layers.length === 0) return { id: ID, title: TITLE, absent: 'Nothing was sent.' }
  const levels = stack(time.bins, layers)
  const y = linearScale(Math.max(...(levels.at(-1) ?? [])), figure)
  const axes = { x, y }
  const areas = layers.map(({ ink }, i) =>
    areaMark(ink, stepArea(axes, time.edges, levels[i] ?? [], levels[i + 1] ?? [])),
  )
  return {
    id: ID,
    title: TITLE,
    about: origin === 'imported' ? IMPORTED_ABOUT : ABOUT,
    x,
    xLabel: TIME_LABEL,
    panels: [{ label: 'requests per second', y, marks: areas.join('') + warmupShade(axes, context) }],
    legend: [
      ...layers.map(({ ink, label }) => ({ kind: 'area', ink, label }) as const),
      ...warmupLegend(context),
    ],
    table: timeTable(
      context,
      layers.map(({ label, rps }) => [`${label}/s`, (bin: TimeBin) => rate(rps(bin))] as const),
    ),
  }
}

/** Heights of the borders between the layers, bin by bin, from 0 up. */
function stack(bins: readonly TimeBin[], layers: readonly Layer[]): number[][] {
  const levels = [bins.map(() => 0)]
  for (const { rps } of layers) {
    const below = levels.at(-1) ?? []
    levels.push(bins.map((bin, i) => (below[i] ?? 0) + rps(bin)))
  }
  return levels
}
