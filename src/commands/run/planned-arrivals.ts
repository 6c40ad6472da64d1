import { plannedCount } from '../../load/arrivals.ts'
import { rateCurveOf } from '../../engine/scenario.ts'
import type { RunPlan } from '../../script/plan.ts'

/**
 * How many iterations the plan has. `undefined` where the plan has no such number: the closed model plans none,
 * Poisson arrivals vary around theirs, and a warm-up cuts off a part that is not counted.
 */
export function plannedArrivalCount({ scenarios, headroom }: RunPlan): number | undefined {
  if (headroom.warmupUs > 0) return undefined
  let count = 0
  for (const scenario of scenarios) {
    if (scenario.executor === 'constant-vus' || scenario.arrival !== 'even') return undefined
    count += plannedCount(rateCurveOf(scenario))
  }
  return count
}
