import { plannedCount } from '../../load/arrivals.ts'
import { rateCurveOf } from '../../engine/scenario.ts'
import type { RunPlan, ScenarioPlan } from '../../script/plan.ts'

/**
 * How many iterations the plan has. `undefined` where the plan has no such number: VUs that go on until their time is
 * over plan none, Poisson arrivals vary around theirs, and a warm-up cuts off a part that is not counted.
 */
export function plannedIterationCount({ scenarios, headroom }: RunPlan): number | undefined {
  if (headroom.warmupUs > 0) return undefined
  let sum = 0
  for (const scenario of scenarios) {
    const count = scenarioCount(scenario)
    if (count === undefined) return undefined
    sum += count
  }
  return sum
}

function scenarioCount(scenario: ScenarioPlan): number | undefined {
  switch (scenario.executor) {
    case 'constant-vus':
    case 'ramping-vus':
      return undefined
    case 'shared-iterations':
      return scenario.iterations
    case 'per-vu-iterations':
      return scenario.vus * scenario.iterations
    default:
      return scenario.arrival === 'even' ? plannedCount(rateCurveOf(scenario)) : undefined
  }
}
