import type { ResourceConfig, RuleConfig, ServiceConfig } from '../config.ts'
import type { LatencyConfig } from '../latency.ts'

/** A number with where it comes from; `assumed`: no public source gives it for this service and tier. */
export interface Sourced<Value> {
  readonly value: Value
  readonly source: string
  readonly mark: 'published' | 'assumed'
}

/** The limits of one tier of a service, as data. */
export interface Profile {
  readonly name: string
  /** What users call the service. */
  readonly title: string
  readonly tier: string
  readonly service: ServiceConfig
  readonly rules: readonly Sourced<RuleConfig>[]
  readonly concurrency?: Sourced<number>
  readonly latency: Sourced<LatencyConfig>
}

/** A resource with the profile's limits. */
export function resourceOf(profile: Profile, name: string): ResourceConfig {
  return {
    name,
    service: profile.service,
    rules: profile.rules.map((rule) => rule.value),
    ...(profile.concurrency !== undefined && { concurrency: profile.concurrency.value }),
    latency: profile.latency.value,
  }
}
