import * as z from 'zod'
import type { ConnectionPlan } from '../core/connection-plan.ts'
import type { Fault } from '../core/errors.ts'
import { formatDuration, US_PER_S } from '../core/units.ts'
import { CONNECTION_KEYS, readConnections } from './connection-options.ts'
import type { ConnectionReading } from './connection-options.ts'
import { arrivalFaults, readHeadroom, readThresholds } from './headroom-options.ts'
import type { HeadroomReading } from './headroom-options.ts'
import { consolidate, relocate, relocatePath, scriptLayer } from './option-layer.ts'
import type { ConsolidatedOptions, OptionLayer } from './option-layer.ts'
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
import type { Checked } from './option-schema.ts'
import type { HeadroomPlan, HttpPlan, RunPlan, SummaryPlan, ThresholdSpec } from './plan.ts'
import { chooseScenarios, openScenarioNames } from './scenario-choice.ts'
import type { ScenarioChoice } from './scenario-choice.ts'
import { plannedLoadEndUs } from './scenario-options.ts'
import { readSummaryOptions, SUMMARY_OPTIONS } from './summary-options.ts'
import { RUN_WITH_K6 } from './supported.ts'

export interface OptionsContext {
  /** Names of the script's exported functions. */
  readonly exports: readonly string[]
  /** Options given elsewhere: the script's go above those of the file, variables and flags above them. */
  readonly config?: OptionLayer | undefined
  readonly variables?: OptionLayer
  readonly flags?: OptionLayer
  /** Of the command line. */
  readonly seed?: number | undefined
}

export interface ValidatedOptions {
  /** `undefined` when there are faults. */
  readonly plan: RunPlan | undefined
  /** Also when other options have faults, so that theirs can be reported with them. */
  readonly thresholds: readonly ThresholdSpec[]
  /** What all places together say, in the form in which scripts give it. Unchecked. */
  readonly options: Readonly<Record<string, unknown>>
  /** The same for scripts to read: with scenarios for shortcuts, and `null` for what nobody said. */
  readonly json: string
  /** Every fault there is, each with the path of the option, the variable or the flag. */
  readonly faults: readonly Fault[]
  /** What is not done as the options may have meant it. */
  readonly warnings: readonly string[]
}

/** k6's default for both `setupTimeout` and `teardownTimeout`. */
const DEFAULT_TIMEOUT_US = 60 * US_PER_S

/** k6's default. */
const DEFAULT_MAX_REDIRECTS = 10

const SETTINGS = z.object({
  noSetup: flag().default(false),
  noTeardown: flag().default(false),
  minIterationDuration: duration().default(0),
  setupTimeout: duration().default(DEFAULT_TIMEOUT_US),
  teardownTimeout: duration().default(DEFAULT_TIMEOUT_US),
  insecureSkipTLSVerify: flag().default(false),
  userAgent: text().optional(),
  discardResponseBodies: flag().default(false),
  throw: flag().default(false),
  maxRedirects: whole(0).optional(),
  batch: whole(0).default(20),
  batchPerHost: whole(0).default(6),
  noCookiesReset: flag().default(false),
  tags: texts().default({}),
})

const SUPPORTED = [
  ...Object.keys(SETTINGS.shape),
  ...SUMMARY_OPTIONS,
  ...CONNECTION_KEYS,
  'scenarios',
  'vus',
  'duration',
  'iterations',
  'stages',
  'thresholds',
  'ext',
]

/** Options of k6 that change neither the traffic nor what is measured here. */
const HARMLESS = ['cloud', 'linger', 'noUsageReport']

const UNSUPPORTED = [
  'executionSegment',
  'executionSegmentSequence',
  'httpDebug',
  'localIPs',
  'paused',
  'tlsAIAFetch',
  'vusMax',
]

/** What becomes of each option of k6, for the table in the README. */
export const OPTION_SUPPORT: Readonly<Record<'works' | 'ignored' | 'refused', readonly string[]>> = {
  works: SUPPORTED,
  ignored: HARMLESS,
  refused: UNSUPPORTED,
}

const KNOWN = [...SUPPORTED, ...HARMLESS, ...UNSUPPORTED]
const NOTHING_SAID: Readonly<Record<string, null>> = Object.fromEntries(
  KNOWN.map((key) => [key, null] as const),
)

const HEADROOM = 'options.ext.headroom'

/**
 * Checks what a script exports as `options` together with the options that were given elsewhere, and fills in
 * k6's defaults.
 *
 * @param raw `undefined` when the script exports none
 */
export function validateOptions(raw: unknown, context: OptionsContext): ValidatedOptions {
  const script = raw ?? {}
  if (!isRecord(script)) {
    const faults = [{ where: 'options', what: 'must be an object' }]
    return { plan: undefined, thresholds: [], options: {}, json: '{}', faults, warnings: [] }
  }
  const { config, variables, flags } = context
  const layers = [config, scriptLayer(script), variables, flags].filter((layer) => layer !== undefined)
  const given = consolidate(layers)
  const parts = readParts(given, context)
  const plan = parts.faults.length === 0 ? assemble(parts, context.seed) : undefined
  const json = toJson({ ...NOTHING_SAID, ...given.options, scenarios: parts.scenarios.raw })
  const faults = [...parts.faults, ...json.faults, ...(plan === undefined ? [] : warmupFaults(plan))]
  return {
    plan: faults.length === 0 ? plan : undefined,
    thresholds: thresholdsOf(parts).map((spec) => ({
      ...spec,
      where: relocatePath(spec.where, given.whereOf),
    })),
    options: given.options,
    json: json.value ?? '{}',
    faults: relocate(faults, given.whereOf),
    warnings: parts.scenarios.warnings,
  }
}

function toJson(options: Readonly<Record<string, unknown>>): Checked<string> {
  try {
    return { value: JSON.stringify(options), faults: [] }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { value: undefined, faults: [{ where: 'options', what: `cannot be written as JSON: ${reason}` }] }
  }
}

interface Parts {
  readonly settings: z.infer<typeof SETTINGS> | undefined
  readonly connections: ConnectionReading | undefined
  readonly summary: SummaryPlan | undefined
  readonly scenarios: ScenarioChoice
  readonly thresholds: readonly ThresholdSpec[] | undefined
  readonly headroom: HeadroomReading | undefined
  readonly faults: readonly Fault[]
}

function readParts(given: ConsolidatedOptions, { exports, seed }: OptionsContext): Parts {
  const { options } = given
  const ext = isRecord(options['ext']) ? options['ext']['headroom'] : undefined
  const settings = check(SETTINGS, options, 'options')
  const connections = readConnections(options, 'options')
  const summary = readSummaryOptions(options)
  const headroom = readHeadroom(ext ?? {}, HEADROOM)
  const thresholds = readThresholds(options['thresholds'] ?? {}, 'options.thresholds')
  const scenarios = chooseScenarios(given, { exports, arrival: headroom.value?.arrival ?? {} })
  return {
    settings: settings.value,
    connections: connections.value,
    summary: summary.value,
    scenarios,
    thresholds: thresholds.value,
    headroom: headroom.value,
    faults: [
      ...keyFaults(options),
      ...settings.faults,
      ...connections.faults,
      ...summary.faults,
      ...scenarios.faults,
      ...thresholds.faults,
      ...headroom.faults,
      ...arrivalFaults(ext, openScenarioNames(options), HEADROOM),
      ...check(whole(0).optional(), seed, '--seed').faults,
    ],
  }
}

function thresholdsOf({ thresholds = [], headroom }: Parts): readonly ThresholdSpec[] {
  return [...thresholds, ...(headroom?.thresholds ?? [])]
}

function assemble(parts: Parts, seed: number | undefined): RunPlan | undefined {
  const { settings, connections, summary, scenarios, thresholds, headroom } = parts
  if (!settings || !connections || !summary || !scenarios.value || !thresholds || !headroom) return undefined
  return {
    scenarios: scenarios.value,
    loadEndUs: plannedLoadEndUs(scenarios.value),
    thresholds: thresholdsOf(parts),
    headroom: headroomPlan(headroom.plan, connections.connection, seed),
    noSetup: settings.noSetup,
    noTeardown: settings.noTeardown,
    minIterationDurationUs: settings.minIterationDuration,
    setupTimeoutUs: settings.setupTimeout,
    teardownTimeoutUs: settings.teardownTimeout,
    insecureSkipTLSVerify: settings.insecureSkipTLSVerify,
    userAgent: settings.userAgent,
    discardResponseBodies: settings.discardResponseBodies,
    ...connections,
    http: httpPlan(settings),
    summary,
    tags: settings.tags,
  }
}

/** A VU can close its connections only if they are its own. */
function headroomPlan(
  plan: HeadroomPlan,
  { noVUConnectionReuse }: ConnectionPlan,
  seed: number | undefined,
): HeadroomPlan {
  const connections = noVUConnectionReuse ? 'per-vu' : plan.connections
  return { ...plan, connections, seed: seed ?? plan.seed }
}

function httpPlan(settings: z.infer<typeof SETTINGS>): HttpPlan {
  const { maxRedirects, batch, batchPerHost, noCookiesReset } = settings
  return {
    throws: settings.throw,
    maxRedirects: maxRedirects ?? DEFAULT_MAX_REDIRECTS,
    isMaxRedirectsGiven: maxRedirects !== undefined,
    batch,
    batchPerHost,
    noCookiesReset,
  }
}

function keyFaults(options: Readonly<Record<string, unknown>>): Fault[] {
  return Object.entries(options).flatMap(([key, value]) => {
    const where = optionPath('options', [key])
    if (!KNOWN.includes(key)) return [unknownOption(where, key, KNOWN)]
    if (!UNSUPPORTED.includes(key) || value === false) return []
    return [{ where, what: `${key} is not supported yet`, todo: RUN_WITH_K6 }]
  })
}

function warmupFaults({ headroom: { warmupUs }, loadEndUs }: RunPlan): Fault[] {
  if (warmupUs < loadEndUs) return []
  const what = `leaves nothing to measure: the load ends after ${formatDuration(loadEndUs)}`
  return [{ where: `${HEADROOM}.warmup`, what }]
}
