import type { Metric } from '../../../stats/metric.ts'
import { figure } from '../../format.ts'
import { dotMark, lineMark } from '../svg/marks.ts'
import { dotPath, linePath, uprightPath, type Axes } from '../svg/path.ts'

/** A figure on an axis, all its digits: ticks may be close to each other. */
export function tickLabel({ column, kind }: Metric, value: number): string {
  if (column.endsWith('_ms')) return `${figure(value)} ms`
  return kind === 'share' || column === 'accepted_to_cap_ratio' ? `${figure(value * 100)} %` : figure(value)
}

type Point = readonly [x: number, y: number]

/** A figure over runs. */
interface Track {
  /** Oldest first, the one that the page is about among them. */
  readonly points: readonly Point[]
  /** The run that the page is about. */
  readonly own: readonly Point[]
  /** Where its level changed for good. */
  readonly changesAt: readonly number[]
}

/** A line through the runs, with the lasting changes and the page's own run marked. */
export function trackMarks(axes: Axes, { points, own, changesAt }: Track): string {
  return [
    ...changesAt.map((at) => lineMark('cap', uprightPath(axes, at))),
    lineMark('max', linePath(axes, points)),
    dotMark('sent', dotPath(axes, points), 5),
    dotMark('cap', dotPath(axes, own), 9),
  ].join('')
}

/** As much of a commit as tells it from others. */
export function shortCommit(commit: string): string {
  return commit.slice(0, 12)
}

/** Date and commit of a run, as far as they are known. */
export function runLabel(run: { readonly startedAt: string; readonly commit: string } | undefined): string {
  if (run === undefined) return ''
  const commit = run.commit === '' ? '' : `, commit ${shortCommit(run.commit)}`
  return `${run.startedAt.slice(0, 10)}${commit}`
}
