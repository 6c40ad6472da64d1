import { z } from 'zod'
import type { Fault } from '../src/core/errors.ts'
import { parseDurationUs } from '../src/core/units.ts'
import {
  ALGORITHMS,
  CONCURRENCY_RULE,
  DEFAULT_DECISIONS_KEPT_COUNT,
  MAX_WINDOW_US,
  type MockConfig,
  REFUSAL_STATUSES,
  type ResourceConfig,
  type RuleConfig,
  type ServiceConfig,
} from './config.ts'
import { findProfile, PROFILE_NAMES } from './profiles/catalog.ts'
import { type Profile, resourceOf } from './profiles/profile.ts'
import { closedObject, faultsOf, latencyField, limitField } from './schema.ts'

/** A configuration, or everything that is wrong with it: exactly one of the two is there. */
export interface ParsedMock {
  readonly config?: MockConfig
  readonly faults: readonly Fault[]
}

const profileField = z.string().transform((name, context): Profile => {
  const profile = findProfile(name)
  if (profile !== undefined) return profile
  context.addIssue({ code: 'custom', message: `no such profile; profiles: ${PROFILE_NAMES.join(', ')}` })
  return z.NEVER
})

const windowField = z.union([z.string(), z.number()]).transform((value, context): number => {
  const us = parseDurationUs(value)
  if (us !== undefined && us >= 1 && us <= MAX_WINDOW_US) return us
  context.addIssue({ code: 'custom', message: 'must be a duration above 0 and up to 1h, e.g. "1s"' })
  return z.NEVER
})

const nameField = z.string().regex(/^[\w-]+$/, 'must be letters, digits, - and _')

const rule = closedObject({
  name: nameField,
  algorithm: z.enum(ALGORITHMS).default('sliding-log'),
  limit: limitField,
  window: windowField,
  burst: limitField.optional(),
})

const resource = closedObject({
  name: nameField.default('main'),
  profile: profileField,
  rules: z.array(rule).optional(),
  concurrency: limitField.nullable().optional(),
  latency: latencyField.optional(),
  keys: z.array(z.string().min(1)).min(1).optional(),
  status: z.literal(REFUSAL_STATUSES).optional(),
})

const mock = closedObject({
  resources: z.array(resource).min(1),
  decisions: z.number().int().min(0).max(1_000_000).default(DEFAULT_DECISIONS_KEPT_COUNT),
})

type RuleJson = z.infer<typeof rule>
type ResourceJson = z.infer<typeof resource>

/**
 * Reads the JSON form of a mock, several resources with several rules each:
 * `{"resources":[{"name":"east","profile":"personalizer-s0","rules":[{"name":"second","limit":50,"window":"1s"}],
 * "concurrency":64,"latency":"lognormal:20ms:80ms"}]}`. What a resource leaves out is its profile's;
 * `"concurrency":null` and `"rules":[]` take limits away.
 *
 * @param where what to call the object in faults.
 */
export function parseMockConfig(json: unknown, where = 'config'): ParsedMock {
  const parsed = mock.safeParse(json)
  if (!parsed.success) return { faults: faultsOf(parsed.error, where) }
  const { resources, decisions } = parsed.data
  const faults = [
    ...repeatedNames(resources, `${where}.resources`),
    ...resources.flatMap((one, index) => faultsInResource(one, `${where}.resources[${index}]`)),
  ]
  if (faults.length > 0) return { faults }
  return { config: { resources: resources.map(toResource), decisionsKeptCount: decisions }, faults }
}

function faultsInResource(json: ResourceJson, where: string): Fault[] {
  const { kind } = json.profile.service
  const rules = json.rules ?? []
  const faults = [
    ...repeatedNames(rules, `${where}.rules`),
    ...rules.flatMap((one, index) => faultsInRule(one, `${where}.rules[${index}]`)),
  ]
  if (json.status !== undefined && kind !== 'custom') {
    faults.push({ where: `${where}.status`, what: 'only the profile custom has a status of your choice' })
  }
  if (json.keys !== undefined && kind !== 'personalizer') {
    faults.push({ where: `${where}.keys`, what: `the profile ${json.profile.name} asks for no key` })
  }
  return faults
}

function faultsInRule(json: RuleJson, where: string): Fault[] {
  const faults: Fault[] = []
  if (json.name === CONCURRENCY_RULE) {
    faults.push({
      where: `${where}.name`,
      what: `"${CONCURRENCY_RULE}" is the name of the cap on requests in flight`,
    })
  }
  if (json.burst !== undefined && json.algorithm !== 'token-bucket') {
    faults.push({ where: `${where}.burst`, what: `a ${json.algorithm} has no burst; token-bucket has` })
  }
  return faults
}

function repeatedNames(named: readonly { readonly name: string }[], where: string): Fault[] {
  const names = named.map(({ name }) => name)
  const repeated = names.filter((name, index) => names.indexOf(name) !== index)
  return [...new Set(repeated)].map((name) => ({ where, what: `the name "${name}" is there more than once` }))
}

function toResource(json: ResourceJson): ResourceConfig {
  const base = resourceOf(json.profile, json.name)
  const concurrency = json.concurrency === undefined ? base.concurrency : json.concurrency
  return {
    name: json.name,
    service: toService(base.service, json),
    rules: json.rules?.map(toRule) ?? base.rules,
    ...(typeof concurrency === 'number' && { concurrency }),
    latency: json.latency ?? base.latency,
  }
}

function toService(service: ServiceConfig, json: ResourceJson): ServiceConfig {
  return service.kind === 'custom'
    ? { ...service, refusalStatus: json.status ?? service.refusalStatus }
    : { ...service, keys: json.keys ?? service.keys }
}

function toRule(json: RuleJson): RuleConfig {
  const { name, algorithm, limit, window: windowUs, burst } = json
  return { name, algorithm, limit, windowUs, ...(burst !== undefined && { burst }) }
}
