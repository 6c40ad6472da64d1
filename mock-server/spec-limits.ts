/** The keys of a spec that are about limits and what replies say of them. */
import type { Fault } from '../src/core/errors.ts'
import { formatDuration, parseDurationUs, US_PER_S } from '../src/core/units.ts'
import { type ResourceConfig, UNITS_OF_SERVICE } from './config.ts'
import { ALGORITHMS, type Algorithm } from './limiter/algorithms.ts'
import { parseRoutePattern, type RoutePattern } from './route-pattern.ts'
import {
  faultsInRule,
  faultsInUnit,
  REFUSAL_STATUSES,
  type RefusalStatus,
  type RuleConfig,
  type Unit,
  UNITS,
} from './rule.ts'
import { RETRY_AFTER_FORMS, type SignalsConfig, X_RATE_LIMIT_FORMS } from './signals.ts'
import {
  choiceKey,
  flagKey,
  kebabCase,
  limitKey,
  numberKey,
  type Rate,
  readRate,
  type SpecKey,
} from './spec-key.ts'

/** What a spec says about limits; `null`: `none`. */
export interface LimitOptions extends RuleOptions, QuotaOptions, SignalsConfig {
  readonly tps?: number | null
  readonly rates?: readonly Rate[]
  readonly concurrency?: number | null
  readonly queue?: number | null
  readonly queueTimeoutUs?: number
}

/** About every rate rule, the profile's too. */
interface RuleOptions {
  readonly algorithm?: Algorithm
  readonly burst?: number
  readonly noDelay?: boolean
  readonly countRefused?: boolean
  readonly unit?: Unit
  readonly match?: readonly RoutePattern[]
}

interface QuotaOptions {
  readonly quota?: Rate | null
  readonly quotaStatus?: RefusalStatus
  readonly quotaFrom?: QuotaStart
}

const QUOTA_STARTS = ['start', 'first-use'] as const
type QuotaStart = (typeof QUOTA_STARTS)[number]

export const LIMIT_KEYS: readonly SpecKey<LimitOptions>[] = [
  limitKey('tps', 'requests in any second, in place of the profile’s rates', (tps) => ({ tps })),
  {
    name: 'rates',
    syntax: 'N/WINDOW[+N/WINDOW…]',
    meaning: 'several rates at once: 100/1s+300/1m',
    read: readRates,
  },
  choiceKey('algorithm', 'how rates are counted', ALGORITHMS, (algorithm) => ({ algorithm })),
  numberKey(
    'burst',
    'of a bucket: most at one instant; of leaky-bucket: most that queue',
    (burst) => ({ burst }),
    0,
  ),
  flagKey('no-delay', 'leaky-bucket: what would queue passes at once', (noDelay) => ({ noDelay })),
  flagKey('count-refused', 'requests that are refused count too', (countRefused) => ({ countRefused })),
  choiceKey('unit', 'what rates count; services differ in what they can count', UNITS, (unit) => ({ unit })),
  {
    name: 'match',
    syntax: '[METHOD:]/PATH*[+…]',
    meaning: 'the requests that rates are for: POST:/vision/*',
    read: readMatch,
  },
  {
    name: 'quota',
    syntax: 'N/PERIOD|none',
    meaning: 'an allowance for a long period: 5000/30d',
    read: readQuota,
  },
  choiceKey('quota-status', 'of what a spent quota refuses', REFUSAL_STATUSES, (quotaStatus) => ({
    quotaStatus,
  })),
  choiceKey(
    'quota-from',
    'the period begins with the mock, or with the first request',
    QUOTA_STARTS,
    (quotaFrom) => ({ quotaFrom }),
  ),
  limitKey('concurrency', 'requests in flight', (concurrency) => ({ concurrency })),
  limitKey('queue', 'requests that wait for a place among them', (queue) => ({ queue })),
  { name: 'queue-timeout', syntax: 'DURATION', meaning: 'longest wait there', read: readQueueTimeout },
  choiceKey('retry-after', 'form of Retry-After on refusals', RETRY_AFTER_FORMS, (retryAfter) => ({
    retryAfter,
  })),
  flagKey('retry-after-ms', 'retry-after-ms on refusals', (retryAfterMs) => ({ retryAfterMs })),
  flagKey('rate-limit', 'RateLimit and RateLimit-Policy', (rateLimit) => ({ rateLimit })),
  choiceKey(
    'x-rate-limit',
    'x-ratelimit-…: of the limit with the least left, or one for each unit',
    X_RATE_LIMIT_FORMS,
    (xRateLimit) => ({ xRateLimit }),
  ),
  flagKey('expose-headers', 'Access-Control-Expose-Headers that names these', (exposeHeaders) => ({
    exposeHeaders,
  })),
]

/** The resource with the options in place of what its profile says. */
export function applyLimits(base: ResourceConfig, options: LimitOptions): ResourceConfig {
  const { concurrency: _concurrency, queue: _queue, signals: _signals, ...rest } = base
  const concurrency = options.concurrency === undefined ? base.concurrency : options.concurrency
  const signals = { ...base.signals, ...signalsOf(options) }
  return {
    ...rest,
    rules: [...quotaRules(base.rules, options), ...rateRules(base.rules, options)],
    ...(typeof concurrency === 'number' && { concurrency }),
    ...applyQueue(base, options),
    ...(Object.keys(signals).length > 0 && { signals }),
  }
}

/** What in the options does not go together, or not with the resource they were applied to. */
export function faultsInLimits(resource: ResourceConfig, options: LimitOptions, where: string): Fault[] {
  const faults: Fault[] = []
  const add = (key: string, what: string): void => void faults.push({ where: `${where}.${key}`, what })
  if (options.tps !== undefined && options.rates !== undefined)
    add('rates', 'goes instead of tps, not beside it')
  for (const key of keysWithout(resource, options)) add(key.key, key.what)
  const units = UNITS_OF_SERVICE[resource.service.kind]
  // Rules made by one spec are all alike, so that one fault would come once for each of them.
  const inRules = new Map(
    resource.rules
      .flatMap((rule) => [...faultsInRule(rule), ...faultsInUnit(rule, units)])
      .map(({ key, what }) => [key, what]),
  )
  for (const [key, what] of inRules) add(key === 'limit' ? 'rates' : kebabCase(key), what)
  return faults
}

/** Keys that change something which the resource does not have. */
function keysWithout(resource: ResourceConfig, options: LimitOptions): { key: string; what: string }[] {
  const hasRate = resource.rules.some((rule) => rule.isQuota !== true)
  const hasQuota = resource.rules.some((rule) => rule.isQuota === true)
  const needs: readonly [isMet: boolean, what: string, keys: readonly (keyof LimitOptions)[]][] = [
    [hasRate, 'needs a rate limit; add tps=…', RULE_KEYS],
    [hasQuota, 'needs a quota; add quota=…', ['quotaStatus', 'quotaFrom']],
    [resource.concurrency !== undefined, 'needs a cap; add concurrency=…', ['queue']],
    [resource.queue !== undefined, 'needs a queue; add queue=…', ['queueTimeoutUs']],
  ]
  return needs
    .filter(([isMet]) => !isMet)
    .flatMap(([, what, keys]) => keys.map((key) => ({ key, what })))
    .filter(({ key }) => options[key] !== undefined && options[key] !== null)
    .map(({ key, what }) => ({ key: kebabCase(key).replace(/-us$/, ''), what }))
}

const RULE_KEYS = ['algorithm', 'burst', 'noDelay', 'countRefused', 'unit', 'match'] as const

function rateRules(base: readonly RuleConfig[], options: LimitOptions): RuleConfig[] {
  const { algorithm, burst, noDelay, countRefused, unit, match } = options
  return baseRates(base, options).map((rule) => {
    const { noDelay: _noDelay, countRefused: _countRefused, ...rest } = rule
    return {
      ...rest,
      ...((noDelay ?? rule.noDelay) === true && { noDelay: true }),
      ...((countRefused ?? rule.countRefused) === true && { countRefused: true }),
      ...(algorithm !== undefined && { algorithm }),
      ...(burst !== undefined && { burst }),
      ...(unit !== undefined && { unit }),
      ...(match !== undefined && { match }),
    }
  })
}

function baseRates(base: readonly RuleConfig[], { tps, rates }: LimitOptions): readonly RuleConfig[] {
  if (rates !== undefined) {
    return rates.map((rate) => ({
      name: rates.length === 1 ? 'rate' : `rate-${formatDuration(rate.windowUs)}`,
      algorithm: 'sliding-log',
      ...rate,
    }))
  }
  if (tps === undefined) return base.filter((rule) => rule.isQuota !== true)
  return tps === null ? [] : [{ name: 'rate', algorithm: 'sliding-log', limit: tps, windowUs: US_PER_S }]
}

function quotaRules(base: readonly RuleConfig[], options: LimitOptions): RuleConfig[] {
  const { quota, quotaStatus, quotaFrom } = options
  const rules: readonly RuleConfig[] =
    quota === undefined
      ? base.filter((rule) => rule.isQuota === true)
      : quota === null
        ? []
        : [{ name: 'quota', algorithm: 'fixed-window', ...quota, isQuota: true }]
  return rules.map((rule) => ({
    ...rule,
    ...(quotaFrom !== undefined && {
      algorithm: quotaFrom === 'start' ? 'fixed-window' : 'first-hit-window',
    }),
    ...(quotaStatus !== undefined && { status: quotaStatus }),
  }))
}

function applyQueue(base: ResourceConfig, options: LimitOptions): Pick<ResourceConfig, 'queue'> {
  const size = options.queue === undefined ? base.queue?.size : options.queue
  if (typeof size !== 'number') return {}
  const timeoutUs = options.queueTimeoutUs ?? base.queue?.timeoutUs
  return { queue: { size, ...(timeoutUs !== undefined && { timeoutUs }) } }
}

function signalsOf(options: LimitOptions): SignalsConfig {
  const { retryAfter, retryAfterMs, rateLimit, xRateLimit, exposeHeaders } = options
  return {
    ...(retryAfter !== undefined && { retryAfter }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(rateLimit !== undefined && { rateLimit }),
    ...(xRateLimit !== undefined && { xRateLimit }),
    ...(exposeHeaders !== undefined && { exposeHeaders }),
  }
}

function readRates(text: string): LimitOptions | string {
  const rates = text.split('+').map(readRate)
  const fault = rates.find((rate) => typeof rate === 'string')
  if (fault !== undefined) return fault
  const read = rates.filter((rate) => typeof rate !== 'string')
  const isRepeated = new Set(read.map(({ windowUs }) => windowUs)).size < read.length
  return isRepeated ? 'the same window is there twice' : { rates: read }
}

function readQuota(text: string): LimitOptions | string {
  if (text === 'none') return { quota: null }
  const quota = readRate(text)
  return typeof quota === 'string' ? quota : { quota }
}

function readMatch(text: string): LimitOptions | string {
  const patterns = text.split('+').map(parseRoutePattern)
  const match = patterns.filter((pattern) => pattern !== undefined)
  return match.length < patterns.length ? `"${text}" is no pattern such as POST:/vision/*` : { match }
}

function readQueueTimeout(text: string): LimitOptions | string {
  const queueTimeoutUs = parseDurationUs(text)
  return queueTimeoutUs === undefined ? `"${text}" is no duration such as 500ms` : { queueTimeoutUs }
}
