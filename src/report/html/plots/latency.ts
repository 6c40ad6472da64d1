import { US_PER_MS } from '../../../core/units.ts'
import { duration, milliseconds } from '../../format.ts'
import type { InkName } from '../ink.ts'
import type { AbsentPlot, Plot } from '../plot.ts'
import { logScale } from '../svg/log-scale.ts'
import { dotMark, lineMark } from '../svg/marks.ts'
import { dotPath, stepPath } from '../svg/path.ts'
import type { TimeBin } from '../time-bins.ts'
import { zoomData, type ZoomSource } from '../zoom.ts'
import { noTimes, timeTable, TIME_LABEL, warmupLegend, warmupShade, type PlotContext } from './context.ts'

const ID = 'latency'
const TITLE = 'Response time over time'

interface Line {
  readonly ink: InkName
  readonly us: (bin: TimeBin) => number | undefined
}

const LINES: readonly Line[] = [
  { ink: 'p50', us: ({ p50Us }) => p50Us },
  { ink: 'p95', us: ({ p95Us }) => p95Us },
  { ink: 'p99', us: ({ p99Us }) => p99Us },
]

/** Plot 3: percentiles of accepted replies. */
export function latencyPlot(context: PlotContext): Plot | AbsentPlot {
  const { time, x, origin } = context
  const { bins, edges, widthS } = time
  const highestUs = Math.max(0, ...bins.map(({ maxUs }) => maxUs ?? 0))
  if (highestUs === 0) return { id: ID, title: TITLE, absent: noTimes(context) }
  const lowestUs = Math.min(...bins.map(({ p50Us }) => p50Us ?? Infinity))
  const y = logScale(Math.max(Math.min(lowestUs, highestUs), 1), highestUs, duration)
  const axes = { x, y }
  const dots = bins.flatMap(({ startS, lengthS, maxUs }) =>
    maxUs === undefined ? [] : [[startS + lengthS / 2, maxUs] as const],
  )
  const marks = [
    warmupShade(axes, context),
    dotMark('max', dotPath(axes, dots), 2.5),
    ...LINES.map(({ ink, us }) => lineMark(ink, stepPath(axes, edges, bins.map(us)))),
  ]
  const each = widthS === 1 ? 'each second' : `the worst second of each ${widthS} s`
  return {
    id: ID,
    title: TITLE,
    about: `Accepted replies only, from when they were ${origin === 'planned' ? 'due' : 'sent'}; of ${each}. Logarithmic.`,
    x,
    xLabel: TIME_LABEL,
    panels: [{ label: 'response time', y, marks: marks.join('') }],
    legend: [
      ...LINES.map(({ ink }) => ({ kind: 'line', ink, label: ink }) as const),
      { kind: 'dot', ink: 'max', label: 'max' },
      ...warmupLegend(context),
    ],
    table: timeTable(context, [
      ...LINES.map(({ ink, us }) => [`${ink} ms`, (bin: TimeBin) => milliseconds(us(bin))] as const),
      ['max ms', ({ maxUs }) => milliseconds(maxUs)],
    ]),
    zoom: zoomData(time, ['response time, ms'], ZOOM_SERIES, true),
  }
}

function inMs(us: number | undefined): number | undefined {
  return us === undefined ? undefined : us / US_PER_MS
}

const ZOOM_SERIES: readonly ZoomSource[] = [
  ...LINES.map(({ ink, us }) => ({ label: ink, ink, valueOf: (bin: TimeBin) => inMs(us(bin)) })),
  { label: 'max', ink: 'max', kind: 'dot', valueOf: ({ maxUs }) => inMs(maxUs) },
]
