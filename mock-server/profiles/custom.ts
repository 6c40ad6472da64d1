import { assumed, type Profile } from './profile.ts'

/** A service of the user's own: no limits but those that are given. */
export const CUSTOM: Profile = {
  name: 'custom',
  title: 'your own service',
  tier: '',
  service: { kind: 'custom', refusalStatus: 429 },
  rules: [],
  latency: assumed({ kind: 'fixed', us: 0 }, 'yours to set'),
}
