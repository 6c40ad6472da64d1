import type * as z from 'zod'
import type { Fault } from '../core/errors.ts'
import { US_PER_S } from '../core/units.ts'
import { check, duration, isRecord, list, mapChecked, strict, text, texts, whole } from './option-schema.ts'
import type { Checked } from './option-schema.ts'
import type { ArrivalKind, ConstantArrivalRatePlan, ScenarioPlan } from './plan.ts'
import { suggest } from './suggest.ts'
import { RUN_WITH_K6 } from './supported.ts'

/** k6's default: how long iterations may go on after the end of their scenario. */
export const DEFAULT_GRACEFUL_STOP_US: number = 30 * US_PER_S

/** k6 refuses scenarios that are shorter. */
export function scenarioDuration(): z.ZodType<number> {
  return duration(US_PER_S, ' of at least 1s')
}

const NAME = /^[0-9a-zA-Z_-]+$/

const COMMON = {
  executor: text(),
  startTime: duration().default(0),
  gracefulStop: duration().default(DEFAULT_GRACEFUL_STOP_US),
  exec: text().default('default'),
  env: texts().default({}),
  tags: texts().default({}),
}

const ARRIVAL = {
  ...COMMON,
  timeUnit: duration(1, ' above 0').default(US_PER_S),
  preAllocatedVUs: whole(0),
  maxVUs: whole(1).optional(),
}

const CONSTANT_ARRIVAL_RATE = strict({ ...ARRIVAL, rate: whole(1), duration: scenarioDuration() })

const RAMPING_ARRIVAL_RATE = strict({
  ...ARRIVAL,
  startRate: whole(0).default(0),
  stages: list(strict({ duration: duration(), target: whole(0) }))
    .min(1, { error: 'must hold at least one stage' })
    .refine((stages) => stages.length === 0 || stages.some((stage) => stage.duration > 0), {
      error: 'must last longer than 0s in total',
    }),
})

const CONSTANT_VUS = strict({ ...COMMON, vus: whole(1).default(1), duration: scenarioDuration() })

const OPEN_EXECUTORS: readonly unknown[] = ['constant-arrival-rate', 'ramping-arrival-rate']
const EXECUTORS = ['constant-arrival-rate', 'ramping-arrival-rate', 'constant-vus']
const UNSUPPORTED_EXECUTORS = [
  'shared-iterations',
  'per-vu-iterations',
  'ramping-vus',
  'externally-controlled',
]

/** What a scenario refers to outside itself. */
export interface ScenarioContext {
  /** Names of the script's exported functions. */
  readonly exports: readonly string[]
  /** By scenario; `even` for those not named. */
  readonly arrival: Readonly<Record<string, ArrivalKind>>
}

/** Checks the scenario `name`, which stands at the option path `where`. */
export function readScenario(
  name: string,
  raw: unknown,
  where: string,
  context: ScenarioContext,
): Checked<ScenarioPlan> {
  if (!isRecord(raw)) return { value: undefined, faults: [{ where, what: 'must be an object' }] }
  const { value, faults } = readByExecutor(name, raw, where, context.arrival[name] ?? 'even')
  const exec = raw['exec'] ?? 'default'
  return {
    value,
    faults: [
      ...nameFaults(name, where),
      ...faults,
      ...(typeof exec === 'string' ? execFaults(exec, `${where}.exec`, context.exports) : []),
      ...poolFaults(raw, where),
    ],
  }
}

/** Whether arrivals of the scenario are planned, whatever else may be wrong with it. */
export function isOpenScenario(raw: unknown): boolean {
  return isRecord(raw) && OPEN_EXECUTORS.includes(raw['executor'])
}

/** When the planned load of all scenarios is over, µs from the start of the run. */
export function plannedLoadEndUs(scenarios: readonly ScenarioPlan[]): number {
  return Math.max(...scenarios.map(({ startTimeUs, durationUs }) => startTimeUs + durationUs))
}

/** The function that iterations call has to be exported. */
export function execFaults(exec: string, where: string, exports: readonly string[]): Fault[] {
  if (exports.includes(exec)) return []
  const todo =
    suggest(exec, exports) ?? (exports.length > 0 ? `exported: ${exports.join(', ')}` : 'export a function')
  return [{ where, what: `the script exports no function ${JSON.stringify(exec)}`, todo }]
}

function readByExecutor(
  name: string,
  raw: Record<string, unknown>,
  where: string,
  arrival: ArrivalKind,
): Checked<ScenarioPlan> {
  switch (raw['executor']) {
    case 'constant-arrival-rate':
      return mapChecked(check(CONSTANT_ARRIVAL_RATE, raw, where), (values) => ({
        ...common(name, values),
        ...pool(values),
        executor: 'constant-arrival-rate',
        arrival,
        rate: values.rate,
        durationUs: values.duration,
      }))
    case 'ramping-arrival-rate':
      return mapChecked(check(RAMPING_ARRIVAL_RATE, raw, where), (values) => ({
        ...common(name, values),
        ...pool(values),
        executor: 'ramping-arrival-rate',
        arrival,
        startRate: values.startRate,
        stages: values.stages.map((stage) => ({ durationUs: stage.duration, target: stage.target })),
        durationUs: values.stages.reduce((sum, stage) => sum + stage.duration, 0),
      }))
    case 'constant-vus':
      return mapChecked(check(CONSTANT_VUS, raw, where), (values) => ({
        ...common(name, values),
        executor: 'constant-vus',
        vus: values.vus,
        durationUs: values.duration,
      }))
    default:
      return { value: undefined, faults: [executorFault(raw['executor'], `${where}.executor`)] }
  }
}

type CommonPlan = Pick<ScenarioPlan, 'name' | 'exec' | 'startTimeUs' | 'gracefulStopUs' | 'env' | 'tags'>

function common(name: string, values: Omit<z.infer<typeof CONSTANT_VUS>, 'vus' | 'duration'>): CommonPlan {
  const { exec, startTime, gracefulStop, env, tags } = values
  return { name, exec, startTimeUs: startTime, gracefulStopUs: gracefulStop, env, tags }
}

type PoolPlan = Pick<ConstantArrivalRatePlan, 'timeUnitUs' | 'preAllocatedVUs' | 'maxVUs'>
type PoolValues = Pick<z.infer<typeof CONSTANT_ARRIVAL_RATE>, 'timeUnit' | 'preAllocatedVUs' | 'maxVUs'>

function pool({ timeUnit, preAllocatedVUs, maxVUs }: PoolValues): PoolPlan {
  return { timeUnitUs: timeUnit, preAllocatedVUs, maxVUs: maxVUs ?? preAllocatedVUs }
}

function nameFaults(name: string, where: string): Fault[] {
  if (NAME.test(name)) return []
  return [{ where, what: 'a scenario name may hold only letters, digits, "_" and "-"' }]
}

function executorFault(executor: unknown, where: string): Fault {
  const todo = `use one of ${EXECUTORS.join(', ')}`
  if (executor === undefined) return { where, what: 'is required', todo }
  if (typeof executor !== 'string') return { where, what: 'must be a text', todo }
  if (UNSUPPORTED_EXECUTORS.includes(executor)) {
    return { where, what: `${executor} is not supported yet`, todo: `${RUN_WITH_K6}, or ${todo}` }
  }
  return {
    where,
    what: `unknown executor ${JSON.stringify(executor)}`,
    todo: suggest(executor, EXECUTORS) ?? todo,
  }
}

/** Read from the raw values, so that other faults of the scenario do not hide it. */
function poolFaults(raw: Record<string, unknown>, where: string): Fault[] {
  const { preAllocatedVUs, maxVUs } = raw as { preAllocatedVUs?: unknown; maxVUs?: unknown }
  if (typeof preAllocatedVUs !== 'number' || !isOpenScenario(raw)) return []
  if (maxVUs === undefined && preAllocatedVUs === 0) {
    return [{ where: `${where}.maxVUs`, what: 'is required when preAllocatedVUs is 0' }]
  }
  if (typeof maxVUs !== 'number' || maxVUs >= preAllocatedVUs) return []
  return [
    {
      where: `${where}.maxVUs`,
      what: `must be at least preAllocatedVUs (${preAllocatedVUs}), not ${maxVUs}`,
    },
  ]
}
