import type { Fault } from '../core/errors.ts'
import { isRecord } from './option-schema.ts'
import type { Checked } from './option-schema.ts'
import type { ArrivalKind, ScenarioPlan } from './plan.ts'
import { EXECUTORS } from './scenario-executors.ts'
import { suggest } from './suggest.ts'

const NAME = /^[0-9a-zA-Z_-]+$/

const EXECUTOR_NAMES: readonly string[] = Object.keys(EXECUTORS)
const OPEN_EXECUTORS: readonly unknown[] = ['constant-arrival-rate', 'ramping-arrival-rate']

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
  const { executor, exec = 'default' } = raw as { executor?: unknown; exec?: unknown }
  const arrival = context.arrival[name] ?? 'even'
  const read = isExecutor(executor)
    ? EXECUTORS[executor](raw, where, { name, arrival })
    : { value: undefined, faults: [executorFault(executor, `${where}.executor`)] }
  return {
    value: read.value,
    faults: [
      ...nameFaults(name, where),
      ...read.faults,
      ...(typeof exec === 'string' ? execFaults(exec, `${where}.exec`, context.exports) : []),
      ...poolFaults(raw, where),
    ],
  }
}

/** Whether arrivals of the scenario are planned, whatever else may be wrong with it. */
export function isOpenScenario(raw: unknown): boolean {
  return isRecord(raw) && OPEN_EXECUTORS.includes(raw['executor'])
}

/** When the planned load of all scenarios is over at the latest, µs from the start of the run. */
export function plannedLoadEndUs(scenarios: readonly ScenarioPlan[]): number {
  return Math.max(...scenarios.map(({ startTimeUs, durationUs }) => startTimeUs + durationUs))
}

function isExecutor(executor: unknown): executor is ScenarioPlan['executor'] {
  return typeof executor === 'string' && EXECUTOR_NAMES.includes(executor)
}

/** The function that iterations call has to be exported. */
function execFaults(exec: string, where: string, exports: readonly string[]): Fault[] {
  if (exports.includes(exec)) return []
  const todo =
    suggest(exec, exports) ?? (exports.length > 0 ? `exported: ${exports.join(', ')}` : 'export a function')
  return [{ where, what: `the script exports no function ${JSON.stringify(exec)}`, todo }]
}

function nameFaults(name: string, where: string): Fault[] {
  if (NAME.test(name)) return []
  return [{ where, what: 'a scenario name may hold only letters, digits, "_" and "-"' }]
}

function executorFault(executor: unknown, where: string): Fault {
  const todo = `use one of ${EXECUTOR_NAMES.join(', ')}`
  if (executor === undefined) return { where, what: 'is required', todo }
  if (typeof executor !== 'string') return { where, what: 'must be a text', todo }
  if (executor === 'externally-controlled') return { where, what: 'is no executor of k6 any more', todo }
  return {
    where,
    what: `unknown executor ${JSON.stringify(executor)}`,
    todo: suggest(executor, EXECUTOR_NAMES) ?? todo,
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
