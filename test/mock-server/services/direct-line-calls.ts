/**
 * Paths, bodies and statuses: microsoft/botframework-sdk, directline-3.0.json, and bot-docs, direct-line-3-0-api-reference.md.
 * The bot's 15 s: BotFramework-DirectLineJS#60; what is said when they are over: BotFramework-DirectLineJS#47.
 */
import { createApp, type MockApp } from '../../../mock-server/app.ts'
import type { MockRequest, ReplyPlan } from '../../../mock-server/exchange.ts'
import { configOf, json, request } from '../requests.ts'

export const MS = 1_000
export const S = 1_000_000
/** What the channel takes beside the bot. */
export const CHANNEL_US = 60_000
const BASE = '/v3/directline'

export const app = (options = ''): MockApp => createApp(configOf(`direct-line-s1,latency=200ms${options}`), 1)

export function call(method: string, path: string, bearer = 'mock-key-1', body?: unknown): MockRequest {
  const headers = { authorization: `Bearer ${bearer}`, 'content-type': 'application/json', host: 'mock:80' }
  return request({ method, path: BASE + path, headers, body })
}

export interface Grant {
  readonly conversationId: string
  readonly token: string
  readonly expires_in: number
  readonly streamUrl: string
}
export const grantOf = (plan: ReplyPlan): Grant => json(plan) as unknown as Grant
export const start = (mock: MockApp, atUs = 0): Grant =>
  grantOf(mock.handle(call('POST', '/conversations'), atUs))

export const MESSAGE = { type: 'message', from: { id: 'user1' }, text: 'hello' }
export const send = (grant: Grant, body: unknown = MESSAGE): MockRequest =>
  call('POST', `/conversations/${grant.conversationId}/activities`, grant.token, body)
export const receive = (grant: Grant, watermark = ''): MockRequest =>
  call('GET', `/conversations/${grant.conversationId}/activities?watermark=${watermark}`, grant.token)

export interface Page {
  readonly activities: readonly Readonly<Record<string, unknown>>[]
  readonly watermark: string
}
export const pageAt = (mock: MockApp, grant: Grant, atUs: number, watermark = ''): Page =>
  json(mock.handle(receive(grant, watermark), atUs)) as unknown as Page

export const statusAndCode = (plan: ReplyPlan): unknown[] => [
  plan.status,
  (json(plan)['error'] as { code: string }).code,
]
