/**
 * Tonight against past nights: is a metric worse than the spread of the nights allows, and by enough to matter?
 */
import type { ChangePoint } from './change-points.ts'
import { withIntervals, withoutInterval, type Comparison, type Sides } from './comparison.ts'
import { holm } from './holm.ts'
import { around, widerOf, type IntervalAt } from './interval.ts'
import { leastScaledChange, scaled, type Metric } from './metric.ts'
import {
  judgedPast,
  nightUnscaled,
  type Base,
  type GateOptions,
  type JudgedPast,
  type Learning,
  type NightSeries,
} from './night-base.ts'
import { isExtreme, shareDifferenceInterval, type ShareCount } from './share.ts'
import { studentCdf, studentQuantile } from './student.ts'
import { directionOf, isEquivalent, type Verdict } from './verdict.ts'

/** Chance of any false regression in a night, over all metrics and names together. */
export const FALSE_NIGHT_RATIO = 0.01

/** `base` is what the past nights have in common, `head` is tonight, `interval` a prediction interval for tonight. */
export interface NightComparison extends Comparison {
  /** Nights that `base` is from. */
  readonly baseCount: number
  /** That nothing but chance made tonight worse, alone and within the family. `undefined`: still learning. */
  readonly pValue: number | undefined
  readonly adjustedPValue: number | undefined
  /** Lasting changes of past nights: indexes of `past`, levels as users read them. */
  readonly changes: readonly ChangePoint[]
  /** Present while there are too few nights to judge. */
  readonly learning?: Learning
}

/** P(the mean of `nightCount` nights is above the base's by `excess` or more) when nothing changed. */
function upperPValue({ count, deviation }: Base, excess: number, nightCount: number): number {
  if (deviation === 0) return excess > 0 ? 0 : 1
  return studentCdf(-excess / (deviation * Math.sqrt(1 / nightCount + 1 / count)), count - 1)
}

/**
 * One-sided p-value of an excess (`sign` 1) or a shortfall (−1): the smaller one of tonight alone, which sees large
 * steps at once, and of the last two nights together, which sees smaller ones a night later; times 2 for the choice.
 */
function pValueOf(base: Base, sign: 1 | -1): number {
  const tonight = upperPValue(base, sign * base.tonight, 1)
  const twoNights = upperPValue(base, (sign * (base.lastNight + base.tonight)) / 2, 2)
  return Math.min(1, 2 * Math.min(tonight, twoNights))
}

/** Of one run alone: what last night was like has no part in it. */
function pValueAlone(base: Base, sign: 1 | -1): number {
  return upperPValue(base, sign * base.tonight, 1)
}

/** Turns a deviation from the base's mean into a change on the metric's scale. */
function changeOfDeviation(metric: Metric, base: Base, deviation: number): number {
  return (
    scaled(metric, nightUnscaled(metric, base.mean + deviation)) -
    scaled(metric, nightUnscaled(metric, base.mean))
  )
}

/** Prediction intervals: y − ȳ ± t · s · √(1 + 1/k). */
function predictionIntervals(metric: Metric, base: Base): IntervalAt {
  const error = base.deviation * Math.sqrt(1 + 1 / base.count)
  return (confidence) => {
    const { low, high } = around(base.tonight, studentQuantile((1 + confidence) / 2, base.count - 1) * error)
    return { low: changeOfDeviation(metric, base, low), high: changeOfDeviation(metric, base, high) }
  }
}

/** As wide as tonight's requests make it at least, where none of them, or all, are of the kind: nights show nothing then. */
function nightIntervals({ metric, tonight }: NightSeries, base: Base): IntervalAt {
  const ofNights = predictionIntervals(metric, base)
  if (metric.kind === 'ratio') return ofNights
  const ofTonight = shareCount(tonight.value, tonight.requestCount)
  if (!isExtreme(ofTonight)) return ofNights
  const level = nightUnscaled(metric, base.mean, tonight.requestCount)
  const ofBase = shareCount(level, tonight.requestCount * base.count)
  return widerOf(ofNights, (confidence) => shareDifferenceInterval(ofBase, ofTonight, confidence))
}

function shareCount(share: number, totalCount: number): ShareCount {
  return { count: Math.round(share * totalCount), totalCount }
}

/** P-values of the two ways in which tonight may differ, adjusted within the family. */
interface PValues {
  readonly worse: number
  readonly adjustedWorse: number
  readonly adjustedBetter: number
}

interface Tested {
  readonly metric: Metric
  readonly base: Base
}

function pValuesOf(tested: readonly Tested[], pOf: typeof pValueOf): Map<Base, PValues> {
  const worse = tested.map(({ metric, base }) => pOf(base, metric.better === 'lower' ? 1 : -1))
  const better = tested.map(({ metric, base }) => pOf(base, metric.better === 'lower' ? -1 : 1))
  const adjustedWorse = holm(worse)
  const adjustedBetter = holm(better)
  return new Map(
    tested.map(({ base }, index) => [
      base,
      {
        worse: worse[index] ?? 1,
        adjustedWorse: adjustedWorse[index] ?? 1,
        adjustedBetter: adjustedBetter[index] ?? 1,
      },
    ]),
  )
}

/** The change must matter tonight, whatever last night was. */
function nightVerdict(metric: Metric, base: Base, p: PValues, intervalAt: IntervalAt): Verdict {
  const change = changeOfDeviation(metric, base, base.tonight)
  if (Math.abs(change) > leastScaledChange(metric)) {
    const direction = directionOf(metric, change)
    const pValue = direction === 'regressed' ? p.adjustedWorse : p.adjustedBetter
    if (pValue <= FALSE_NIGHT_RATIO) return direction
  }
  return isEquivalent(metric, intervalAt) ? 'equivalent' : 'inconclusive'
}

function notJudged({ series, changes, warnings, learning }: JudgedPast): NightComparison {
  const { metric, name, tonight } = series
  const sides: Sides = { metric, name, base: undefined, head: tonight.value }
  return {
    ...withoutInterval(sides, warnings),
    baseCount: 0,
    pValue: undefined,
    adjustedPValue: undefined,
    changes,
    ...(learning !== undefined && { learning }),
  }
}

function compared({ series, changes, warnings }: JudgedPast, base: Base, p: PValues): NightComparison {
  const { metric, name, tonight } = series
  const level = nightUnscaled(metric, base.mean, tonight.requestCount)
  const sides: Sides = { metric, name, base: level, head: tonight.value }
  const intervalAt = nightIntervals(series, base)
  return {
    ...withIntervals(sides, intervalAt, 'between runs', warnings),
    verdict: nightVerdict(metric, base, p, intervalAt),
    baseCount: base.count,
    pValue: p.worse,
    adjustedPValue: p.adjustedWorse,
    changes,
  }
}

/**
 * Judges tonight in all metrics that may fail the build, one result for each series in their order.
 *
 * A metric regressed when it changed for the worse by more than its least change and the p-value of a one-sided
 * prediction test, adjusted by Holm over the family, is at most 1 %. The test takes nights as normal on the
 * logarithmic (logit) scale; `falseNights` tells how far that holds for given nights.
 */
export function judgeNight(family: readonly NightSeries[], options: GateOptions = {}): NightComparison[] {
  return judgeBy(pValueOf, family, options)
}

/**
 * Judges a run that is to confirm what regressed tonight, `family` with it in tonight's place and nothing else. By
 * itself: were last night to count again, one odd night would bring about a candidate and its confirmation, too.
 */
export function judgeConfirmation(
  family: readonly NightSeries[],
  options: GateOptions = {},
): NightComparison[] {
  return judgeBy(pValueAlone, family, options)
}

function judgeBy(
  pOf: typeof pValueOf,
  family: readonly NightSeries[],
  options: GateOptions,
): NightComparison[] {
  const pasts = family.map((series) => judgedPast(series, options))
  const tested = pasts.flatMap(({ series, base }) =>
    base === undefined ? [] : [{ metric: series.metric, base }],
  )
  const pValues = pValuesOf(tested, pOf)
  return pasts.map((past) => {
    const p = past.base === undefined ? undefined : pValues.get(past.base)
    return past.base === undefined || p === undefined ? notJudged(past) : compared(past, past.base, p)
  })
}
