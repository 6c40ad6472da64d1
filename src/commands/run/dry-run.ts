import { formatDuration } from '../../core/units.ts'
import type { ArrivalRatePlan, RampingVusPlan, RunPlan, ScenarioPlan } from '../../script/plan.ts'
import type { PreparedRun } from './prepare.ts'
import { plannedIterationCount } from './planned-iterations.ts'
import { capRpsOf } from './target.ts'

/** What the run would do, for `--dry-run`. */
export function describePlan(run: PreparedRun): string {
  const { plan, bundle, target, thresholds, seed } = run
  const cap = capRpsOf(target, plan.headroom.cap.rps)
  const { warmupUs } = plan.headroom
  const arrivals = plannedIterationCount(plan, seed)
  const lines = [
    `ok    ${bundle.file}: script, options, thresholds and target have no faults`,
    `      target ${target.shown}${cap === undefined ? '' : `, cap ${cap}/s`}, seed ${seed}`,
    ...plan.scenarios.map((scenario) => `      ${scenario.name}: ${describeScenario(scenario)}`),
    ...(arrivals === undefined
      ? []
      : [`      ${arrivals} iterations are planned${warmupUs > 0 ? ' after the warm-up' : ''}`]),
    `      ${thresholds.length} thresholds`,
    ...thresholdWarnings(plan).map((warning) => `warning: ${warning}`),
    'Nothing was sent.',
  ]
  return `${lines.join('\n')}\n`
}

function describeScenario(scenario: ScenarioPlan): string {
  const durationText = formatDuration(scenario.durationUs)
  const length = `${scenario.executor} for ${durationText}`
  switch (scenario.executor) {
    case 'constant-vus':
      return `${length}, ${scenario.vus} VUs`
    case 'ramping-vus':
      return `${length}, ${[scenario.startVUs, ...targets(scenario)].join(' to ')} VUs`
    case 'shared-iterations':
      return `shared-iterations, ${scenario.iterations} by ${scenario.vus} VUs, for at most ${durationText}`
    case 'per-vu-iterations':
      return `per-vu-iterations, ${scenario.iterations} by each of ${scenario.vus} VUs, for at most ${durationText}`
    default:
      return `${length}, ${describeRates(scenario)}, at most ${scenario.maxVUs} VUs`
  }
}

function describeRates(scenario: ArrivalRatePlan): string {
  const unit = formatDuration(scenario.timeUnitUs)
  const rates =
    scenario.executor === 'constant-arrival-rate'
      ? `${scenario.rate}`
      : [scenario.startRate, ...targets(scenario)].join(' to ')
  return `${rates} iterations per ${unit}`
}

function targets({ stages }: Pick<RampingVusPlan, 'stages'>): number[] {
  return stages.map(({ target }) => target)
}

/** k6's own durations count throttled replies, and those are fast. */
function thresholdWarnings({ thresholds }: RunPlan): string[] {
  return thresholds
    .filter(({ metric }) => /^http_req_(duration|waiting)(\{|$)/.test(metric))
    .filter(({ metric }) => !/expected_response:true|outcome:|status:/.test(metric))
    .map(
      ({ metric }) =>
        `${metric} counts throttled replies too, which are fast and make it look better: add {expected_response:true}`,
    )
}
