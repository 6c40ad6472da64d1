import { isWholeRun } from '../../../measure/run-identity.ts'
import { changePoints } from '../../../stats/change-points.ts'
import { GATED_METRICS, scaled, type Metric } from '../../../stats/metric.ts'
import { mean } from '../../../stats/sample.ts'
import { metricLabel, metricValue } from '../../comparison/words.ts'
import { count, NONE } from '../../format.ts'
import type { AbsentPlot, LegendItem, Panel, Plot } from '../plot.ts'
import type { PastRun, RunData } from '../run-data.ts'
import { bandScale } from '../svg/band-scale.ts'
import { rangeScale } from '../svg/linear-scale.ts'
import type { Scale } from '../svg/scale.ts'
import type { DataTable } from '../table.ts'
import type { PlotContext } from './context.ts'
import { runLabel, shortCommit, tickLabel, trackMarks } from './track.ts'

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

/** A metric that some of the runs have. */
interface RunTrack extends Track {
  readonly points: readonly TrackPoint[]
  readonly changes: readonly LevelChange[]
}

interface TrackPoint {
  /** Of the run. */
  readonly index: number
  readonly value: number
}

/** A lasting change of level. */
interface LevelChange {
  /** Of the first run with the new level. */
  readonly index: number
  /** Means from the change before to this one, and from this one to the next. */
  readonly before: number
  readonly after: number
}

/** Plot 10: the figures that a nightly gate judges, over the runs of the same scenario against the same target. */
export function trendPlot({ run }: PlotContext): Plot | AbsentPlot {
  const runs = comparableRuns(run)
  if (runs.length === 0) {
    return { id: ID, title: TITLE, absent: 'runs.csv beside this run has no run to show.' }
  }
  const tracks = TRACKS.map((track) => runTrack(track, runs)).filter(({ points }) => points.length > 0)
  if (tracks.length === 0) {
    return {
      id: ID,
      title: TITLE,
      absent: 'The runs in runs.csv beside this run have none of these figures.',
    }
  }
  const x = bandScale(runs.map((each, i) => labelOf(each, i, run)))
  const thisIndex = runs.findLastIndex(({ runId }) => runId === run.identity.runId)
  return {
    id: ID,
    title: TITLE,
    about: `${runs.length === 1 ? 'The first run' : `The last ${count(runs.length)} runs`} of this scenario against this target; interrupted and INVALID ones are left out. Scales do not begin at 0.`,
    x,
    xLabel: 'runs, oldest first',
    panels: tracks.map((track) => trackPanel(track, thisIndex, x)),
    legend: [
      { kind: 'dot', ink: 'sent', label: 'a run' },
      { kind: 'dot', ink: 'cap', label: 'this run' },
      ...changeLegend(tracks, runs),
    ],
    table: runTable(tracks, runs),
  }
}

function runTrack(track: Track, runs: readonly PastRun[]): RunTrack {
  const { metric } = track
  const points = runs.flatMap(({ figures }, index) => {
    const value = figures[metric.column]
    return value === undefined ? [] : [{ index, value }]
  })
  return { ...track, points, changes: levelChanges(metric, points) }
}

function levelChanges(metric: Metric, points: readonly TrackPoint[]): LevelChange[] {
  const values = points.map(({ value }) => value)
  const starts = changePoints(values.map((value) => scaled(metric, value))).map(({ index }) => index)
  return starts.map((start, i) => ({
    index: points[start]?.index ?? 0,
    before: mean(values.slice(starts[i - 1] ?? 0, start)),
    after: mean(values.slice(start, starts[i + 1])),
  }))
}

/** What changed in which run, with its commit. */
function changeLegend(tracks: readonly RunTrack[], runs: readonly PastRun[]): LegendItem[] {
  return tracks.flatMap(({ metric, label, changes }) =>
    changes.map(({ index, before, after }): LegendItem => {
      const [from, to] = [before, after].map((level) => metricValue(metric, level))
      return { kind: 'line', ink: 'cap', label: `since ${runLabel(runs[index])}: ${label} ${from} → ${to}` }
    }),
  )
}

function runTable(tracks: readonly RunTrack[], runs: readonly PastRun[]): DataTable {
  return {
    caption: 'As in runs.csv.',
    head: ['started', ...tracks.map(({ label }) => label), 'commit', 'run', 'changed for good'],
    rows: runs.map(({ startedAt, figures, commit, runId }, index) => [
      startedAt,
      ...tracks.map(({ metric, text }) => valueText(figures[metric.column], text)),
      shortCommit(commit),
      runId,
      tracks
        .filter(({ changes }) => changes.some((change) => change.index === index))
        .map(({ label }) => label)
        .join('; '),
    ]),
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

function trackPanel({ label, text, points, changes }: RunTrack, thisIndex: number, x: Scale): Panel {
  const values = points.map(({ value }) => value)
  const y = rangeScale(Math.min(...values), Math.max(...values), text)
  const dotsOf = (shown: readonly TrackPoint[]): (readonly [number, number])[] =>
    shown.map(({ index, value }) => [index + 0.5, value])
  const track = {
    points: dotsOf(points),
    own: dotsOf(points.filter(({ index }) => index === thisIndex)),
    changesAt: changes.map(({ index }) => index),
  }
  return { label, y, marks: trackMarks({ x, y }, track) }
}
