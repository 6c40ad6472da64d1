import type { Rng } from '../src/core/rng.ts'
import { Admission, type LimitsState } from './admission.ts'
import type { ResourceConfig, RuleConfig, ServiceConfig } from './config.ts'
import type { MockRequest, ReplyPlan } from './exchange.ts'
import { type LatencyConfig, createLatency, formatLatency } from './latency.ts'
import { type DecisionRecord, type DecisionRing, type OperationCounts, Oracle } from './oracle.ts'
import { createCustomService } from './services/custom.ts'
import { createPersonalizerService } from './services/personalizer.ts'
import type { Reply, Service } from './services/service.ts'

/** What the admin API shows of a resource; keys are left out. */
export interface ResourceState extends LimitsState {
  readonly name: string
  readonly service: ServiceConfig['kind']
  /** As `parseLatency` reads it. */
  readonly latency: string
  readonly operations: Readonly<Record<string, OperationCounts>>
}

/** A new limit for the rule of that name. */
export interface RuleLimit {
  readonly rule: string
  readonly limit: number
}

/** New limits; what is absent stays. */
export interface LimitsPatch {
  readonly limit?: RuleLimit
  /** `Infinity`: no cap. */
  readonly concurrency?: number
  readonly latency?: LatencyConfig
}

type Outcome = Pick<DecisionRecord, 'operation' | 'verdict' | 'rule' | 'replyAtUs'>

/** One service behind its limits: valid requests are admitted or refused, admitted ones take their latency. */
export class Resource {
  readonly name: string
  readonly #service: Service
  readonly #serviceKind: ServiceConfig['kind']
  readonly #latencyRng: Rng
  readonly #decisions: DecisionRing
  #oracle = new Oracle()
  #admission: Admission
  #latencyConfig: LatencyConfig
  #drawLatencyUs: () => number

  constructor(config: ResourceConfig, rng: Rng, decisions: DecisionRing) {
    this.name = config.name
    this.#service = createService(config.service, rng)
    this.#serviceKind = config.service.kind
    this.#latencyRng = rng.fork('latency')
    this.#decisions = decisions
    this.#admission = new Admission(config.rules, config.concurrency ?? Infinity)
    this.#latencyConfig = config.latency
    this.#drawLatencyUs = createLatency(config.latency, this.#latencyRng)
  }

  /** @param path without the resource's prefix and without the query. */
  handle(request: MockRequest, path: string, nowUs: number): ReplyPlan {
    const call = this.#service.read(request, path)
    const { operation } = call
    if (!call.valid) {
      const outcome: Outcome = { operation, verdict: 'invalid', rule: null, replyAtUs: nowUs }
      return this.#conclude(request, call.reply, outcome, nowUs)
    }
    const decision = this.#admission.take(call.cost, nowUs)
    if (!decision.admitted) {
      const outcome: Outcome = { operation, verdict: 'refused', rule: decision.rule, replyAtUs: nowUs }
      return this.#conclude(request, call.refuse(decision), outcome, nowUs)
    }
    const latencyUs = this.#drawLatencyUs()
    const replyAtUs = nowUs + latencyUs
    this.#admission.occupy(nowUs, replyAtUs)
    const outcome: Outcome = { operation, verdict: 'admitted', rule: null, replyAtUs }
    return this.#conclude(request, call.succeed(latencyUs), outcome, nowUs)
  }

  /** The rate rules in force, in order. */
  get rules(): readonly RuleConfig[] {
    return this.#admission.rules
  }

  patch(patch: LimitsPatch, nowUs: number): void {
    if (patch.limit !== undefined) this.#admission.setLimit(patch.limit.rule, patch.limit.limit, nowUs)
    if (patch.concurrency !== undefined) this.#admission.concurrency = patch.concurrency
    if (patch.latency !== undefined) {
      this.#latencyConfig = patch.latency
      this.#drawLatencyUs = createLatency(patch.latency, this.#latencyRng)
    }
  }

  /** Forgets counters, charges and requests in flight; keeps the limits in force. */
  reset(): void {
    this.#oracle = new Oracle()
    this.#admission = new Admission(this.#admission.rules, this.#admission.concurrency)
  }

  state(nowUs: number): ResourceState {
    return {
      name: this.name,
      service: this.#serviceKind,
      ...this.#admission.state(nowUs),
      latency: formatLatency(this.#latencyConfig),
      operations: this.#oracle.operations(),
    }
  }

  #conclude(request: MockRequest, reply: Reply, outcome: Outcome, nowUs: number): ReplyPlan {
    const { operation, verdict, rule, replyAtUs } = outcome
    const { status } = reply
    const decision: DecisionRecord = {
      atUs: nowUs,
      resource: this.name,
      operation,
      verdict,
      rule,
      status,
      replyAtUs,
    }
    const plan = planReply(request.method, reply, replyAtUs)
    this.#oracle.count(decision, request.body.length, Buffer.byteLength(plan.body))
    this.#decisions.add(decision)
    return plan
  }
}

/** Adds the length of the body, which every status but 204 states; a reply to HEAD states it and leaves the body out. */
export function planReply(method: string, reply: Reply, replyAtUs: number): ReplyPlan {
  const { status, body } = reply
  if (status === 204) return { ...reply, replyAtUs }
  const headers = [...reply.headers, ['Content-Length', String(Buffer.byteLength(body))] as const]
  return { status, headers, body: method === 'HEAD' ? '' : body, replyAtUs }
}

function createService(config: ServiceConfig, rng: Rng): Service {
  return config.kind === 'personalizer' ? createPersonalizerService(config, rng) : createCustomService(config)
}
