import type { Fault } from '../src/core/errors.ts'
import type { ParsedMock } from './config-schema.ts'
import { DEFAULT_DECISIONS_KEPT_COUNT } from './config.ts'
import { findProfile, PROFILE_NAMES } from './profiles/catalog.ts'
import { resourceOf } from './profiles/profile.ts'
import { applyBackend, BACKEND_KEYS, type BackendOptions, faultsInBackend } from './spec-backend.ts'
import type { SpecKey } from './spec-key.ts'
import { applyLimits, faultsInLimits, LIMIT_KEYS, type LimitOptions } from './spec-limits.ts'
import { applyService, faultsInService, SERVICE_KEYS, type ServiceOptions } from './spec-service.ts'
import {
  applyTopology,
  faultsInTopology,
  instancesOf,
  TOPOLOGY_KEYS,
  type TopologyOptions,
} from './spec-topology.ts'

/** What a spec says. */
interface Options extends LimitOptions, BackendOptions, ServiceOptions, TopologyOptions {}

/** Every key there is, for help texts. */
export const SPEC_KEY_GROUPS: readonly {
  readonly title: string
  readonly keys: readonly Pick<SpecKey<Options>, 'name' | 'syntax' | 'meaning'>[]
}[] = [
  { title: 'Limits', keys: LIMIT_KEYS },
  { title: 'The service behind them', keys: [...BACKEND_KEYS, ...SERVICE_KEYS] },
  { title: 'Over time, and several instances', keys: TOPOLOGY_KEYS },
]

const KEYS: readonly SpecKey<Options>[] = [...LIMIT_KEYS, ...BACKEND_KEYS, ...SERVICE_KEYS, ...TOPOLOGY_KEYS]
const KNOWN_KEYS = KEYS.map(({ name, syntax }) => `\n    ${name}=${syntax}`).join('')

/**
 * Reads `PROFILE[,KEY=VALUE…]`, one resource at `/`, or with `instances` several behind one manager there:
 * `personalizer-s0,tps=50,concurrency=64,algorithm=token-bucket,burst=50,latency=20ms,p99=80ms`.
 * `tps` replaces the profile's rate rules by one of a 1 s window, `rates` by one for each window, `quota` its quotas;
 * `none` takes a limit away.
 *
 * @param where what to call the spec in faults.
 */
export function parseMockSpec(spec: string, where = 'mock'): ParsedMock {
  const [name = '', ...pairs] = spec.split(',').map((part) => part.trim())
  const { options, faults } = readOptions(pairs, where)
  const profile = findProfile(name)
  if (profile === undefined) {
    const what = `unknown profile "${name}"`
    return { faults: [{ where, what, todo: `profiles: ${PROFILE_NAMES.join(', ')}` }, ...faults] }
  }
  const base = resourceOf(profile, 'main')
  const limited = applyLimits(base, options)
  faults.push(...faultsInLimits(limited, options, where))
  faults.push(...faultsInService(base.service, options, where), ...faultsInBackend(base, options, where))
  const scaled = applyTopology(limited, options)
  faults.push(...faultsInTopology(scaled, options, where))
  if (faults.length > 0) return { faults }
  const resource = { ...applyBackend(scaled, options), service: applyService(base.service, options) }
  const topology = instancesOf(resource, options)
  return { config: { ...topology, decisionsKeptCount: DEFAULT_DECISIONS_KEPT_COUNT }, faults }
}

function readOptions(pairs: readonly string[], where: string): { options: Options; faults: Fault[] } {
  let options: Options = {}
  const faults: Fault[] = []
  const seen = new Set<string>()
  for (const pair of pairs) {
    const { key, value } = splitPair(pair)
    const option = seen.has(key) ? keyFault(where, key, 'is given twice') : readOption(key, value, where)
    if ('what' in option) faults.push(option)
    else options = { ...options, ...option }
    seen.add(key)
  }
  return { options, faults }
}

function readOption(key: string, value: string | undefined, where: string): Options | Fault {
  const known = KEYS.find(({ name }) => name === key)
  if (known === undefined) {
    return { where, what: `unknown key "${key}"`, todo: `known keys:${KNOWN_KEYS}` }
  }
  if (value === undefined) return keyFault(where, key, `has no value; write ${key}=VALUE`)
  const option = known.read(value)
  return typeof option === 'string' ? keyFault(where, key, option) : option
}

function splitPair(pair: string): { key: string; value: string | undefined } {
  const equals = pair.indexOf('=')
  if (equals === -1) return { key: pair, value: undefined }
  return { key: pair.slice(0, equals).trim(), value: pair.slice(equals + 1).trim() }
}

function keyFault(where: string, key: string, what: string): Fault {
  return { where: `${where}.${key}`, what }
}
