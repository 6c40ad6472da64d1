/** A limit on the rate of requests as a resource has it: which requests, in what unit, by which algorithm. */
import { CAPACITY_RULE } from './capacity.ts'
import { type KeyFault, type LimiterConfig, faultsInLimiter } from './limiter/algorithms.ts'
import type { RoutePattern } from './route-pattern.ts'
import { USAGE_RULE } from './usage-report.ts'

/** What a request can be charged in; the service says how many units it costs. */
export const UNITS = ['requests', 'bytes', 'characters', 'records', 'tokens'] as const
export type Unit = (typeof UNITS)[number]

/** Statuses of a refusal. */
export const REFUSAL_STATUSES = [403, 429, 503] as const
export type RefusalStatus = (typeof REFUSAL_STATUSES)[number]

/** Name under which the oracle counts what the concurrency cap refused; no rate rule may have it. */
export const CONCURRENCY_RULE = 'concurrency'

/** Largest limit, burst, concurrency and queue. */
export const MAX_LIMIT = 1_000_000_000
/** 366 days. */
export const MAX_WINDOW_US = 31_622_400_000_000

export interface RuleConfig extends LimiterConfig {
  readonly name: string
  /** Absent: requests. */
  readonly unit?: Unit
  /** Requests that one of them matches; absent: all requests. */
  readonly match?: readonly RoutePattern[]
  /**
   * Of the rules with patterns in one group only the first that matches a request applies to it, as in the
   * `callRateLimit` of Azure resources (azure-sdk-for-js, ThrottlingRule). Absent: all of them are one group.
   */
  readonly group?: string
  /** Each operation of the service is counted on its own; absent: all of them together. */
  readonly perOperation?: true
  /** An allowance for a long period rather than a rate; services refuse it with words of its own. */
  readonly isQuota?: true
  /** Autoscale may move its limit (`dynamicThrottlingEnabled` of a rule in the `callRateLimit` of Azure resources). */
  readonly isAutoscaled?: true
  /** Of a refusal by this rule; absent: the service's own. */
  readonly status?: RefusalStatus
}

/** What a rule counts that the service cannot. @param countedUnits what it can. */
export function faultsInUnit({ unit }: RuleConfig, countedUnits: readonly Unit[]): KeyFault[] {
  if (unit === undefined || countedUnits.includes(unit)) return []
  return [{ key: 'unit', what: `the service counts only ${countedUnits.join(', ')}` }]
}

/** Everything in one rule that does not go together, under the names that the JSON form has for it. */
export function faultsInRule(rule: RuleConfig): KeyFault[] {
  const faults = faultsInLimiter(rule)
  if (rule.name === CONCURRENCY_RULE) {
    const what = `"${CONCURRENCY_RULE}" is the name of the cap on requests in flight`
    faults.push({ key: 'name', what })
  }
  if (rule.name === CAPACITY_RULE) {
    faults.push({ key: 'name', what: `"${CAPACITY_RULE}" is the name of the backlog of the workers` })
  }
  if (rule.name === USAGE_RULE) {
    faults.push({ key: 'name', what: `"${USAGE_RULE}" is the name of a container’s want of a report` })
  }
  if (rule.isAutoscaled === true && rule.isQuota === true) {
    faults.push({ key: 'autoscale', what: 'a quota does not move' })
  }
  if (rule.group !== undefined && rule.match === undefined) {
    faults.push({ key: 'group', what: 'is for rules with patterns; add match' })
  }
  return faults
}
