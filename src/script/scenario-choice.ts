import type { Fault } from '../core/errors.ts'
import type { ConsolidatedOptions } from './option-layer.ts'
import { isRecord, optionPath } from './option-schema.ts'
import type { Checked } from './option-schema.ts'
import type { ScenarioPlan } from './plan.ts'
import { isOpenScenario, readScenario } from './scenario-options.ts'
import type { ScenarioContext } from './scenario-options.ts'

/** What a run executes. */
export interface ScenarioChoice extends Checked<readonly ScenarioPlan[]> {
  /** The scenarios in the form of the option, also when shortcuts stand for them. */
  readonly raw: Readonly<Record<string, unknown>>
  readonly warnings: readonly string[]
}

/** A scenario that stands for shortcuts: what each of its keys is made of. */
interface Shortcut {
  readonly raw: Readonly<Record<string, unknown>>
  /** Its keys by the option that gives them. */
  readonly options: Readonly<Record<string, string>>
}

const WHERE = 'options.scenarios'

/** k6's name for a scenario that nobody named. */
const NAME = 'default'

/**
 * The scenarios of the run by k6's rules: what the shortcuts `iterations`, `duration` and `stages` stand for, else `scenarios`,
 * else one iteration.
 */
export function chooseScenarios(given: ConsolidatedOptions, context: ScenarioContext): ScenarioChoice {
  const { options, whereOf } = given
  const conflicts = conflictFaults(given)
  const shortcut = shortcutOf(options)
  if (shortcut !== undefined) {
    const read = readShortcut(shortcut, whereOf, context)
    return { ...read, faults: [...conflicts, ...read.faults], raw: { [NAME]: shortcut.raw }, warnings: [] }
  }
  const { scenarios } = options
  if (scenarios !== undefined && !isRecord(scenarios)) {
    return {
      value: undefined,
      faults: [{ where: whereOf('scenarios'), what: 'must be an object' }],
      raw: {},
      warnings: [],
    }
  }
  if (scenarios === undefined || Object.keys(scenarios).length === 0) return oneIteration(given, context)
  return { ...readScenarios(scenarios, vusFaults(given), context), raw: scenarios, warnings: [] }
}

/** Scenarios whose arrivals are planned. */
export function openScenarioNames(options: Readonly<Record<string, unknown>>): string[] {
  const scenarios = isRecord(options['scenarios']) ? options['scenarios'] : {}
  return Object.keys(scenarios).filter((name) => isOpenScenario(scenarios[name]))
}

function hasStages({ stages }: { readonly stages?: unknown }): boolean {
  return stages !== undefined && !(Array.isArray(stages) && stages.length === 0)
}

/** Of several shortcuts the first decides; that there are several is a fault of its own. */
function shortcutOf(options: Readonly<Record<string, unknown>>): Shortcut | undefined {
  const { vus, iterations, duration, stages } = options as Readonly<Record<string, unknown>> & ShortcutValues
  if (iterations !== undefined) {
    const raw = { executor: 'shared-iterations', vus, iterations, maxDuration: duration }
    return { raw, options: { maxDuration: 'duration' } }
  }
  if (duration !== undefined) return { raw: { executor: 'constant-vus', vus, duration }, options: {} }
  if (!hasStages(options)) return undefined
  return { raw: { executor: 'ramping-vus', startVUs: vus, stages }, options: { startVUs: 'vus' } }
}

interface ShortcutValues {
  readonly vus?: unknown
  readonly iterations?: unknown
  readonly duration?: unknown
  readonly stages?: unknown
}

/** Its faults are told by the shortcuts. */
function readShortcut(
  { raw, options }: Shortcut,
  whereOf: (key: string) => string,
  context: ScenarioContext,
): Checked<readonly ScenarioPlan[]> {
  const { value, faults } = readScenario(NAME, raw, NAME, context)
  const located = faults.map((fault) => {
    const [, key = '', rest = ''] = /^default\.?(\w*)(.*)$/s.exec(fault.where) ?? []
    return {
      ...fault,
      where: key === 'exec' || key === '' ? 'options' : `${whereOf(options[key] ?? key)}${rest}`,
    }
  })
  return { value: value && [value], faults: located }
}

function readScenarios(
  scenarios: Readonly<Record<string, unknown>>,
  faults: readonly Fault[],
  context: ScenarioContext,
): Checked<readonly ScenarioPlan[]> {
  const read = Object.entries(scenarios).map(([name, raw]) =>
    readScenario(name, raw, optionPath(WHERE, [name]), context),
  )
  return {
    value: read.flatMap(({ value }) => (value === undefined ? [] : [value])),
    faults: [...faults, ...read.flatMap((scenario) => scenario.faults)],
  }
}

/** Who says nothing gets one iteration of one VU, as with k6, and is told. */
function oneIteration({ options, whereOf }: ConsolidatedOptions, context: ScenarioContext): ScenarioChoice {
  const raw = { executor: 'per-vu-iterations', vus: 1, iterations: 1 }
  const { value, faults } = readShortcut({ raw, options: {} }, whereOf, context)
  const ignored = ['scenarios', 'stages', 'vus'].filter(
    (key) => options[key] !== undefined && options[key] !== 1,
  )
  const warnings = ignored.map((key) =>
    key === 'vus'
      ? `${whereOf('vus')} is ignored: it works only beside iterations, duration or stages; one VU runs one iteration`
      : `${whereOf(key)} is empty: one VU runs one iteration`,
  )
  return { value, faults, raw: { [NAME]: raw }, warnings }
}

/** Shortcuts of one place that cannot stand together; those of lower places were taken back. */
function conflictFaults({ options, whereOf }: ConsolidatedOptions): Fault[] {
  const given = ['iterations', 'duration', 'stages', 'scenarios'].filter((key) =>
    key === 'stages' ? hasStages(options) : options[key] !== undefined,
  )
  const first = given[0] ?? ''
  return given
    .slice(1)
    .filter((key) => !(first === 'iterations' && key === 'duration'))
    .map((key) => ({
      where: whereOf(key),
      what: `cannot be used together with ${whereOf(first)}`,
      todo: 'leave one of the two out',
    }))
}

/** k6 ignores the number without a word. In a script it does no harm; who gives it on top wants something. */
function vusFaults({ whereOf, isAbove }: ConsolidatedOptions): Fault[] {
  if (!isAbove('vus', 'scenarios')) return []
  const what = 'the script has scenarios with VUs of their own'
  return [{ where: whereOf('vus'), what, todo: 'give a duration or iterations too, to replace them' }]
}
