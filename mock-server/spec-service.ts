/** The keys of a spec that only some services have. */
import type { Fault } from '../src/core/errors.ts'
import { parseDurationUs } from '../src/core/units.ts'
import { type AzureMlConfig, GATEWAYS, KINDS_BEHIND_GATEWAY, type ServiceConfig } from './config.ts'
import { REFUSAL_STATUSES, type RefusalStatus } from './rule.ts'
import { type BotConfig, parseCountRange } from './services/bot.ts'
import { choiceKey, type SpecKey } from './spec-key.ts'

/** What a spec says about the service itself. */
export interface ServiceOptions {
  readonly status?: RefusalStatus
  readonly realTimeFactor?: number
  readonly botSteps?: BotConfig['steps']
  readonly botWords?: BotConfig['words']
  readonly botFailures?: number
  readonly coldStartUs?: number
  readonly requiredParameters?: readonly string[]
  readonly gateway?: (typeof GATEWAYS)[number]
}

/** Slower than ten times as long as the audio is nobody's recognition. */
export const MAX_REAL_TIME_FACTOR = 10
/** Longest start of a host. */
export const MAX_COLD_START_US = 600_000_000

export const SERVICE_KEYS: readonly SpecKey<ServiceOptions>[] = [
  choiceKey('status', 'of refusals; profile custom', REFUSAL_STATUSES, (status) => ({ status })),
  {
    name: 'real-time-factor',
    syntax: 'RATIO',
    meaning: 'seconds of work for a second of audio; profiles of speech',
    read: (text) => readRatio(text, MAX_REAL_TIME_FACTOR, (realTimeFactor) => ({ realTimeFactor })),
  },
  {
    name: 'bot-steps',
    syntax: 'N[-N]',
    meaning: 'messages until a query is resolved; profiles of Direct Line',
    read: (text) => readRange(text, (botSteps) => ({ botSteps })),
  },
  {
    name: 'bot-words',
    syntax: 'N[-N]',
    meaning: 'length of a reply of the bot; profiles of Direct Line',
    read: (text) => readRange(text, (botWords) => ({ botWords })),
  },
  {
    name: 'bot-failures',
    syntax: 'RATIO',
    meaning: 'share of its turns that the bot ends with an error; profiles of Direct Line',
    read: (text) => readRatio(text, 1, (botFailures) => ({ botFailures })),
  },
  {
    name: 'cold-start',
    syntax: 'DURATION',
    meaning: 'how long a host takes to start that was not in use; profiles of AzureML',
    read: readColdStart,
  },
  {
    name: 'global-parameters',
    syntax: 'NAME[+NAME…]',
    meaning: 'those without which a call is refused; profiles of AzureML',
    read: readParameterNames,
  },
  choiceKey(
    'gateway',
    'bodies of 401, 403 and 429: {"error":{…}}, or {"statusCode":…} as the older kind has them; services behind Azure’s gateway',
    GATEWAYS,
    (gateway) => ({ gateway }),
  ),
]

/** Which service each option is for, and what it is called there. */
const OWNERS: readonly {
  readonly option: keyof ServiceOptions
  readonly key: string
  readonly kinds: readonly ServiceConfig['kind'][]
  readonly owner: string
}[] = [
  { option: 'status', key: 'status', kinds: ['custom'], owner: 'the profile custom' },
  { option: 'realTimeFactor', key: 'real-time-factor', kinds: ['speech'], owner: 'the profiles of speech' },
  { option: 'botSteps', key: 'bot-steps', kinds: ['direct-line'], owner: 'the profiles of Direct Line' },
  { option: 'botWords', key: 'bot-words', kinds: ['direct-line'], owner: 'the profiles of Direct Line' },
  {
    option: 'botFailures',
    key: 'bot-failures',
    kinds: ['direct-line'],
    owner: 'the profiles of Direct Line',
  },
  { option: 'coldStartUs', key: 'cold-start', kinds: ['azureml'], owner: 'the profiles of AzureML' },
  {
    option: 'requiredParameters',
    key: 'global-parameters',
    kinds: ['azureml'],
    owner: 'the profiles of AzureML',
  },
  {
    option: 'gateway',
    key: 'gateway',
    kinds: KINDS_BEHIND_GATEWAY,
    owner: 'services behind Azure’s gateway; Translator, QnA Maker, Direct Line, AzureML and custom are not',
  },
]

/** The service with the options in place of what its profile says; `faultsInService` has found none. */
export function applyService(service: ServiceConfig, options: ServiceOptions): ServiceConfig {
  const { gateway } = options
  return { ...applyOwnOptions(service, options), ...(gateway !== undefined && { gateway }) }
}

/** Of what only one kind of service has. */
function applyOwnOptions(service: ServiceConfig, options: ServiceOptions): ServiceConfig {
  switch (service.kind) {
    case 'custom':
      return { ...service, refusalStatus: options.status ?? service.refusalStatus }
    case 'speech':
      return options.realTimeFactor === undefined
        ? service
        : { ...service, realTimeFactor: options.realTimeFactor }
    case 'azureml':
      return withAzureMlOptions(service, options)
    case 'direct-line': {
      const { steps, words, failureRatio } = service.bot
      const { botSteps = steps, botWords = words, botFailures = failureRatio } = options
      return { ...service, bot: { steps: botSteps, words: botWords, failureRatio: botFailures } }
    }
    default:
      return service
  }
}

function withAzureMlOptions(
  service: AzureMlConfig,
  { coldStartUs, requiredParameters }: ServiceOptions,
): AzureMlConfig {
  return {
    ...service,
    ...(coldStartUs !== undefined && { coldStartUs }),
    ...(requiredParameters !== undefined && { requiredParameters }),
  }
}

/** Options that the service does not have. */
export function faultsInService({ kind }: ServiceConfig, options: ServiceOptions, where: string): Fault[] {
  return OWNERS.filter(({ option, kinds }) => options[option] !== undefined && !kinds.includes(kind)).map(
    ({ key, owner }) => ({ where: `${where}.${key}`, what: `is only for ${owner}` }),
  )
}

function readRatio(
  text: string,
  max: number,
  toOptions: (ratio: number) => ServiceOptions,
): ServiceOptions | string {
  const ratio = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : Infinity
  return ratio <= max ? toOptions(ratio) : `"${text}" is no number from 0 to ${max}`
}

function readRange(
  text: string,
  toOptions: (range: BotConfig['steps']) => ServiceOptions,
): ServiceOptions | string {
  const range = parseCountRange(text)
  return typeof range === 'string' ? range : toOptions(range)
}

function readColdStart(text: string): ServiceOptions | string {
  const coldStartUs = parseDurationUs(text) ?? Infinity
  return coldStartUs <= MAX_COLD_START_US ? { coldStartUs } : `"${text}" is no duration of at most 10m`
}

function readParameterNames(text: string): ServiceOptions | string {
  const requiredParameters = text.split('+').map((name) => name.trim())
  return requiredParameters.includes('')
    ? `"${text}" has an empty name; write seed+limit`
    : { requiredParameters }
}
