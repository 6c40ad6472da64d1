import { US_PER_S } from '../../src/core/units.ts'
import { ASSUMED_LATENCY, cognitive, KEYS, MONTH_US, type Profile, published } from './profile.ts'

const LIMITS = 'azure-docs cognitive-services/LUIS/luis-limits.md'

export const LUIS_F0: Profile = {
  name: 'luis-f0',
  title: 'LUIS prediction',
  tier: 'F0',
  service: { kind: 'luis', tier: 'F0', keys: KEYS },
  rules: [
    published(
      {
        name: 'month',
        algorithm: 'fixed-window',
        limit: 10_000,
        windowUs: MONTH_US,
        isQuota: true,
        status: 403,
      },
      `${LIMITS}, luis-reference-response-codes.md`,
    ),
    published({ name: 'rate', algorithm: 'sliding-log', limit: 5, windowUs: US_PER_S }, LIMITS),
  ],
  latency: ASSUMED_LATENCY,
}

export const LUIS_S0: Profile = {
  name: 'luis-s0',
  title: 'LUIS prediction',
  tier: 'S0',
  service: { kind: 'luis', tier: 'S0', keys: KEYS },
  rules: [published({ name: 'rate', algorithm: 'sliding-log', limit: 50, windowUs: US_PER_S }, LIMITS)],
  latency: ASSUMED_LATENCY,
}

/** Authoring: only what the gateway says of it, no apps. */
export const LUIS_AUTHORING_F0: Profile = {
  name: 'luis-authoring-f0',
  title: 'LUIS authoring',
  tier: 'F0',
  service: cognitive('LUIS Authoring API (v3.0)', 'LUIS.Authoring', 'F0'),
  rules: [
    published(
      {
        name: 'month',
        algorithm: 'fixed-window',
        limit: 1_000_000,
        windowUs: MONTH_US,
        isQuota: true,
        status: 403,
      },
      LIMITS,
    ),
    published({ name: 'rate', algorithm: 'sliding-log', limit: 5, windowUs: US_PER_S }, LIMITS),
  ],
  latency: ASSUMED_LATENCY,
}
