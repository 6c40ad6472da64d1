import type { Rng } from '../../src/core/rng.ts'
import { US_PER_S } from '../../src/core/units.ts'
import { Admission, type Asked, type LimitsState, type Refusal } from '../admission.ts'
import type { MockRequest, ReplyPlan } from '../exchange.ts'
import { createLatency, formatLatency, type LatencyConfig } from '../latency.ts'
import type { DecisionRing } from '../oracle.ts'
import { planReply } from '../resource.ts'
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
  readonly #config: ManagerConfig
  readonly #instances: readonly Instance[]
  readonly #balancer: Balancer
  readonly #counter: InstanceCounter
  readonly #drawLatencyUs: () => number
  readonly #decisions: DecisionRing
  #active: readonly Instance[]
  #admission: Admission
  #routedCounts: number[]
  #refusedCounts: Record<string, number> = {}

  /** @param instances in the order in which they are added; at least as many as there ever are. */
  constructor(config: ManagerConfig, instances: readonly Instance[], rng: Rng, decisions: DecisionRing) {
    this.#config = config
    this.#instances = instances
    this.#balancer = createBalancer(config.balancing, rng.fork('balancing'))
    this.#counter = createCounter(config.scaling, (atUs) =>
      instances.reduce((total, instance) => total + instance.inFlightCount(atUs), 0),
    )
    this.#drawLatencyUs = createLatency(config.latency, rng.fork('latency'))
    this.#decisions = decisions
    this.#active = instances.slice(0, this.#counter.activeCount)
    this.#admission = createAdmission(config)
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

  /** Forgets counters, charges and requests in flight; the instances that are there stay. */
  reset(): void {
    this.#admission = createAdmission(this.#config)
    this.#routedCounts = this.#instances.map(() => 0)
    this.#refusedCounts = {}
  }

  /** How many of the instances are given requests: the first ones. */
  get activeCount(): number {
    return this.#active.length
  }

  state(nowUs: number): ManagerState {
    const { balancing, tps, latency } = this.#config
    const { concurrency, inFlightCount, inFlightPeakCount } = this.#admission.state(nowUs)
    const { activeCount, startingCount } = this.#counter
    return {
      policy: balancing.kind,
      tps: tps ?? null,
      concurrency,
      latency: formatLatency(latency),
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

  #sessionHeaders({ name }: Instance): readonly (readonly [name: string, value: string])[] {
    const { balancing } = this.#config
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

function createAdmission({ tps, concurrency }: ManagerConfig): Admission {
  const rate: RuleConfig = { name: 'rate', algorithm: 'sliding-log', limit: tps ?? 1, windowUs: US_PER_S }
  return new Admission({
    rules: tps === undefined ? [] : [rate],
    ...(concurrency !== undefined && { concurrency }),
  })
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
