/** What users say of a traffic manager, read from texts: the same in a spec and in JSON. */
import { formatDuration, parseDurationUs } from '../../src/core/units.ts'
import type { LatencyConfig } from '../latency.ts'
import type { KeyFault } from '../limiter/algorithms.ts'
import type { BalancingConfig } from './balancing.ts'
import type { ManagerConfig } from './manager.ts'
import { KEY_PLACES, type RequestKey } from './request-key.ts'
import { type CountStep, mostInstances, type ScalingConfig, type Trigger } from './scaling.ts'

/** How many instances there are: as planned, or as many as it takes. */
export type InstanceCounts =
  | { readonly kind: 'schedule'; readonly steps: readonly CountStep[] }
  | { readonly kind: 'range'; readonly min: number; readonly max: number }

export interface ManagerSettings {
  /** Absent: in turn. */
  readonly policy?: BalancingConfig
  /** Absent: all resources. */
  readonly instances?: InstanceCounts
  readonly scaleOn?: Trigger
  readonly scalePeriodUs?: number
  readonly scaleLagUs?: number
  readonly scaleCooldownUs?: number
  readonly scaleStep?: number
  readonly tps?: number
  readonly concurrency?: number
  /** Absent: it adds nothing. */
  readonly latency?: LatencyConfig
}

export const MAX_INSTANCES = 100

/** Longest period and lag of scaling. */
export const MAX_SCALE_TIME_US = 86_400_000_000

/** Assumed: no number is published for the services of the sources. The cool-down is the default of Azure Monitor's autoscale. */
const DEFAULT_SCALING = { periodUs: 60_000_000, lagUs: 300_000_000, cooldownUs: 300_000_000, step: 1 }

/** @param settings without faults. @param resourceCount how many resources there are. */
export function managerOf(settings: ManagerSettings, resourceCount: number): ManagerConfig {
  const { policy, tps, concurrency, latency } = settings
  return {
    balancing: policy ?? { kind: 'round-robin' },
    scaling: scalingOf(settings, resourceCount),
    ...(tps !== undefined && { tps }),
    ...(concurrency !== undefined && { concurrency }),
    latency: latency ?? { kind: 'fixed', us: 0 },
  }
}

function scalingOf(settings: ManagerSettings, resourceCount: number): ScalingConfig {
  const { instances, scaleOn, scalePeriodUs, scaleLagUs, scaleCooldownUs, scaleStep } = settings
  if (instances?.kind !== 'range' || scaleOn === undefined) {
    const steps = instances?.kind === 'schedule' ? instances.steps : [{ atUs: 0, count: resourceCount }]
    return { kind: 'schedule', steps }
  }
  const { periodUs, lagUs, cooldownUs, step } = DEFAULT_SCALING
  return {
    kind: 'reactive',
    min: instances.min,
    max: instances.max,
    trigger: scaleOn,
    periodUs: scalePeriodUs ?? periodUs,
    lagUs: scaleLagUs ?? lagUs,
    cooldownUs: scaleCooldownUs ?? cooldownUs,
    step: scaleStep ?? step,
  }
}

/** What does not go together, under the names that the JSON form has for it. */
export function faultsInManager(settings: ManagerSettings, resourceCount: number): KeyFault[] {
  const { instances, scaleOn, scalePeriodUs, scaleLagUs, scaleCooldownUs, scaleStep } = settings
  const faults: KeyFault[] = []
  if (instances?.kind === 'range' && scaleOn === undefined) {
    faults.push({ key: 'scaleOn', what: 'is needed for a range of instances, e.g. in-flight:20:5' })
  }
  const onlyForRange = {
    scaleOn,
    scalePeriod: scalePeriodUs,
    scaleLag: scaleLagUs,
    scaleCooldown: scaleCooldownUs,
    scaleStep,
  }
  for (const [key, value] of Object.entries(onlyForRange)) {
    if (value === undefined || instances?.kind === 'range') continue
    faults.push({ key, what: 'needs a range of instances, e.g. 1-6' })
  }
  if (faults.length === 0 && mostInstances(scalingOf(settings, resourceCount)) > resourceCount) {
    faults.push({ key: 'instances', what: `there are not so many resources, only ${resourceCount}` })
  }
  return faults
}

/** The most instances that are asked for. */
export function mostOf(instances: InstanceCounts): number {
  return instances.kind === 'range' ? instances.max : mostInstances(instances)
}

export const INSTANCES_SYNTAX = 'N[+N@TIME…]|MIN-MAX'

/** Reads `4`, `1+6@10m+1@20m` (from then on) or `1-6` (as it takes). @returns what is wrong, as a string. */
export function parseInstances(text: string): InstanceCounts | string {
  const [, minText, maxText] = /^(\d+)-(\d+)$/.exec(text) ?? []
  if (minText !== undefined && maxText !== undefined) {
    const [min, max] = [Number(minText), Number(maxText)]
    return min >= 1 && max > min && max <= MAX_INSTANCES ? { kind: 'range', min, max } : notInstances(text)
  }
  const steps = text.split('+').map(parseStep)
  const read = steps.filter((step) => step !== undefined)
  const isOrdered = read.every(({ atUs }, index) => (index === 0 ? atUs === 0 : atUs > read[index - 1]!.atUs))
  return read.length === steps.length && isOrdered ? { kind: 'schedule', steps: read } : notInstances(text)
}

function parseStep(text: string, index: number): CountStep | undefined {
  const [, countText = '', timeText] = /^(\d+)(?:@(.+))?$/.exec(text) ?? []
  const count = Number(countText)
  const atUs = timeText === undefined ? (index === 0 ? 0 : undefined) : parseDurationUs(timeText)
  return atUs !== undefined && count >= 1 && count <= MAX_INSTANCES ? { atUs, count } : undefined
}

function notInstances(text: string): string {
  return (
    `"${text}" is no count of instances: write 4, 1+6@10m+1@20m (in order of time) or 1-6, ` +
    `from 1 to ${MAX_INSTANCES}`
  )
}

export const POLICY_SYNTAX =
  'round-robin|random|least-in-flight|per-user:(header|query|cookie):NAME|per-session[:(header|cookie):NAME]'

/** The cookie by which Azure App Service keeps a session on an instance. */
const DEFAULT_SESSION_KEY: RequestKey = { place: 'cookie', name: 'ARRAffinity' }

/** Reads what `POLICY_SYNTAX` shows. @returns what is wrong, as a string. */
export function parsePolicy(text: string): BalancingConfig | string {
  const [kind, ...rest] = text.split(':')
  if (kind === 'round-robin' || kind === 'random' || kind === 'least-in-flight') {
    return rest.length === 0 ? { kind } : notAPolicy(text)
  }
  const key = rest.length === 0 && kind === 'per-session' ? DEFAULT_SESSION_KEY : parseRequestKey(rest)
  if (key === undefined) return notAPolicy(text)
  if (kind === 'per-user') return { kind, key }
  return kind === 'per-session' && key.place !== 'query' ? { kind, key } : notAPolicy(text)
}

function parseRequestKey([placeText, name = '', ...rest]: readonly string[]): RequestKey | undefined {
  const place = KEY_PLACES.find((one) => one === placeText)
  if (place === undefined || !/^[\w.-]+$/.test(name) || rest.length > 0) return undefined
  return { place, name: place === 'header' ? name.toLowerCase() : name }
}

function notAPolicy(text: string): string {
  return `"${text}" is no policy: write ${POLICY_SYNTAX.replaceAll('|', ' | ')}`
}

export const TRIGGER_SYNTAX = '(in-flight|throttled):HIGH[:LOW]'

/**
 * Reads `in-flight:20:5` (requests per instance) or `throttled:0.05:0.01` (share); without the second figure no instance is
 * ever taken away. @returns what is wrong, as a string.
 */
export function parseTrigger(text: string): Trigger | string {
  const [metric = '', ...figures] = text.split(':')
  const isRead =
    figures.length >= 1 && figures.length <= 2 && figures.every((one) => /^\d+(\.\d+)?$/.test(one))
  const [high = 0, low] = figures.map(Number)
  const isOrdered = low === undefined || low < high
  const isKnown = metric === 'in-flight' || (metric === 'throttled' && high < 1)
  if (!isRead || !isOrdered || !isKnown) {
    return `"${text}" is no trigger: write in-flight:20:5 (per instance) or throttled:0.05:0.01 (share)`
  }
  return { metric, high, ...(low !== undefined && { low }) }
}

/** As `parseScaleTime`, or 0: without one. @returns what is wrong, as a string. */
export function parseCooldown(text: string): number | string {
  return parseDurationUs(text) === 0 ? 0 : parseScaleTime(text)
}

/** A period or lag of scaling. @returns what is wrong, as a string. */
export function parseScaleTime(text: string): number | string {
  const us = parseDurationUs(text)
  const isRead = us !== undefined && us >= 1 && us <= MAX_SCALE_TIME_US
  return isRead ? us : `"${text}" is no duration above 0 and up to ${formatDuration(MAX_SCALE_TIME_US)}`
}
