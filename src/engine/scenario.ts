import { Rng } from '../core/rng.ts'
import { evenArrivals, poissonArrivals, type Arrivals, type RateCurve } from '../load/arrivals.ts'
import type { ArrivalRatePlan, ScenarioPlan } from '../script/plan.ts'
import { ArrivalRateExecutor } from './executors/arrival-rate.ts'
import { ConstantVusExecutor } from './executors/constant-vus.ts'
import type { Executor, VuFactory } from './executors/executor.ts'
import { IterationsExecutor } from './executors/iterations.ts'
import { PerVuIterations } from './executors/per-vu-iterations.ts'
import { RampingVusExecutor } from './executors/ramping-vus.ts'
import { SharedIterations } from './executors/shared-iterations.ts'
import type { EngineConfig, EnginePorts } from './ports.ts'
import type { RunState } from './run-state.ts'
import { createVu } from './vu.ts'

/** An executor for each scenario, its VUs loaded. VU numbers are unique over all of them. */
export async function createExecutors(
  config: EngineConfig,
  ports: EnginePorts,
  state: RunState,
): Promise<readonly Executor[]> {
  const { clients, connections } = config.plan.headroom
  let lastVuId = 0
  const executors = config.plan.scenarios.map((scenario) => {
    const context = state.measuredContext(scenario)
    const factory: VuFactory = async () => {
      const vuId = ++lastVuId
      const group = connections === 'per-vu' ? vuId : (vuId - 1) % clients
      // Loading a script is no part of what is simulated.
      ports.clock.beginHostOperation()
      return createVu(vuId, group, context).finally(() => ports.clock.endHostOperation())
    }
    const executor = createExecutor(scenario, config.seed, ports, factory, state)
    state.execution.adopt(scenario.name, executor)
    return executor
  })
  for (const executor of executors) await executor.prepare()
  return executors
}

function createExecutor(
  scenario: ScenarioPlan,
  seed: number,
  { clock }: EnginePorts,
  factory: VuFactory,
  state: RunState,
): Executor {
  const listener = state.loadListener(scenario)
  switch (scenario.executor) {
    case 'constant-vus':
      return new ConstantVusExecutor(scenario, clock, factory, listener)
    case 'ramping-vus':
      return new RampingVusExecutor(scenario, clock, factory, listener)
    case 'shared-iterations':
      return new IterationsExecutor(scenario, new SharedIterations(scenario), clock, factory, listener)
    case 'per-vu-iterations':
      return new IterationsExecutor(scenario, new PerVuIterations(scenario), clock, factory, listener)
    default:
      return new ArrivalRateExecutor(scenario, arrivalsOf(scenario, seed), clock, factory, listener)
  }
}

/** The arrivals of a run with that seed, from the start of the scenario. */
export function arrivalsOf(scenario: ArrivalRatePlan, seed: number): Arrivals {
  const curve = rateCurveOf(scenario)
  if (scenario.arrival === 'even') return evenArrivals(curve)
  return poissonArrivals(curve, new Rng(seed).fork(`arrivals/${scenario.name}`))
}

/** The planned rate as linear pieces. */
export function rateCurveOf(scenario: ArrivalRatePlan): RateCurve {
  const { timeUnitUs } = scenario
  if (scenario.executor === 'constant-arrival-rate') {
    const { durationUs, rate } = scenario
    return { timeUnitUs, pieces: [{ durationUs, fromRate: rate, toRate: rate }] }
  }
  let fromRate = scenario.startRate
  const pieces = scenario.stages.map(({ durationUs, target }) => {
    const piece = { durationUs, fromRate, toRate: target }
    fromRate = target
    return piece
  })
  return { timeUnitUs, pieces }
}
