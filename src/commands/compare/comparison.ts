/** The runs of two sides, put together into what a comparison is written from. */
import { US_PER_S } from '../../core/units.ts'
import type { ComparisonData, ThrottlingFigures } from '../../report/comparison/comparison-data.ts'
import type { RunReader } from '../../run-files/run-reader.ts'
import { compareRuns, type RunFigure } from '../../stats/compare-runs.ts'
import { compareSeconds, type RunSeconds } from '../../stats/compare-seconds.ts'
import type { Comparison } from '../../stats/comparison.ts'
import { COMPARED_METRICS, type Metric } from '../../stats/metric.ts'
import { mean } from '../../stats/sample.ts'
import { betweenRuns } from './between-runs.ts'
import { differencesBetween, sentenceOf } from './differences.ts'
import { quantileShift } from './quantile-shift.ts'
import { runSeconds } from './run-seconds.ts'
import { commonNames, lackNotes, nameNotes, surroundingNotes } from './side-notes.ts'
import { figureOf, type SideRun } from './side-run.ts'

/** Every name costs its seconds twice over; those beyond have a small part of the traffic. */
const MOST_NAMES = 50

/**
 * Compares what both sides have: two runs by their seconds, several by their figures.
 *
 * @param base,head runs that count, at least one each, each once
 * @param mostNames how many request names are compared, `_all` among them; those with most requests
 */
export async function comparisonOf(
  base: readonly SideRun[],
  head: readonly SideRun[],
  mostNames: number = MOST_NAMES,
): Promise<ComparisonData> {
  const common = commonNames(base, head)
  const names = common.slice(0, mostNames)
  const { comparisons, notes } = await compared(base, head, names)
  const ratios = await quantileShift(base, head, names)
  return {
    base: base.map(({ shown }) => shown),
    head: head.map(({ shown }) => shown),
    differences: differencesBetween([...base, ...head]).map(sentenceOf),
    comparisons,
    throttling: names.flatMap((name) => [throttlingOf('base', base, name), throttlingOf('head', head, name)]),
    quantileRatios: ratios,
    notes: [
      ...surroundingNotes(base, head),
      ...nameNotes(base, head, common.slice(mostNames)),
      ...lackNotes([...base, ...head]),
      ...notes,
    ],
  }
}

interface Compared {
  readonly comparisons: readonly Comparison[]
  readonly notes: readonly string[]
}

async function compared(
  base: readonly SideRun[],
  head: readonly SideRun[],
  names: readonly string[],
): Promise<Compared> {
  const { comparisons: bySeconds, notes } = await comparedBySeconds(
    await onlyReader(base),
    await onlyReader(head),
    names,
  )
  const found = new Map(bySeconds.map((comparison) => [keyOf(comparison), comparison]))
  const comparisons = names
    .flatMap((name) => COMPARED_METRICS.map((metric) => ({ metric, name })))
    .map((subject) => found.get(keyOf(subject)) ?? comparedByRuns(subject, base, head))
  return { comparisons: comparisons.filter(isMeasured), notes }
}

interface Subject {
  readonly metric: Metric
  readonly name: string
}

function keyOf({ metric, name }: Subject): string {
  return JSON.stringify([metric.column, name])
}

/** What the seconds of a side do not tell, its figures may. */
function isOnBothSides({ base, head }: Comparison): boolean {
  return base !== undefined && head !== undefined
}

function isMeasured({ base, head }: Comparison): boolean {
  return base !== undefined || head !== undefined
}

/** The directory of the only run of a side, if it has the run's seconds. */
async function onlyReader(runs: readonly SideRun[]): Promise<RunReader | undefined> {
  const reader = runs.length === 1 ? runs[0]?.reader : undefined
  return reader !== undefined && (await reader.has('timeseries.csv')) ? reader : undefined
}

async function comparedBySeconds(
  base: RunReader | undefined,
  head: RunReader | undefined,
  names: readonly string[],
): Promise<Compared> {
  if (base === undefined || head === undefined) return { comparisons: [], notes: [] }
  const [ofBase, ofHead, { spreadOf, notes }] = await Promise.all([
    runSeconds(base, names),
    runSeconds(head, names),
    betweenRuns(base, head),
  ])
  const leastBlockSeconds = Math.max(limiterSeconds(base), limiterSeconds(head))
  // One by one, so that seconds which hang together in a name with few requests cast no doubt on all the others.
  const comparisons = names.flatMap((name) =>
    compareSeconds(ofName(ofBase.run, name), ofName(ofHead.run, name), { leastBlockSeconds, spreadOf }),
  )
  return {
    comparisons: comparisons.filter(isOnBothSides),
    notes: [...ofBase.notes, ...ofHead.notes, ...notes],
  }
}

function ofName(run: RunSeconds, name: string): RunSeconds {
  return { ...run, statistics: run.statistics.filter((statistic) => statistic.name === name) }
}

/** The longest time over which the mock's limiters count; one longer than the run gives its seconds no rhythm. */
function limiterSeconds({ identity, summary }: RunReader): number {
  const windowsS = identity.limiterWindowsUs.map((windowUs) => Math.ceil(windowUs / US_PER_S))
  return Math.max(1, ...windowsS.filter((windowS) => windowS < summary.durationS))
}

function comparedByRuns(
  { metric, name }: Subject,
  base: readonly SideRun[],
  head: readonly SideRun[],
): Comparison {
  return compareRuns(metric, name, figuresOf(base, metric, name), figuresOf(head, metric, name))
}

function figuresOf(runs: readonly SideRun[], metric: Metric, name: string): RunFigure[] {
  return runs.flatMap((run) => {
    const value = figureOf(run, metric, name)
    const requestCount = run.lines.get(name)?.number('sent_count')
    return value === undefined ? [] : [{ runId: run.shown.runId, value, requestCount }]
  })
}

/** Means over the runs of a side. */
function throttlingOf(
  side: ThrottlingFigures['side'],
  runs: readonly SideRun[],
  name: string,
): ThrottlingFigures {
  const meanOf = (column: string): number | undefined => {
    const values = runs
      .map(({ lines }) => lines.get(name)?.number(column))
      .filter((value) => value !== undefined)
    return values.length === 0 ? undefined : mean(values)
  }
  const throttledRatio = meanOf('throttled_ratio')
  return { side, name, throttledRatio, expectedThrottledRatio: meanOf('expected_throttled_ratio') }
}
