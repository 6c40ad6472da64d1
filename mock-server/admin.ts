/** The admin API under `/__mock/`: pure functions over the app. Its requests are not counted, limited or delayed. */
import { z } from 'zod'
import { type Fault, formatFault } from '../src/core/errors.ts'
import { formatDuration, US_PER_S } from '../src/core/units.ts'
import { readAdvance } from './admin-time.ts'
import type { MockRequest, ReplyPlan } from './exchange.ts'
import { burstField, queueField } from './limits-schema.ts'
import type { DecisionRecord } from './oracle.ts'
import { type LimitsPatch, planReply, type Resource, type RulePatch } from './resource.ts'
import { faultsInRule, MAX_LIMIT, type RuleConfig } from './rule.ts'
import { closedObject, defined, faultsOf, limitField, newLatencyField } from './schema.ts'

const ADMIN_PREFIX = '/__mock/'

/** What the admin API may do to the app. */
export interface AdminTarget {
  readonly resources: readonly Resource[]
  stateAt(nowUs: number): object
  /** Skips time: the app's own is that much ahead from now on. */
  advance(us: number): void
  decisions(): readonly DecisionRecord[]
  reset(): void
}

interface AdminReply {
  readonly status: number
  readonly body: object
  readonly allow?: string
}

type Action = (target: AdminTarget, request: MockRequest, nowUs: number) => AdminReply

interface Route {
  readonly method: string
  readonly action: Action
}

const ROUTES: ReadonlyMap<string, Route> = new Map<string, Route>([
  ['state', { method: 'GET', action: (target, _request, nowUs) => ok(target.stateAt(nowUs)) }],
  ['decisions', { method: 'GET', action: (target) => ok({ decisions: target.decisions() }) }],
  ['reset', { method: 'POST', action: reset }],
  ['limits', { method: 'PATCH', action: patchLimits }],
  ['advance', { method: 'POST', action: advance }],
])

const PATCH = closedObject({
  /** May be left out when there is only one. */
  resource: z.string().optional(),
  /** The rule whose numbers change; may be left out when there is only one. */
  rule: z.string().optional(),
  /** Units per window. */
  limit: limitField.optional(),
  /** The same limit as a rate: units per second. */
  tps: z.number().positive().optional(),
  burst: burstField.optional(),
  /** `null`: no cap. */
  concurrency: limitField.nullable().optional(),
  /** `null`: none waits. */
  queue: queueField.nullable().optional(),
  latency: newLatencyField.optional(),
  /** Switches it, from its next evaluation on. */
  autoscale: z.boolean().optional(),
})
type Patch = z.infer<typeof PATCH>

/** @param path as on the request line, with or without a query. */
export function isAdminPath(path: string): boolean {
  return path.startsWith(ADMIN_PREFIX)
}

/** @param path without the query. */
export function handleAdmin(
  target: AdminTarget,
  request: MockRequest,
  path: string,
  nowUs: number,
): ReplyPlan {
  const { status, body, allow } = act(target, request, path, nowUs)
  const headers = [
    ...(allow === undefined ? [] : [['Allow', allow] as const]),
    ['Content-Type', 'application/json'] as const,
  ]
  return planReply(request.method, { status, headers, body: `${JSON.stringify(body)}\n` }, nowUs)
}

function act(target: AdminTarget, request: MockRequest, path: string, nowUs: number): AdminReply {
  const route = ROUTES.get(path.slice(ADMIN_PREFIX.length))
  if (route === undefined) {
    const known = [...ROUTES.keys()].map((name) => ADMIN_PREFIX + name).join(', ')
    return { status: 404, body: errorBody(`unknown admin path; known: ${known}`) }
  }
  const { method, action } = route
  if (request.method !== method) return { status: 405, body: errorBody(`use ${method}`), allow: method }
  return action(target, request, nowUs)
}

function reset(target: AdminTarget, _request: MockRequest, nowUs: number): AdminReply {
  target.reset()
  return ok(target.stateAt(nowUs))
}

function advance(target: AdminTarget, request: MockRequest, nowUs: number): AdminReply {
  const us = readAdvance(parseJson(request.body))
  if (typeof us !== 'number') return badRequest(us)
  target.advance(us)
  return ok(target.stateAt(nowUs + us))
}

function patchLimits(target: AdminTarget, request: MockRequest, nowUs: number): AdminReply {
  const parsed = PATCH.safeParse(parseJson(request.body))
  if (!parsed.success) return badRequest(faultsOf(parsed.error, 'limits'))
  const resource = chooseResource(target.resources, parsed.data)
  if ('what' in resource) return badRequest([resource])
  const patch = readPatch(resource, parsed.data)
  if ('what' in patch) return badRequest([patch])
  resource.patch(patch, nowUs)
  return ok(resource.state(nowUs))
}

function chooseResource(resources: readonly Resource[], patch: Patch): Resource | Fault {
  const chosen = chooseNamed(resources, patch.resource)
  const names = resources.map(({ name }) => name).join(', ')
  return chosen ?? { where: 'limits.resource', what: `name one of the resources: ${names}` }
}

function readPatch(resource: Resource, patch: Patch): LimitsPatch | Fault {
  const { concurrency, queue, latency, autoscale } = patch
  const fault = faultInPatch(resource, patch)
  if (fault !== undefined) return fault
  const rule = changesRule(patch) ? readRule(resource, patch) : undefined
  if (rule !== undefined && 'what' in rule) return rule
  return defined({
    rule,
    concurrency: concurrency === null ? Infinity : concurrency,
    queue,
    latency,
    autoscale,
  })
}

function faultInPatch(resource: Resource, patch: Patch): Fault | undefined {
  if (patch.rule !== undefined && !changesRule(patch)) {
    return { where: 'limits.rule', what: 'a rule without a limit, tps or burst to set' }
  }
  if (patch.limit !== undefined && patch.tps !== undefined) {
    return { where: 'limits.tps', what: 'goes instead of limit, not beside it' }
  }
  return patch.autoscale !== undefined && !resource.hasAutoscale
    ? { where: 'limits.autoscale', what: 'the resource has no autoscale to switch' }
    : undefined
}

function changesRule({ limit, tps, burst }: Patch): boolean {
  return limit !== undefined || tps !== undefined || burst !== undefined
}

function readRule(resource: Resource, { rule: name, limit, tps, burst }: Patch): RulePatch | Fault {
  const { rules } = resource
  const rule = chooseNamed(rules, name)
  if (rule === undefined) {
    const names = rules.map((one) => one.name).join(', ')
    const what =
      rules.length === 0 ? 'the resource has no rate rule to change' : `name one of the rules: ${names}`
    return { where: 'limits.rule', what }
  }
  const newLimit = tps === undefined ? limit : limitOfRate(rule, tps)
  if (typeof newLimit === 'object') return newLimit
  const change = defined({ limit: newLimit, burst })
  const [fault] = faultsInRule({ ...rule, ...change })
  return fault === undefined
    ? { name: rule.name, ...change }
    : { where: `limits.${fault.key}`, what: fault.what }
}

/** A rate as a limit of the rule's window. */
function limitOfRate({ windowUs }: RuleConfig, tps: number): number | Fault {
  // Rounded to the parts of a window first: 0.3/s over 10 s is 3, though not in binary fractions.
  const limit = Math.round(tps * windowUs) / US_PER_S
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_LIMIT) return limit
  const window = formatDuration(windowUs)
  return { where: 'limits.tps', what: `${tps}/s over ${window} is no whole number from 1 to ${MAX_LIMIT}` }
}

/** The one of that name; without a name the only one there is. */
function chooseNamed<Named extends { readonly name: string }>(
  choices: readonly Named[],
  name: string | undefined,
): Named | undefined {
  return name === undefined && choices.length === 1
    ? choices[0]
    : choices.find((choice) => choice.name === name)
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body))
  } catch {
    return undefined
  }
}

function ok(body: object): AdminReply {
  return { status: 200, body }
}

function badRequest(faults: readonly Fault[]): AdminReply {
  return { status: 400, body: errorBody(faults.map(formatFault).join('\n')) }
}

function errorBody(message: string): object {
  return { error: { message } }
}
