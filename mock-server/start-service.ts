import type { Rng } from '../src/core/rng.ts'
import type { ResourceConfig } from './config.ts'
import { KeyRing } from './key-ring.ts'
import { type Arm, createArm } from './services/arm.ts'
import { createService } from './services/create.ts'
import type { Service } from './services/service.ts'

interface StartedService {
  readonly service: Service
  /** `undefined`: it asks for none. */
  readonly keys: KeyRing | undefined
  /** Manages the keys and the limits of a service of Azure's. */
  readonly arm: Arm | undefined
}

/** A service as new, with its first keys and what manages them. @param startUnixMs the date at time 0. */
export function startService(config: ResourceConfig, rng: Rng, startUnixMs: number): StartedService {
  const keys = 'keys' in config.service ? new KeyRing(config.service.keys, rng.fork('keys')) : undefined
  const arm = keys && createArm(config.service, keys, rng, config.autoscale?.enabled === true)
  const live = keys === undefined ? config.service : { ...config.service, keys: keys.valid }
  return { service: createService({ ...config, service: live }, rng, startUnixMs), keys, arm }
}
