import { assumed, type Profile } from './profile.ts'

/** A service in a container on a machine of one's own: no cap, only what eight workers get done, here 160 requests a second. */
export const CONTAINER_8: Profile = {
  name: 'container-8',
  title: 'any service in a container',
  tier: 'container',
  service: { kind: 'custom', refusalStatus: 503 },
  rules: [],
  latency: assumed({ kind: 'fixed', us: 50_000 }, 'depends on the machine'),
  capacity: assumed({ workers: 8 }, 'depends on the machine'),
}
