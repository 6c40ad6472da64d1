import type { Refusal } from '../admission.ts'
import type { CustomConfig, CustomReply } from '../config.ts'
import type { MockRequest } from '../exchange.ts'
import { type RouteMatcher, compileRoutes } from '../route-pattern.ts'
import { bodyCost } from './costs.ts'
import { type Call, type Reply, type Service, retryAfterSeconds } from './service.ts'

interface Route {
  readonly matches: RouteMatcher
  readonly reply: CustomReply
}

/**
 * A service of the user's own: any route and method is valid and answers as configured,
 * or 200 with what was asked for.
 */
export function createCustomService(config: CustomConfig): Service {
  const routes = (config.replies ?? []).map((reply) => ({ matches: compileRoutes([reply.route]), reply }))
  return { read: (request, path) => customCall(config, routes, request, path) }
}

function customCall(
  config: CustomConfig,
  routes: readonly Route[],
  request: MockRequest,
  path: string,
): Call {
  const { method } = request
  const reply = routes.find((route) => route.matches(method, path))?.reply
  return {
    kind: 'call',
    operation: 'request',
    cost: bodyCost(request),
    succeed: () =>
      reply === undefined ? jsonReply(200, { method, path }) : jsonReply(reply.status, reply.body),
    refuse: (refusal) => refuse(config, reply, refusal),
  }
}

function refuse(config: CustomConfig, reply: CustomReply | undefined, refusal: Refusal): Reply {
  const own = reply?.refusal
  const status = refusal.status ?? own?.status ?? config.refusalStatus
  if (own !== undefined && 'body' in own) return jsonReply(status, own.body)
  const seconds = retryAfterSeconds(refusal.retryAfterUs)
  const advice = seconds === Infinity ? '' : ` Retry after ${seconds} s.`
  const message = `Refused by the limit "${refusal.rule}".${advice}`
  return jsonReply(status, { error: { code: String(status), message } })
}

function jsonReply(status: number, body: unknown): Reply {
  if (body === undefined) return { status, headers: [], body: '' }
  return { status, headers: [['Content-Type', 'application/json']], body: JSON.stringify(body) }
}
