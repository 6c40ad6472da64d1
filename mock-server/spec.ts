import type { Fault } from '../src/core/errors.ts'
import { US_PER_S } from '../src/core/units.ts'
import type { ParsedMock } from './config-schema.ts'
import {
  ALGORITHMS,
  type Algorithm,
  DEFAULT_DECISIONS_KEPT_COUNT,
  MAX_LIMIT,
  REFUSAL_STATUSES,
  type RefusalStatus,
  type ResourceConfig,
  type RuleConfig,
  type ServiceConfig,
} from './config.ts'
import { type LatencyConfig, lognormal, parseLatency, parseLatencyUs } from './latency.ts'
import { findProfile, PROFILE_NAMES } from './profiles/catalog.ts'
import { resourceOf } from './profiles/profile.ts'

/** What a spec says; `null`: `none`. */
interface Options {
  readonly tps?: number | null
  readonly burst?: number
  readonly algorithm?: Algorithm
  readonly concurrency?: number | null
  readonly latency?: LatencyConfig
  readonly p99Us?: number
  readonly status?: RefusalStatus
}

/** Reads the value of one key. @returns the option, or what is wrong with the value. */
type Reader = (text: string) => Options | string

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['tps', (text) => (text === 'none' ? { tps: null } : readLimit(text, (tps) => ({ tps })))],
  ['burst', (text) => readLimit(text, (burst) => ({ burst }))],
  ['algorithm', (text) => readChoice(ALGORITHMS, text, (algorithm) => ({ algorithm }))],
  [
    'concurrency',
    (text) => (text === 'none' ? { concurrency: null } : readLimit(text, (concurrency) => ({ concurrency }))),
  ],
  ['latency', readLatency],
  ['p99', readP99],
  ['status', (text) => readChoice(REFUSAL_STATUSES, text, (status) => ({ status }))],
])

/**
 * Reads `PROFILE[,KEY=VALUE…]`, one resource at `/`:
 * `personalizer-s0,tps=50,concurrency=64,algorithm=token-bucket,burst=50,latency=20ms,p99=80ms`.
 * `tps` replaces the profile's rate rules by one of a 1 s window; `none` takes a limit away.
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
  faults.push(...faultsInCombination(base, options, where))
  const latency = combineLatency(base.latency, options)
  if (typeof latency === 'string') faults.push({ where: `${where}.p99`, what: latency })
  if (faults.length > 0 || typeof latency === 'string') return { faults }
  const resource = applyOptions(base, options, latency)
  return { config: { resources: [resource], decisionsKeptCount: DEFAULT_DECISIONS_KEPT_COUNT }, faults }
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
  const reader = READERS.get(key)
  if (reader === undefined) {
    return { where, what: `unknown key "${key}"`, todo: `known keys: ${[...READERS.keys()].join(', ')}` }
  }
  if (value === undefined) return keyFault(where, key, `has no value; write ${key}=VALUE`)
  const option = reader(value)
  return typeof option === 'string' ? keyFault(where, key, option) : option
}

function splitPair(pair: string): { key: string; value: string | undefined } {
  const equals = pair.indexOf('=')
  if (equals === -1) return { key: pair, value: undefined }
  return { key: pair.slice(0, equals).trim(), value: pair.slice(equals + 1).trim() }
}

function faultsInCombination(base: ResourceConfig, options: Options, where: string): Fault[] {
  const faults: Fault[] = []
  const rules = applyTps(base.rules, options.tps)
  if (options.algorithm !== undefined && rules.length === 0) {
    faults.push(keyFault(where, 'algorithm', 'needs a rate limit; add tps=…'))
  }
  const isBucket = (options.algorithm ?? rules[0]?.algorithm) === 'token-bucket'
  if (options.burst !== undefined && !isBucket) {
    faults.push(keyFault(where, 'burst', 'needs algorithm=token-bucket'))
  }
  if (options.status !== undefined && base.service.kind !== 'custom') {
    faults.push(keyFault(where, 'status', 'is only for the profile custom'))
  }
  return faults
}

/** With a p99 a fixed latency becomes the median of a lognormal one. @returns what is wrong, as a string. */
function combineLatency(base: LatencyConfig, options: Options): LatencyConfig | string {
  const latency = options.latency ?? base
  if (options.p99Us === undefined) return latency
  if (latency.kind === 'uniform') return 'a uniform latency has no p99 to set'
  return lognormal(latency.kind === 'fixed' ? latency.us : latency.medianUs, options.p99Us)
}

function applyOptions(base: ResourceConfig, options: Options, latency: LatencyConfig): ResourceConfig {
  const { concurrency: baseConcurrency, ...rest } = base
  const concurrency = options.concurrency === undefined ? baseConcurrency : options.concurrency
  const rules = applyTps(base.rules, options.tps).map((rule) => ({
    ...rule,
    ...(options.algorithm !== undefined && { algorithm: options.algorithm }),
    ...(options.burst !== undefined && { burst: options.burst }),
  }))
  const service = applyStatus(base.service, options.status)
  return { ...rest, service, rules, latency, ...(typeof concurrency === 'number' && { concurrency }) }
}

function applyTps(rules: readonly RuleConfig[], tps: number | null | undefined): readonly RuleConfig[] {
  if (tps === undefined) return rules
  return tps === null ? [] : [{ name: 'rate', algorithm: 'sliding-log', limit: tps, windowUs: US_PER_S }]
}

function applyStatus(service: ServiceConfig, status: RefusalStatus | undefined): ServiceConfig {
  return service.kind === 'custom' && status !== undefined ? { ...service, refusalStatus: status } : service
}

function readLimit(text: string, toOption: (limit: number) => Options): Options | string {
  const limit = /^\d+$/.test(text) ? Number(text) : 0
  return limit >= 1 && limit <= MAX_LIMIT
    ? toOption(limit)
    : `"${text}" is no whole number from 1 to ${MAX_LIMIT}`
}

function readLatency(text: string): Options | string {
  const latency = parseLatency(text)
  return typeof latency === 'string' ? latency : { latency }
}

function readP99(text: string): Options | string {
  const p99Us = parseLatencyUs(text)
  return p99Us === undefined ? `"${text}" is no duration of at most 1h, such as 80ms` : { p99Us }
}

function readChoice<Choice extends string | number>(
  choices: readonly Choice[],
  text: string,
  toOption: (choice: Choice) => Options,
): Options | string {
  const choice = choices.find((one) => String(one) === text)
  return choice === undefined ? `"${text}" is none of ${choices.join(', ')}` : toOption(choice)
}

function keyFault(where: string, key: string, what: string): Fault {
  return { where: `${where}.${key}`, what }
}
