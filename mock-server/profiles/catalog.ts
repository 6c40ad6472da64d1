import { formatDuration } from '../../src/core/units.ts'
import type { RuleConfig } from '../config.ts'
import { formatLatency } from '../latency.ts'
import { CUSTOM } from './custom.ts'
import { PERSONALIZER_F0, PERSONALIZER_S0 } from './personalizer.ts'
import type { Profile, Sourced } from './profile.ts'

const PROFILES: readonly Profile[] = [PERSONALIZER_S0, PERSONALIZER_F0, CUSTOM]

/** One limit of one profile, for a table. */
export interface ProfileRow {
  readonly name: string
  readonly service: string
  readonly tier: string
  /** In words: `50 requests per 1s (sliding-log)`. */
  readonly limits: string
  readonly source: string
  readonly mark: Sourced<unknown>['mark']
}

export const PROFILE_NAMES: readonly string[] = PROFILES.map((profile) => profile.name)

export function findProfile(name: string): Profile | undefined {
  return PROFILES.find((profile) => profile.name === name)
}

/** Every profile, a row for each of its numbers: rate rules, concurrency, latency. */
export function listProfiles(): ProfileRow[] {
  return PROFILES.flatMap((profile) => [
    ...profile.rules.map((rule) => row(profile, rule, ruleInWords)),
    ...(profile.concurrency === undefined ? [] : [row(profile, profile.concurrency, concurrencyInWords)]),
    row(profile, profile.latency, (latency) => `latency ${formatLatency(latency)}`),
  ])
}

function row<Value>(
  profile: Profile,
  sourced: Sourced<Value>,
  inWords: (value: Value) => string,
): ProfileRow {
  const { name, title, tier } = profile
  return {
    name,
    service: title,
    tier,
    limits: inWords(sourced.value),
    source: sourced.source,
    mark: sourced.mark,
  }
}

function ruleInWords(rule: RuleConfig): string {
  return `${rule.limit} requests per ${formatDuration(rule.windowUs)} (${rule.algorithm})`
}

function concurrencyInWords(concurrency: number): string {
  return `${concurrency} requests in flight`
}
