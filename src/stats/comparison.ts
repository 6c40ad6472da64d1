import type { Interval, IntervalAt } from './interval.ts'
import { scaled, shown, type Metric } from './metric.ts'
import { CONFIDENCE, verdictOf, type Verdict } from './verdict.ts'

/** What the interval covers. One of `within-run only` says nothing of how runs differ from night to night. */
export type Basis = 'within-run only' | 'within and between runs' | 'between runs' | 'no interval'

/** One metric of one request name, on two sides. */
export interface Comparison {
  readonly metric: Metric
  /** Request name, or `_all`. */
  readonly name: string
  /** `undefined`: not measured. */
  readonly base: number | undefined
  readonly head: number | undefined
  /** head/base of ratios, head − base of shares; `undefined` when a side is missing, or a ratio's is 0. */
  readonly change: number | undefined
  /** 95 %, of the same kind as `change`. */
  readonly interval: Interval | undefined
  readonly basis: Basis
  readonly verdict: Verdict
  /** Why not to trust this too far, and what to do. */
  readonly warnings: readonly string[]
}

/** Whether this is enough to call a version worse: how much a run varies within itself says nothing of how runs differ. */
export function isRegression({ verdict, basis }: Pick<Comparison, 'verdict' | 'basis'>): boolean {
  return verdict === 'regressed' && (basis === 'between runs' || basis === 'within and between runs')
}

/** What is compared and what is known of it. */
export interface Sides {
  readonly metric: Metric
  readonly name: string
  readonly base: number | undefined
  readonly head: number | undefined
}

/** head − base on the metric's scale; `undefined` when that is no number. */
export function changeOf({ metric, base, head }: Sides): number | undefined {
  if (base === undefined || head === undefined) return undefined
  const change = scaled(metric, head) - scaled(metric, base)
  return Number.isFinite(change) ? change : undefined
}

function comparison(
  sides: Sides,
  rest: Pick<Comparison, 'interval' | 'basis' | 'verdict' | 'warnings'>,
): Comparison {
  const change = changeOf(sides)
  return { ...sides, change: change === undefined ? undefined : shown(sides.metric, change), ...rest }
}

/** Sides of which no interval is known, and so nothing can be said. */
export function withoutInterval(sides: Sides, warnings: readonly string[]): Comparison {
  return comparison(sides, { interval: undefined, basis: 'no interval', verdict: 'inconclusive', warnings })
}

/** `intervalAt` gives intervals of the change on the metric's scale. Where there are warnings, they decide nothing. */
export function withIntervals(
  sides: Sides,
  intervalAt: IntervalAt,
  basis: Basis,
  warnings: readonly string[],
): Comparison {
  const { low, high } = intervalAt(CONFIDENCE)
  return comparison(sides, {
    interval: { low: shown(sides.metric, low), high: shown(sides.metric, high) },
    basis,
    verdict: warnings.length > 0 ? 'inconclusive' : verdictOf(sides.metric, intervalAt),
    warnings,
  })
}

/** A run differs from itself by nothing, whatever its noise. */
export function ofOneRun(sides: Sides, basis: Basis): Comparison {
  const change = changeOf(sides)
  if (change === undefined) return withoutInterval(sides, [])
  return withIntervals(sides, () => ({ low: change, high: change }), basis, [])
}
