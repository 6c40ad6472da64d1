/**
 * Bodies, codes and messages: azure-rest-api-specs, TextAnalytics v3.1 and Language 2022-05-01 with their examples, and what the
 * tests of azure-sdk-for-js, ai-text-analytics, have recorded. Limits: azure-docs language-service/concepts/data-limits.md.
 */
import { createApp, type MockApp } from '../../../mock-server/app.ts'
import type { MockRequest } from '../../../mock-server/exchange.ts'
import { configOf, json, JSON_HEADERS, request } from '../requests.ts'

export const app = (spec = 'language-s,tps=none,latency=20ms'): MockApp => createApp(configOf(spec), 1)

export type Document = Readonly<Record<string, unknown>>

export function v3(path: string, documents: unknown, query = ''): MockRequest {
  return request({
    method: 'POST',
    path: `/text/analytics/v3.1/${path}${query}`,
    headers: JSON_HEADERS,
    body: { documents },
  })
}

export function analyze(
  kind: string,
  documents: unknown,
  parameters: unknown = {},
  query = '?api-version=2023-04-01',
): MockRequest {
  const body = { kind, analysisInput: { documents }, parameters }
  return request({ method: 'POST', path: `/language/:analyze-text${query}`, headers: JSON_HEADERS, body })
}

export const texts = (...all: readonly string[]): Document[] =>
  all.map((text, index) => ({ id: String(index), text }))

interface Results {
  readonly documents: readonly Document[]
  readonly errors: readonly { readonly id: string; readonly error: unknown }[]
  readonly modelVersion: string
  readonly statistics?: unknown
}
export const resultsOf = (call: MockRequest): Results => {
  const plan = app().handle(call, 0)
  if (plan.status !== 200) throw new Error(plan.body)
  return json(plan) as unknown as Results
}
