import { formatDuration } from '../../core/units.ts'
import type { RunPlan, ScenarioPlan } from '../../script/plan.ts'
import type { PreparedRun } from './prepare.ts'
import { plannedArrivalCount } from './planned-arrivals.ts'
import { capRpsOf } from './target.ts'

/** What the run would do, for `--dry-run`. */
export function describePlan(run: PreparedRun): string {
  const { plan, bundle, target, thresholds, seed } = run
  const cap = capRpsOf(target, plan.headroom.cap.rps)
  const arrivals = plannedArrivalCount(plan)
  const lines = [
    `ok    ${bundle.file}: script, options, thresholds and target have no faults`,
    `      target ${target.shown}${cap === undefined ? '' : `, cap ${cap}/s`}, seed ${seed}`,
    ...plan.scenarios.map((scenario) => `      ${scenario.name}: ${describeScenario(scenario)}`),
    ...(arrivals === undefined ? [] : [`      ${arrivals} iterations are planned`]),
    `      ${thresholds.length} thresholds`,
    ...thresholdWarnings(plan).map((warning) => `warning: ${warning}`),
    'Nothing was sent.',
  ]
  return `${lines.join('\n')}\n`
}

function describeScenario(scenario: ScenarioPlan): string {
  const length = `${scenario.executor} for ${formatDuration(scenario.durationUs)}`
  if (scenario.executor === 'constant-vus') return `${length}, ${scenario.vus} VUs`
  const unit = formatDuration(scenario.timeUnitUs)
  const rates =
    scenario.executor === 'constant-arrival-rate'
      ? `${scenario.rate}`
      : [scenario.startRate, ...scenario.stages.map(({ target }) => target)].join(' to ')
  return `${length}, ${rates} iterations per ${unit}, at most ${scenario.maxVUs} VUs`
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
