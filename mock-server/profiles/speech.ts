import { US_PER_S } from '../../src/core/units.ts'
import { ASSUMED_LATENCY, cognitive, KEYS, type Profile, published } from './profile.ts'

const QUOTAS = 'azure-docs cognitive-services/Speech-Service/speech-services-quotas-and-limits.md'

export const SPEECH_F0: Profile = speech('F0', 1)
export const SPEECH_S0: Profile = speech('S0', 100)

/** Text to speech: only what the gateway says of it, no audio. */
export const SPEECH_TTS_S0: Profile = {
  name: 'speech-tts-s0',
  title: 'Text to speech',
  tier: 'S0',
  service: cognitive('Text to Speech API (v1.0)', 'SpeechServices', 'S0'),
  rules: [published({ name: 'rate', algorithm: 'sliding-log', limit: 200, windowUs: US_PER_S }, QUOTAS)],
  latency: ASSUMED_LATENCY,
}

/** Batch transcription: only what the gateway says of it, no transcripts. */
export const SPEECH_BATCH_S0: Profile = {
  name: 'speech-batch-s0',
  title: 'Batch transcription',
  tier: 'S0',
  service: cognitive('Speech to Text API (v3.0)', 'SpeechServices', 'S0'),
  rules: [
    published({ name: 'minute', algorithm: 'sliding-log', limit: 300, windowUs: 60 * US_PER_S }, QUOTAS),
  ],
  latency: ASSUMED_LATENCY,
}

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
