/** The admin API under `/__mock/`: pure functions over the app. Its requests are not counted, limited or delayed. */
import { z } from 'zod'
import { type Fault, formatFault } from '../src/core/errors.ts'
import { readAdvance } from './admin-time.ts'
import type { MockRequest, ReplyPlan } from './exchange.ts'
import { chooseNamed, type LiveParts, readLimitsPatch } from './limits-patch.ts'
import type { DecisionRecord } from './oracle.ts'
import { planReply } from './plan-reply.ts'
import type { Resource } from './resource.ts'
import { closedObject } from './schema.ts'
import { readSound } from './sound.ts'
import { timesOf } from './times.ts'

const ADMIN_PREFIX = '/__mock/'

/** What the admin API may do to the app. */
export interface AdminTarget extends LiveParts {
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
  ['keys', { method: 'POST', action: rotateKey }],
  ['advance', { method: 'POST', action: advance }],
  ['times', { method: 'GET', action: times }],
])

const KEY_ROTATION = closedObject({
  /** May be left out when there is only one. */
  resource: z.string().optional(),
  /** The first or the second of the resource's keys. */
  key: z.literal([1, 2]),
})

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

function times(target: AdminTarget, request: MockRequest): AdminReply {
  const skip = new URLSearchParams(request.path.split('?')[1]).get('skip') ?? '0'
  if (/^\d{1,9}$/.test(skip)) return ok(timesOf(target.decisions(), Number(skip)))
  return badRequest([{ where: 'skip', what: 'it takes a number of decisions that are left out' }])
}

function patchLimits(target: AdminTarget, request: MockRequest, nowUs: number): AdminReply {
  const carry = readLimitsPatch(target, parseJson(request.body))
  return typeof carry === 'function' ? ok(carry(nowUs)) : badRequest(carry)
}

function rotateKey(target: AdminTarget, request: MockRequest): AdminReply {
  const { value, faults } = readSound(KEY_ROTATION, parseJson(request.body), 'keys')
  if (value === undefined || faults.length > 0) return badRequest(faults)
  const resource = chooseNamed(target.resources, value.resource)
  if (resource === undefined) {
    const names = target.resources.map(({ name }) => name).join(', ')
    return badRequest([{ where: 'keys.resource', what: `name one of the resources: ${names}` }])
  }
  const keys = resource.rotateKey(value.key === 1 ? 'first' : 'second')
  if (keys !== undefined) return ok({ resource: resource.name, keys })
  return badRequest([{ where: 'keys.resource', what: `${resource.name} asks for no key` }])
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
