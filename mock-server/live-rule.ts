import { isDeepStrictEqual } from 'node:util'
import type { Asked } from './admission.ts'
import { createLimiter } from './limiter/algorithms.ts'
import type { Limiter } from './limiter/limiter.ts'
import { compileRoutes, type RouteMatcher } from './route-pattern.ts'
import type { RuleConfig, Unit } from './rule.ts'

/** A rule at work: with its limiters. */
export interface LiveRule {
  config: RuleConfig
  readonly unit: Unit
  /** By operation; one for all of them unless the rule counts each on its own. */
  readonly limiters: Map<string, Limiter>
  /** `undefined`: every request. */
  readonly matches: RouteMatcher | undefined
}

/** Where one limit stands for one request. */
export interface Standing {
  readonly name: string
  readonly unit: Unit | 'requests in flight'
  readonly limit: number
  readonly remaining: number
  /** 0: it has none. */
  readonly windowUs: number
  /** How long until more than `remaining` is there; `Infinity`: all of it is there already, or no rule says when. */
  readonly moreAfterUs: number
}

export function createRule(config: RuleConfig): LiveRule {
  const { unit = 'requests', match } = config
  const matches = match === undefined ? undefined : compileRoutes(match)
  return { config, unit, limiters: new Map(), matches }
}

/** Whether two rules differ in nothing but what a limiter can change while it counts. */
export function differsOnlyInQuota(first: RuleConfig, second: RuleConfig): boolean {
  const same = { limit: 0, burst: undefined }
  return isDeepStrictEqual({ ...first, ...same }, { ...second, ...same })
}

/** @param config differs from the rule's own only in its quota; what has been counted stays. */
export function setQuota(rule: LiveRule, config: RuleConfig, nowUs: number): void {
  rule.config = config
  for (const limiter of rule.limiters.values()) limiter.setQuota(config, nowUs)
}

/** The one that counts the request; made when its operation is asked for the first time. */
export function limiterOf({ config, limiters }: LiveRule, { operation = '' }: Asked): Limiter {
  const key = config.perOperation === true ? operation : ''
  let limiter = limiters.get(key)
  if (limiter === undefined) {
    limiter = createLimiter(config)
    limiters.set(key, limiter)
  }
  return limiter
}

/** What is left of the operation that has the least left. */
export function leastRemaining({ config, limiters }: LiveRule, nowUs: number): number {
  if (limiters.size === 0) return createLimiter(config).remaining(nowUs)
  return Math.min(...[...limiters.values()].map((limiter) => limiter.remaining(nowUs)))
}

/** @returns where the rule stands for a request to which it applies. */
export function standingOf(rule: LiveRule, asked: Asked, nowUs: number): Standing {
  const { config, unit } = rule
  const { name, limit, windowUs } = config
  const limiter = limiterOf(rule, asked)
  const remaining = limiter.remaining(nowUs)
  return { name, unit, limit, remaining, windowUs, moreAfterUs: limiter.waitUs(remaining + 1, nowUs) }
}
