import { type Algorithm, CONCURRENCY_RULE, type RuleConfig } from './config.ts'
import { ConcurrencyGate } from './limiter/concurrency.ts'
import type { Limiter, Quota } from './limiter/limiter.ts'
import { SlidingLog } from './limiter/sliding-log.ts'
import { TokenBucket } from './limiter/token-bucket.ts'

/** A refusal: by which rule, and when the request would pass if nothing else came. */
export interface Refusal {
  readonly admitted: false
  readonly rule: string
  readonly retryAfterUs: number
}

type Decision = { readonly admitted: true } | Refusal

const LIMITERS: Readonly<Record<Algorithm, new (quota: Quota) => Limiter>> = {
  'sliding-log': SlidingLog,
  'token-bucket': TokenBucket,
}

const ADMITTED: Decision = { admitted: true }

interface Rule {
  config: RuleConfig
  readonly limiter: Limiter
}

/** Where the limits stand, for the admin API. */
export interface LimitsState {
  readonly rules: readonly (RuleConfig & { readonly remainingCount: number })[]
  /** `null`: no cap. */
  readonly concurrency: number | null
  readonly inFlightCount: number
  readonly inFlightPeakCount: number
}

/** All limits of one resource. A request passes every one of them or is charged to none. */
export class Admission {
  readonly #rules: readonly Rule[]
  readonly #gate: ConcurrencyGate

  /** @param concurrency most requests in flight; `Infinity`: no cap. */
  constructor(rules: readonly RuleConfig[], concurrency: number) {
    this.#rules = rules.map((config) => ({ config, limiter: new LIMITERS[config.algorithm](config) }))
    this.#gate = new ConcurrencyGate(concurrency)
  }

  /**
   * Decides on a request and charges it if it passes; its slot of the concurrency cap is taken by `occupy`, which
   * has to follow. The first rule that refuses gives its name; the wait is that of the slowest.
   */
  take(cost: number, nowUs: number): Decision {
    let refusedBy: string | undefined
    let retryAfterUs = 0
    for (const { config, limiter } of this.#rules) {
      const waitUs = limiter.waitUs(cost, nowUs)
      if (waitUs === 0) continue
      refusedBy ??= config.name
      retryAfterUs = Math.max(retryAfterUs, waitUs)
    }
    if (refusedBy !== undefined) return { admitted: false, rule: refusedBy, retryAfterUs }
    const slotWaitUs = this.#gate.waitUs(nowUs)
    if (slotWaitUs > 0) return { admitted: false, rule: CONCURRENCY_RULE, retryAfterUs: slotWaitUs }
    for (const { limiter } of this.#rules) limiter.charge(cost, nowUs)
    return ADMITTED
  }

  /** The admitted request is in flight until `endUs`. */
  occupy(nowUs: number, endUs: number): void {
    this.#gate.enter(nowUs, endUs)
  }

  /** The limits in force, changes included. */
  get rules(): readonly RuleConfig[] {
    return this.#rules.map((rule) => rule.config)
  }

  get concurrency(): number {
    return this.#gate.capacity
  }

  set concurrency(concurrency: number) {
    this.#gate.capacity = concurrency
  }

  /** Changes the limit of the rule of that name; what it has counted stays. */
  setLimit(name: string, limit: number, nowUs: number): void {
    for (const rule of this.#rules) {
      if (rule.config.name !== name) continue
      rule.config = { ...rule.config, limit }
      rule.limiter.setLimit(limit, nowUs)
    }
  }

  state(nowUs: number): LimitsState {
    return {
      rules: this.#rules.map(({ config, limiter }) => ({
        ...config,
        remainingCount: limiter.remaining(nowUs),
      })),
      concurrency: this.concurrency === Infinity ? null : this.concurrency,
      inFlightCount: this.#gate.inFlightCount(nowUs),
      inFlightPeakCount: this.#gate.peakCount,
    }
  }
}
