/**
 * Lasting changes of a series of nights.
 *
 * The E-divisive method with the two steps of M. Fleming, P. Kolaczkowski et al., "Hunter: Using Change Point
 * Detection to Hunt for Performance Regressions", ICPE 2023, which Apache Otava uses: split in overlapping windows
 * with a weak demand on significance, then drop the weakest points until all meet the strong one. Three things differ:
 * standard deviations have divisor n − 1, no part is shorter than three nights, and the p-value is multiplied by
 * the number of places at which the split could have been made. Without the last, the best of 50 places is judged
 * as if it had been the only one: at 0.01, most series of 200 nights without any change show one.
 */
import { bestSplit, LEAST_SEGMENT_COUNT, type EnergySplit } from './energy-split.ts'
import { mean, variance } from './sample.ts'
import { studentCdf } from './student.ts'

/** How much weaker the demand is in the first step. */
const WEAK_FACTOR = 10

export interface ChangePoint {
  /** First night of the new level. */
  readonly index: number
  /** Means from the change before to this one, and from this one to the next. */
  readonly before: number
  readonly after: number
  /** Of a difference this large at the best of all places between the neighbouring changes, when there is none. */
  readonly pValue: number
}

export interface ChangePointOptions {
  /** Nights that are searched at once, at least 6; the next window starts half of it later. Default 50. */
  readonly windowCount?: number
  /** Largest p-value of a change. Default 0.01. */
  readonly maxPValue?: number
  /** Smallest change of a level, 0.05 for 5 %, of values above 0. Default 0. */
  readonly leastChange?: number
}

/** Two-sided p-value of Student's t with pooled variance. */
function studentPValue(left: readonly number[], right: readonly number[]): number {
  const degrees = left.length + right.length - 2
  const pooled = ((left.length - 1) * variance(left) + (right.length - 1) * variance(right)) / degrees
  const difference = Math.abs(mean(left) - mean(right))
  if (pooled === 0) return difference === 0 ? 1 : 0
  return 2 * studentCdf(-difference / Math.sqrt(pooled * (1 / left.length + 1 / right.length)), degrees)
}

/** Judges the split at `index` of the nights from `start` to `end`. */
function changeAt(values: readonly number[], start: number, index: number, end: number): ChangePoint {
  const left = values.slice(start, index)
  const right = values.slice(index, end)
  const placeCount = end - start - 2 * LEAST_SEGMENT_COUNT + 1
  const pValue = Math.min(1, studentPValue(left, right) * placeCount)
  return { index, before: mean(left), after: mean(right), pValue }
}

/** Judges each split between its neighbours. `indexes` in ascending order, each at least three from the next. */
function changesAt(values: readonly number[], indexes: readonly number[]): ChangePoint[] {
  return indexes.map((index, i) =>
    changeAt(values, indexes[i - 1] ?? 0, index, indexes[i + 1] ?? values.length),
  )
}

/** Best split of all stretches between `bounds`, in indexes of `values`, with the stretch it is in. */
function bestOf(values: readonly number[], bounds: readonly number[]): [number, number, number] | undefined {
  let best: { split: EnergySplit; start: number; end: number } | undefined
  bounds.slice(1).forEach((end, i) => {
    const start = bounds[i] ?? 0
    const split = bestSplit(values.slice(start, end))
    if (split !== undefined && split.energy > (best?.split.energy ?? -Infinity)) best = { split, start, end }
  })
  return best === undefined ? undefined : [best.start, best.start + best.split.index, best.end]
}

/** Splits a window, best place first, until a split is not significant. Indexes of `values`, ascending. */
function splitWindow(values: readonly number[], maxPValue: number): number[] {
  const bounds = [0, values.length]
  for (;;) {
    const best = bestOf(values, bounds)
    if (best === undefined || changeAt(values, ...best).pValue > maxPValue) return bounds.slice(1, -1)
    bounds.push(best[1])
    bounds.sort((a, b) => a - b)
  }
}

/** Splits all windows. Of places nearer to each other than a segment can be short, the first one found stays. */
function weakSplits(values: readonly number[], windowCount: number, maxPValue: number): number[] {
  const found: number[] = []
  const stepCount = Math.floor(windowCount / 2)
  let start = 0
  while (start < values.length) {
    const splits = splitWindow(values.slice(start, start + windowCount), maxPValue)
    for (const index of splits.map((split) => split + start)) {
      if (found.every((other) => Math.abs(other - index) >= LEAST_SEGMENT_COUNT)) found.push(index)
    }
    start = Math.max(start + stepCount, start + (splits.at(-1) ?? 0))
  }
  return found.toSorted((a, b) => a - b)
}

/** By how much the higher level is above the lower one. */
function relativeChange({ before, after }: ChangePoint): number {
  return Math.max(before, after) / Math.min(before, after) - 1
}

/** The change that must go first, if any: the least significant one, then the smallest one. */
function weakest(
  changes: readonly ChangePoint[],
  maxPValue: number,
  leastChange: number,
): ChangePoint | undefined {
  const doubtful = changes.toSorted((a, b) => b.pValue - a.pValue)[0]
  if (doubtful === undefined || doubtful.pValue > maxPValue) return doubtful
  if (leastChange === 0) return undefined
  const smallest = changes.toSorted((a, b) => relativeChange(a) - relativeChange(b))[0]
  return smallest !== undefined && relativeChange(smallest) < leastChange ? smallest : undefined
}

/**
 * Lasting changes of `values`, oldest first; in ascending order.
 * Nights that resemble the one before (a correlation above some 0.2) give more false changes than `maxPValue` says.
 */
export function changePoints(
  values: readonly number[],
  { windowCount = 50, maxPValue = 0.01, leastChange = 0 }: ChangePointOptions = {},
): ChangePoint[] {
  let indexes = weakSplits(values, windowCount, maxPValue * WEAK_FACTOR)
  for (;;) {
    const changes = changesAt(values, indexes)
    const loser = weakest(changes, maxPValue, leastChange)
    if (loser === undefined) return changes
    indexes = indexes.filter((index) => index !== loser.index)
  }
}
