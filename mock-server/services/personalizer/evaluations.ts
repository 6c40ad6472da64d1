/** Offline evaluations: azure-rest-api-specs, Personalizer, EvaluationContract and Evaluation. */
import { z } from 'zod'
import { US_PER_S } from '../../../src/core/units.ts'
import { parseJson } from '../json-body.ts'
import type { PersonalizerFault } from './faults.ts'
import type { Policy } from './policy.ts'

const MAX_CUSTOM_POLICIES = 10
/** Older ones make room. */
const MAX_EVALUATIONS = 100
/** How long a job takes: assumed. */
const JOB_US = 60 * US_PER_S

const policyField = z.object({ name: z.string().min(1).max(256), arguments: z.string().min(1).max(1_024) })
const instantField = z.iso.datetime({ offset: true })

const SCHEMA = z.object({
  name: z.string().min(1).max(256),
  startTime: instantField,
  endTime: instantField,
  policies: z.array(policyField),
  enableOfflineExperimentation: z.boolean().nullish(),
})

export interface EvaluationRequest {
  readonly name: string
  readonly startTime: string
  readonly endTime: string
  readonly policies: readonly Policy[]
  readonly isExperimenting: boolean
}

/** What the log said when the evaluation was asked for. */
export interface Evidence {
  readonly eventCount: number
  readonly meanReward: number
}

interface Evaluation {
  readonly id: string
  readonly request: EvaluationRequest
  readonly onlinePolicy: Policy
  readonly evidence: Evidence
  readonly createdAtUs: number
}

/** @returns the request, or what is wrong with the body. */
export function readEvaluationRequest(body: Uint8Array): EvaluationRequest | PersonalizerFault {
  const parsed = SCHEMA.safeParse(parseJson(body))
  if (!parsed.success) {
    const { path = [], message = '' } = parsed.error.issues[0] ?? {}
    return invalid(path.length === 0 ? 'The body must be a JSON object.' : `${path.join('.')}: ${message}.`)
  }
  const { enableOfflineExperimentation, ...request } = parsed.data
  if (Date.parse(request.startTime) > Date.parse(request.endTime)) return invalid('It starts after it ends.')
  if (request.policies.length > MAX_CUSTOM_POLICIES)
    return invalid(`It has more than ${MAX_CUSTOM_POLICIES} policies.`)
  if (new Set(request.policies.map(({ name }) => name)).size < request.policies.length) {
    return { code: 'DuplicateCustomPolicyNames', message: 'Custom policy names should be unique.' }
  }
  return { ...request, isExperimenting: enableOfflineExperimentation ?? false }
}

/** The evaluations of one loop. A job is done after a minute; one without any events at once. */
export class Evaluations {
  readonly #byId = new Map<string, Evaluation>()
  readonly #toIso: (atUs: number) => string

  /** @param toIso writes a time of the mock as a date. */
  constructor(toIso: (atUs: number) => string) {
    this.#toIso = toIso
  }

  add(evaluation: Evaluation): void {
    const [oldest] = this.#byId.keys()
    if (this.#byId.size === MAX_EVALUATIONS && oldest !== undefined) this.#byId.delete(oldest)
    this.#byId.set(evaluation.id, evaluation)
  }

  has(id: string): boolean {
    return this.#byId.has(id)
  }

  /** Deleting what is not there is no error. */
  delete(id: string): void {
    this.#byId.delete(id)
  }

  /** Newest first. */
  list(nowUs: number): object[] {
    return [...this.#byId.values()].toReversed().map((evaluation) => this.#show(evaluation, nowUs))
  }

  /** @returns `undefined` where there is none of that id. */
  show(id: string, nowUs: number): object | undefined {
    const evaluation = this.#byId.get(id)
    return evaluation && this.#show(evaluation, nowUs)
  }

  /** The learning settings of that name out of a job that is done, or why they are not to be had. */
  policyOf(id: string, policyName: string, nowUs: number): Policy | PersonalizerFault {
    const evaluation = this.#byId.get(id)
    if (evaluation === undefined) return EVALUATION_NOT_FOUND
    if (!isDone(evaluation, nowUs))
      return { code: 'BadRequest', message: 'The evaluation must be completed.' }
    const found = policiesOf(evaluation).find(({ policy }) => policy.name === policyName)
    const message = 'Learning Settings not found in evaluation.'
    return found?.policy ?? { code: 'LearningSettingsNotFound', message }
  }

  #show(evaluation: Evaluation, nowUs: number): object {
    const { id, request, onlinePolicy, createdAtUs } = evaluation
    const hasEnded = isDone(evaluation, nowUs)
    return {
      id,
      name: request.name,
      startTime: request.startTime,
      endTime: request.endTime,
      status: hasEnded ? 'completed' : 'pending',
      policyResults: policiesOf(evaluation).map(({ policy, source }) => ({
        ...policy,
        policySource: source,
        ...(hasEnded && hasEvidence(evaluation) && { summary: [], totalSummary: summaryOf(evaluation) }),
      })),
      featureImportance: [],
      evaluationType: 'Manual',
      optimalPolicy: hasEnded ? onlinePolicy.name : '',
      creationTime: this.#toIso(createdAtUs),
    }
  }
}

export const EVALUATION_NOT_FOUND: PersonalizerFault = {
  code: 'EvaluationNotFound',
  message: 'Offline Evaluation not found.',
}

function isDone(evaluation: Evaluation, nowUs: number): boolean {
  return !hasEvidence(evaluation) || nowUs >= evaluation.createdAtUs + JOB_US
}

function hasEvidence({ evidence }: Evaluation): boolean {
  return evidence.eventCount > 0
}

interface EvaluatedPolicy {
  readonly policy: Policy
  readonly source: 'Online' | 'Custom' | 'OfflineExperimentation'
}

function policiesOf({ request, onlinePolicy }: Evaluation): EvaluatedPolicy[] {
  const custom = request.policies.map((policy) => ({ policy, source: 'Custom' }) as const)
  const online = { policy: onlinePolicy, source: 'Online' } as const
  if (!request.isExperimenting) return [online, ...custom]
  const policy = { name: 'Hyper1', arguments: onlinePolicy.arguments }
  return [online, ...custom, { policy, source: 'OfflineExperimentation' }]
}

/** No policy is really tried out: each is said to earn what the loop has earned. */
function summaryOf({ request, evidence }: Evaluation): object {
  return {
    timeStamp: request.endTime,
    ipsEstimatorNumerator: evidence.meanReward * evidence.eventCount,
    ipsEstimatorDenominator: evidence.eventCount,
    snipsEstimatorDenominator: evidence.eventCount,
    aggregateTimeWindow: 'PT0S',
    averageReward: evidence.meanReward,
  }
}

function invalid(what: string): PersonalizerFault {
  return { code: 'InvalidEvaluationContract', message: `Invalid evaluation contract. ${what}` }
}
