import { type AutoscaleConfig, Autoscaler, type AutoscaleState } from './autoscale.ts'
import { ConcurrencyGate, type QueueConfig } from './limiter/concurrency.ts'
import {
  createRule,
  differsOnlyInQuota,
  leastRemaining,
  limiterOf,
  type LiveRule,
  setQuota,
  type Standing,
  standingOf,
} from './live-rule.ts'
import { refusalByGate, refusalByRules } from './refusals.ts'
import { CONCURRENCY_RULE, type RefusalStatus, type RuleConfig, type Unit } from './rule.ts'

/** What the limits need to know of a request. */
export interface Asked {
  readonly method: string
  /** Without the resource's prefix and without the query. */
  readonly path: string
  /** As the service calls it, for rules that count each on its own; absent: the only one. */
  readonly operation?: string
  /** Absent: it is under the resource's cap on requests in flight. */
  readonly slots?: Slots | undefined
  /** How many of these units the request is charged. */
  cost(unit: Unit): number
}

/** Slots that a part of a resource has for itself, such as one of several endpoints, beside those of the resource. */
export interface Slots {
  readonly name: string
  /** Most requests in flight. */
  readonly concurrency: number
}

/** A refusal: by which rule, and when the request would pass if nothing else came. */
export interface Refusal {
  readonly admitted: false
  readonly rule: string
  readonly kind: 'rate' | 'quota' | 'concurrency' | 'capacity'
  /** Of the rule that refused. */
  readonly limit: number
  /** That the rule asks for; `undefined`: the service's own. */
  readonly status: RefusalStatus | undefined
  /** How long after its arrival the request is refused: 0, unless it has waited in the queue in vain. */
  readonly delayUs: number
  /** Counted from the refusal; `Infinity`: never, because the request is larger than the limit. */
  readonly retryAfterUs: number
}

interface Admitted {
  readonly admitted: true
  /** How long the request is held back before its service starts. */
  readonly delayUs: number
}

export type Decision = Admitted | Refusal

const ADMITTED: Decision = { admitted: true, delayUs: 0 }

/** New numbers for the rule of that name; what is absent stays. */
export interface RuleChange {
  readonly name: string
  readonly limit?: number
  readonly burst?: number
}

/** New limits while the mock runs; what is absent stays. */
export interface LimitsChange {
  readonly rule?: RuleChange
  /** In place of all that there are. One of which nothing but limit and burst is new keeps what it has counted. */
  readonly rules?: readonly RuleConfig[]
  /** `Infinity`: no cap. */
  readonly concurrency?: number
  /** `null`: none waits. */
  readonly queue?: QueueConfig | null
  /** From the next evaluation on; without an autoscale nothing happens. */
  readonly autoscale?: boolean
}

/** All limits of a resource. */
export interface LimitsConfig {
  readonly rules: readonly RuleConfig[]
  /** Most requests in flight; absent: no cap. */
  readonly concurrency?: number
  readonly queue?: QueueConfig
  /** Moves the rules that carry the flag; absent: none. */
  readonly autoscale?: AutoscaleConfig
}

/** Where the limits stand, for the admin API. */
export interface LimitsState {
  readonly rules: readonly (RuleConfig & { readonly remainingCount: number })[]
  /** `null`: no cap. */
  readonly concurrency: number | null
  /** `null`: none waits. */
  readonly queue: QueueConfig | null
  /** Absent: no limit moves by itself. */
  readonly autoscale?: AutoscaleState
  readonly waitingCount: number
  readonly inFlightCount: number
  readonly inFlightPeakCount: number
  /** Where the parts stand that have slots for themselves; absent: there are none. */
  readonly slots?: readonly SlotsState[]
}

interface SlotsState extends Slots {
  readonly inFlightCount: number
  readonly inFlightPeakCount: number
}

/** All limits of one resource. A request passes every one that applies to it or is charged to none. */
export class Admission {
  #rules: readonly LiveRule[]
  #hasPatterns: boolean
  readonly #applying: LiveRule[] = []
  readonly #gate: ConcurrencyGate
  /** By the name of the slots. */
  readonly #ownGates = new Map<string, ConcurrencyGate>()

  #autoscaler: Autoscaler | undefined

  constructor({ rules, concurrency, queue, autoscale }: LimitsConfig) {
    this.#rules = rules.map(createRule)
    this.#hasPatterns = hasPatterns(this.#rules)
    this.#autoscaler = this.#createAutoscaler(autoscale)
    this.#gate = new ConcurrencyGate(concurrency ?? Infinity, queue)
  }

  /** Moves the limits as of every evaluation that has passed. Has to be called before anything else at that time. */
  advance(nowUs: number): void {
    this.#autoscaler?.advance(nowUs)
  }

  /**
   * Decides on a request and charges it if it passes; its slot of the concurrency cap is taken by `occupy`, which
   * has to follow. The first rule that refuses gives its name; the wait is that of the slowest. What is refused is
   * charged only to rules that count refused requests.
   */
  take(asked: Asked, nowUs: number): Decision {
    const rules = this.#rulesFor(asked)
    const gate = this.#gateFor(asked.slots)
    const refusal = refusalByRules(rules, asked, nowUs) ?? refusalByGate(gate, nowUs)
    if (this.#autoscaler !== undefined) noteDemand(this.#autoscaler, rules, asked, nowUs)
    let delayUs = refusal === undefined ? gate.waitUs(nowUs) : 0
    for (const rule of rules) {
      if (refusal !== undefined && rule.config.countRefused !== true) continue
      delayUs = Math.max(delayUs, limiterOf(rule, asked).charge(asked.cost(rule.unit), nowUs))
    }
    if (refusal !== undefined) return refusal
    return delayUs === 0 ? ADMITTED : { admitted: true, delayUs }
  }

  /** The request admitted at `nowUs` is in flight until `endUs`; while it is held back by a rule it has its slot already. */
  occupy(nowUs: number, endUs: number, slots?: Slots): void {
    this.#gateFor(slots).enter(nowUs, endUs)
  }

  /** The limits in force, changes included but for those that autoscale has made. */
  get config(): LimitsConfig {
    const { capacity, queue } = this.#gate
    const autoscaler = this.#autoscaler
    return {
      rules:
        autoscaler === undefined ? this.rules : this.rules.map((rule) => withBaseLimit(rule, autoscaler)),
      ...(autoscaler !== undefined && { autoscale: autoscaler.config }),
      ...(capacity < Infinity && { concurrency: capacity }),
      ...(queue !== undefined && { queue }),
    }
  }

  /** The rules in force, changes included. */
  get rules(): readonly RuleConfig[] {
    return this.#rules.map((rule) => rule.config)
  }

  /** At once, but for autoscale. What is under way stays, and what waits keeps its planned start. */
  change({ rule, rules, concurrency, queue, autoscale }: LimitsChange, nowUs: number): void {
    if (rules !== undefined) this.#replaceRules(rules, nowUs)
    if (rule !== undefined) {
      this.#changeRule(rule, nowUs)
      if (rule.limit !== undefined) this.#autoscaler?.rebase(rule.name, rule.limit)
    }
    if (concurrency !== undefined) this.#gate.capacity = concurrency
    if (queue !== undefined) this.#gate.queue = queue ?? undefined
    if (autoscale !== undefined && this.#autoscaler !== undefined) this.#autoscaler.enabled = autoscale
  }

  /** How many requests hold a slot. */
  inFlightCount(nowUs: number): number {
    let count = this.#gate.inFlightCount(nowUs)
    for (const gate of this.#ownGates.values()) count += gate.inFlightCount(nowUs)
    return count
  }

  #changeRule({ name, ...change }: RuleChange, nowUs: number): void {
    for (const rule of this.#rules) {
      if (rule.config.name !== name) continue
      setQuota(rule, { ...rule.config, ...change }, nowUs)
    }
  }

  /** Autoscale begins anew with them. */
  #replaceRules(rules: readonly RuleConfig[], nowUs: number): void {
    this.#rules = rules.map((config) => {
      const kept = this.#rules.find((rule) => differsOnlyInQuota(rule.config, config))
      if (kept === undefined) return createRule(config)
      setQuota(kept, config, nowUs)
      return kept
    })
    this.#hasPatterns = hasPatterns(this.#rules)
    this.#autoscaler = this.#createAutoscaler(this.#autoscaler?.config)
    this.#autoscaler?.advance(nowUs)
  }

  #createAutoscaler(config: AutoscaleConfig | undefined): Autoscaler | undefined {
    return (
      config &&
      new Autoscaler(config, this.rules, (name, limit, atUs) => this.#changeRule({ name, limit }, atUs))
    )
  }

  state(nowUs: number): LimitsState {
    const { capacity, queue } = this.#gate
    return {
      rules: this.#rules.map((rule) => ({ ...rule.config, remainingCount: leastRemaining(rule, nowUs) })),
      concurrency: capacity === Infinity ? null : capacity,
      queue: queue ?? null,
      waitingCount: this.#gate.waitingCount(nowUs),
      inFlightCount: this.#gate.inFlightCount(nowUs),
      inFlightPeakCount: this.#gate.peakCount,
      ...(this.#ownGates.size > 0 && { slots: this.#slotsState(nowUs) }),
      ...(this.#autoscaler !== undefined && { autoscale: this.#autoscaler.state() }),
    }
  }

  /** Every limit that applies to the request, the cap on requests in flight last. */
  standings(asked: Asked, nowUs: number): Standing[] {
    const standings = this.#rulesFor(asked).map((rule) => standingOf(rule, asked, nowUs))
    const ownGate = this.#gateFor(asked.slots)
    const { capacity } = ownGate
    if (capacity === Infinity) return standings
    const remaining = Math.max(0, capacity - ownGate.inFlightCount(nowUs))
    const unit = 'requests in flight'
    const gate = {
      name: CONCURRENCY_RULE,
      unit,
      limit: capacity,
      remaining,
      windowUs: 0,
      moreAfterUs: Infinity,
    } as const
    return [...standings, gate]
  }

  /** The rules that apply, in order; valid until the next call. */
  #rulesFor({ method, path }: Asked): readonly LiveRule[] {
    if (!this.#hasPatterns) return this.#rules
    const applying = this.#applying
    applying.length = 0
    for (const rule of this.#rules) {
      if (
        rule.matches === undefined ||
        (rule.matches(method, path) && !hasGroup(applying, rule.config.group))
      ) {
        applying.push(rule)
      }
    }
    return applying
  }

  #gateFor(slots: Slots | undefined): ConcurrencyGate {
    if (slots === undefined) return this.#gate
    let gate = this.#ownGates.get(slots.name)
    if (gate === undefined) {
      gate = new ConcurrencyGate(slots.concurrency)
      this.#ownGates.set(slots.name, gate)
    }
    gate.capacity = slots.concurrency
    gate.queue = this.#gate.queue
    return gate
  }

  #slotsState(nowUs: number): SlotsState[] {
    return Array.from(this.#ownGates, ([name, gate]) => ({
      name,
      concurrency: gate.capacity,
      inFlightCount: gate.inFlightCount(nowUs),
      inFlightPeakCount: gate.peakCount,
    }))
  }
}

function hasPatterns(rules: readonly LiveRule[]): boolean {
  return rules.some((rule) => rule.matches !== undefined)
}

function hasGroup(applying: readonly LiveRule[], group: string | undefined): boolean {
  return applying.some((rule) => rule.matches !== undefined && rule.config.group === group)
}

/** Tells autoscale what the rules that it moves have been asked for. Before any of it is charged. */
function noteDemand(autoscaler: Autoscaler, rules: readonly LiveRule[], asked: Asked, nowUs: number): void {
  for (const rule of rules) {
    if (rule.config.isAutoscaled !== true) continue
    const cost = asked.cost(rule.unit)
    autoscaler.note(rule.config.name, cost, limiterOf(rule, asked).waitUs(cost, nowUs) > 0, nowUs)
  }
}

function withBaseLimit(rule: RuleConfig, { baseLimits }: Autoscaler): RuleConfig {
  const limit = baseLimits[rule.name]
  return limit === undefined ? rule : { ...rule, limit }
}
