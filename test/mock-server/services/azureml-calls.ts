/**
 * Codes and messages: azure-docs machine-learning/studio/web-service-error-codes.md. Paths and bodies: the same folder,
 * consume-web-services.md, and hning86/azuremlps. Caps: scaling-webservice.md.
 */
import { createApp, type MockApp } from '../../../mock-server/app.ts'
import type { MockRequest, ReplyPlan } from '../../../mock-server/exchange.ts'
import { configOf, json, request } from '../requests.ts'

export const TABLE: object = {
  ColumnNames: ['a', 'b'],
  Values: [
    ['1', '2'],
    ['3', '4'],
  ],
}
export const RECORDS: readonly object[] = [{ a: 1, b: 2 }]

export const app = (spec = 'azureml-low'): MockApp => createApp(configOf(spec), 1)

export interface Score {
  readonly inputs?: unknown
  readonly parameters?: unknown
  readonly query?: string
  readonly method?: string
  readonly key?: string
  readonly service?: string
  readonly type?: string
}

export function score(of: Score = {}): MockRequest {
  const {
    inputs = { input1: TABLE },
    parameters = {},
    query = '?api-version=2.0',
    method = 'POST',
    key = 'mock-key-1',
  } = of
  const path = `/workspaces/ws/services/${of.service ?? 'svc'}/execute${query}`
  const headers = { authorization: `Bearer ${key}`, 'content-type': of.type ?? 'application/json' }
  return request({ method, path, headers, body: { Inputs: inputs, GlobalParameters: parameters } })
}

const ENDPOINTS = '/workspaces/ws/webservices/id/endpoints'

export function manage(
  method: string,
  body?: unknown,
  name = 'default',
  token = 'mock-workspace-token',
): MockRequest {
  const path = name === '' ? ENDPOINTS : `${ENDPOINTS}/${name}`
  return request({ method, path, headers: { authorization: `Bearer ${token}`, host: 'mock:80' }, body })
}

/** Status, class and detail code. */
export function errorOf(plan: ReplyPlan): unknown {
  const { code, details } = json(plan)['error'] as {
    code: string
    details: readonly { readonly code: string }[]
  }
  return [plan.status, code, details[0]?.code]
}

export const statusesAt = (mock: MockApp, call: MockRequest, count: number, atUs = 0): number[] =>
  Array.from({ length: count }, () => mock.handle(call, atUs).status)
