import { US_PER_S } from '../../src/core/units.ts'
import type { RuleConfig } from '../rule.ts'
import { ASSUMED_LATENCY, assumed, KEYS, MONTH_US, type Profile, published, type Sourced } from './profile.ts'

/** As the replies of the mock name it. */
const REGION = 'mock'

const LIMITS = 'learn.microsoft.com translator/service-limits'

export const TRANSLATOR_S1: Profile = translator('S1', 40_000_000)
export const TRANSLATOR_S2: Profile = translator('S2', 40_000_000)
export const TRANSLATOR_S3: Profile = translator('S3', 120_000_000)
export const TRANSLATOR_S4: Profile = translator('S4', 200_000_000)

/** Translator in a multi-service resource: limits of S1, and requests have to name its region. */
export const TRANSLATOR_MULTI_SERVICE: Profile = {
  ...TRANSLATOR_S1,
  name: 'translator-multi-service',
  service: { kind: 'translator', keys: KEYS, region: REGION },
}

const FREE = translator('F0', 2_000_000)

export const TRANSLATOR_F0: Profile = {
  ...FREE,
  rules: [
    assumed(
      {
        name: 'month',
        algorithm: 'fixed-window',
        limit: 2_000_000,
        windowUs: MONTH_US,
        unit: 'characters',
        isQuota: true,
        status: 403,
      },
      'recalled; only the error 403001 for a spent free allowance is published (v3-0-reference.md)',
    ),
    ...FREE.rules,
  ],
}

function translator(tier: string, charactersPerHour: number): Profile {
  return {
    name: `translator-${tier.toLowerCase()}`,
    title: 'Translator',
    tier,
    service: { kind: 'translator', keys: KEYS },
    rules: minuteAndHour(charactersPerHour),
    latency: ASSUMED_LATENCY,
  }
}

/** The hour's characters are to be used evenly: a sliding minute holds a sixtieth, rounded to the nearest as published. */
function minuteAndHour(charactersPerHour: number): Sourced<RuleConfig>[] {
  const perMinute = Math.round(charactersPerHour / 60)
  const minute = {
    name: 'minute',
    algorithm: 'sliding-log',
    limit: perMinute,
    windowUs: 60 * US_PER_S,
  } as const
  const hour = {
    name: 'hour',
    algorithm: 'fixed-window',
    limit: charactersPerHour,
    windowUs: 3_600 * US_PER_S,
  } as const
  return [
    published({ ...minute, unit: 'characters' }, LIMITS),
    published({ ...hour, unit: 'characters' }, LIMITS),
  ]
}
