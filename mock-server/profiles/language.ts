import { US_PER_S } from '../../src/core/units.ts'
import type { LanguageConfig } from '../config.ts'
import type { RuleConfig } from '../rule.ts'
import {
  ASSUMED_LATENCY,
  inferred,
  KEYS,
  MONTH_US,
  type Profile,
  published,
  type Sourced,
} from './profile.ts'

const DATA_LIMITS = 'azure-docs language-service/concepts/data-limits.md'

export const LANGUAGE_S: Profile = {
  name: 'language-s',
  title: 'Language',
  tier: 'S',
  service: language('S'),
  rules: secondAndMinute(1_000, 1_000),
  latency: ASSUMED_LATENCY,
}

export const LANGUAGE_F0: Profile = {
  name: 'language-f0',
  title: 'Language',
  tier: 'F0',
  service: language('F0'),
  rules: secondAndMinute(100, 300),
  latency: ASSUMED_LATENCY,
}

export const TEXTANALYTICS_F0: Profile = {
  name: 'textanalytics-f0',
  title: 'Text Analytics',
  tier: 'F0',
  service: language('F0'),
  rules: [
    published(
      {
        name: 'month',
        algorithm: 'fixed-window',
        limit: 5_000,
        windowUs: MONTH_US,
        isQuota: true,
        status: 403,
      },
      'azure-sdk-for-python#25619',
    ),
    ...secondAndMinute(100, 300).map(({ value }) => inferred(value, `${DATA_LIMITS}, of Language F0`)),
  ],
  latency: ASSUMED_LATENCY,
}

function language(tier: string): LanguageConfig {
  return { kind: 'language', tier, keys: KEYS }
}

/** Both have to pass; each feature has its own. */
function secondAndMinute(perSecond: number, perMinute: number): Sourced<RuleConfig>[] {
  return [windowOf('second', perSecond, US_PER_S), windowOf('minute', perMinute, 60 * US_PER_S)]
}

function windowOf(name: string, limit: number, windowUs: number): Sourced<RuleConfig> {
  return published({ name, algorithm: 'sliding-log', limit, windowUs, perOperation: true }, DATA_LIMITS)
}
