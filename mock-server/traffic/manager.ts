import type { Rng } from '../../src/core/rng.ts'
import { US_PER_S } from '../../src/core/units.ts'
import { Admission, type Asked, type LimitsState, type Refusal } from '../admission.ts'
import type { MockRequest, ReplyPlan } from '../exchange.ts'
import { createLatency, formatLatency, type LatencyConfig } from '../latency.ts'
import type { DecisionRing } from '../oracle.ts'
import { planReply } from '../plan-reply.ts'
import type { RuleConfig } from '../rule.ts'
import { type Reply, retryAfterSeconds } from '../services/service.ts'
import { type Balancer, type BalancingConfig, type Candidate, createBalancer } from './balancing.ts'
import { keyHeader } from './request-key.ts'
import { createCounter, type InstanceCounter, type ScalingConfig } from './scaling.ts'

export interface ManagerConfig {
  readonly balancing: BalancingConfig
  readonly scaling: ScalingConfig
  /** Most requests in any second that it passes on; absent: no cap. */
  readonly tps?: number
  /** Most requests at once, from their arrival until their replies have left; absent: no cap. */
  readonly concurrency?: number
  /** What it adds to every reply. All of it on the way back, so that instances decide in order of arrival. */
  readonly latency: LatencyConfig
}

/** Other figures; what is absent stays. */
export interface ManagerChange {
  /** `null`: no cap. */
  readonly tps?: number | null
  /** `Infinity`: no cap. */
  readonly concurrency?: number
  readonly latency?: LatencyConfig
}

/** A resource behind the manager. */
export interface Instance extends Candidate {
  /** @param path without the query. */
  handle(request: MockRequest, path: string, nowUs: number): ReplyPlan
}

interface InstanceState {
  readonly name: string
  /** Whether it is given requests. */
  readonly isActive: boolean
  /** Requests that the manager has passed on to it. */
  readonly routedCount: number
  readonly inFlightCount: number
}

/** The manager's own account. Requests = routed (over all instances) + refused (over all rules). */
export interface ManagerState extends Pick<
  LimitsState,
  'concurrency' | 'inFlightCount' | 'inFlightPeakCount'
> {
  readonly policy: BalancingConfig['kind']
  /** `null`: no cap. */
  readonly tps: number | null
  /** As `parseLatency` reads it. */
  readonly latency: string
  readonly activeCount: number
  /** Instances that have been added and do not take requests yet. */
  readonly startingCount: number
  readonly requestCount: number
  /** By rule: `rate` or `concurrency`. */
  readonly refusedCounts: Readonly<Record<string, number>>
  readonly instances: readonly InstanceState[]
}

/** The name under which its refusals are among the decisions: no resource has it. */
const MANAGER = '/'

/** One URL in front of several instances: it passes each request on to one of those that are there at the time. */
export class TrafficManager {
  readonly #balancing: BalancingConfig
  readonly #rng: Rng
  #latencyRng: Rng
  readonly #instances: readonly Instance[]
  readonly #counter: InstanceCounter
  readonly #decisions: DecisionRing
  #balancer: Balancer
  #latency: LatencyConfig
  #drawLatencyUs: () => number
  #active: readonly Instance[]
  #admission: Admission
  #routedCounts: number[]
  #refusedCounts: Record<string, number> = {}

  /** @param instances in the order in which they are added; at least as many as there ever are. */
  constructor(config: ManagerConfig, instances: readonly Instance[], rng: Rng, decisions: DecisionRing) {
    this.#balancing = config.balancing
    this.#rng = rng
    this.#latencyRng = rng.fork('latency')
    this.#instances = instances
    this.#balancer = createBalancer(config.balancing, rng.fork('balancing'))
    this.#counter = createCounter(config.scaling, (atUs) =>
      instances.reduce((total, instance) => total + instance.inFlightCount(atUs), 0),
    )
    this.#latency = config.latency
    this.#drawLatencyUs = createLatency(config.latency, this.#latencyRng)
    this.#decisions = decisions
    this.#active = instances.slice(0, this.#counter.activeCount)
    const { tps, concurrency } = config
    this.#admission = new Admission({
      rules: rulesOf(tps),
      ...(concurrency !== undefined && { concurrency }),
    })
    this.#routedCounts = instances.map(() => 0)
  }

  /** Has to be called before any of the instances is asked at that time. */
  advance(nowUs: number): void {
    this.#counter.advance(nowUs)
    const { activeCount } = this.#counter
    if (activeCount !== this.#active.length) this.#active = this.#instances.slice(0, activeCount)
  }

  /** @param path without the query. */
  handle(request: MockRequest, path: string, nowUs: number): ReplyPlan {
    const asked: Asked = { method: request.method, path, cost: () => 1 }
    const decision = this.#admission.take(asked, nowUs)
    if (!decision.admitted) return this.#refuse(request, decision, nowUs)
    const index = this.#balancer(this.#active, request, nowUs)
    const instance = this.#active[index]!
    const plan = instance.handle(request, path, nowUs)
    const replyAtUs = plan.replyAtUs + this.#drawLatencyUs()
    this.#admission.occupy(nowUs, replyAtUs)
    this.#routedCounts[index]!++
    this.#counter.note(plan.status === 429 || plan.status === 503)
    return { ...plan, headers: [...plan.headers, ...this.#sessionHeaders(instance)], replyAtUs }
  }

  /** The limits in force. */
  get limits(): { readonly tps?: number; readonly concurrency?: number } {
    const { rules, concurrency } = this.#admission.config
    const tps = rules[0]?.limit
    return { ...(tps !== undefined && { tps }), ...(concurrency !== undefined && { concurrency }) }
  }

  patch({ tps, concurrency, latency }: ManagerChange, nowUs: number): void {
    this.#admission.change(
      {
        ...(tps !== undefined && { rules: rulesOf(tps ?? undefined) }),
        ...(concurrency !== undefined && { concurrency }),
      },
      nowUs,
    )
    if (latency !== undefined) this.#setLatency(latency)
  }

  /** Forgets counters, charges and requests in flight; the instances and the limits that are there stay. */
  reset(): void {
    this.#admission = new Admission(this.#admission.config)
    this.#balancer = createBalancer(this.#balancing, this.#rng.fork('balancing'))
    this.#latencyRng = this.#rng.fork('latency')
    this.#setLatency(this.#latency)
    this.#routedCounts = this.#instances.map(() => 0)
    this.#refusedCounts = {}
  }

  /** How many of the instances are given requests: the first ones. */
  get activeCount(): number {
    return this.#active.length
  }

  state(nowUs: number): ManagerState {
    const { concurrency, inFlightCount, inFlightPeakCount } = this.#admission.state(nowUs)
    const { activeCount, startingCount } = this.#counter
    return {
      policy: this.#balancing.kind,
      tps: this.limits.tps ?? null,
      concurrency,
      latency: formatLatency(this.#latency),
      activeCount,
      startingCount,
      requestCount: sum(this.#routedCounts) + sum(Object.values(this.#refusedCounts)),
      refusedCounts: { ...this.#refusedCounts },
      inFlightCount,
      inFlightPeakCount,
      instances: this.#instances.map((instance, index) => ({
        name: instance.name,
        isActive: index < activeCount,
        routedCount: this.#routedCounts[index]!,
        inFlightCount: instance.inFlightCount(nowUs),
      })),
    }
  }

  #setLatency(latency: LatencyConfig): void {
    this.#latency = latency
    this.#drawLatencyUs = createLatency(latency, this.#latencyRng)
  }

  #sessionHeaders({ name }: Instance): readonly (readonly [name: string, value: string])[] {
    const balancing = this.#balancing
    const header = balancing.kind === 'per-session' ? keyHeader(balancing.key, name) : undefined
    return header === undefined ? [] : [header]
  }

  #refuse(request: MockRequest, { rule, retryAfterUs }: Refusal, nowUs: number): ReplyPlan {
    this.#refusedCounts[rule] = (this.#refusedCounts[rule] ?? 0) + 1
    const reply = overloadedReply(rule, retryAfterUs)
    this.#decisions.add({
      atUs: nowUs,
      resource: MANAGER,
      operation: 'request',
      verdict: 'refused',
      rule,
      status: reply.status,
      replyAtUs: nowUs,
      faults: [],
    })
    return planReply(request.method, reply, nowUs)
  }
}

/** @param tps `undefined`: no cap. */
function rulesOf(tps: number | undefined): readonly RuleConfig[] {
  return tps === undefined ? [] : [{ name: 'rate', algorithm: 'sliding-log', limit: tps, windowUs: US_PER_S }]
}

/** What a balancer says when it is saturated differs from one to the next; this is assumed. */
function overloadedReply(rule: string, retryAfterUs: number): Reply {
  const message = `The traffic manager has reached its limit "${rule}".`
  return {
    status: 503,
    headers: [
      ['Retry-After', String(retryAfterSeconds(retryAfterUs))],
      ['Content-Type', 'application/json'],
    ],
    body: JSON.stringify({ error: { code: '503', message } }),
  }
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0)
}
