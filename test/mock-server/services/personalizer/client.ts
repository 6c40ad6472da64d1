import { createApp, type MockApp } from '../../../../mock-server/app.ts'
import { parseMockConfig } from '../../../../mock-server/config-schema.ts'
import type { ReplyPlan } from '../../../../mock-server/exchange.ts'
import { json, JSON_HEADERS, request } from '../../requests.ts'

export const S = 1_000_000

/** What a new loop has; a PUT needs most of it. */
export const SETTINGS = {
  rewardWaitTime: 'PT10M',
  defaultReward: 0,
  rewardAggregation: 'earliest',
  explorationPercentage: 0.2,
  modelExportFrequency: 'PT5M',
  logRetentionDays: 90,
}

export const CCB_POLICY = { name: 'slots', arguments: '--ccb_explore_adf --epsilon 0.2 --cb_type mtr -q ::' }

/** Of a loop that nobody has touched: azure-rest-api-specs, Personalizer, example of Policy_Reset. */
export const DEFAULT_POLICY = {
  name: 'myPersonalizer',
  arguments: '--cb_explore_adf --epsilon 0.2 --dsjson --cb_type ips -l 0.5 --l1 1E-07 --power_t 0.5',
}

export const RANGE = { startTime: '1999-12-31T00:00:00Z', endTime: '2000-01-02T00:00:00Z' }

export const EVALUATION: Readonly<Record<string, unknown>> = { name: 'first', ...RANGE, policies: [] }

export interface RankReply {
  readonly ranking: readonly { readonly id: string; readonly probability: number }[]
  readonly eventId: string
  readonly rewardActionId: string
}

/** A client of one mock without limits and latency. */
export class Client {
  readonly mock: MockApp

  constructor(resource: Readonly<Record<string, unknown>> = {}) {
    const limits = { rules: [], concurrency: null, latency: '0s' }
    const { config, faults } = parseMockConfig({
      resources: [{ profile: 'personalizer-e0', ...limits, ...resource }],
    })
    if (config === undefined) throw new Error(JSON.stringify(faults))
    this.mock = createApp(config, 1)
  }

  send(method: string, path: string, body?: unknown, atUs = 0, version = 'v1.1-preview.1'): ReplyPlan {
    const call = { method, path: `/personalizer/${version}/${path}`, headers: JSON_HEADERS, body }
    return this.mock.handle(request(call), atUs)
  }

  /** @throws Error when the reply is no success. */
  ok(method: string, path: string, body?: unknown, atUs = 0): Record<string, unknown> {
    const plan = this.send(method, path, body, atUs)
    if (plan.status >= 300) throw new Error(`${plan.status} ${plan.body}`)
    return plan.body === '' ? {} : json(plan)
  }

  configure(changes: Readonly<Record<string, unknown>>, atUs = 0): void {
    this.ok('PUT', 'configurations/service', { ...SETTINGS, ...changes }, atUs)
  }

  rank(eventId: string, ids: readonly string[], atUs: number, extra: object = {}): RankReply {
    const actions = ids.map((id) => ({ id, features: [] }))
    return this.ok('POST', 'rank', { eventId, actions, ...extra }, atUs) as unknown as RankReply
  }

  reward(eventId: string, value: number, atUs: number): void {
    this.ok('POST', `events/${eventId}/reward`, { value }, atUs)
  }

  /** By the model in use at a time, to 12 decimals; asking for them opens no event that would be learned from. */
  probabilities(ids: readonly string[], atUs: number): Record<string, number> {
    const { ranking } = this.rank(`probe-${atUs}`, ids, atUs, { deferActivation: true })
    return Object.fromEntries(ids.map((id) => [id, round(ranking.find((one) => one.id === id)!.probability)]))
  }

  state(atUs: number): Readonly<Record<string, unknown>> {
    return this.mock.state(atUs).resources[0]!.serviceState as Readonly<Record<string, unknown>>
  }
}

function round(share: number): number {
  return Math.round(share * 1e12) / 1e12
}

/** A loop with one event that has earned 0.5. */
export function taught(): Client {
  const client = new Client()
  client.configure({ rewardWaitTime: 'PT5S', modelExportFrequency: 'PT1M' })
  client.rank('e', ['a'], 0)
  client.reward('e', 0.5, 0)
  return client
}

/** Status and, of an error, code. */
export function answer(plan: ReplyPlan): [number, string] {
  return [plan.status, plan.status < 300 ? '' : codeOf(plan)]
}

export function codeOf(plan: ReplyPlan): string {
  return (json(plan)['error'] as { code: string }).code
}
