import type { Fault } from '../core/errors.ts'
import { check, isRecord, optionPath, whole } from './option-schema.ts'
import type { Checked } from './option-schema.ts'
import type { OptionOverrides } from './option-overrides.ts'
import type { ScenarioPlan } from './plan.ts'
import {
  DEFAULT_GRACEFUL_STOP_US,
  execFaults,
  isOpenScenario,
  readScenario,
  scenarioDuration,
} from './scenario-options.ts'
import type { ScenarioContext } from './scenario-options.ts'
import { RUN_WITH_K6 } from './supported.ts'

type RawOptions = Readonly<Record<string, unknown>>
type Choice = Checked<readonly ScenarioPlan[]>

/** A value and where it was given: an option path or a flag. */
interface Given {
  readonly raw: unknown
  readonly where: string
}

const HOW_TO_SAY = 'give vus and duration, or scenarios'

/**
 * The scenarios of the run by k6's precedence: shortcut flags, then the shortcuts `vus` and `duration` of the script,
 * then its `scenarios`.
 */
export function chooseScenarios(
  options: RawOptions,
  overrides: OptionOverrides,
  context: ScenarioContext,
): Choice {
  const choice = choose(options, overrides, context)
  return { value: choice.value, faults: [...flagFaults(overrides), ...choice.faults] }
}

/** Whether a flag takes the place of the script's option, so that it does not matter what that says. */
export function isReplaced(key: string, overrides: OptionOverrides): boolean {
  return overrides.duration !== undefined && ['duration', 'iterations', 'scenarios', 'stages'].includes(key)
}

/** Scenarios of the script whose arrivals are planned. */
export function openScenarioNames(options: RawOptions): string[] {
  const scenarios = isRecord(options['scenarios']) ? options['scenarios'] : {}
  return Object.keys(scenarios).filter((name) => isOpenScenario(scenarios[name]))
}

function choose(options: RawOptions, overrides: OptionOverrides, context: ScenarioContext): Choice {
  const { scenarios } = options
  const hasScenarios = scenarios !== undefined && scenarios !== null
  const vus = overrides.vus === undefined ? given(options, 'vus') : { raw: overrides.vus, where: '--vus' }
  if (overrides.duration !== undefined) {
    return constantVus(vus, { raw: overrides.duration, where: '--duration' }, context)
  }
  if (hasScenarios && overrides.vus !== undefined) {
    return refused(
      '--vus',
      'the script has scenarios with VUs of their own',
      'give --duration too, to replace them',
    )
  }
  if (options['duration'] !== undefined) {
    if (!hasScenarios) return constantVus(vus, given(options, 'duration'), context)
    return refused('options.duration', 'cannot be used together with scenarios', 'leave one of the two out')
  }
  return hasScenarios ? readScenarios(scenarios, context) : noScenarios(options, overrides)
}

function readScenarios(raw: unknown, context: ScenarioContext): Choice {
  const where = 'options.scenarios'
  if (!isRecord(raw)) return refused(where, 'must be an object')
  const names = Object.keys(raw)
  if (names.length === 0) return refused(where, 'holds no scenario', HOW_TO_SAY)
  const read = names.map((name) => readScenario(name, raw[name], optionPath(where, [name]), context))
  return {
    value: read.flatMap(({ value }) => (value === undefined ? [] : [value])),
    faults: read.flatMap(({ faults }) => faults),
  }
}

/** What k6 makes of `vus` and `duration`. */
function constantVus(vus: Given, duration: Given, { exports }: ScenarioContext): Choice {
  const vusCount = check(whole(1).default(1), vus.raw, vus.where)
  const durationUs = check(scenarioDuration(), duration.raw, duration.where)
  const faults = [...vusCount.faults, ...durationUs.faults, ...execFaults('default', 'options', exports)]
  if (vusCount.value === undefined || durationUs.value === undefined) return { value: undefined, faults }
  const plan: ScenarioPlan = {
    name: 'default',
    executor: 'constant-vus',
    exec: 'default',
    vus: vusCount.value,
    durationUs: durationUs.value,
    startTimeUs: 0,
    gracefulStopUs: DEFAULT_GRACEFUL_STOP_US,
    env: {},
    tags: {},
  }
  return { value: [plan], faults }
}

/** k6 runs one iteration then; it needs an executor that is not there yet. Iterations and stages have their own fault. */
function noScenarios(options: RawOptions, overrides: OptionOverrides): Choice {
  const isSaid = [options['iterations'], options['stages'], overrides.iterations, overrides.stages].some(
    (value) => value !== undefined && value !== null,
  )
  if (isSaid) return { value: undefined, faults: [] }
  return refused('options', 'say neither how many VUs nor how long', HOW_TO_SAY)
}

function flagFaults({ iterations, stages }: OptionOverrides): Fault[] {
  const todo = `give --vus and --duration, or ${RUN_WITH_K6}`
  const faults: Fault[] = []
  if (iterations !== undefined) {
    faults.push({
      where: '--iterations',
      what: 'needs the executor shared-iterations, which is not supported yet',
      todo,
    })
  }
  if (stages !== undefined && stages.length > 0) {
    faults.push({
      where: '--stage',
      what: 'needs the executor ramping-vus, which is not supported yet',
      todo,
    })
  }
  return faults
}

function given(options: RawOptions, key: string): Given {
  return { raw: options[key], where: `options.${key}` }
}

function refused(where: string, what: string, todo?: string): Choice {
  return { value: undefined, faults: [{ where, what, ...(todo === undefined ? {} : { todo }) }] }
}
