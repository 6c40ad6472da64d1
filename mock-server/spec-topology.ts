/** The keys of a spec that make several instances of it, or change it over time. */
import type { Fault } from '../src/core/errors.ts'
import { parseDurationUs } from '../src/core/units.ts'
import {
  autoscaledRules,
  type AutoscaleChange,
  changeAutoscale,
  hasMovingRule,
  MAX_AUTOSCALE_PERIOD_US,
  parseGrowth,
} from './autoscale.ts'
import type { MockConfig, ResourceConfig } from './config.ts'
import { parseLatency } from './latency.ts'
import { defined } from './schema.ts'
import { flagKey, kebabCase, limitKey, numberKey, type SpecKey } from './spec-key.ts'
import {
  faultsInManager,
  INSTANCES_SYNTAX,
  managerOf,
  type ManagerSettings,
  mostOf,
  parseCooldown,
  parseInstances,
  parsePolicy,
  parseScaleTime,
  parseTrigger,
  POLICY_SYNTAX,
  TRIGGER_SYNTAX,
} from './traffic/settings.ts'
import { changeUsageReport, MAX_USAGE_PERIOD_US, type Outage, parseOutage } from './usage-report.ts'

/** What a spec says about time and instances; `null`: `none`. */
export interface TopologyOptions
  extends
    Omit<ManagerSettings, 'tps' | 'concurrency' | 'latency'>,
    Pick<AutoscaleChange, 'periodUs' | 'growth' | 'maxPerS' | 'sparePerS'> {
  readonly autoscale?: boolean
  readonly usageOutages?: readonly Outage[]
  readonly usagePeriodUs?: number
  readonly managerTps?: number
  readonly managerConcurrency?: number
  readonly managerLatency?: NonNullable<ManagerSettings['latency']>
}

export const TOPOLOGY_KEYS: readonly SpecKey<TopologyOptions>[] = [
  flagKey('autoscale', 'moves the rates as Azure’s dynamicThrottlingEnabled does', (autoscale) => ({
    autoscale,
  })),
  textKey(
    'autoscale-growth',
    'FACTOR|+TPS',
    'one step up: times FACTOR, or so many a second more',
    parseGrowth,
    (growth) => ({ growth }),
  ),
  numberKey('autoscale-max', 'highest rate it sets, per second', (maxPerS) => ({ maxPerS })),
  textKey(
    'autoscale-period',
    'DURATION',
    'from one evaluation to the next',
    durationUpTo(MAX_AUTOSCALE_PERIOD_US, '1d'),
    (periodUs) => ({
      periodUs,
    }),
  ),
  limitKey(
    'autoscale-spare',
    'what the service can give beyond its own rates, per second',
    (sparePerS) => ({ sparePerS }),
    0,
  ),
  textKey(
    'usage-outage',
    'DURATION@TIME[+…]',
    'when a container cannot report its usage: 2h@30m; after ten failed reports it answers 503',
    readOutages,
    (usageOutages) => ({ usageOutages }),
  ),
  textKey(
    'usage-period',
    'DURATION',
    'from one report to the next',
    durationUpTo(MAX_USAGE_PERIOD_US, '1d'),
    (usagePeriodUs) => ({
      usagePeriodUs,
    }),
  ),
  textKey(
    'instances',
    INSTANCES_SYNTAX,
    'so many resources behind a traffic manager: 4, 1+6@10m+1@20m (from then on), 1-6 (as it takes)',
    parseInstances,
    (instances) => ({ instances }),
  ),
  textKey('policy', POLICY_SYNTAX, 'which of them gets a request', parsePolicy, (policy) => ({ policy })),
  textKey(
    'scale-on',
    TRIGGER_SYNTAX,
    'when it takes more (above HIGH) or fewer (below LOW): per instance in flight, or share refused',
    parseTrigger,
    (scaleOn) => ({ scaleOn }),
  ),
  textKey('scale-period', 'DURATION', 'from one evaluation to the next', parseScaleTime, (scalePeriodUs) => ({
    scalePeriodUs,
  })),
  textKey(
    'scale-lag',
    'DURATION',
    'until an added instance takes requests',
    parseScaleTime,
    (scaleLagUs) => ({ scaleLagUs }),
  ),
  textKey(
    'scale-cooldown',
    'DURATION',
    'after a change until one is taken away',
    parseCooldown,
    (scaleCooldownUs) => ({ scaleCooldownUs }),
  ),
  numberKey('scale-step', 'how many are added or taken away at a time', (scaleStep) => ({ scaleStep })),
  numberKey('manager-tps', 'requests in any second that the manager passes on', (managerTps) => ({
    managerTps,
  })),
  numberKey('manager-concurrency', 'requests at once that it passes on', (managerConcurrency) => ({
    managerConcurrency,
  })),
  textKey('manager-latency', 'MODEL', 'what it adds to every reply', parseLatency, (managerLatency) => ({
    managerLatency,
  })),
]

/** The resource with the options about its limits and service over time. */
export function applyTopology(base: ResourceConfig, options: TopologyOptions): ResourceConfig {
  const autoscale = changeAutoscale(base.autoscale, autoscaleChange(options))
  const { usageOutages: outages, usagePeriodUs: periodUs } = options
  const usageReport = changeUsageReport(base.usageReport, defined({ outages, periodUs }))
  return {
    ...base,
    ...(autoscale !== undefined && { autoscale, rules: autoscaledRules(base.rules) }),
    ...(usageReport !== undefined && { usageReport }),
  }
}

/** The resource alone, or as many of it as the options say behind one manager: `main-1`, `main-2`, … */
export function instancesOf(
  resource: ResourceConfig,
  options: TopologyOptions,
): Pick<MockConfig, 'resources' | 'manager'> {
  const { instances } = options
  if (instances === undefined) return { resources: [resource] }
  const count = mostOf(instances)
  const resources = Array.from({ length: count }, (_, index) => ({
    ...resource,
    name: `${resource.name}-${index + 1}`,
  }))
  return { resources, manager: managerOf(settingsOf(options), count) }
}

/** What in the options does not go together, or not with the resource that they were applied to. */
export function faultsInTopology(resource: ResourceConfig, options: TopologyOptions, where: string): Fault[] {
  const { instances } = options
  const faults =
    instances === undefined
      ? MANAGER_KEYS.filter((key) => options[key] !== undefined).map((key) => ({
          key: key.replace(/Us$/, ''),
          what: 'needs instances; add instances=…',
        }))
      : faultsInManager(settingsOf(options), mostOf(instances))
  if (autoscaleChange(options) !== undefined && !hasMovingRule(resource.rules)) {
    faults.push({ key: 'autoscale', what: 'needs a rate limit; add tps=…' })
  }
  if (options.usagePeriodUs !== undefined && resource.usageReport === undefined) {
    faults.push({ key: 'usagePeriod', what: 'needs an outage; add usage-outage=…' })
  }
  return faults.map(({ key, what }) => ({ where: `${where}.${kebabCase(key)}`, what }))
}

const MANAGER_KEYS = [
  'policy',
  'scaleOn',
  'scalePeriodUs',
  'scaleLagUs',
  'scaleCooldownUs',
  'scaleStep',
  'managerTps',
  'managerConcurrency',
  'managerLatency',
] as const

function settingsOf(options: TopologyOptions): ManagerSettings {
  const { policy, instances, scaleOn, scalePeriodUs, scaleLagUs, scaleCooldownUs, scaleStep } = options
  const { managerTps: tps, managerConcurrency: concurrency, managerLatency: latency } = options
  return defined({
    policy,
    instances,
    scaleOn,
    scalePeriodUs,
    scaleLagUs,
    scaleCooldownUs,
    scaleStep,
    tps,
    concurrency,
    latency,
  })
}

function autoscaleChange(options: TopologyOptions): AutoscaleChange | undefined {
  const { autoscale: enabled, periodUs, growth, maxPerS, sparePerS } = options
  const change = defined({ enabled, periodUs, growth, maxPerS, sparePerS })
  return Object.keys(change).length === 0 ? undefined : change
}

/** A key whose value has a syntax of its own. @param parse gives the value, or what is wrong as a string. */
function textKey<Value>(
  name: string,
  syntax: string,
  meaning: string,
  parse: (text: string) => Value | string,
  toOptions: (value: Value) => TopologyOptions,
): SpecKey<TopologyOptions> {
  const read = (text: string): TopologyOptions | string => {
    const value = parse(text)
    return typeof value === 'string' ? value : toOptions(value)
  }
  return { name, syntax, meaning, read }
}

function durationUpTo(maxUs: number, maxInWords: string): (text: string) => number | string {
  return (text) => {
    const us = parseDurationUs(text)
    const isRead = us !== undefined && us >= 1 && us <= maxUs
    return isRead ? us : `"${text}" is no duration above 0 and up to ${maxInWords}`
  }
}

function readOutages(text: string): readonly Outage[] | string {
  const outages = text.split('+').map(parseOutage)
  const fault = outages.find((outage) => typeof outage === 'string')
  return fault ?? outages.filter((outage) => typeof outage !== 'string')
}
