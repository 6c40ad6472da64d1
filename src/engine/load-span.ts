import type { RunPlan, ScenarioPlan } from '../script/plan.ts'

/** Length of a scenario's planned load in µs, without startTime and gracefulStop. */
export function loadDurationUs(scenario: ScenarioPlan): number {
  return scenario.executor === 'ramping-arrival-rate'
    ? scenario.stages.reduce((sum, stage) => sum + stage.durationUs, 0)
    : scenario.durationUs
}

/** When the last scenario's planned load ends, µs from the start of the run. */
export function plannedLoadEndUs(plan: RunPlan): number {
  return Math.max(...plan.scenarios.map((scenario) => scenario.startTimeUs + loadDurationUs(scenario)))
}
