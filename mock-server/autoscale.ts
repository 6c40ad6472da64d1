/**
 * Azure's autoscale, `dynamicThrottlingEnabled`: a limit that refuses requests is raised step by step while the service has
 * capacity to spare, and lowered when it is not used. What is known of it is in azure-docs cognitive-services/autoscale.md: off
 * by default, an answer to 429s within 5 minutes, 1,000 requests a second after an hour or more of them, back to the default
 * within 5 minutes of being switched off. How large a step is and when limits fall is not published and assumed here.
 */
import { US_PER_S } from '../src/core/units.ts'
import { MAX_LIMIT, type RuleConfig } from './rule.ts'

/** How far one evaluation moves a limit. */
export type Growth =
  /** To that many times as much, above 1. */
  | { readonly kind: 'factor'; readonly factor: number }
  /** By so many units per second. */
  | { readonly kind: 'step'; readonly perS: number }

export interface AutoscaleConfig {
  readonly enabled: boolean
  /** From one evaluation to the next; the first is at that time. */
  readonly periodUs: number
  readonly growth: Growth
  /** Highest limit it sets, in units per second. */
  readonly maxPerS: number
  /** What the service can give to all rules together beyond their own limits, in units per second; absent: anything. */
  readonly sparePerS?: number
}

/** All but the period and the maximum is assumed: with this factor 10 per second are 1,000 after twelve steps, an hour. */
export const DEFAULT_AUTOSCALE: AutoscaleConfig = {
  enabled: true,
  periodUs: 300 * US_PER_S,
  growth: { kind: 'factor', factor: 1.4678 },
  maxPerS: 1_000,
}

/** Longest time between evaluations. */
export const MAX_AUTOSCALE_PERIOD_US = 86_400_000_000

/** Other figures; what is absent stays, `null` takes the bound away. */
export interface AutoscaleChange {
  readonly enabled?: boolean
  readonly periodUs?: number
  readonly growth?: Growth
  readonly maxPerS?: number
  readonly sparePerS?: number | null
}

/** What it has done, for the admin API. */
export interface AutoscaleState {
  readonly enabled: boolean
  readonly nextEvaluationAtUs: number
  readonly raisedCount: number
  readonly loweredCount: number
  /** How often a limit stayed because the service had nothing to spare. */
  readonly deniedCount: number
  /** By rule: the limit that it goes back to. */
  readonly baseLimits: Readonly<Record<string, number>>
}

/** A rule whose limit moves; limits are in millionths of a unit per window, so that steps are rounded by next to nothing. */
interface Moving {
  readonly name: string
  readonly windowUs: number
  baseParts: number
  limitParts: number
  hasRefused: boolean
  /** Offered within the last window before the next evaluation. */
  offeredCost: number
}

const PARTS = 1_000_000

/** Sets the limit of the rule of that name. */
type SetLimit = (name: string, limit: number, atUs: number) => void

/** Moves the limits of the rules that carry the flag. Evaluates when it is told the time, as of each tick that has passed. */
export class Autoscaler {
  readonly #config: AutoscaleConfig
  readonly #rules: readonly Moving[]
  readonly #setLimit: SetLimit
  #nextTickUs: number
  #raisedCount = 0
  #loweredCount = 0
  #deniedCount = 0
  /** A change takes effect at the next evaluation. */
  enabled: boolean

  constructor(config: AutoscaleConfig, rules: readonly RuleConfig[], setLimit: SetLimit) {
    this.#config = config
    this.#rules = rules.filter((rule) => rule.isAutoscaled === true).map(movingRule)
    this.#setLimit = setLimit
    this.#nextTickUs = config.periodUs
    this.enabled = config.enabled
  }

  /** As it would have to be made to begin anew. */
  get config(): AutoscaleConfig {
    return { ...this.#config, enabled: this.enabled }
  }

  /** The limits that the rules go back to. */
  get baseLimits(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#rules.map(({ name, baseParts }) => [name, baseParts / PARTS]))
  }

  advance(nowUs: number): void {
    const { periodUs } = this.#config
    while (this.#nextTickUs <= nowUs && !this.#isAtRest()) {
      this.#evaluate(this.#nextTickUs)
      this.#nextTickUs += periodUs
    }
    if (this.#nextTickUs > nowUs) return
    for (const rule of this.#rules) rule.offeredCost = 0
    this.#nextTickUs = (Math.floor(nowUs / periodUs) + 1) * periodUs
  }

  /** Takes note of a request that the rule has decided on. */
  note(name: string, cost: number, isRefused: boolean, nowUs: number): void {
    const rule = this.#rules.find((one) => one.name === name)
    if (rule === undefined) return
    if (isRefused) rule.hasRefused = true
    if (nowUs >= this.#nextTickUs - rule.windowUs) rule.offeredCost += cost
  }

  /** The rule's own limit is another one from now on: it starts again from there. */
  rebase(name: string, limit: number): void {
    const rule = this.#rules.find((one) => one.name === name)
    if (rule === undefined) return
    rule.baseParts = limit * PARTS
    rule.limitParts = rule.baseParts
  }

  state(): AutoscaleState {
    return {
      enabled: this.enabled,
      nextEvaluationAtUs: this.#nextTickUs,
      raisedCount: this.#raisedCount,
      loweredCount: this.#loweredCount,
      deniedCount: this.#deniedCount,
      baseLimits: this.baseLimits,
    }
  }

  /** No evaluation would move anything. */
  #isAtRest(): boolean {
    return this.#rules.every((rule) => rule.limitParts === rule.baseParts && !rule.hasRefused)
  }

  #evaluate(atUs: number): void {
    for (const rule of this.#rules) {
      const limitParts = this.#next(rule)
      rule.hasRefused = false
      rule.offeredCost = 0
      if (limitParts === rule.limitParts) continue
      if (limitParts > rule.limitParts) this.#raisedCount++
      else this.#loweredCount++
      rule.limitParts = limitParts
      this.#setLimit(rule.name, Math.floor(limitParts / PARTS), atUs)
    }
  }

  #next(rule: Moving): number {
    const { limitParts, baseParts, hasRefused, offeredCost } = rule
    if (!this.enabled) return baseParts
    if (hasRefused) return this.#raised(rule)
    return 2 * offeredCost * PARTS < limitParts ? this.#lowered(rule) : limitParts
  }

  #raised(rule: Moving): number {
    const { limitParts, windowUs } = rule
    const { growth, maxPerS } = this.#config
    const grownParts =
      growth.kind === 'factor'
        ? Math.round(limitParts * growth.factor)
        : limitParts + partsOf(growth.perS, windowUs)
    const raisedParts = Math.max(
      limitParts,
      Math.min(partsOf(maxPerS, windowUs), MAX_LIMIT * PARTS, grownParts),
    )
    if (this.#hasSpare(rule, raisedParts)) return raisedParts
    this.#deniedCount++
    return limitParts
  }

  #lowered({ limitParts, baseParts, windowUs }: Moving): number {
    const { growth } = this.#config
    const shrunkParts =
      growth.kind === 'factor'
        ? Math.round(limitParts / growth.factor)
        : limitParts - partsOf(growth.perS, windowUs)
    return Math.max(baseParts, shrunkParts)
  }

  #hasSpare(rule: Moving, limitParts: number): boolean {
    const { sparePerS = Infinity } = this.#config
    let raisedPerS = 0
    for (const one of this.#rules) {
      const parts = (one === rule ? limitParts : one.limitParts) - one.baseParts
      raisedPerS += (parts * US_PER_S) / (one.windowUs * PARTS)
    }
    return raisedPerS <= sparePerS
  }
}

/** The autoscale with the change; where there was none before, the default one is changed. */
export function changeAutoscale(
  base: AutoscaleConfig | undefined,
  change: AutoscaleChange | undefined,
): AutoscaleConfig | undefined {
  if (change === undefined) return base
  const { sparePerS, ...rest } = { ...DEFAULT_AUTOSCALE, ...base, ...change }
  return { ...rest, ...(typeof sparePerS === 'number' && { sparePerS }) }
}

/** Whether there is anything to move. */
export function hasMovingRule(rules: readonly RuleConfig[]): boolean {
  return autoscaledRules(rules).some((rule) => rule.isAutoscaled === true)
}

/** Marks the rules that move where none is marked: all but quotas. */
export function autoscaledRules(rules: readonly RuleConfig[]): readonly RuleConfig[] {
  if (rules.some((rule) => rule.isAutoscaled === true)) return rules
  return rules.map((rule) => (rule.isQuota === true ? rule : { ...rule, isAutoscaled: true }))
}

const GROWTH = /^(\+?)(\d+(?:\.\d+)?)$/

/** Reads `1.5` (times) or `+82.5` (units per second). @returns the growth, or what is wrong with the text. */
export function parseGrowth(text: string): Growth | string {
  const [, plus, figure] = GROWTH.exec(text) ?? []
  const value = Number(figure)
  if (plus === '+' && value > 0 && value <= 1_000_000) return { kind: 'step', perS: value }
  if (plus === '' && value > 1 && value <= 1_000) return { kind: 'factor', factor: value }
  return `"${text}" is no growth: write a factor above 1, such as 1.5, or units per second, such as +82.5`
}

/** The syntax that `parseGrowth` reads. */
export function formatGrowth(growth: Growth): string {
  return growth.kind === 'factor' ? String(growth.factor) : `+${growth.perS}`
}

function movingRule({ name, limit, windowUs }: RuleConfig): Moving {
  const parts = limit * PARTS
  return { name, windowUs, baseParts: parts, limitParts: parts, hasRefused: false, offeredCost: 0 }
}

/** A rate as a limit of a window. */
function partsOf(perS: number, windowUs: number): number {
  return Math.round((perS * PARTS * windowUs) / US_PER_S)
}
