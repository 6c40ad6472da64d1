import { arrivalsOf, rateCurveOf } from '../../engine/scenario.ts'
import { plannedCount, type Arrivals } from '../../load/arrivals.ts'
import type { ArrivalRatePlan, RunPlan, ScenarioPlan } from '../../script/plan.ts'

/**
 * How many iterations the plan has that are due after the warm-up. `undefined` where it has no such number: VUs that go on
 * until their time is over plan none, and how many of a given number of iterations fall into the warm-up depends on how long
 * they take.
 *
 * @param seed of the run, which Poisson arrivals follow from.
 */
export function plannedIterationCount({ scenarios, headroom }: RunPlan, seed: number): number | undefined {
  let sum = 0
  for (const scenario of scenarios) {
    const count = scenarioCount(scenario, headroom.warmupUs - scenario.startTimeUs, seed)
    if (count === undefined) return undefined
    sum += count
  }
  return sum
}

/** @param fromUs in the scenario's own time. */
function scenarioCount(scenario: ScenarioPlan, fromUs: number, seed: number): number | undefined {
  switch (scenario.executor) {
    case 'constant-vus':
    case 'ramping-vus':
      return undefined
    case 'shared-iterations':
      return fromUs > 0 ? undefined : scenario.iterations
    case 'per-vu-iterations':
      return fromUs > 0 ? undefined : scenario.vus * scenario.iterations
    default:
      return arrivalCount(scenario, fromUs, seed)
  }
}

/** Poisson arrivals are drawn once more, since there is no formula for their number: 0.1 s for a million of them. */
function arrivalCount(scenario: ArrivalRatePlan, fromUs: number, seed: number): number {
  const arrivals = arrivalsOf(scenario, seed)
  if (scenario.arrival === 'even')
    return plannedCount(rateCurveOf(scenario)) - countIn(arrivals, -Infinity, fromUs)
  return countIn(arrivals, fromUs, Infinity)
}

/** How many are due in [fromUs, untilUs). */
function countIn(arrivals: Arrivals, fromUs: number, untilUs: number): number {
  let count = 0
  for (let dueUs = arrivals.next(); dueUs !== undefined && dueUs < untilUs; dueUs = arrivals.next()) {
    if (dueUs >= fromUs) count++
  }
  return count
}
