import type { DirectLineConfig } from '../config.ts'
import type { LatencyConfig } from '../latency.ts'
import { assumed, KEYS, MONTH_US, type Profile, published, type Sourced } from './profile.ts'

const SERVICE: DirectLineConfig = {
  kind: 'direct-line',
  bot: { steps: { low: 1, high: 4 }, words: { low: 10, high: 60 }, failureRatio: 0 },
  keys: KEYS,
}

/** Of the bot's turn. */
const LATENCY: Sourced<LatencyConfig> = assumed(
  { kind: 'lognormal', medianUs: 300_000, p99Us: 2_000_000 },
  'a bot takes as long as what it calls; yours to set',
)

/** No cap on the rate is published. */
export const DIRECT_LINE_S1: Profile = {
  name: 'direct-line-s1',
  title: 'Bot Framework Direct Line (polling; no WebSocket stream)',
  tier: 'S1',
  service: SERVICE,
  rules: [],
  latency: LATENCY,
}

export const DIRECT_LINE_F0: Profile = {
  ...DIRECT_LINE_S1,
  name: 'direct-line-f0',
  tier: 'F0',
  rules: [
    published(
      {
        name: 'month',
        algorithm: 'fixed-window',
        limit: 10_000,
        windowUs: MONTH_US,
        match: [{ method: 'POST', path: '/v3/directline/conversations/*/activities' }],
        isQuota: true,
        status: 429,
      },
      'microsoft/botframework-sdk#4359',
    ),
  ],
}
