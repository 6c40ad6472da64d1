import type { AutoscaleConfig } from '../autoscale.ts'
import type { CapacityConfig } from '../capacity.ts'
import type { CognitiveConfig, ResourceConfig, ServiceConfig } from '../config.ts'
import type { LatencyConfig } from '../latency.ts'
import type { RuleConfig } from '../rule.ts'
import type { SignalsConfig } from '../signals.ts'

/**
 * A number with where it comes from. `published`: the source states it; `inferred`: it follows from what the source states;
 * `assumed`: no public source gives it for this service and tier.
 */
export interface Sourced<Value> {
  readonly value: Value
  readonly source: string
  readonly mark: 'published' | 'inferred' | 'assumed'
}

/** The limits of one tier of a service, as data. */
export interface Profile {
  readonly name: string
  /** What users call the service. */
  readonly title: string
  readonly tier: string
  readonly service: ServiceConfig
  /** Quotas first: where several refuse, the first is the one that the reply speaks of. */
  readonly rules: readonly Sourced<RuleConfig>[]
  readonly concurrency?: Sourced<number>
  readonly signals?: SignalsConfig
  readonly latency: Sourced<LatencyConfig>
  /** Absent: any number of requests is served at once. */
  readonly capacity?: Sourced<CapacityConfig>
  /** Absent: limits stay as they are. */
  readonly autoscale?: Sourced<AutoscaleConfig>
}

/** Both open every mock of a service with keys, as the two keys of a real resource do. */
export const KEYS: readonly string[] = ['mock-key-1', 'mock-key-2']

/** 30 days: no calendar is kept. */
export const MONTH_US = 2_592_000_000_000

/** What is taken where nothing is known: a latency that no limit depends on. */
export const ASSUMED_LATENCY: Sourced<LatencyConfig> = {
  value: { kind: 'lognormal', medianUs: 50_000, p99Us: 200_000 },
  source: 'no number is published',
  mark: 'assumed',
}

export function published<Value>(value: Value, source: string): Sourced<Value> {
  return { value, source, mark: 'published' }
}

export function inferred<Value>(value: Value, source: string): Sourced<Value> {
  return { value, source, mark: 'inferred' }
}

export function assumed<Value>(value: Value, source: string): Sourced<Value> {
  return { value, source, mark: 'assumed' }
}

/** A service behind Azure's gateway. @param tier as in messages; `F0` is the free one. */
export function cognitive(apiName: string, title: string, tier: string): CognitiveConfig {
  return {
    kind: 'cognitive',
    apiName,
    kindAndTier: `${title} ${tier}`,
    isFreeTier: tier === 'F0',
    keys: KEYS,
  }
}

/** A resource with the profile's limits. */
export function resourceOf(profile: Profile, name: string): ResourceConfig {
  const { service, rules, concurrency, signals, latency, capacity, autoscale } = profile
  return {
    name,
    service,
    rules: rules.map((rule) => rule.value),
    ...(concurrency !== undefined && { concurrency: concurrency.value }),
    ...(signals !== undefined && { signals }),
    latency: latency.value,
    ...(capacity !== undefined && { capacity: capacity.value }),
    ...(autoscale !== undefined && { autoscale: autoscale.value }),
  }
}
