import type { MockConfig, ResourceConfig } from '../../mock-server/config.ts'
import type { MockRequest, ReplyPlan } from '../../mock-server/exchange.ts'
import { parseMockSpec } from '../../mock-server/spec.ts'

export const RANK_PATH = '/personalizer/v1.0/rank'

export const JSON_HEADERS: Readonly<Record<string, string>> = {
  'ocp-apim-subscription-key': 'mock-key-1',
  'content-type': 'application/json',
}

const UTF8 = new TextEncoder()

export function request(
  overrides: Partial<Omit<MockRequest, 'body'>> & { body?: unknown } = {},
): MockRequest {
  const { body, ...rest } = overrides
  const text = typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body)
  return { method: 'GET', path: '/', headers: {}, ...rest, body: UTF8.encode(text) }
}

/** A Rank call over actions of these ids. */
export function rank(ids: readonly string[], extra: Readonly<Record<string, unknown>> = {}): MockRequest {
  const actions = ids.map((id) => ({ id, features: [{ kind: id }] }))
  return request({ method: 'POST', path: RANK_PATH, headers: JSON_HEADERS, body: { actions, ...extra } })
}

export function reward(eventId: string, body: unknown = { value: 1 }): MockRequest {
  const path = `/personalizer/v1.0/events/${eventId}/reward`
  return request({ method: 'POST', path, headers: JSON_HEADERS, body })
}

/** @throws Error when the spec has faults. */
export function configOf(spec: string): MockConfig {
  const { config, faults } = parseMockSpec(spec)
  if (config === undefined) throw new Error(JSON.stringify(faults))
  return config
}

export function resourceOfSpec(spec: string): ResourceConfig {
  return configOf(spec).resources[0]!
}

export function header(plan: ReplyPlan, name: string): string | undefined {
  return plan.headers.find(([one]) => one.toLowerCase() === name.toLowerCase())?.[1]
}

export function json(plan: ReplyPlan): Record<string, unknown> {
  return JSON.parse(plan.body) as Record<string, unknown>
}
