import { z } from 'zod'
import { US_PER_S } from '../../../src/core/units.ts'
import { parseJson } from '../json-body.ts'
import type { PersonalizerFault } from './faults.ts'
import { parseIsoDurationUs } from './iso-duration.ts'

/** azure-rest-api-specs, Personalizer: rewardWaitTime. */
const MIN_REWARD_WAIT_US = 5 * US_PER_S
const MAX_REWARD_WAIT_US = 2 * 86_400 * US_PER_S

const US_PER_DAY = 86_400 * US_PER_S

const durationField = z.string().refine((text) => (parseIsoDurationUs(text) ?? 0) > 0, {
  error: 'must be an ISO 8601 duration above 0, e.g. PT5M',
})

/** azure-rest-api-specs, Personalizer v1.1-preview.1, ServiceConfiguration; `null` is as good as absent. */
const SCHEMA = z.object({
  rewardWaitTime: durationField,
  defaultReward: z.number().min(-1).max(1),
  rewardAggregation: z.enum(['sum', 'earliest']),
  explorationPercentage: z.number().min(0).max(1),
  modelExportFrequency: durationField,
  logMirrorEnabled: z.boolean().nullish(),
  logMirrorSasUri: z.string().nullish(),
  logRetentionDays: z.number().int().min(-1).max(2_147_483_647),
  learningMode: z.enum(['Online', 'Apprentice', 'LoggingOnly']).nullish(),
  isAutoOptimizationEnabled: z.boolean().nullish(),
  autoOptimizationFrequency: durationField.nullish(),
  autoOptimizationStartDate: z.iso.datetime({ offset: true }).nullish(),
})

/** Of a loop, as its API shows it; `null`: nothing has been set. */
export interface ServiceConfiguration {
  readonly rewardWaitTime: string
  readonly defaultReward: number
  readonly rewardAggregation: 'sum' | 'earliest'
  readonly explorationPercentage: number
  readonly modelExportFrequency: string
  readonly logMirrorEnabled: boolean
  readonly logMirrorSasUri: string | null
  readonly logRetentionDays: number
  readonly lastConfigurationEditDate: string
  readonly learningMode: 'Online' | 'Apprentice' | 'LoggingOnly'
  readonly isAutoOptimizationEnabled: boolean
  readonly autoOptimizationFrequency: string | null
  readonly autoOptimizationStartDate: string | null
}

/** What a new loop has: the usual values of the documentation's samples. */
export function defaultConfiguration(nowIso: string): ServiceConfiguration {
  return {
    rewardWaitTime: 'PT10M',
    defaultReward: 0,
    rewardAggregation: 'earliest',
    explorationPercentage: 0.2,
    modelExportFrequency: 'PT5M',
    logMirrorEnabled: false,
    logMirrorSasUri: null,
    logRetentionDays: 90,
    lastConfigurationEditDate: nowIso,
    learningMode: 'Online',
    isAutoOptimizationEnabled: false,
    autoOptimizationFrequency: null,
    autoOptimizationStartDate: null,
  }
}

/** What the body of a PUT makes of a configuration. */
export interface ConfigurationRequest {
  readonly body: Uint8Array
  readonly current: ServiceConfiguration
  /** API v1.0 has no learning modes and no automatic optimization. */
  readonly isPreview: boolean
  /** Apprentice mode is to be had. */
  readonly hasApprentice: boolean
  readonly nowIso: string
}

/** @returns the new configuration, or what is wrong. */
export function readConfiguration(asked: ConfigurationRequest): ServiceConfiguration | PersonalizerFault {
  const parsed = SCHEMA.safeParse(parseJson(asked.body))
  if (!parsed.success) return invalid(inWords(parsed.error.issues[0]))
  const { learningMode, isAutoOptimizationEnabled, autoOptimizationFrequency, autoOptimizationStartDate } =
    asked.isPreview ? parsed.data : asked.current
  const configuration: ServiceConfiguration = {
    ...parsed.data,
    logMirrorEnabled: parsed.data.logMirrorEnabled ?? false,
    logMirrorSasUri: parsed.data.logMirrorSasUri ?? null,
    lastConfigurationEditDate: asked.nowIso,
    learningMode: learningMode ?? asked.current.learningMode,
    isAutoOptimizationEnabled: isAutoOptimizationEnabled ?? false,
    autoOptimizationFrequency: autoOptimizationFrequency ?? null,
    autoOptimizationStartDate: autoOptimizationStartDate ?? null,
  }
  return faultIn(configuration, asked) ?? configuration
}

/** What API v1.0 shows of it. */
export function withoutPreview(configuration: ServiceConfiguration): object {
  const {
    learningMode: _learningMode,
    isAutoOptimizationEnabled: _isAutoOptimizationEnabled,
    autoOptimizationFrequency: _autoOptimizationFrequency,
    autoOptimizationStartDate: _autoOptimizationStartDate,
    ...rest
  } = configuration
  return rest
}

/** Whether the reward is defined differently. */
export function changesReward(current: ServiceConfiguration, next: ServiceConfiguration): boolean {
  return (
    current.defaultReward !== next.defaultReward ||
    current.rewardAggregation !== next.rewardAggregation ||
    durationUs(current.rewardWaitTime) !== durationUs(next.rewardWaitTime)
  )
}

/** @param text a duration that has been checked. */
export function durationUs(text: string): number {
  return parseIsoDurationUs(text)!
}

function faultIn(next: ServiceConfiguration, asked: ConfigurationRequest): PersonalizerFault | undefined {
  const waitUs = durationUs(next.rewardWaitTime)
  if (waitUs < MIN_REWARD_WAIT_US || waitUs > MAX_REWARD_WAIT_US) {
    return {
      code: 'InvalidRewardWaitTime',
      message: 'Reward wait time should be between 5 seconds and 2 days',
    }
  }
  const { logRetentionDays } = next
  if (logRetentionDays !== -1 && logRetentionDays < Math.ceil(waitUs / US_PER_DAY) + 1) {
    const message =
      'logRetentionDays must be -1, or the reward wait time in days (rounded up) plus 1 or more.'
    return { code: 'InvalidLogRetentionDays', message }
  }
  if (next.logMirrorEnabled && next.logMirrorSasUri === null) {
    return {
      code: 'InvalidContainer',
      message: 'SAS Uri must be the Uri to a container that has write permissions.',
    }
  }
  return faultInMode(next, asked)
}

/** Two calls are needed: one to change the mode, another for what is a reward. */
function faultInMode(
  next: ServiceConfiguration,
  { current, hasApprentice }: ConfigurationRequest,
): PersonalizerFault | undefined {
  const modes = new Set([current.learningMode, next.learningMode])
  if (modes.has('Online') && modes.has('Apprentice') && changesReward(current, next)) {
    const message =
      'Updating defaultReward, rewardWaitTime and rewardAggregation when changing learning mode from Online to ' +
      'Apprentice mode and vice versa is not allowed. Make the mode change and then change the additional settings ' +
      'with an additional API call.'
    return { code: 'InvalidLearningModeServiceConfiguration', message }
  }
  if (next.learningMode !== 'Apprentice' || hasApprentice) return undefined
  return invalid('learningMode: Apprentice mode is only for the pricing tier E0')
}

function invalid(what: string): PersonalizerFault {
  return { code: 'InvalidServiceConfiguration', message: `Invalid service configuration. ${what}.` }
}

function inWords(issue: z.core.$ZodIssue | undefined): string {
  const { path = [], message = '' } = issue ?? {}
  return path.length === 0 ? 'The body must be a JSON object' : `${path.join('.')}: ${message}`
}
