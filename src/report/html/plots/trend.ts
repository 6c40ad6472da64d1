import { isWholeRun } from '../../../measure/run-identity.ts'
import { changePoints } from '../../../stats/change-points.ts'
import { GATED_METRICS, scaled, type Metric } from '../../../stats/metric.ts'
import { metricLabel } from '../../comparison/words.ts'
import { count, NONE } from '../../format.ts'
import type { AbsentPlot, Panel, Plot } from '../plot.ts'
import type { PastRun, RunData } from '../run-data.ts'
import { bandScale } from '../svg/band-scale.ts'
import { rangeScale } from '../svg/linear-scale.ts'
import type { Scale } from '../svg/scale.ts'
import type { PlotContext } from './context.ts'
import { tickLabel, trackMarks } from './track.ts'

const ID = 'trend'
const TITLE = 'This run among earlier ones'

const MOST_RUNS = 60
interface Track {
  readonly metric: Metric
  readonly label: string
  readonly text: (value: number) => string
}

const TRACKS: readonly Track[] = GATED_METRICS.map((metric) => ({
  metric,
  label: metricLabel(metric),
  text: (value) => tickLabel(metric, value),
}))

/** Plot 10: the figures that a nightly gate judges, over the runs of the same scenario against the same target. */
export function trendPlot({ run }: PlotContext): Plot | AbsentPlot {
  const runs = comparableRuns(run)
  const tracks = TRACKS.filter(({ metric }) =>
    runs.some(({ figures }) => figures[metric.column] !== undefined),
  )
  if (tracks.length === 0) {
    return { id: ID, title: TITLE, absent: 'runs.csv beside this run has no run to show.' }
  }
  const x = bandScale(runs.map((each, i) => labelOf(each, i, run)))
  const thisIndex = runs.findLastIndex(({ runId }) => runId === run.identity.runId)
  return {
    id: ID,
    title: TITLE,
    about: `${runs.length === 1 ? 'The first run' : `The last ${count(runs.length)} runs`} of this scenario against this target; interrupted and INVALID ones are left out. Scales do not begin at 0.`,
    x,
    xLabel: 'runs, oldest first',
    panels: tracks.map((track) => trackPanel(track, runs, thisIndex, x)),
    legend: [
      { kind: 'dot', ink: 'sent', label: 'a run' },
      { kind: 'dot', ink: 'cap', label: 'this run' },
      { kind: 'line', ink: 'cap', label: 'lasting change of level' },
    ],
    table: {
      caption: 'As in runs.csv.',
      head: ['started', ...tracks.map(({ label }) => label)],
      rows: runs.map(({ startedAt, figures }) => [
        startedAt,
        ...tracks.map(({ metric, text }) => valueText(figures[metric.column], text)),
      ]),
    },
  }
}

function valueText(value: number | undefined, text: (value: number) => string): string {
  return value === undefined ? NONE : text(value)
}

/** Runs in virtual time have no date of their own, and real ones differ from them. */
function comparableRuns({ history, identity }: RunData): PastRun[] {
  const isVirtual = ({ startedAt }: PastRun): boolean => startedAt === VIRTUAL_START
  return (
    history
      .filter((each) => isVirtual(each) === (identity.time === 'virtual'))
      .filter(({ runId, exitCode }) => runId === identity.runId || isWholeRun(exitCode))
      // A simulation that is repeated is the same run.
      .filter(({ runId }, i, runs) => i === runs.findLastIndex((each) => each.runId === runId))
      .slice(-MOST_RUNS)
  )
}

const VIRTUAL_START = '2000-01-01T00:00:00.000Z'

function labelOf({ startedAt }: PastRun, index: number, { identity }: RunData): string {
  return identity.time === 'virtual' ? String(index + 1) : startedAt.slice(5, 10)
}

function trackPanel(
  { metric, label, text }: Track,
  runs: readonly PastRun[],
  thisIndex: number,
  x: Scale,
): Panel {
  const points = runs.flatMap(({ figures }, i) => {
    const value = figures[metric.column]
    return value === undefined ? [] : [{ index: i, at: i + 0.5, value }]
  })
  const values = points.map(({ value }) => value)
  const y = rangeScale(Math.min(...values), Math.max(...values), text)
  const dots = points.map(({ at, value }) => [at, value] as const)
  const own = points.filter(({ index }) => index === thisIndex).map(({ at, value }) => [at, value] as const)
  const changes = changePoints(values.map((value) => scaled(metric, value)))
  const changesAt = changes.map(({ index }) => points[index]?.index ?? 0)
  return { label, y, marks: trackMarks({ x, y }, { points: dots, own, changesAt }) }
}
