/** The keys of a spec that are about what stands behind the limits. */
import type { Fault } from '../src/core/errors.ts'
import { changeCapacity } from './capacity.ts'
import type { ResourceConfig } from './config.ts'
import { parseFault } from './fault-syntax.ts'
import type { FaultConfig } from './faults.ts'
import { type LatencyConfig, lognormal, parseLatency, parseLatencyUs } from './latency.ts'
import { limitKey, type SpecKey } from './spec-key.ts'

/** What a spec says about the service behind the limits; `null`: `none`. */
export interface BackendOptions {
  readonly latency?: LatencyConfig
  readonly p99Us?: number
  readonly workers?: number | null
  readonly backlog?: number | null
  readonly faults?: readonly FaultConfig[]
}

export const BACKEND_KEYS: readonly SpecKey<BackendOptions>[] = [
  { name: 'latency', syntax: 'MODEL', meaning: 'how long an admitted request takes', read: readLatency },
  { name: 'p99', syntax: 'DURATION', meaning: 'makes the latency lognormal, with this p99', read: readP99 },
  limitKey(
    'workers',
    'requests served at once; others wait, so that latency rises before anything fails',
    (workers) => ({ workers }),
  ),
  limitKey('backlog', 'requests that wait for a worker; beyond it 503', (backlog) => ({ backlog }), 0),
  { name: 'fault', syntax: 'FAULT[+FAULT…]', meaning: 'what goes wrong', read: readFaults },
]

/** The resource with the options in place of what its profile says. */
export function applyBackend(base: ResourceConfig, options: BackendOptions): ResourceConfig {
  const { capacity: _capacity, ...rest } = base
  const latency = combineLatency(base.latency, options)
  const capacity = changeCapacity(base.capacity, options)
  return {
    ...rest,
    latency: typeof latency === 'string' ? base.latency : latency,
    ...(capacity !== undefined && { capacity }),
    ...(options.faults !== undefined && { faults: options.faults }),
  }
}

/** What in the options does not go together, or not with the resource that they are for. */
export function faultsInBackend(base: ResourceConfig, options: BackendOptions, where: string): Fault[] {
  const faults: Fault[] = []
  const latency = combineLatency(base.latency, options)
  if (typeof latency === 'string') faults.push({ where: `${where}.p99`, what: latency })
  if (typeof options.backlog === 'number' && changeCapacity(base.capacity, options) === undefined) {
    faults.push({ where: `${where}.backlog`, what: 'needs workers; add workers=…' })
  }
  return faults
}

/** With a p99 a fixed latency becomes the median of a lognormal one. @returns what is wrong, as a string. */
function combineLatency(base: LatencyConfig, options: BackendOptions): LatencyConfig | string {
  const latency = options.latency ?? base
  if (options.p99Us === undefined) return latency
  if (latency.kind === 'fixed') return lognormal(latency.us, options.p99Us)
  if (latency.kind === 'lognormal') return lognormal(latency.medianUs, options.p99Us)
  return `a ${latency.kind} latency has no p99 to set`
}

function readLatency(text: string): BackendOptions | string {
  const latency = parseLatency(text)
  return typeof latency === 'string' ? latency : { latency }
}

function readP99(text: string): BackendOptions | string {
  const p99Us = parseLatencyUs(text)
  return p99Us === undefined ? `"${text}" is no duration of at most 1h, such as 80ms` : { p99Us }
}

function readFaults(text: string): BackendOptions | string {
  const faults = text.split('+').map(parseFault)
  const fault = faults.find((one) => typeof one === 'string')
  return fault ?? { faults: faults.filter((one) => typeof one !== 'string') }
}
