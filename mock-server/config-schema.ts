import { z } from 'zod'
import type { Fault } from '../src/core/errors.ts'
import {
  type CustomReply,
  DEFAULT_DECISIONS_KEPT_COUNT,
  type MockConfig,
  type ResourceConfig,
  type ServiceConfig,
} from './config.ts'
import {
  faultsInRules,
  nameField,
  queueField,
  refusalStatusField,
  routeField,
  ruleField,
  signalsField,
} from './limits-schema.ts'
import { autoscaledRules, changeAutoscale, hasMovingRule } from './autoscale.ts'
import { changeCapacity } from './capacity.ts'
import { findProfile, PROFILE_NAMES } from './profiles/catalog.ts'
import { type Profile, resourceOf } from './profiles/profile.ts'
import type { BotConfig } from './services/bot.ts'
import { MAX_COLD_START_US, MAX_REAL_TIME_FACTOR } from './spec-service.ts'
import {
  backlogField,
  closedObject,
  countRangeField,
  defined,
  durationField,
  faultField,
  faultsOf,
  latencyField,
  limitField,
} from './schema.ts'
import {
  autoscaleField,
  backendField,
  instanceCountField,
  managerField,
  usageReportField,
} from './topology-schema.ts'
import { faultsInManager, managerOf } from './traffic/settings.ts'
import { changeUsageReport } from './usage-report.ts'

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

/** Statuses whose replies never have a body (RFC 9110). */
const BODILESS: ReadonlySet<number> = new Set([204, 304])

const replyField = closedObject({
  route: routeField,
  status: z.number().int().min(200).max(599).default(200),
  body: z.json().optional(),
  refusal: closedObject({ status: refusalStatusField.optional(), body: z.json().optional() }).optional(),
})
  .refine(({ status, body }) => body === undefined || !BODILESS.has(status), {
    error: 'a status of 204 or 304 has no body',
    path: ['body'],
  })
  .transform(({ refusal, ...rest }): CustomReply =>
    defined({ ...rest, refusal: refusal === undefined ? undefined : defined(refusal) }),
  )

const resource = closedObject({
  name: nameField.default('main'),
  profile: profileField,
  rules: z.array(ruleField).optional(),
  concurrency: limitField.nullable().optional(),
  queue: queueField.nullable().optional(),
  signals: signalsField.optional(),
  latency: latencyField.optional(),
  workers: limitField.nullable().optional(),
  backlog: backlogField.nullable().optional(),
  faults: z.array(faultField).optional(),
  keys: z.array(z.string().min(1)).min(1).optional(),
  status: refusalStatusField.optional(),
  replies: z.array(replyField).optional(),
  region: z
    .string()
    .toLowerCase()
    .regex(/^[a-z0-9]+$/, 'must be letters and digits')
    .optional(),
  rewardActivates: z.boolean().optional(),
  realTimeFactor: z.number().min(0).max(MAX_REAL_TIME_FACTOR).optional(),
  bot: closedObject({
    steps: countRangeField.optional(),
    words: countRangeField.optional(),
    failures: z.number().min(0).max(1).optional(),
  }).optional(),
  coldStart: durationField(MAX_COLD_START_US, '10m').optional(),
  autoscale: autoscaleField.optional(),
  usageReport: usageReportField.optional(),
  instances: instanceCountField.optional(),
  backend: nameField.optional(),
})

const mock = closedObject({
  resources: z.array(resource).min(1),
  backends: z.array(backendField).optional(),
  manager: managerField.optional(),
  decisions: z.number().int().min(0).max(1_000_000).default(DEFAULT_DECISIONS_KEPT_COUNT),
})

type ResourceJson = z.infer<typeof resource>
type MockJson = z.infer<typeof mock>

/**
 * Reads the JSON form of a mock, several resources with several rules each:
 * `{"resources":[{"name":"east","profile":"personalizer-s0","rules":[{"name":"second","limit":50,"window":"1s"}],
 * "concurrency":64,"latency":"lognormal:20ms:80ms","workers":8,"backlog":100,"faults":["reset:0.01"]}]}`. What a resource leaves out is its profile's;
 * `"concurrency":null` and `"rules":[]` take limits away. `"instances":4` makes four of a resource, `NAME-1` and so on;
 * `"backend":"search"` puts it in front of one of the `backends`; a `manager` balances `/` over all resources.
 *
 * @param where what to call the object in faults.
 */
export function parseMockConfig(json: unknown, where = 'config'): ParsedMock {
  const parsed = mock.safeParse(json)
  if (!parsed.success) return { faults: faultsOf(parsed.error, where) }
  const { backends, manager, decisions } = parsed.data
  const resources = parsed.data.resources.flatMap(toInstances)
  const faults = [
    ...repeatedNames(resources, `${where}.resources`),
    ...parsed.data.resources.flatMap((one, index) => faultsInResource(one, `${where}.resources[${index}]`)),
    ...faultsInTopology(parsed.data, resources.length, where),
  ]
  if (faults.length > 0) return { faults }
  const topology = defined({ backends, manager: manager && managerOf(manager, resources.length) })
  return { config: { resources, ...topology, decisionsKeptCount: decisions }, faults }
}

function toInstances(json: ResourceJson): ResourceConfig[] {
  const resource = toResource(json)
  if (json.instances === undefined) return [resource]
  return Array.from({ length: json.instances }, (_, index) => ({
    ...resource,
    name: `${json.name}-${index + 1}`,
  }))
}

/** What is wrong between the resources and what stands in front of and behind them. */
function faultsInTopology(
  { resources, backends = [], manager }: MockJson,
  count: number,
  where: string,
): Fault[] {
  const names = backends.map(({ name }) => name)
  const known = names.length === 0 ? 'there are none' : `there are ${names.join(', ')}`
  return [
    ...repeatedNames(backends, `${where}.backends`),
    ...backends.flatMap(({ rules }, index) => [
      ...repeatedNames(rules, `${where}.backends[${index}].rules`),
      ...faultsInRules(rules, 'custom', `${where}.backends[${index}].rules`),
    ]),
    ...resources.flatMap(({ backend }, index) =>
      backend === undefined || names.includes(backend)
        ? []
        : [{ where: `${where}.resources[${index}].backend`, what: `no such backend; ${known}` }],
    ),
    ...(manager === undefined ? [] : faultsInManager(manager, count)).map(({ key, what }) => ({
      where: `${where}.manager.${key}`,
      what,
    })),
  ]
}

function faultsInResource(json: ResourceJson, where: string): Fault[] {
  const { kind } = json.profile.service
  const rules = json.rules ?? []
  const faults = [...repeatedNames(rules, `${where}.rules`), ...faultsInRules(rules, kind, `${where}.rules`)]
  for (const { isMissing, key, what } of needsOf(json)) {
    if (isMissing) faults.push({ where: `${where}.${key}`, what })
  }
  for (const { key, of, what } of OF_ONE_SERVICE) {
    if (json[key] !== undefined && kind !== of) faults.push({ where: `${where}.${key}`, what })
  }
  if (json.keys !== undefined && kind === 'custom') {
    faults.push({ where: `${where}.keys`, what: `the profile ${json.profile.name} asks for no key` })
  }
  return faults
}

/** What some keys ask of others. */
function needsOf(json: ResourceJson): { isMissing: boolean; key: keyof ResourceJson; what: string }[] {
  const { rules, concurrency, queue, capacity } = toResource(json)
  return [
    {
      isMissing: queue !== undefined && concurrency === undefined,
      key: 'queue',
      what: 'needs a cap on requests in flight; add concurrency',
    },
    {
      isMissing: typeof json.backlog === 'number' && capacity === undefined,
      key: 'backlog',
      what: 'needs workers',
    },
    {
      isMissing: json.autoscale !== undefined && !hasMovingRule(rules),
      key: 'autoscale',
      what: 'needs a rate rule',
    },
  ]
}

/** Keys that only one kind of service has. */
const OF_ONE_SERVICE = [
  { key: 'status', of: 'custom', what: 'only the profile custom has a status of your choice' },
  { key: 'replies', of: 'custom', what: 'only the profile custom has replies of your choice' },
  {
    key: 'rewardActivates',
    of: 'personalizer',
    what: 'only the profiles of Personalizer have events to activate',
  },
  { key: 'region', of: 'translator', what: 'only the profiles of Translator ask for a region' },
  { key: 'realTimeFactor', of: 'speech', what: 'only the profiles of speech have audio to keep up with' },
  { key: 'bot', of: 'direct-line', what: 'only the profiles of Direct Line have a bot' },
  { key: 'coldStart', of: 'azureml', what: 'only the profiles of AzureML have hosts that start' },
] as const

function repeatedNames(named: readonly { readonly name: string }[], where: string): Fault[] {
  const names = named.map(({ name }) => name)
  const repeated = names.filter((name, index) => names.indexOf(name) !== index)
  return [...new Set(repeated)].map((name) => ({ where, what: `the name "${name}" is there more than once` }))
}

function toResource(json: ResourceJson): ResourceConfig {
  const base = resourceOf(json.profile, json.name)
  const concurrency = json.concurrency === undefined ? base.concurrency : json.concurrency
  const signals = json.signals === undefined ? base.signals : { ...base.signals, ...json.signals }
  const rules = json.rules ?? base.rules
  const autoscale = changeAutoscale(base.autoscale, json.autoscale)
  return {
    name: json.name,
    service: toService(base.service, json),
    rules: autoscale === undefined ? rules : autoscaledRules(rules),
    ...(typeof concurrency === 'number' && { concurrency }),
    ...defined({ queue: json.queue ?? undefined, signals }),
    latency: json.latency ?? base.latency,
    ...defined({
      capacity: changeCapacity(base.capacity, json),
      faults: json.faults,
      autoscale,
      usageReport: changeUsageReport(base.usageReport, json.usageReport ?? {}),
      backend: json.backend,
    }),
  }
}

function toService(service: ServiceConfig, json: ResourceJson): ServiceConfig {
  if (service.kind !== 'custom') {
    const { keys = service.keys, rewardActivates, region, realTimeFactor, coldStart: coldStartUs } = json
    const own = defined({ rewardActivates, region, realTimeFactor, coldStartUs })
    return {
      ...service,
      keys,
      ...own,
      ...(service.kind === 'direct-line' && { bot: toBot(service.bot, json.bot) }),
    }
  }
  return {
    ...service,
    refusalStatus: json.status ?? service.refusalStatus,
    ...defined({ replies: json.replies }),
  }
}

function toBot(base: BotConfig, json: ResourceJson['bot']): BotConfig {
  const { steps = base.steps, words = base.words, failures: failureRatio = base.failureRatio } = json ?? {}
  return { steps, words, failureRatio }
}
