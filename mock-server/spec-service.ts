/** The keys of a spec that only some services have. */
import type { Fault } from '../src/core/errors.ts'
import { parseDurationUs } from '../src/core/units.ts'
import type { ServiceConfig } from './config.ts'
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
]

/** Which service each option is for, and what it is called there. */
const OWNERS: readonly {
  readonly option: keyof ServiceOptions
  readonly key: string
  readonly kind: ServiceConfig['kind']
  readonly owner: string
}[] = [
  { option: 'status', key: 'status', kind: 'custom', owner: 'the profile custom' },
  { option: 'realTimeFactor', key: 'real-time-factor', kind: 'speech', owner: 'the profiles of speech' },
  { option: 'botSteps', key: 'bot-steps', kind: 'direct-line', owner: 'the profiles of Direct Line' },
  { option: 'botWords', key: 'bot-words', kind: 'direct-line', owner: 'the profiles of Direct Line' },
  { option: 'botFailures', key: 'bot-failures', kind: 'direct-line', owner: 'the profiles of Direct Line' },
  { option: 'coldStartUs', key: 'cold-start', kind: 'azureml', owner: 'the profiles of AzureML' },
]

/** The service with the options in place of what its profile says. */
export function applyService(service: ServiceConfig, options: ServiceOptions): ServiceConfig {
  switch (service.kind) {
    case 'custom':
      return { ...service, refusalStatus: options.status ?? service.refusalStatus }
    case 'speech':
      return options.realTimeFactor === undefined
        ? service
        : { ...service, realTimeFactor: options.realTimeFactor }
    case 'azureml':
      return options.coldStartUs === undefined ? service : { ...service, coldStartUs: options.coldStartUs }
    case 'direct-line': {
      const { steps, words, failureRatio } = service.bot
      const { botSteps = steps, botWords = words, botFailures = failureRatio } = options
      return { ...service, bot: { steps: botSteps, words: botWords, failureRatio: botFailures } }
    }
    default:
      return service
  }
}

/** Options that the service does not have. */
export function faultsInService({ kind }: ServiceConfig, options: ServiceOptions, where: string): Fault[] {
  return OWNERS.filter(({ option, kind: owning }) => options[option] !== undefined && owning !== kind).map(
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
