import type { Rng } from '../src/core/rng.ts'
import {
  Admission,
  type Asked,
  type Decision,
  type LimitsChange,
  type LimitsConfig,
  type LimitsState,
} from './admission.ts'
import { admit } from './admit.ts'
import { autoscaledRules } from './autoscale.ts'
import { Backend, type BackendChange, type BackendState, type Work } from './backend.ts'
import type { LimitedResource } from './cap.ts'
import { CAPACITY_RULE } from './capacity.ts'
import type { ResourceConfig, ServiceConfig } from './config.ts'
import type { MockRequest, ReplyPlan } from './exchange.ts'
import { failureReply } from './failure-reply.ts'
import { type FaultEffect, faultKindsOf, wireFaultOf } from './faults.ts'
import type { KeyRing } from './key-ring.ts'
import { type DecisionRecord, type DecisionRing, type OperationCounts, Oracle } from './oracle.ts'
import { planReply } from './plan-reply.ts'
import type { RuleConfig } from './rule.ts'
import { type Arm, isArmPath } from './services/arm.ts'
import type { Answered, Call, Reply, Service } from './services/service.ts'
import type { SharedBackend } from './shared-backend.ts'
import { Signals } from './signals.ts'
import { startService } from './start-service.ts'
import { formatOutage, isServing, USAGE_RULE, type UsageReportConfig } from './usage-report.ts'

/** What the admin API shows of a resource; keys are left out. */
export interface ResourceState extends LimitsState, BackendState {
  readonly name: string
  readonly service: ServiceConfig['kind']
  /** Name of the shared backend that it asks; absent: none. */
  readonly backend?: string
  /** Of a container that reports its usage. */
  readonly usageReport?: { readonly isServing: boolean; readonly outages: readonly string[] }
  readonly operations: Readonly<Record<string, OperationCounts>>
  /** How often one of the keys has been replaced; absent: it asks for none. */
  readonly keysRotatedCount?: number
  /** What the service itself has to show; absent: nothing. */
  readonly serviceState?: object
}

/** New figures while it is at work; what is absent stays. */
export type LimitsPatch = LimitsChange & BackendChange

interface Outcome extends Pick<DecisionRecord, 'operation' | 'verdict' | 'rule'> {
  /** When the reply is ready. */
  readonly dueUs: number
  readonly effect?: FaultEffect | undefined
}

/** One service behind its limits: valid requests are admitted or refused, admitted ones take their latency. */
export class Resource {
  readonly name: string
  readonly #config: ResourceConfig
  readonly #rng: Rng
  readonly #startUnixMs: number
  readonly #decisions: DecisionRing
  readonly #signals: Signals
  readonly #shared: SharedBackend | undefined
  readonly #usageReport: UsageReportConfig | undefined
  /** Something in front of the service refuses what is invalid, even when the service has no room. */
  readonly #hasGateway: boolean
  #service: Service
  /** `undefined`: the service asks for none. */
  #keys: KeyRing | undefined
  /** Manages the keys and the limits of a service of Azure's. */
  #arm: Arm | undefined
  #backend: Backend
  #oracle = new Oracle()
  #admission: Admission
  /** What configuration and admin API have set; the service's own management may set something else. */
  #own: { readonly concurrency: number; readonly isAutoscaling: boolean }

  /**
   * @param startUnixMs the date at time 0.
   * @param shared what it asks for each request.
   */
  constructor(
    config: ResourceConfig,
    rng: Rng,
    decisions: DecisionRing,
    startUnixMs: number,
    shared?: SharedBackend,
  ) {
    this.name = config.name
    this.#config = config
    this.#rng = rng
    this.#startUnixMs = startUnixMs
    this.#shared = shared
    this.#usageReport = config.usageReport
    this.#hasGateway = config.rules.length > 0 || config.concurrency !== undefined
    this.#decisions = decisions
    this.#signals = new Signals(config.signals ?? {}, startUnixMs)
    const { concurrency = Infinity, autoscale } = config
    this.#own = { concurrency, isAutoscaling: autoscale?.enabled === true }
    this.#admission = new Admission(config)
    this.#backend = new Backend(config, rng)
    const { service, keys, arm } = startService(config, rng, startUnixMs)
    this.#service = service
    this.#keys = keys
    this.#arm = arm
  }

  /** @param path without the resource's prefix and without the query. */
  handle(request: MockRequest, path: string, nowUs: number): ReplyPlan {
    this.#admission.advance(nowUs)
    if (this.#usageReport !== undefined && !isServing(this.#usageReport, nowUs)) {
      return this.#turnAway(request, { operation: UNREAD, rule: USAGE_RULE }, nowUs)
    }
    const call = this.#read(request, path, nowUs)
    if (call.kind !== 'call') return this.#answer(request, call, nowUs)
    const { operation } = call
    const asked: Asked = { method: request.method, path, operation, cost: call.cost, slots: call.slots }
    const decision = this.#admit(asked, nowUs)
    const readyUs = nowUs + decision.delayUs
    if (!decision.admitted) {
      const outcome: Outcome = { operation, verdict: 'refused', rule: decision.rule, dueUs: readyUs }
      const reply = this.#signal(call.refuse(decision), asked, decision, nowUs)
      return this.#conclude(request, reply, outcome, nowUs)
    }
    const { dueUs, effect } = this.#serve(call, nowUs, readyUs)
    this.#admission.occupy(nowUs, this.#backend.afterPauses(dueUs), call.slots)
    const outcome: Outcome = { operation, verdict: 'admitted', rule: null, dueUs, effect }
    const answer =
      effect?.kind === 'error' ? failureReply(effect.status, call) : call.succeed(dueUs - readyUs, dueUs)
    const reply = this.#signal(answer, asked, decision, nowUs)
    return this.#conclude(request, reply, outcome, nowUs)
  }

  /** Whether there is an autoscale to switch on and off. */
  get hasAutoscale(): boolean {
    return this.#admission.config.autoscale !== undefined
  }

  inFlightCount(nowUs: number): number {
    return this.#admission.inFlightCount(nowUs)
  }

  /** The rate rules in force, in order. */
  get rules(): readonly RuleConfig[] {
    return this.#admission.rules
  }

  /** What units the service can count depends on it. */
  get serviceKind(): ServiceConfig['kind'] {
    return this.#config.service.kind
  }

  /** Moves the limits as autoscale does until then. */
  advance(nowUs: number): void {
    this.#admission.advance(nowUs)
  }

  /** The limits in force. */
  get limits(): LimitedResource {
    const { backend } = this.#config
    return {
      name: this.name,
      ...this.#admission.config,
      ...this.#backend.config,
      rules: this.rules,
      ...(backend !== undefined && { backend }),
    }
  }

  patch(patch: LimitsPatch, nowUs: number): void {
    this.#admission.advance(nowUs)
    const { concurrency, isAutoscaling } = this.#own
    const { rules, autoscale } = patch
    const isMarked = rules !== undefined && this.hasAutoscale
    this.#admission.change(isMarked ? { ...patch, rules: autoscaledRules(rules) } : patch, nowUs)
    this.#backend.change(patch)
    if (patch.concurrency !== undefined) this.#service.setConcurrency?.(patch.concurrency)
    if (autoscale !== undefined && this.#arm !== undefined) this.#arm.isDynamic = autoscale
    this.#own = {
      concurrency: patch.concurrency ?? concurrency,
      isAutoscaling: autoscale ?? isAutoscaling,
    }
  }

  /**
   * Replaces one of the service's keys by a new one; the old value opens nothing from now on.
   *
   * @returns the keys that are valid now; `undefined`: it asks for none.
   */
  rotateKey(which: 'first' | 'second'): readonly string[] | undefined {
    this.#keys?.regenerate(which)
    return this.#keys?.valid
  }

  /**
   * Begins anew with the limits in force: no request has come, the service has learnt nothing and keeps nothing, its keys are
   * the first ones. What its own management has changed goes back to what configuration and admin API have set.
   */
  reset(): void {
    const limits = this.#ownLimits()
    const { concurrency: _concurrency, ...config } = this.#config
    const { service, keys, arm } = startService({ ...config, ...limits }, this.#rng, this.#startUnixMs)
    service.setConcurrency?.(this.#own.concurrency)
    this.#service = service
    this.#keys = keys
    this.#arm = arm
    this.#admission = new Admission(limits)
    this.#backend = new Backend(this.#backend.config, this.#rng)
    this.#oracle = new Oracle()
  }

  state(nowUs: number): ResourceState {
    this.#admission.advance(nowUs)
    const usageReport = this.#usageReport
    return {
      name: this.name,
      service: this.serviceKind,
      ...(this.#shared !== undefined && { backend: this.#shared.name }),
      ...(usageReport !== undefined && {
        usageReport: {
          isServing: isServing(usageReport, nowUs),
          outages: usageReport.outages.map(formatOutage),
        },
      }),
      ...this.#admission.state(nowUs),
      ...this.#backend.state(nowUs),
      operations: this.#oracle.operations(),
      ...(this.#keys !== undefined && { keysRotatedCount: this.#keys.rotatedCount }),
      ...(this.#service.state !== undefined && { serviceState: this.#service.state(nowUs) }),
    }
  }

  /** The limits in force without what the service's own management has changed. */
  #ownLimits(): LimitsConfig {
    const { rules, queue, autoscale } = this.#admission.config
    const { concurrency, isAutoscaling } = this.#own
    return {
      rules,
      ...(queue !== undefined && { queue }),
      ...(concurrency < Infinity && { concurrency }),
      ...(autoscale !== undefined && { autoscale: { ...autoscale, enabled: isAutoscaling } }),
    }
  }

  #read(request: MockRequest, path: string, nowUs: number): Call | Answered {
    const arm = this.#arm
    if (arm === undefined || !isArmPath(path)) return this.#service.read(request, path, nowUs)
    const answered = arm.answer(request, path, this.rules)
    this.#admission.change({ autoscale: arm.isDynamic }, nowUs)
    return answered
  }

  /** Asks its own limits and service and then what it shares with others; what that refuses they have charged. */
  #admit(asked: Asked, nowUs: number): Decision {
    const decision = admit(this.#admission, this.#backend, asked, nowUs)
    if (!decision.admitted || this.#shared === undefined) return decision
    const next = this.#shared.admit(asked, nowUs)
    return { ...next, delayUs: Math.max(decision.delayUs, next.delayUs) }
  }

  /** Its own work takes as much longer as what it shares with others. */
  #serve({ workUs = same }: Call, nowUs: number, readyUs: number): Work {
    if (this.#shared === undefined) return this.#backend.serve(nowUs, readyUs, workUs)
    const sharedUs = this.#shared.serve(nowUs, readyUs) - readyUs
    return this.#backend.serve(nowUs, readyUs, (drawnUs) => workUs(drawnUs) + sharedUs)
  }

  /** Nobody reads the request: there is no service at the moment, and no gateway in front of it. */
  #turnAway(
    request: MockRequest,
    { operation, rule }: { readonly operation: string; readonly rule: string },
    nowUs: number,
  ): ReplyPlan {
    const outcome: Outcome = { operation, verdict: 'refused', rule, dueUs: nowUs }
    return this.#conclude(request, failureReply(503), outcome, nowUs)
  }

  /** What needs no admission is answered at once. */
  #answer(request: MockRequest, answered: Answered, nowUs: number): ReplyPlan {
    const { kind, operation, reply, concurrency } = answered
    if (kind === 'invalid' && !this.#hasGateway && this.#backend.waitUs(nowUs) > 0) {
      return this.#turnAway(request, { operation, rule: CAPACITY_RULE }, nowUs)
    }
    if (concurrency !== undefined) this.#admission.change({ concurrency }, nowUs)
    const outcome: Outcome = { operation, verdict: kind, rule: null, dueUs: nowUs }
    return this.#conclude(request, reply, outcome, nowUs)
  }

  #signal(reply: Reply, asked: Asked, decision: Decision, nowUs: number): Reply {
    const retry = decision.admitted
      ? undefined
      : { replyAtUs: nowUs + decision.delayUs, retryAfterUs: decision.retryAfterUs }
    const signals = this.#signals.headers(retry, () => this.#admission.standings(asked, nowUs))
    return signals.length === 0 ? reply : { ...reply, headers: [...reply.headers, ...signals] }
  }

  #conclude(request: MockRequest, reply: Reply, outcome: Outcome, nowUs: number): ReplyPlan {
    const { operation, verdict, rule, dueUs, effect } = outcome
    const { status } = reply
    const replyAtUs = this.#backend.afterPauses(dueUs)
    const plan = planReply(request.method, reply, replyAtUs)
    const { bodyBytes } = plan
    const fault = effect && wireFaultOf(effect, bodyBytes)
    const decision: DecisionRecord = {
      atUs: nowUs,
      resource: this.name,
      operation,
      verdict,
      rule,
      status,
      replyAtUs,
      faults: faultKindsOf(effect, fault, replyAtUs > dueUs),
    }
    this.#oracle.count(decision, request.body.length, bodyBytes)
    this.#decisions.add(decision)
    return fault === undefined ? plan : { ...plan, fault }
  }
}

function same(us: number): number {
  return us
}

/** The oracle's operation for requests that nobody has read. */
const UNREAD = 'unread'
