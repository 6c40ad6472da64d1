import { US_PER_S } from '../../src/core/units.ts'
import type { PersonalizerConfig } from '../config.ts'
import type { LatencyConfig } from '../latency.ts'
import { assumed, KEYS, MONTH_US, type Profile, type Sourced } from './profile.ts'

const NO_PUBLISHED_NUMBER = 'no number is published for Personalizer'

const LATENCY: Sourced<LatencyConfig> = assumed(
  { kind: 'lognormal', medianUs: 20_000, p99Us: 80_000 },
  NO_PUBLISHED_NUMBER,
)

export const PERSONALIZER_S0: Profile = paid('S0')
/** The tier with Apprentice mode. */
export const PERSONALIZER_E0: Profile = paid('E0')

export const PERSONALIZER_F0: Profile = {
  name: 'personalizer-f0',
  title: 'Personalizer',
  tier: 'F0',
  service: personalizer('F0'),
  rules: [
    assumed(
      {
        name: 'month',
        algorithm: 'fixed-window',
        limit: 50_000,
        windowUs: MONTH_US,
        isQuota: true,
        status: 429,
        match: [{ method: 'POST', path: '/personalizer/*rank' }],
      },
      'recalled; azure-docs cognitive-services/personalizer say only that a spent free quota of Rank calls answers 429',
    ),
    assumed(
      { name: 'rate', algorithm: 'sliding-log', limit: 10, windowUs: US_PER_S },
      'default of Cognitive Services resources (azure-docs cognitive-services/autoscale.md), not of Personalizer',
    ),
  ],
  concurrency: assumed(20, NO_PUBLISHED_NUMBER),
  latency: LATENCY,
}

/** The same API on a machine of one's own: no cap, only what the machine gets done (here 250 requests a second). */
export const PERSONALIZER_CONTAINER: Profile = {
  name: 'personalizer-container',
  title: 'Personalizer',
  tier: 'container',
  service: personalizer('S0'),
  rules: [],
  latency: assumed({ kind: 'fixed', us: 20_000 }, 'depends on the machine'),
  capacity: assumed({ workers: 5 }, 'depends on the machine'),
}

function paid(tier: 'S0' | 'E0'): Profile {
  return {
    name: `personalizer-${tier.toLowerCase()}`,
    title: 'Personalizer',
    tier,
    service: personalizer(tier),
    rules: [
      assumed({ name: 'rate', algorithm: 'sliding-log', limit: 50, windowUs: US_PER_S }, NO_PUBLISHED_NUMBER),
    ],
    concurrency: assumed(100, NO_PUBLISHED_NUMBER),
    latency: LATENCY,
  }
}

function personalizer(tier: PersonalizerConfig['tier']): PersonalizerConfig {
  return { kind: 'personalizer', tier, keys: KEYS }
}
