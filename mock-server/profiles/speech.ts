import { ASSUMED_LATENCY, KEYS, type Profile, published } from './profile.ts'

const QUOTAS = 'azure-docs cognitive-services/Speech-Service/speech-services-quotas-and-limits.md'

export const SPEECH_F0: Profile = speech('F0', 1)
export const SPEECH_S0: Profile = speech('S0', 100)

/** Speech to text: a cap on requests in flight, none on their rate. */
function speech(tier: string, concurrency: number): Profile {
  return {
    name: `speech-${tier.toLowerCase()}`,
    title: 'Speech to text',
    tier,
    service: { kind: 'speech', tier, keys: KEYS },
    rules: [],
    concurrency: published(concurrency, QUOTAS),
    latency: ASSUMED_LATENCY,
  }
}
