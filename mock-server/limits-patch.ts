/** `PATCH /__mock/limits`: new figures for what is at work, read and checked against it. */
import { z } from 'zod'
import type { Fault } from '../src/core/errors.ts'
import { formatDuration, US_PER_S } from '../src/core/units.ts'
import type { LimitsChange, RuleChange } from './admission.ts'
import { hasMovingRule } from './autoscale.ts'
import type { BackendChange } from './backend.ts'
import type { Limited } from './cap.ts'
import { changeCapacity } from './capacity.ts'
import type { ServiceConfig } from './config.ts'
import { burstField, faultsInUnits, queueField, ruleField } from './limits-schema.ts'
import { repeatedNames } from './repeated-names.ts'
import { faultsInRule, MAX_LIMIT, type RuleConfig } from './rule.ts'
import { backlogField, closedObject, defined, faultField, limitField, newLatencyField } from './schema.ts'
import { readSound } from './sound.ts'
import type { ManagerChange } from './traffic/manager.ts'

/** Something whose limits can be changed while it is at work. */
interface LivePart<Change> {
  patch(change: Change, nowUs: number): void
  state(nowUs: number): object
}

interface LiveBackend extends LivePart<LimitsChange & BackendChange> {
  readonly name: string
  readonly limits: Limited
}

interface LiveResource extends LiveBackend {
  readonly serviceKind: ServiceConfig['kind']
  readonly hasAutoscale: boolean
}

/** All that can be changed. */
export interface LiveParts {
  readonly resources: readonly LiveResource[]
  readonly backends: readonly LiveBackend[]
  readonly manager: LivePart<ManagerChange> | undefined
}

const PATCH = closedObject({
  resource: z.string().optional().describe('which one; may be left out when there is only one'),
  backend: z.string().optional().describe('a shared backend instead of a resource'),
  manager: z.literal(true).optional().describe('the traffic manager instead of a resource'),
  rule: z.string().optional().describe('the rule to change; may be left out when there is only one'),
  limit: limitField.optional().describe('units per window of the rule'),
  tps: z.number().positive().nullable().optional().describe('the same as a rate: units per second'),
  burst: burstField.optional().describe('of the rule'),
  rules: z.array(ruleField).optional().describe('all rates and quotas anew, as in the file; []: none'),
  concurrency: limitField.nullable().optional().describe('requests in flight; null: no cap'),
  queue: queueField
    .nullable()
    .optional()
    .describe('{"size":N,"timeout":DURATION} before that cap; null: none waits'),
  latency: newLatencyField.optional().describe('MODEL, as above'),
  workers: limitField.nullable().optional().describe('requests served at once; null: any number'),
  backlog: backlogField.nullable().optional().describe('requests that wait for a worker; null: any number'),
  faults: z.array(faultField).optional().describe('all anew, each a FAULT as above; []: none'),
  autoscale: z.boolean().optional().describe('switches it, from its next evaluation on'),
})
type Patch = z.infer<typeof PATCH>
type PatchKey = keyof Patch

/** Every key with what it says, for help texts. */
export const LIMITS_PATCH_TABLE: readonly (readonly [key: string, meaning: string])[] = Object.entries(
  PATCH.shape,
).map(([key, field]) => [key, field.description ?? ''] as const)

const OF_RULE: readonly PatchKey[] = ['limit', 'tps', 'burst']

/** What a traffic manager has. */
const OF_MANAGER: ReadonlySet<PatchKey> = new Set(['manager', 'tps', 'concurrency', 'latency'])

/** Makes the change. @returns the state of what it changed. */
type Carry = (nowUs: number) => object

/** @returns what carries the change out, or everything that is wrong with it: then nothing is to change. */
export function readLimitsPatch(parts: LiveParts, json: unknown): Carry | readonly Fault[] {
  const { value: patch, faults: shapeFaults, unsound } = readSound(PATCH, json, 'limits')
  if (patch === undefined) return shapeFaults
  const { faults, carry } = readPatch(parts, patch, unsound)
  const all = [...shapeFaults, ...faults]
  return carry === undefined || all.length > 0 ? all : carry
}

interface ReadPatch {
  readonly faults: readonly Fault[]
  readonly carry?: Carry
}

function readPatch(parts: LiveParts, patch: Patch, unsound: ReadonlySet<string>): ReadPatch {
  const named = (['resource', 'backend', 'manager'] as const).filter((key) => patch[key] !== undefined)
  if (named.length > 1) return { faults: [fault(named[1]!, `goes instead of ${named[0]}, not beside it`)] }
  if (named.some((key) => unsound.has(key))) return { faults: [] }
  if (patch.manager === true) return readManagerPatch(parts.manager, patch)
  const kind = patch.backend === undefined ? 'resource' : 'backend'
  const choices: readonly LiveBackend[] = kind === 'resource' ? parts.resources : parts.backends
  const part = chooseNamed(choices, patch[kind])
  if (part === undefined) {
    const names = choices.map(({ name }) => name).join(', ')
    const what = choices.length === 0 ? 'there are none' : `name one of the ${kind}s: ${names}`
    return { faults: unsound.has(kind) ? [] : [fault(kind, what)] }
  }
  return readPartPatch(part, patch, unsound)
}

function readManagerPatch(manager: LiveParts['manager'], patch: Patch): ReadPatch {
  if (manager === undefined) return { faults: [fault('manager', 'there is none')] }
  const foreign = (Object.keys(patch) as PatchKey[]).filter((key) => !OF_MANAGER.has(key))
  const faults = foreign.map((key) => fault(key, 'a traffic manager has none'))
  const { tps, concurrency, latency } = patch
  if (typeof tps === 'number' && (!Number.isInteger(tps) || tps > MAX_LIMIT)) {
    faults.push(fault('tps', `of a traffic manager is a whole number from 1 to ${MAX_LIMIT}, or null`))
  }
  const change = defined({ tps, concurrency: unlimited(concurrency), latency })
  return {
    faults,
    carry: (nowUs) => {
      manager.patch(change, nowUs)
      return manager.state(nowUs)
    },
  }
}

function readPartPatch(part: LiveBackend, patch: Patch, unsound: ReadonlySet<string>): ReadPatch {
  const { concurrency, queue, latency, faults, rules, autoscale } = patch
  const rule = readRuleChange(part.limits.rules, patch)
  const capacity = capacityOf(part.limits, patch)
  const change = defined({
    rule: Array.isArray(rule) ? undefined : rule,
    rules,
    concurrency: unlimited(concurrency),
    queue,
    latency,
    capacity,
    faults,
    autoscale,
  })
  const wrong = [...faultsInPatch(part, patch, unsound), ...(Array.isArray(rule) ? rule : [])]
  return {
    faults: wrong,
    carry: (nowUs) => {
      part.patch(change, nowUs)
      return part.state(nowUs)
    },
  }
}

/** What may be wrong between keys. */
type Check = readonly [isWrong: boolean, key: PatchKey, what: string]

/** What in the patch does not go together, or not with what it is for. */
function faultsInPatch(part: LiveBackend, patch: Patch, unsound: ReadonlySet<string>): Fault[] {
  const { rules } = patch
  const checks = [...checksOfRules(part, patch, unsound), ...checksOfRest(part, patch, unsound)]
  const faults = checks.filter(([isWrong]) => isWrong).map(([, key, what]) => fault(key, what))
  return rules === undefined ? faults : [...faults, ...faultsInNewRules(part, rules)]
}

function checksOfRules(part: LiveBackend, patch: Patch, unsound: ReadonlySet<string>): Check[] {
  const { rule, rules, limit, tps } = patch
  const isForNothing = !changesRule(patch) && !OF_RULE.some((key) => unsound.has(key))
  const isForOneRule = rule !== undefined || changesRule(patch)
  const leavesNone = rules !== undefined && !hasMovingRule(rules)
  return [
    [rule !== undefined && isForNothing, 'rule', 'a rule without a limit, tps or burst to set'],
    [limit !== undefined && tps !== undefined, 'tps', 'goes instead of limit, not beside it'],
    [rules !== undefined && isForOneRule, 'rules', 'sets all rules: go without rule, limit, tps and burst'],
    [hasAutoscale(part) && leavesNone, 'rules', 'autoscale needs a rate rule'],
  ]
}

function checksOfRest(part: LiveBackend, patch: Patch, unsound: ReadonlySet<string>): Check[] {
  const { concurrency = part.limits.concurrency ?? null, queue, backlog, faults, autoscale } = patch
  const isUncapped = concurrency === null && !unsound.has('concurrency')
  const isWithoutWorkers = capacityOf(part.limits, patch) === null && !unsound.has('workers')
  return [
    [isSet(queue) && isUncapped, 'queue', 'needs a cap on requests in flight; add concurrency'],
    [isSet(backlog) && isWithoutWorkers, 'backlog', 'needs workers'],
    [faults !== undefined && !isResource(part), 'faults', 'a shared backend has none'],
    [autoscale !== undefined && !hasAutoscale(part), 'autoscale', 'there is no autoscale to switch'],
  ]
}

function faultsInNewRules(part: LiveBackend, rules: readonly RuleConfig[]): Fault[] {
  const service = isResource(part) ? part.serviceKind : 'custom'
  return [...repeatedNames(rules, 'limits.rules'), ...faultsInUnits(rules, service, 'limits.rules')]
}

function hasAutoscale(part: LiveBackend): boolean {
  return isResource(part) && part.hasAutoscale
}

function isResource(part: LiveBackend): part is LiveResource {
  return 'serviceKind' in part
}

function changesRule({ limit, tps, burst }: Patch): boolean {
  return limit !== undefined || tps !== undefined || burst !== undefined
}

/** @returns `undefined`: no rule changes. */
function readRuleChange(rules: readonly RuleConfig[], patch: Patch): RuleChange | Fault[] | undefined {
  const { rule: name, limit, tps, burst } = patch
  if (!changesRule(patch) || patch.rules !== undefined) return undefined
  const rule = chooseNamed(rules, name)
  if (rule === undefined) {
    const names = rules.map((one) => one.name).join(', ')
    const what =
      rules.length === 0 ? 'there is no rate rule to change; give rules' : `name one of the rules: ${names}`
    return [fault('rule', what)]
  }
  if (tps === null) return [fault('tps', 'only a traffic manager takes null; give "rules":[]')]
  const newLimit = tps === undefined ? limit : limitOfRate(rule, tps)
  if (typeof newLimit === 'object') return [newLimit]
  const change = defined({ limit: newLimit, burst })
  const faults = faultsInRule({ ...rule, ...change })
  return faults.length === 0
    ? { name: rule.name, ...change }
    : faults.map(({ key, what }) => ({ where: `limits.${key}`, what }))
}

/** A rate as a limit of the rule's window. */
function limitOfRate({ windowUs }: RuleConfig, tps: number): number | Fault {
  // Rounded to the parts of a window first: 0.3/s over 10 s is 3, though not in binary fractions.
  const limit = Math.round(tps * windowUs) / US_PER_S
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_LIMIT) return limit
  const window = formatDuration(windowUs)
  return fault('tps', `${tps}/s over ${window} is no whole number from 1 to ${MAX_LIMIT}`)
}

/** @returns `undefined`: as it is, `null`: none. */
function capacityOf({ capacity }: Limited, { workers, backlog }: Patch): BackendChange['capacity'] {
  if (workers === undefined && backlog === undefined) return undefined
  return changeCapacity(capacity, { workers, backlog }) ?? null
}

function unlimited(concurrency: number | null | undefined): number | undefined {
  return concurrency === null ? Infinity : concurrency
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null
}

function fault(key: PatchKey, what: string): Fault {
  return { where: `limits.${key}`, what }
}

/** The one of that name; without a name the only one there is. */
export function chooseNamed<Named extends { readonly name: string }>(
  choices: readonly Named[],
  name: string | undefined,
): Named | undefined {
  return name === undefined && choices.length === 1
    ? choices[0]
    : choices.find((choice) => choice.name === name)
}
