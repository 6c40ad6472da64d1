/** The JSON form of one resource. */
import { z } from 'zod'
import type { Fault } from '../src/core/errors.ts'
import { autoscaledRules, changeAutoscale, hasMovingRule } from './autoscale.ts'
import { changeCapacity } from './capacity.ts'
import {
  type CustomReply,
  GATEWAYS,
  KINDS_BEHIND_GATEWAY,
  type ResourceConfig,
  type ServiceConfig,
} from './config.ts'
import {
  faultsInUnits,
  nameField,
  queueField,
  refusalStatusField,
  routeField,
  ruleField,
  signalsField,
} from './limits-schema.ts'
import { findProfile, PROFILE_NAMES } from './profiles/catalog.ts'
import { type Profile, resourceOf } from './profiles/profile.ts'
import { repeatedNames } from './repeated-names.ts'
import {
  backlogField,
  closedObject,
  countRangeField,
  defined,
  durationField,
  faultField,
  latencyField,
  limitField,
} from './schema.ts'
import type { BotConfig } from './services/bot.ts'
import { readSound } from './sound.ts'
import { MAX_COLD_START_US, MAX_REAL_TIME_FACTOR } from './spec-service.ts'
import { autoscaleField, instanceCountField, usageReportField } from './topology-schema.ts'
import { changeUsageReport } from './usage-report.ts'

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

const resourceField = closedObject({
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
  globalParameters: z.array(z.string().min(1)).optional(),
  gateway: z.enum(GATEWAYS).optional(),
  autoscale: autoscaleField.optional(),
  usageReport: usageReportField.optional(),
  instances: instanceCountField.optional(),
  backend: nameField.optional(),
})
type ResourceJson = z.infer<typeof resourceField>

/** One entry of `resources` as it was read. */
export interface ReadResource {
  /** As many as it asks for; what is sound of them when something is wrong, and none when too much is. */
  readonly instances: readonly ResourceConfig[]
  /** Whether it is known how many it asks for. */
  readonly isCounted: boolean
  readonly faults: readonly Fault[]
}

/** @param where what to call it in faults. */
export function readResource(json: unknown, where: string): ReadResource {
  const { value, faults, unsound } = readSound(resourceField, json, where)
  if (value === undefined) return { instances: [], isCounted: false, faults }
  return {
    instances: toInstances(value),
    isCounted: !unsound.has('instances'),
    faults: [...faults, ...faultsInResource(value, unsound, where)],
  }
}

function toInstances(json: ResourceJson): ResourceConfig[] {
  const resource = toResource(json)
  if (json.instances === undefined) return [resource]
  return Array.from({ length: json.instances }, (_, index) => ({
    ...resource,
    name: `${json.name}-${index + 1}`,
  }))
}

/** @param unsound the members in which something is wrong. */
function faultsInResource(json: ResourceJson, unsound: ReadonlySet<string>, where: string): Fault[] {
  const { kind } = json.profile.service
  const rules = json.rules ?? []
  const faults = [...repeatedNames(rules, `${where}.rules`), ...faultsInUnits(rules, kind, `${where}.rules`)]
  for (const { isMissing, key, of, what } of needsOf(json)) {
    if (isMissing && !unsound.has(of)) faults.push({ where: `${where}.${key}`, what })
  }
  for (const { key, of, what } of OF_SOME_SERVICES) {
    if (json[key] !== undefined && !of.includes(kind)) faults.push({ where: `${where}.${key}`, what })
  }
  if (json.keys !== undefined && kind === 'custom') {
    faults.push({ where: `${where}.keys`, what: `the profile ${json.profile.name} asks for no key` })
  }
  return faults
}

/** A key that asks for another one. */
interface Need {
  readonly isMissing: boolean
  readonly key: keyof ResourceJson
  readonly of: keyof ResourceJson
  readonly what: string
}

function needsOf(json: ResourceJson): Need[] {
  const { rules, concurrency, queue, capacity } = toResource(json)
  return [
    {
      isMissing: queue !== undefined && concurrency === undefined,
      key: 'queue',
      of: 'concurrency',
      what: 'needs a cap on requests in flight; add concurrency',
    },
    {
      isMissing: typeof json.backlog === 'number' && capacity === undefined,
      key: 'backlog',
      of: 'workers',
      what: 'needs workers',
    },
    {
      isMissing: json.autoscale !== undefined && !hasMovingRule(rules),
      key: 'autoscale',
      of: 'rules',
      what: 'needs a rate rule',
    },
  ]
}

/** Keys that only some kinds of services have. */
const OF_SOME_SERVICES: readonly {
  readonly key: keyof ResourceJson
  readonly of: readonly ServiceConfig['kind'][]
  readonly what: string
}[] = [
  { key: 'status', of: ['custom'], what: 'only the profile custom has a status of your choice' },
  { key: 'replies', of: ['custom'], what: 'only the profile custom has replies of your choice' },
  {
    key: 'rewardActivates',
    of: ['personalizer'],
    what: 'only the profiles of Personalizer have events to activate',
  },
  { key: 'region', of: ['translator'], what: 'only the profiles of Translator ask for a region' },
  { key: 'realTimeFactor', of: ['speech'], what: 'only the profiles of speech have audio to keep up with' },
  { key: 'bot', of: ['direct-line'], what: 'only the profiles of Direct Line have a bot' },
  { key: 'coldStart', of: ['azureml'], what: 'only the profiles of AzureML have hosts that start' },
  { key: 'globalParameters', of: ['azureml'], what: 'only the profiles of AzureML have global parameters' },
  {
    key: 'gateway',
    of: KINDS_BEHIND_GATEWAY,
    what: 'only services behind Azure’s gateway have one; Translator, QnA Maker, Direct Line, AzureML and custom are not',
  },
]

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
    const { keys = service.keys, rewardActivates, region, realTimeFactor, gateway } = json
    const { coldStart: coldStartUs, globalParameters: requiredParameters } = json
    const own = defined({
      rewardActivates,
      region,
      realTimeFactor,
      gateway,
      coldStartUs,
      requiredParameters,
    })
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
