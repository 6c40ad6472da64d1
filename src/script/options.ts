import * as z from 'zod'
import type { Fault } from '../core/errors.ts'
import { formatDuration, US_PER_S } from '../core/units.ts'
import { arrivalFaults, readHeadroom, readThresholds } from './headroom-options.ts'
import type { HeadroomReading } from './headroom-options.ts'
import type { OptionOverrides } from './option-overrides.ts'
import {
  check,
  duration,
  flag,
  isRecord,
  optionPath,
  text,
  texts,
  unknownOption,
  whole,
} from './option-schema.ts'
import type { RunPlan, ScenarioPlan, ThresholdSpec } from './plan.ts'
import { chooseScenarios, isReplaced, openScenarioNames } from './scenario-choice.ts'
import { plannedLoadEndUs } from './scenario-options.ts'
import { RUN_WITH_K6 } from './supported.ts'

export interface OptionsContext {
  /** Names of the script's exported functions. */
  readonly exports: readonly string[]
  readonly overrides: OptionOverrides
}

export interface ValidatedOptions {
  /** `undefined` when there are faults. */
  readonly plan: RunPlan | undefined
  /** Also when other options have faults, so that theirs can be reported with them. */
  readonly thresholds: readonly ThresholdSpec[]
  /** Every fault there is, each with the path of the option or the flag. */
  readonly faults: readonly Fault[]
}

/** k6's default for both `setupTimeout` and `teardownTimeout`. */
const DEFAULT_TIMEOUT_US = 60 * US_PER_S

const SETTINGS = z.object({
  setupTimeout: duration().default(DEFAULT_TIMEOUT_US),
  teardownTimeout: duration().default(DEFAULT_TIMEOUT_US),
  insecureSkipTLSVerify: flag().default(false),
  userAgent: text().optional(),
  discardResponseBodies: flag().default(false),
  tags: texts().default({}),
})

const SUPPORTED = [...Object.keys(SETTINGS.shape), 'scenarios', 'vus', 'duration', 'thresholds', 'ext']

/** Options of k6 that change neither the traffic nor what is measured here. */
const HARMLESS = [
  'batch',
  'batchPerHost',
  'cloud',
  'handleSummaryTimeout',
  'linger',
  'noUsageReport',
  'summaryTimeUnit',
  'summaryTrendStats',
  'systemTags',
]

const UNSUPPORTED = [
  'blacklistIPs',
  'blockHostnames',
  'dns',
  'executionSegment',
  'executionSegmentSequence',
  'hosts',
  'httpDebug',
  'iterations',
  'localIPs',
  'maxRedirects',
  'minIterationDuration',
  'noConnectionReuse',
  'noCookiesReset',
  'noVUConnectionReuse',
  'paused',
  'rps',
  'stages',
  'throw',
  'tlsAIAFetch',
  'tlsAuth',
  'tlsCipherSuites',
  'tlsVersion',
  'vusMax',
]

const HEADROOM = 'options.ext.headroom'

/**
 * Checks what a script exports as `options` and fills in k6's defaults.
 *
 * @param raw `undefined` when the script exports none
 */
export function validateOptions(raw: unknown, context: OptionsContext): ValidatedOptions {
  const options = raw ?? {}
  if (!isRecord(options))
    return { plan: undefined, thresholds: [], faults: [{ where: 'options', what: 'must be an object' }] }
  const parts = readParts(options, context)
  const plan = parts.faults.length === 0 ? assemble(parts) : undefined
  const thresholds = thresholdsOf(parts)
  if (plan === undefined) return { plan, thresholds, faults: parts.faults }
  const faults = warmupFaults(plan)
  return { plan: faults.length === 0 ? plan : undefined, thresholds, faults }
}

interface Parts {
  readonly settings: z.infer<typeof SETTINGS> | undefined
  readonly scenarios: readonly ScenarioPlan[] | undefined
  readonly thresholds: readonly ThresholdSpec[] | undefined
  readonly headroom: HeadroomReading | undefined
  readonly overrides: OptionOverrides
  readonly faults: readonly Fault[]
}

function readParts(options: Record<string, unknown>, { exports, overrides }: OptionsContext): Parts {
  const ext = isRecord(options['ext']) ? options['ext']['headroom'] : undefined
  const settings = check(SETTINGS, options, 'options')
  const headroom = readHeadroom(ext ?? {}, HEADROOM)
  const thresholds = readThresholds(options['thresholds'] ?? {}, 'options.thresholds')
  const scenarios = chooseScenarios(options, overrides, { exports, arrival: headroom.value?.arrival ?? {} })
  return {
    settings: settings.value,
    scenarios: scenarios.value,
    thresholds: thresholds.value,
    headroom: headroom.value,
    overrides,
    faults: [
      ...keyFaults(options, overrides),
      ...settings.faults,
      ...scenarios.faults,
      ...thresholds.faults,
      ...headroom.faults,
      ...arrivalFaults(ext, openScenarioNames(options), HEADROOM),
      ...check(whole(0).optional(), overrides.seed, '--seed').faults,
    ],
  }
}

function thresholdsOf({ thresholds = [], headroom }: Parts): readonly ThresholdSpec[] {
  return [...thresholds, ...(headroom?.thresholds ?? [])]
}

function assemble(parts: Parts): RunPlan | undefined {
  const { settings, scenarios, thresholds, headroom, overrides } = parts
  if (!settings || !scenarios || !thresholds || !headroom) return undefined
  return {
    scenarios,
    loadEndUs: plannedLoadEndUs(scenarios),
    thresholds: thresholdsOf(parts),
    headroom: { ...headroom.plan, seed: overrides.seed ?? headroom.plan.seed },
    setupTimeoutUs: settings.setupTimeout,
    teardownTimeoutUs: settings.teardownTimeout,
    insecureSkipTLSVerify: settings.insecureSkipTLSVerify,
    userAgent: settings.userAgent,
    discardResponseBodies: settings.discardResponseBodies,
    tags: { ...settings.tags, ...overrides.tags },
  }
}

function keyFaults(options: Record<string, unknown>, overrides: OptionOverrides): Fault[] {
  const known = [...SUPPORTED, ...HARMLESS, ...UNSUPPORTED]
  return Object.entries(options).flatMap(([key, value]) => {
    const where = optionPath('options', [key])
    if (!known.includes(key)) return [unknownOption(where, key, known)]
    const isLeftOut = value === undefined || value === null || value === false
    if (!UNSUPPORTED.includes(key) || isLeftOut || isReplaced(key, overrides)) return []
    return [{ where, what: `${key} is not supported yet`, todo: RUN_WITH_K6 }]
  })
}

function warmupFaults({ headroom: { warmupUs }, loadEndUs }: RunPlan): Fault[] {
  if (warmupUs < loadEndUs) return []
  const what = `leaves nothing to measure: the load ends after ${formatDuration(loadEndUs)}`
  return [{ where: `${HEADROOM}.warmup`, what }]
}
