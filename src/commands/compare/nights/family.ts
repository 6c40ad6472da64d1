/** The series that the gate judges, from the figures of the nights. */
import { ALL_NAMES } from '../../../measure/names.ts'
import type { NightPoint } from '../../../report/comparison/nights-data.ts'
import type { LoggedNight, NameFigures } from '../../../run-files/nights-reader.ts'
import type { Figures } from '../../../run-files/runs-reader.ts'
import { GATED_METRICS, type Metric } from '../../../stats/metric.ts'
import type { NightFigure, NightSeries } from '../../../stats/night-base.ts'

/** The more names are judged, the larger a change must be to stand out. */
const MOST_NAMES = 6

const REQUEST_COUNT = 'sent_count'

/** What is read of each night. */
export const NIGHT_COLUMNS: readonly string[] = [...GATED_METRICS.map(({ column }) => column), REQUEST_COUNT]

/** Of the whole run: there is one cap for all its requests. */
const WHOLE_RUN_COLUMN = 'accepted_to_cap_ratio'

/** A run as far as the gate is concerned. */
export interface Night {
  readonly runId: string
  /** ISO 8601, UTC. */
  readonly startedAt: string
  readonly commit: string
  /** `_all` alone when the run's directory is gone. */
  readonly figures: NameFigures
}

/** A metric of a name in a night: as it is shown, and as it is judged. */
interface FamilyPoint {
  readonly point: NightPoint
  readonly figure: NightFigure
}

export function nightOf({ runId, startedAt, commit, figures, names }: LoggedNight): Night {
  return { runId, startedAt, commit, figures: names ?? new Map([[ALL_NAMES, figures]]) }
}

export interface FamilyMember {
  readonly metric: Metric
  readonly name: string
  /** Nights that have it, oldest first. */
  readonly past: readonly FamilyPoint[]
  readonly tonight: FamilyPoint
}

export interface Family {
  readonly members: readonly FamilyMember[]
  /** What past nights have and tonight lacks: `metric of name`. */
  readonly missing: readonly string[]
}

/**
 * What tonight is judged by: figures of the names with most requests, and of the whole run. A name that last night still
 * had is one of them.
 */
export function familyOf(past: readonly Night[], tonight: Night): Family {
  const members: FamilyMember[] = []
  const missing: string[] = []
  for (const { metric, name } of judgedFigures([tonight, ...past.slice(-1)])) {
    const points = past.flatMap((night) => pointOf(night, metric, name) ?? [])
    const own = pointOf(tonight, metric, name)
    if (own !== undefined) members.push({ metric, name, past: points, tonight: own })
    else if (points.length > 0) missing.push(`${metric.column} of ${name}`)
  }
  return { members, missing }
}

/** The same series with another run in tonight's place; without what that run lacks. */
export function withTonight(members: readonly FamilyMember[], night: Night): FamilyMember[] {
  return members.flatMap((member) => {
    const tonight = pointOf(night, member.metric, member.name)
    return tonight === undefined ? [] : [{ ...member, tonight }]
  })
}

export function seriesOf({ metric, name, past, tonight }: FamilyMember): NightSeries {
  return { metric, name, past: past.map(({ figure }) => figure), tonight: tonight.figure }
}

/** Whether anything was accepted: only such replies have a response time. */
export function hasAccepted({ figures }: Night): boolean {
  return figures.get(ALL_NAMES)?.['response_time_accepted_p50_ms'] !== undefined
}

/** Names first, the busiest one before the others. */
export function judgedFigures(
  nights: readonly Night[],
): { readonly metric: Metric; readonly name: string }[] {
  const ofNames = GATED_METRICS.filter(({ column }) => column !== WHOLE_RUN_COLUMN)
  const ofRun = GATED_METRICS.filter(({ column }) => column === WHOLE_RUN_COLUMN)
  return [
    ...namesOf(nights).flatMap((name) => ofNames.map((metric) => ({ metric, name }))),
    ...ofRun.map((metric) => ({ metric, name: ALL_NAMES })),
  ]
}

/** `_all` where there is but one name: it is the same, and older nights have it even without their directories. */
function namesOf(nights: readonly Night[]): string[] {
  const requestCount = (name: string): number =>
    Math.max(...nights.map(({ figures }) => figures.get(name)?.[REQUEST_COUNT] ?? 0))
  const names = [...new Set(nights.flatMap(({ figures }) => [...figures.keys()]))].filter(
    (name) => name !== ALL_NAMES,
  )
  if (names.length < 2) return [ALL_NAMES]
  return names.toSorted((a, b) => requestCount(b) - requestCount(a)).slice(0, MOST_NAMES)
}

export function pointOf(
  { runId, startedAt, commit, figures }: Night,
  metric: Metric,
  name: string,
): FamilyPoint | undefined {
  const figure = figureOf(figures.get(name), metric)
  return figure && { point: { runId, startedAt, commit, value: figure.value }, figure }
}

function figureOf(figures: Figures | undefined, metric: Metric): NightFigure | undefined {
  const value = figures?.[metric.column]
  const requestCount = figures?.[REQUEST_COUNT] ?? 0
  if (value === undefined || (metric.kind === 'share' && requestCount === 0)) return undefined
  return { value, requestCount }
}
