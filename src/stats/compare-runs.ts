/** Figures of whole runs, one or several a side, as samples. */
import { ofOneRun, withIntervals, withoutInterval, type Comparison, type Sides } from './comparison.ts'
import { around, widerOf, type IntervalAt } from './interval.ts'
import { scaled, type Metric } from './metric.ts'
import { mean, variance } from './sample.ts'
import { isExtreme, shareDifferenceInterval, type ShareCount } from './share.ts'
import { studentQuantile } from './student.ts'

/** A figure of one run. */
export interface RunFigure {
  readonly runId: string
  readonly value: number
  /** Requests that a share is of, where that is known; ratios do not need it. */
  readonly requestCount?: number | undefined
}

/** Figures of the runs of one side, on the metric's scale. */
interface Side {
  readonly runIds: ReadonlySet<string>
  readonly mean: number
  /** Of one run; NaN when there is only one. */
  readonly variance: number
}

function sideOf(metric: Metric, figures: readonly RunFigure[]): Side {
  const values = figures.map(({ value }) => scaled(metric, value))
  return {
    runIds: new Set(figures.map(({ runId }) => runId)),
    mean: mean(values),
    variance: variance(values),
  }
}

/** As users read it: the geometric mean of ratios, the arithmetic one of shares. */
function centre(metric: Metric, side: Side): number | undefined {
  if (Number.isNaN(side.mean)) return undefined
  return metric.kind === 'ratio' ? Math.exp(side.mean) : side.mean
}

/** Standard error of the difference of two means, and its degrees of freedom. */
interface MeanError {
  readonly error: number
  readonly degrees: number
}

/**
 * Welch's standard error and the Welch–Satterthwaite degrees of freedom. A side of a single run borrows the other's
 * variance, and the result is its prediction interval. Runs that are on both sides cancel.
 */
function meanError(base: Side, head: Side): MeanError {
  const baseCount = base.runIds.size
  const headCount = head.runIds.size
  const baseVariance = Number.isNaN(base.variance) ? head.variance : base.variance
  const headVariance = Number.isNaN(head.variance) ? base.variance : head.variance
  const ofBase = baseVariance / baseCount
  const ofHead = headVariance / headCount
  const sharedCount = [...base.runIds].filter((runId) => head.runIds.has(runId)).length
  const covariance = (sharedCount / (baseCount * headCount)) * Math.sqrt(baseVariance * headVariance)
  const error = Math.sqrt(Math.max(ofBase + ofHead - 2 * covariance, 0))
  if (headCount === 1) return { error, degrees: baseCount - 1 }
  if (baseCount === 1) return { error, degrees: headCount - 1 }
  const spread = ofBase ** 2 / (baseCount - 1) + ofHead ** 2 / (headCount - 1)
  const degrees = spread > 0 ? (ofBase + ofHead) ** 2 / spread : baseCount + headCount - 2
  return { error, degrees }
}

/** The runs of a side taken together; `undefined` unless it is known of all what their shares are of. */
function pooled(figures: readonly RunFigure[]): ShareCount | undefined {
  let [count, totalCount] = [0, 0]
  for (const { value, requestCount } of figures) {
    if (requestCount === undefined) return undefined
    count += value * requestCount
    totalCount += requestCount
  }
  return totalCount === 0 ? undefined : { count: Math.round(count), totalCount }
}

/**
 * Runs in which nothing failed do not differ, however few requests that were: where a share is 0 or 1 on a side, the
 * interval is at least as wide as that many requests make it.
 */
function atLeastOfRequests(
  intervalAt: IntervalAt,
  base: readonly RunFigure[],
  head: readonly RunFigure[],
): IntervalAt {
  const [ofBase, ofHead] = [pooled(base), pooled(head)]
  if (ofBase === undefined || ofHead === undefined) return intervalAt
  if (!isExtreme(ofBase) && !isExtreme(ofHead)) return intervalAt
  return widerOf(intervalAt, (confidence) => shareDifferenceInterval(ofBase, ofHead, confidence))
}

/**
 * Compares a metric between runs; each run may stand once on a side. With one run a side there is nothing that says how
 * runs differ, so no interval and no verdict.
 *
 * Source: B. L. Welch, "The generalization of 'Student's' problem when several different population variances are
 * involved", Biometrika 34, 1947.
 */
export function compareRuns(
  metric: Metric,
  name: string,
  base: readonly RunFigure[],
  head: readonly RunFigure[],
): Comparison {
  const baseSide = sideOf(metric, base)
  const headSide = sideOf(metric, head)
  const sides: Sides = { metric, name, base: centre(metric, baseSide), head: centre(metric, headSide) }
  const change = headSide.mean - baseSide.mean
  if (!Number.isFinite(change)) return withoutInterval(sides, [])
  if (base.length === 1 && head.length === 1) {
    if (base[0]?.runId === head[0]?.runId) return ofOneRun(sides, 'between runs')
    return withoutInterval(sides, ['one run a side: give several with --base to learn how runs differ'])
  }
  const { error, degrees } = meanError(baseSide, headSide)
  const ofRuns: IntervalAt = (confidence) =>
    around(change, studentQuantile((1 + confidence) / 2, degrees) * error)
  const areSame = base.length === head.length && [...baseSide.runIds].every((id) => headSide.runIds.has(id))
  const intervalAt = metric.kind === 'share' && !areSame ? atLeastOfRequests(ofRuns, base, head) : ofRuns
  return withIntervals(sides, intervalAt, 'between runs', [])
}
