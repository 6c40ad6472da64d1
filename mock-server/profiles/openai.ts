import { US_PER_S } from '../../src/core/units.ts'
import { ASSUMED_LATENCY, cognitive, type Profile, published } from './profile.ts'

const DUMP = 'rateLimits of a deployment with capacity 240 in a public tutorial of 2025'

/** One deployment of an Azure OpenAI account. */
export const OPENAI_240: Profile = {
  name: 'openai-240',
  title: 'Azure OpenAI deployment',
  tier: 'S0',
  service: cognitive('Azure OpenAI API (2024-10-21)', 'OpenAI', 'S0'),
  rules: [
    published({ name: 'request', algorithm: 'sliding-log', limit: 240, windowUs: 10 * US_PER_S }, DUMP),
    published(
      { name: 'token', algorithm: 'sliding-log', limit: 240_000, windowUs: 60 * US_PER_S, unit: 'tokens' },
      DUMP,
    ),
  ],
  // As seen in openai-python#937 and openai-dotnet#838.
  signals: { retryAfterMs: true, xRateLimit: 'by-unit' },
  latency: ASSUMED_LATENCY,
}
