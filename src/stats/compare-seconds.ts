/**
 * Two runs second by second. Covers how much a run varies within itself, not how much runs differ.
 */
import { Rng } from '../core/rng.ts'
import { blockBootstrap } from './block-bootstrap.ts'
import { blockLength } from './block-length.ts'
import {
  changeOf,
  ofOneRun,
  withIntervals,
  withoutInterval,
  type Comparison,
  type Sides,
} from './comparison.ts'
import { around, percentileIntervals, widerOf, type IntervalAt } from './interval.ts'
import { scaled, type Metric } from './metric.ts'
import { variance } from './sample.ts'
import type { SecondStatistic } from './second-statistic.ts'
import { isExtreme, shareDifferenceInterval, type ShareCount } from './share.ts'
import { studentQuantile } from './student.ts'

const RESAMPLE_COUNT = 2_000
/** Neighbouring seconds share connections, queues and garbage collections even when no correlation shows. */
const LEAST_BLOCK_SECONDS = 5
const LEAST_SECOND_COUNT = 60
const LEAST_BLOCK_COUNT = 10
/** Of fewer blocks every resample is nearly the run itself, of one exactly: an interval without any width. */
const LEAST_DRAWN_COUNT = 4

/** A figure of a run. */
export interface RunStatistic {
  readonly metric: Metric
  readonly name: string
  readonly statistic: SecondStatistic
}

/** The measured seconds of a run. */
export interface RunSeconds {
  /** Seeds the resampling: the same run is always resampled alike. */
  readonly runId: string
  readonly secondCount: number
  readonly statistics: readonly RunStatistic[]
}

/** How much runs of the same thing differ, from past runs. */
export interface RunSpread {
  /** Standard deviation on the metric's scale. */
  readonly deviation: number
  /** Number of runs it is from, less 1. */
  readonly degrees: number
}

export interface SecondsOptions {
  readonly resampleCount?: number
  /** At least the limiter's window, in whole seconds: token buckets give the seconds a rhythm. */
  readonly leastBlockSeconds?: number
  /** Spread between runs of a metric, when it is known. */
  readonly spreadOf?: (metric: Metric, name: string) => RunSpread | undefined
}

interface Resampled extends RunStatistic {
  readonly value: number | undefined
  readonly replicates: Float64Array
}

interface ResampledRun {
  readonly runId: string
  readonly figures: ReadonlyMap<string, Resampled>
  readonly warnings: readonly string[]
  /** Whether there are enough blocks for the resamples to differ as runs would. */
  readonly isVaried: boolean
}

function keyOf(metric: Metric, name: string): string {
  return JSON.stringify([metric.column, name])
}

function warningsOf(runId: string, secondCount: number, blockSeconds: number): string[] {
  if (secondCount < LEAST_SECOND_COUNT) {
    return [`interval unreliable: run ${runId} has ${secondCount} s, measure ${LEAST_SECOND_COUNT} s or more`]
  }
  const neededSeconds = LEAST_BLOCK_COUNT * blockSeconds
  if (secondCount >= neededSeconds) return []
  return [
    `interval unreliable: seconds of run ${runId} hang together over ${blockSeconds} s, measure ${neededSeconds} s or more`,
  ]
}

/** One length for all statistics, the longest that any of them needs. */
function blockSecondsOf({ secondCount, statistics }: RunSeconds, leastBlockSeconds: number): number {
  const lengths = statistics.map(({ statistic }) => Math.ceil(blockLength(statistic.influence)))
  return Math.min(Math.max(...lengths, LEAST_BLOCK_SECONDS, leastBlockSeconds), secondCount)
}

function resample(run: RunSeconds, options: SecondsOptions): ResampledRun {
  const { runId, secondCount, statistics } = run
  const blockSeconds = blockSecondsOf(run, options.leastBlockSeconds ?? 1)
  const replicates = blockBootstrap(
    statistics.map(({ statistic }) => statistic),
    { secondCount, blockSeconds, resampleCount: options.resampleCount ?? RESAMPLE_COUNT },
    new Rng('seconds').fork(runId),
  )
  const once = new Uint32Array(secondCount).fill(1)
  const figures = statistics.map((each, index): [string, Resampled] => {
    const value = each.statistic.of(once)
    const known = Number.isFinite(value) ? value : undefined
    return [
      keyOf(each.metric, each.name),
      { ...each, value: known, replicates: replicates[index] ?? new Float64Array() },
    ]
  })
  return {
    runId,
    figures: new Map(figures),
    warnings: warningsOf(runId, secondCount, blockSeconds),
    isVaried: secondCount >= LEAST_DRAWN_COUNT * blockSeconds,
  }
}

/** Replicates of the change on the metric's scale. */
function changeReplicates(base: Resampled, head: Resampled): Float64Array {
  return head.replicates.map(
    (value, index) => scaled(head.metric, value) - scaled(base.metric, base.replicates[index] ?? NaN),
  )
}

/** ± t · √(SE² + 2σ²), with SE² from the resamples and σ between runs: both sides are single runs. */
function widened(change: number, replicates: Float64Array, { deviation, degrees }: RunSpread): IntervalAt {
  const error = Math.sqrt(variance(replicates) + 2 * deviation ** 2)
  return (confidence) => around(change, studentQuantile((1 + confidence) / 2, degrees) * error)
}

function bothShares(base: SecondStatistic, head: SecondStatistic): [ShareCount, ShareCount] | undefined {
  return base.share === undefined || head.share === undefined ? undefined : [base.share, head.share]
}

/** A share that is 0 in every second is 0 in every resample, however few requests that were. */
function ofRequests(base: Resampled, head: Resampled): IntervalAt | undefined {
  const shares = bothShares(base.statistic, head.statistic)
  if (shares === undefined || !shares.some(isExtreme)) return undefined
  return (confidence) => shareDifferenceInterval(...shares, confidence)
}

function intervalsOf(
  change: number,
  replicates: Float64Array,
  spread: RunSpread | undefined,
  byRequests: IntervalAt | undefined,
): IntervalAt {
  if (spread === undefined) return byRequests ?? percentileIntervals(replicates)
  const byRuns = widened(change, replicates, spread)
  return byRequests === undefined ? byRuns : widerOf(byRuns, byRequests)
}

/** What both runs together let one of their figures be judged by. */
interface Grounds {
  readonly warnings: readonly string[]
  readonly areVaried: boolean
  readonly spread: RunSpread | undefined
}

function compareOne(base: Resampled, head: Resampled, { warnings, areVaried, spread }: Grounds): Comparison {
  const sides: Sides = { metric: head.metric, name: head.name, base: base.value, head: head.value }
  const change = changeOf(sides)
  const doubts = [base.statistic.doubt, head.statistic.doubt].filter((doubt) => doubt !== undefined)
  if (change === undefined || doubts.length > 0) {
    return withoutInterval(sides, [...new Set(doubts)].toSorted())
  }
  const replicates = changeReplicates(base, head)
  if (!replicates.every(Number.isFinite)) return withoutInterval(sides, ['too few seconds have values'])
  const byRequests = ofRequests(base, head)
  if (!areVaried && byRequests === undefined) return withoutInterval(sides, warnings)
  const intervalAt = intervalsOf(change, replicates, spread, byRequests)
  const basis = spread === undefined ? 'within-run only' : 'within and between runs'
  return withIntervals(sides, intervalAt, basis, warnings)
}

/**
 * Compares what both runs have, in the order of `head`. Deterministic; with the sides swapped every change, interval
 * and verdict is mirrored; a run compared with itself is equivalent.
 */
export function compareSeconds(
  base: RunSeconds,
  head: RunSeconds,
  options: SecondsOptions = {},
): Comparison[] {
  const baseRun = resample(base, options)
  const headRun = resample(head, options)
  const warnings = [...baseRun.warnings, ...headRun.warnings].toSorted()
  const areVaried = baseRun.isVaried && headRun.isVaried
  return [...headRun.figures].flatMap(([key, figure]) => {
    const other = baseRun.figures.get(key)
    if (other === undefined) return []
    const { metric, name } = figure
    if (base.runId === head.runId) {
      return [ofOneRun({ metric, name, base: other.value, head: figure.value }, 'within-run only')]
    }
    return [compareOne(other, figure, { warnings, areVaried, spread: options.spreadOf?.(metric, name) })]
  })
}
