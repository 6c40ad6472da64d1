import { count, duration, rate, times } from '../../format.ts'
import type { Origin } from '../../origin.ts'
import type { AbsentPlot, LegendItem, Panel, Plot } from '../plot.ts'
import { linearScale } from '../svg/linear-scale.ts'
import { areaMark, lineMark } from '../svg/marks.ts'
import { stepArea, stepPath } from '../svg/path.ts'
import type { TimeBin } from '../time-bins.ts'
import { timeTable, TIME_LABEL, warmupLegend, warmupShade, type PlotContext } from './context.ts'

const ID = 'retries'
const TITLE = 'Retries'

const UNPLANNED: Readonly<Record<Exclude<Origin, 'planned'>, string>> = {
  closed: 'A saturation retries nothing.',
  imported: 'The source does not say which requests were retries.',
}

/** Plot 7: how much retrying adds to the traffic. */
export function retriesPlot(context: PlotContext): Plot | AbsentPlot {
  const { time, x, run, origin } = context
  if (origin !== 'planned') return { id: ID, title: TITLE, absent: UNPLANNED[origin] }
  const { bins, edges } = time
  const amplifications = bins.map(amplification)
  if (amplifications.every((each) => each === undefined)) {
    return { id: ID, title: TITLE, absent: 'Nothing was sent.' }
  }
  const y = linearScale(Math.max(...amplifications.map((each) => each ?? 1)), times)
  const line = lineMark('sent', stepPath({ x, y }, edges, amplifications))
  const added = retriesPanel(context)
  return {
    id: ID,
    title: TITLE,
    about: aboutRetries(run.summary.names[0]),
    x,
    xLabel: TIME_LABEL,
    panels: [
      ...(added === undefined ? [] : [added]),
      { label: 'amplification: sent / offered', y, marks: warmupShade({ x, y }, context) + line },
    ],
    legend: [
      ...(added === undefined ? [] : [RETRIES_LEGEND]),
      { kind: 'line', ink: 'sent', label: 'amplification; 1 x is no retry' },
      ...warmupLegend(context),
    ],
    table: timeTable(context, [
      ['retries/s', ({ retryRps }) => rate(retryRps)],
      ['amplification', (bin: TimeBin) => times(amplification(bin))],
    ]),
  }
}

const RETRIES_LEGEND: LegendItem = { kind: 'area', ink: 'throttled', label: 'retries' }

/** Nothing when there was no retry. */
function retriesPanel(context: PlotContext): Panel | undefined {
  const { time, x } = context
  const retries = time.bins.map(({ retryRps }) => retryRps)
  const most = Math.max(...retries)
  if (most === 0) return undefined
  const y = linearScale(most, count, true)
  const none = retries.map(() => 0)
  const area = areaMark('throttled', stepArea({ x, y }, time.edges, none, retries))
  return { label: 'retries per second', y, marks: warmupShade({ x, y }, context) + area }
}

function amplification({ sentRps, offeredRps }: TimeBin): number | undefined {
  return offeredRps === 0 ? undefined : sentRps / offeredRps
}

function aboutRetries(all: PlotContext['run']['summary']['names'][number] | undefined): string {
  if (all === undefined) return ''
  const { operationsCount, operationsFailedCount, retryAmplificationRatio, retryAfter } = all
  const asked =
    retryAfter.count === 0
      ? 'no reply had a Retry-After'
      : `Retry-After asked for ${duration(retryAfter.p50Us)} (median), at most ${duration(retryAfter.maxUs)}`
  return `${count(operationsCount)} operations, ${count(operationsFailedCount)} of them failed; amplification ${times(retryAmplificationRatio)}; ${asked}.`
}
