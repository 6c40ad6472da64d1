import { US_PER_S } from '../../src/core/units.ts'
import type { PersonalizerConfig } from '../config.ts'
import type { LatencyConfig } from '../latency.ts'
import type { Profile, Sourced } from './profile.ts'

/** Both open every Personalizer mock, as the two keys of a real resource do. */
const KEYS = ['mock-key-1', 'mock-key-2']

const NO_PUBLISHED_NUMBER = 'no number is published for Personalizer'

const LATENCY: Sourced<LatencyConfig> = {
  value: { kind: 'lognormal', medianUs: 20_000, p99Us: 80_000 },
  source: NO_PUBLISHED_NUMBER,
  mark: 'assumed',
}

export const PERSONALIZER_S0: Profile = {
  name: 'personalizer-s0',
  title: 'Personalizer',
  tier: 'S0',
  service: personalizer('S0'),
  rules: [
    {
      value: { name: 'rate', algorithm: 'sliding-log', limit: 50, windowUs: US_PER_S },
      source: NO_PUBLISHED_NUMBER,
      mark: 'assumed',
    },
  ],
  concurrency: { value: 100, source: NO_PUBLISHED_NUMBER, mark: 'assumed' },
  latency: LATENCY,
}

export const PERSONALIZER_F0: Profile = {
  name: 'personalizer-f0',
  title: 'Personalizer',
  tier: 'F0',
  service: personalizer('F0'),
  rules: [
    {
      value: { name: 'rate', algorithm: 'sliding-log', limit: 10, windowUs: US_PER_S },
      source:
        'default of Cognitive Services resources (azure-docs cognitive-services/autoscale.md), not of Personalizer',
      mark: 'assumed',
    },
  ],
  concurrency: { value: 20, source: NO_PUBLISHED_NUMBER, mark: 'assumed' },
  latency: LATENCY,
}

function personalizer(tier: PersonalizerConfig['tier']): PersonalizerConfig {
  return { kind: 'personalizer', tier, keys: KEYS }
}
