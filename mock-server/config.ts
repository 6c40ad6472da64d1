/** What a mock is: plain data that crosses to the child process as JSON. */
import { US_PER_S } from '../src/core/units.ts'
import type { LatencyConfig } from './latency.ts'
import type { Quota } from './limiter/limiter.ts'

export const ALGORITHMS = ['sliding-log', 'token-bucket'] as const
export type Algorithm = (typeof ALGORITHMS)[number]

/** Name under which the oracle counts what the concurrency cap refused; no rate rule may have it. */
export const CONCURRENCY_RULE = 'concurrency'

export interface RuleConfig extends Quota {
  readonly name: string
  readonly algorithm: Algorithm
}

/** Statuses with which a service of the user's own may refuse. */
export const REFUSAL_STATUSES = [429, 503] as const
export type RefusalStatus = (typeof REFUSAL_STATUSES)[number]

export interface PersonalizerConfig {
  readonly kind: 'personalizer'
  /** Pricing tier as the 429 body names it. */
  readonly tier: 'S0' | 'F0'
  /** All are equally valid. */
  readonly keys: readonly string[]
}

export interface CustomConfig {
  readonly kind: 'custom'
  readonly refusalStatus: RefusalStatus
}

export type ServiceConfig = PersonalizerConfig | CustomConfig

/** One service with one set of limits. */
export interface ResourceConfig {
  readonly name: string
  readonly service: ServiceConfig
  /** All must pass; the first that refuses is the one the reply speaks of. */
  readonly rules: readonly RuleConfig[]
  /** Most requests in flight; absent: no cap. */
  readonly concurrency?: number
  readonly latency: LatencyConfig
}

export interface MockConfig {
  /** One is served at `/`, several each at `/r/NAME/`. */
  readonly resources: readonly ResourceConfig[]
  /** How many of the latest decisions the oracle keeps. */
  readonly decisionsKeptCount: number
}

export const DEFAULT_DECISIONS_KEPT_COUNT = 100

/** Largest limit, burst and concurrency, and longest window: their product is well below 2^53, so that limiters count exactly. */
export const MAX_LIMIT = 1_000_000
export const MAX_WINDOW_US = 3_600_000_000

/**
 * What the mock lets through in the long run: per resource the lowest sustained rate over its rules (requests
 * per second) and its concurrency; summed over resources. Absent where a resource has no such cap.
 */
export function capOf(config: MockConfig): { readonly rps?: number; readonly concurrency?: number } {
  const rps = sum(config.resources.map(sustainedRps))
  const concurrency = sum(config.resources.map((resource) => resource.concurrency ?? Infinity))
  return { ...(rps < Infinity && { rps }), ...(concurrency < Infinity && { concurrency }) }
}

function sustainedRps(resource: ResourceConfig): number {
  return Math.min(...resource.rules.map((rule) => (rule.limit * US_PER_S) / rule.windowUs))
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
