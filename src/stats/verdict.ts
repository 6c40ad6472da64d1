import type { IntervalAt } from './interval.ts'
import { leastScaledChange, type Metric } from './metric.ts'

/** `inconclusive`: the data cannot say. There is no "no change". */
export type Verdict = 'improved' | 'regressed' | 'equivalent' | 'inconclusive'

/** Of the intervals shown and of those that must lie beyond the smallest change that matters. */
export const CONFIDENCE = 0.95
/**
 * Two one-sided tests at 5 % are one two-sided interval at 90 %.
 *
 * Source: D. Schuirmann, "A comparison of the two one-sided tests procedure and the power approach", Journal of
 * Pharmacokinetics and Biopharmaceutics 15, 1987.
 */
const EQUIVALENCE_CONFIDENCE = 0.9

/** Which way a change on the metric's scale goes. */
export function directionOf(metric: Metric, change: number): 'improved' | 'regressed' {
  return change > 0 === (metric.better === 'higher') ? 'improved' : 'regressed'
}

/** Whether the change lies within the smallest one that matters, on both sides, with 95 % certainty on each. */
export function isEquivalent(metric: Metric, intervalAt: IntervalAt): boolean {
  const least = leastScaledChange(metric)
  const { low, high } = intervalAt(EQUIVALENCE_CONFIDENCE)
  return low > -least && high < least
}

/**
 * What intervals for a change, on the metric's scale, say: improved or regressed when the 95 % interval lies beyond
 * the smallest change that matters, equivalent when the 90 % interval lies within it.
 */
export function verdictOf(metric: Metric, intervalAt: IntervalAt): Verdict {
  const least = leastScaledChange(metric)
  const { low, high } = intervalAt(CONFIDENCE)
  if (low > least) return directionOf(metric, low)
  if (high < -least) return directionOf(metric, high)
  return isEquivalent(metric, intervalAt) ? 'equivalent' : 'inconclusive'
}
