/** What each executor takes, with k6's keys and defaults, and the plan that it makes of it. */
import type * as z from 'zod'
import { US_PER_S } from '../core/units.ts'
import { check, duration, list, mapChecked, strict, text, texts, whole } from './option-schema.ts'
import type { Checked } from './option-schema.ts'
import type { ArrivalKind, ScenarioPlan } from './plan.ts'

/** k6's default for `gracefulStop` and `gracefulRampDown`. */
const DEFAULT_GRACE_US = 30 * US_PER_S
/** k6's default for `maxDuration`. */
const DEFAULT_MAX_DURATION_US = 600 * US_PER_S

/** k6 refuses scenarios that are shorter. */
const SHORTEST_US = US_PER_S

/** What a scenario is called, and how its arrivals are spread if it has any. */
interface ScenarioFacts {
  readonly name: string
  readonly arrival: ArrivalKind
}

type ScenarioReader = (raw: unknown, where: string, facts: ScenarioFacts) => Checked<ScenarioPlan>

const COMMON = {
  executor: text(),
  startTime: duration().default(0),
  gracefulStop: duration().default(DEFAULT_GRACE_US),
  exec: text().default('default'),
  env: texts().default({}),
  tags: texts().default({}),
}

type CommonValues = z.infer<z.ZodObject<typeof COMMON>>
type CommonPlan = Pick<ScenarioPlan, 'name' | 'exec' | 'startTimeUs' | 'gracefulStopUs' | 'env' | 'tags'>

/** Builds the reader of one executor from its schema. */
function reader<V extends CommonValues>(
  schema: z.ZodType<V>,
  plan: (values: V, common: CommonPlan, facts: ScenarioFacts) => ScenarioPlan,
): ScenarioReader {
  return (raw, where, facts) =>
    mapChecked(check(schema, raw, where), (values) => plan(values, commonPlan(facts.name, values), facts))
}

function commonPlan(name: string, values: CommonValues): CommonPlan {
  const { exec, startTime, gracefulStop, env, tags } = values
  return { name, exec, startTimeUs: startTime, gracefulStopUs: gracefulStop, env, tags }
}

const SHORTEST = duration(SHORTEST_US, ' of at least 1s')

const ARRIVAL = {
  ...COMMON,
  timeUnit: duration(1, ' above 0').default(US_PER_S),
  preAllocatedVUs: whole(0),
  maxVUs: whole(1).optional(),
}

interface PoolValues {
  readonly timeUnit: number
  readonly preAllocatedVUs: number
  readonly maxVUs?: number | undefined
}

interface PoolPlan {
  readonly timeUnitUs: number
  readonly preAllocatedVUs: number
  readonly maxVUs: number
}

function pool({ timeUnit, preAllocatedVUs, maxVUs }: PoolValues): PoolPlan {
  return { timeUnitUs: timeUnit, preAllocatedVUs, maxVUs: maxVUs ?? preAllocatedVUs }
}

const STAGES = list(strict({ duration: duration(), target: whole(0) }))
  .min(1, { error: 'must hold at least one stage' })
  .refine((stages) => stages.length === 0 || stages.some((stage) => stage.duration > 0), {
    error: 'must last longer than 0s in total',
  })

type StageValues = z.infer<typeof STAGES>

function stagesPlan(stages: StageValues): {
  readonly stages: { readonly durationUs: number; readonly target: number }[]
  readonly durationUs: number
} {
  return {
    stages: stages.map((stage) => ({ durationUs: stage.duration, target: stage.target })),
    durationUs: stages.reduce((sum, stage) => sum + stage.duration, 0),
  }
}

const RAMPING_VUS = strict({
  ...COMMON,
  startVUs: whole(0).default(1),
  stages: STAGES,
  gracefulRampDown: duration().default(DEFAULT_GRACE_US),
}).refine(({ startVUs, stages }) => startVUs > 0 || stages.some(({ target }) => target > 0), {
  error: 'plans no VU at all: startVUs or a target must be above 0',
})

const ITERATIONS = {
  ...COMMON,
  vus: whole(1).default(1),
  iterations: whole(1).default(1),
  maxDuration: duration(SHORTEST_US, ' of at least 1s').default(DEFAULT_MAX_DURATION_US),
}

const SHARED_ITERATIONS = strict(ITERATIONS).refine(({ vus, iterations }) => iterations >= vus, {
  path: ['iterations'],
  error: 'must be at least as many as there are VUs, or some have nothing to do',
})

/** In the order in which messages list them. */
export const EXECUTORS: Readonly<Record<ScenarioPlan['executor'], ScenarioReader>> = {
  'constant-arrival-rate': reader(
    strict({ ...ARRIVAL, rate: whole(1), duration: SHORTEST }),
    (values, common, { arrival }) => ({
      ...common,
      ...pool(values),
      executor: 'constant-arrival-rate',
      arrival,
      rate: values.rate,
      durationUs: values.duration,
    }),
  ),
  'ramping-arrival-rate': reader(
    strict({ ...ARRIVAL, startRate: whole(0).default(0), stages: STAGES }),
    (values, common, { arrival }) => ({
      ...common,
      ...pool(values),
      ...stagesPlan(values.stages),
      executor: 'ramping-arrival-rate',
      arrival,
      startRate: values.startRate,
    }),
  ),
  'constant-vus': reader(
    strict({ ...COMMON, vus: whole(1).default(1), duration: SHORTEST }),
    (values, common) => ({
      ...common,
      executor: 'constant-vus',
      vus: values.vus,
      durationUs: values.duration,
    }),
  ),
  'ramping-vus': reader(RAMPING_VUS, (values, common) => ({
    ...common,
    ...stagesPlan(values.stages),
    executor: 'ramping-vus',
    startVUs: values.startVUs,
    gracefulRampDownUs: values.gracefulRampDown,
  })),
  'shared-iterations': reader(SHARED_ITERATIONS, (values, common) => ({
    ...common,
    executor: 'shared-iterations',
    vus: values.vus,
    iterations: values.iterations,
    durationUs: values.maxDuration,
  })),
  'per-vu-iterations': reader(strict(ITERATIONS), (values, common) => ({
    ...common,
    executor: 'per-vu-iterations',
    vus: values.vus,
    iterations: values.iterations,
    durationUs: values.maxDuration,
  })),
}
