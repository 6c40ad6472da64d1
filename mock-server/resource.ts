import type { Rng } from '../src/core/rng.ts'
import { Admission, type Asked, type Decision, type LimitsState, type RuleChange } from './admission.ts'
import { admit } from './admit.ts'
import { Backend, type BackendState, type Work } from './backend.ts'
import type { ResourceConfig, ServiceConfig } from './config.ts'
import type { MockRequest, ReplyPlan, WireFault } from './exchange.ts'
import { type FaultEffect, type FaultKind, wireFaultOf } from './faults.ts'
import type { LatencyConfig } from './latency.ts'
import { type DecisionRecord, type DecisionRing, type OperationCounts, Oracle } from './oracle.ts'
import type { QueueConfig } from './limiter/concurrency.ts'
import type { RuleConfig } from './rule.ts'
import { type Arm, createArm, isArmPath } from './services/arm.ts'
import { createService } from './services/create.ts'
import type { Answered, Call, Reply, Service } from './services/service.ts'
import type { SharedBackend } from './shared-backend.ts'
import { Signals } from './signals.ts'
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
  /** What the service itself has to show; absent: nothing. */
  readonly serviceState?: object
}

/** New numbers for the rule of that name. */
export interface RulePatch extends RuleChange {
  readonly name: string
}

/** New limits; what is absent stays. */
export interface LimitsPatch {
  readonly rule?: RulePatch
  /** `Infinity`: no cap. */
  readonly concurrency?: number
  /** `null`: none waits. */
  readonly queue?: QueueConfig | null
  readonly latency?: LatencyConfig
  /** From the next evaluation on. */
  readonly autoscale?: boolean
}

interface Outcome extends Pick<DecisionRecord, 'operation' | 'verdict' | 'rule'> {
  /** When the reply is ready. */
  readonly dueUs: number
  readonly effect?: FaultEffect | undefined
}

/** One service behind its limits: valid requests are admitted or refused, admitted ones take their latency. */
export class Resource {
  readonly name: string
  readonly #service: Service
  /** Manages the keys of a service of Azure's. */
  readonly #arm: Arm | undefined
  readonly #serviceKind: ServiceConfig['kind']
  readonly #backend: Backend
  readonly #decisions: DecisionRing
  readonly #signals: Signals
  readonly #shared: SharedBackend | undefined
  readonly #usageReport: UsageReportConfig | undefined
  #oracle = new Oracle()
  #admission: Admission

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
    this.#shared = shared
    this.#usageReport = config.usageReport
    this.#arm = createArm(config.service, rng, config.autoscale?.enabled === true)
    const service = this.#arm?.withLiveKeys(config.service) ?? config.service
    this.#service = createService({ ...config, service }, rng, startUnixMs)
    this.#serviceKind = config.service.kind
    this.#backend = new Backend(config, rng)
    this.#decisions = decisions
    this.#signals = new Signals(config.signals ?? {}, startUnixMs)
    this.#admission = new Admission(config)
  }

  /** @param path without the resource's prefix and without the query. */
  handle(request: MockRequest, path: string, nowUs: number): ReplyPlan {
    this.#admission.advance(nowUs)
    const call = this.#read(request, path, nowUs)
    if (call.kind !== 'call') return this.#answer(request, call, nowUs)
    const { operation } = call
    if (this.#usageReport !== undefined && !isServing(this.#usageReport, nowUs)) {
      const outcome: Outcome = { operation, verdict: 'refused', rule: USAGE_RULE, dueUs: nowUs }
      return this.#conclude(request, failureReply(call, 503), outcome, nowUs)
    }
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
      effect?.kind === 'error' ? failureReply(call, effect.status) : call.succeed(dueUs - readyUs, dueUs)
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

  patch(patch: LimitsPatch, nowUs: number): void {
    this.#admission.advance(nowUs)
    if (patch.autoscale !== undefined) {
      this.#admission.switchAutoscale(patch.autoscale)
      if (this.#arm !== undefined) this.#arm.isDynamic = patch.autoscale
    }
    if (patch.rule !== undefined) {
      const { name, ...change } = patch.rule
      this.#admission.setRule(name, change, nowUs)
    }
    if (patch.concurrency !== undefined) this.#admission.setConcurrency(patch.concurrency)
    if (patch.queue !== undefined) this.#admission.setQueue(patch.queue ?? undefined)
    if (patch.latency !== undefined) this.#backend.latency = patch.latency
  }

  /** Forgets counters, charges and requests in flight; keeps the limits in force. */
  reset(): void {
    this.#oracle = new Oracle()
    this.#admission = new Admission(this.#admission.config)
    this.#backend.reset()
  }

  state(nowUs: number): ResourceState {
    this.#admission.advance(nowUs)
    const usageReport = this.#usageReport
    return {
      name: this.name,
      service: this.#serviceKind,
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
      ...(this.#service.state !== undefined && { serviceState: this.#service.state(nowUs) }),
    }
  }

  #read(request: MockRequest, path: string, nowUs: number): Call | Answered {
    const arm = this.#arm
    if (arm === undefined || !isArmPath(path)) return this.#service.read(request, path, nowUs)
    const answered = arm.answer(request, path, this.rules)
    this.#admission.switchAutoscale(arm.isDynamic)
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

  /** What needs no admission is answered at once. */
  #answer(request: MockRequest, answered: Answered, nowUs: number): ReplyPlan {
    const { kind, operation, reply, concurrency } = answered
    if (concurrency !== undefined) this.#admission.setConcurrency(concurrency)
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
    const bodyBytes = Buffer.byteLength(plan.body)
    const fault = effect && wireFaultOf(effect, bodyBytes)
    const decision: DecisionRecord = {
      atUs: nowUs,
      resource: this.name,
      operation,
      verdict,
      rule,
      status,
      replyAtUs,
      faults: kindsOf(effect, fault, replyAtUs > dueUs),
    }
    this.#oracle.count(decision, request.body.length, bodyBytes)
    this.#decisions.add(decision)
    return fault === undefined ? plan : { ...plan, fault }
  }
}

/** Adds the length of the body, which every status but 204 states; a reply to HEAD states it and leaves the body out. */
export function planReply(method: string, reply: Reply, replyAtUs: number): ReplyPlan {
  const { status, body } = reply
  if (status === 204) return { ...reply, replyAtUs }
  const headers = [...reply.headers, ['Content-Length', String(Buffer.byteLength(body))] as const]
  return { status, headers, body: method === 'HEAD' ? '' : body, replyAtUs }
}

function same(us: number): number {
  return us
}

const NO_FAULTS: readonly FaultKind[] = []

/** The faults that a reply really has: one without a body cannot be broken in its body. */
function kindsOf(
  effect: FaultEffect | undefined,
  fault: WireFault | undefined,
  isHeldBack: boolean,
): readonly FaultKind[] {
  const isHit = fault !== undefined || effect?.kind === 'error' || effect?.kind === 'stall'
  const kinds = effect !== undefined && isHit ? [effect.kind] : NO_FAULTS
  return isHeldBack ? [...kinds, 'pause'] : kinds
}

/** What most services say when they fail is not published; the envelope is Azure's. */
function failureReply(call: Call, status: number): Reply {
  if (call.fail !== undefined) return call.fail(status)
  const error = { code: String(status), message: 'The service has failed, as it was told to.' }
  return { status, headers: [['Content-Type', 'application/json']], body: JSON.stringify({ error }) }
}
