import { formatDuration, US_PER_S } from '../../src/core/units.ts'
import { type AutoscaleConfig, formatGrowth } from '../autoscale.ts'
import type { CapacityConfig } from '../capacity.ts'
import { formatLatency } from '../latency.ts'
import type { RuleConfig } from '../rule.ts'
import { AZUREML_FREE, AZUREML_HIGH_20, AZUREML_HIGH_200, AZUREML_LOW } from './azureml.ts'
import { COGNITIVE_AUTOSCALE, COGNITIVE_DEFAULT, VISION_S1 } from './cognitive.ts'
import { CONTAINER_8 } from './container.ts'
import { CUSTOM } from './custom.ts'
import { DIRECT_LINE_F0, DIRECT_LINE_S1 } from './direct-line.ts'
import { LANGUAGE_F0, LANGUAGE_S, TEXTANALYTICS_F0 } from './language.ts'
import { LUIS_AUTHORING_F0, LUIS_F0, LUIS_S0 } from './luis.ts'
import { OPENAI_240 } from './openai.ts'
import { PERSONALIZER_CONTAINER, PERSONALIZER_E0, PERSONALIZER_F0, PERSONALIZER_S0 } from './personalizer.ts'
import type { Profile, Sourced } from './profile.ts'
import { QNA_MAKER } from './qna-maker.ts'
import { CQA_S, CQA_S3HD } from './question-answering.ts'
import { SPEECH_BATCH_S0, SPEECH_F0, SPEECH_S0, SPEECH_TTS_S0 } from './speech.ts'
import {
  TRANSLATOR_F0,
  TRANSLATOR_MULTI_SERVICE,
  TRANSLATOR_S1,
  TRANSLATOR_S2,
  TRANSLATOR_S3,
  TRANSLATOR_S4,
} from './translator.ts'

const PROFILES: readonly Profile[] = [
  PERSONALIZER_S0,
  PERSONALIZER_E0,
  PERSONALIZER_F0,
  PERSONALIZER_CONTAINER,
  AZUREML_FREE,
  AZUREML_LOW,
  AZUREML_HIGH_20,
  AZUREML_HIGH_200,
  TRANSLATOR_F0,
  TRANSLATOR_S1,
  TRANSLATOR_S2,
  TRANSLATOR_S3,
  TRANSLATOR_S4,
  TRANSLATOR_MULTI_SERVICE,
  SPEECH_F0,
  SPEECH_S0,
  SPEECH_TTS_S0,
  SPEECH_BATCH_S0,
  LANGUAGE_F0,
  LANGUAGE_S,
  TEXTANALYTICS_F0,
  ...QNA_MAKER,
  CQA_S,
  CQA_S3HD,
  LUIS_F0,
  LUIS_S0,
  LUIS_AUTHORING_F0,
  DIRECT_LINE_F0,
  DIRECT_LINE_S1,
  OPENAI_240,
  VISION_S1,
  COGNITIVE_DEFAULT,
  COGNITIVE_AUTOSCALE,
  CONTAINER_8,
  CUSTOM,
]

const US_PER_DAY = 86_400 * US_PER_S

/** One limit of one profile, for a table. */
export interface ProfileRow {
  readonly name: string
  readonly service: string
  readonly tier: string
  /** In words: `50 requests per 1s (sliding-log)`. */
  readonly limits: string
  readonly source: string
  readonly mark: Sourced<unknown>['mark']
}

export const PROFILE_NAMES: readonly string[] = PROFILES.map((profile) => profile.name)

export function findProfile(name: string): Profile | undefined {
  return PROFILES.find((profile) => profile.name === name)
}

/** Every profile, a row for each of its numbers: rate rules, concurrency, latency, capacity, autoscale. */
export function listProfiles(): ProfileRow[] {
  return PROFILES.flatMap((profile) => [
    ...profile.rules.map((rule) => row(profile, rule, ruleInWords)),
    ...(profile.concurrency === undefined ? [] : [row(profile, profile.concurrency, concurrencyInWords)]),
    row(profile, profile.latency, (latency) => `latency ${formatLatency(latency)}`),
    ...(profile.capacity === undefined ? [] : [row(profile, profile.capacity, capacityInWords)]),
    ...(profile.autoscale === undefined ? [] : [row(profile, profile.autoscale, autoscaleInWords)]),
  ])
}

function row<Value>(
  profile: Profile,
  sourced: Sourced<Value>,
  inWords: (value: Value) => string,
): ProfileRow {
  const { name, title, tier } = profile
  return {
    name,
    service: title,
    tier,
    limits: inWords(sourced.value),
    source: sourced.source,
    mark: sourced.mark,
  }
}

function ruleInWords(rule: RuleConfig): string {
  const { algorithm, limit, windowUs, unit = 'requests', perOperation, isQuota, status, match = [] } = rule
  const routes = match.map(({ method, path }) => (method === '*' ? path : `${method} ${path}`)).join(', ')
  const details = [isQuota === true ? 'quota' : algorithm]
  if (perOperation === true) details.push('for each operation')
  if (status !== undefined) details.push(String(status))
  const where = routes === '' ? '' : ` for ${routes}`
  return `${limit} ${unit} per ${windowInWords(windowUs)} (${details.join(', ')})${where}`
}

function autoscaleInWords({ enabled, periodUs, growth, maxPerS }: AutoscaleConfig): string {
  const each = growth.kind === 'factor' ? `x ${growth.factor}` : formatGrowth(growth)
  const state = enabled ? '' : ', switched off'
  return `autoscale every ${formatDuration(periodUs)}, ${each}, up to ${maxPerS} per 1s${state}`
}

function windowInWords(windowUs: number): string {
  return windowUs % US_PER_DAY === 0 ? `${windowUs / US_PER_DAY}d` : formatDuration(windowUs)
}

function concurrencyInWords(concurrency: number): string {
  return `${concurrency} requests in flight`
}

function capacityInWords({ workers, backlog }: CapacityConfig): string {
  return `${workers} served at once${backlog === undefined ? '' : `, ${backlog} waiting`}`
}
