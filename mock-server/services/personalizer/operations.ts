/** What each operation of the API wants and does. */
import { isObject, isText, parseJson } from '../json-body.ts'
import { skim } from '../json-skim.ts'
import { readConfiguration, withoutPreview } from './configuration.ts'
import { EVALUATION_NOT_FOUND, readEvaluationRequest } from './evaluations.ts'
import type { ErrorCode, PersonalizerFault } from './faults.ts'
import type { Instance } from './instance.ts'
import { DEFAULT_POLICY, type Policy, isMultiSlot, readPolicy } from './policy.ts'
import { MAX_ID_CHARS, parseMultiSlotRankRequest, parseRankRequest } from './rank-requests.ts'
import { rankJson } from './rank-json.ts'
import { skimRank } from './rank-skim.ts'
import { type SlotReward, parseReward, parseSlotRewards } from './reward-requests.ts'
import type { Operation } from './routes.ts'

/** A request that the gateway has let through. */
export interface Asked {
  readonly body: Uint8Array
  /** The event's or evaluation's id; `''` where the path has none, `undefined` where it cannot be decoded. */
  readonly id: string | undefined
  /** API v1.1 or later. */
  readonly isPreview: boolean
  readonly nowUs: number
  /** With query, as on the request line. */
  readonly requestPath: string
}

export interface Done {
  readonly status: 200 | 201 | 204
  /** Absent: no body. A string goes out as it is, a file; anything else as JSON. */
  readonly body?: object | string
  /** The body where it is written as JSON already. */
  readonly json?: string
  /** Its length in UTF-8 where that is known. */
  readonly jsonBytes?: number
  readonly location?: string
}

/** What is done once the limits have let the request through; it cannot fail any more. */
type Work = () => Done

interface OperationSpec {
  /** As 429 messages name it; beside Rank and Reward assumed. */
  readonly name: string
  readonly hasBody: boolean
  /** Checks everything, changes nothing. */
  prepare(instance: Instance, asked: Asked): Work | PersonalizerFault
}

const NO_CONTENT: Done = { status: 204 }

export const OPERATIONS: Readonly<Record<Operation, OperationSpec>> = {
  rank: { name: 'Rank', hasBody: true, prepare: rank },
  reward: { name: 'Reward', hasBody: true, prepare: reward },
  activate: { name: 'Activate', hasBody: false, prepare: activate },
  'multislot-rank': { name: 'Multi-slot Rank', hasBody: true, prepare: ifMultiSlot(rankSlots) },
  'multislot-reward': { name: 'Multi-slot Reward', hasBody: true, prepare: ifMultiSlot(rewardSlots) },
  'multislot-activate': { name: 'Multi-slot Activate', hasBody: false, prepare: ifMultiSlot(activate) },
  'get-configuration': { name: 'Get Service Configuration', hasBody: false, prepare: getConfiguration },
  'put-configuration': { name: 'Update Service Configuration', hasBody: true, prepare: putConfiguration },
  'get-policy': { name: 'Get Policy', hasBody: false, prepare: getPolicy },
  'put-policy': { name: 'Update Policy', hasBody: true, prepare: putPolicy },
  'reset-policy': { name: 'Reset Policy', hasBody: false, prepare: resetPolicy },
  'apply-evaluation': { name: 'Apply Evaluation', hasBody: true, prepare: applyEvaluation },
  'get-model': { name: 'Get Model', hasBody: false, prepare: getModel },
  'get-model-properties': { name: 'Get Model Properties', hasBody: false, prepare: getModelProperties },
  'reset-model': { name: 'Reset Model', hasBody: false, prepare: resetModel },
  'list-evaluations': { name: 'List Evaluations', hasBody: false, prepare: listEvaluations },
  'create-evaluation': { name: 'Create Evaluation', hasBody: true, prepare: createEvaluation },
  'get-evaluation': { name: 'Get Evaluation', hasBody: false, prepare: getEvaluation },
  'delete-evaluation': { name: 'Delete Evaluation', hasBody: false, prepare: deleteEvaluation },
  'get-log-properties': { name: 'Get Log Properties', hasBody: false, prepare: getLogProperties },
  'delete-logs': { name: 'Delete Logs', hasBody: false, prepare: deleteLogs },
}

function rank(instance: Instance, { body, nowUs }: Asked): Work | PersonalizerFault {
  const request = skim(body, skimRank) ?? parseRankRequest(body)
  if (typeof request === 'string') return fault('InvalidRankRequest', request)
  return () => {
    const eventId = request.eventId ?? instance.drawId()
    const ranking = instance.loop.rank(request, eventId, body.length, nowUs)
    const json = rankJson(ranking, eventId, request.isPlain)
    return request.isPlain ? { status: 201, json, jsonBytes: json.length } : { status: 201, json }
  }
}

function rankSlots(instance: Instance, { body, nowUs }: Asked): Work | PersonalizerFault {
  const request = parseMultiSlotRankRequest(body)
  if (typeof request === 'string') return fault('InvalidRankRequest', request)
  return () => {
    const eventId = request.eventId ?? instance.drawId()
    return {
      status: 201,
      body: { slots: instance.loop.rankSlots(request, eventId, body.length, nowUs), eventId },
    }
  }
}

function reward(instance: Instance, asked: Asked): Work | PersonalizerFault {
  return sendRewards(instance, asked, parseReward)
}

function rewardSlots(instance: Instance, asked: Asked): Work | PersonalizerFault {
  return sendRewards(instance, asked, parseSlotRewards)
}

/** Rewards for an event that nobody knows are welcome too: they are logged first and joined later. */
function sendRewards(
  instance: Instance,
  { id, body, nowUs }: Asked,
  parse: (body: Uint8Array) => SlotReward[] | string,
): Work | PersonalizerFault {
  if (!isText(id, MAX_ID_CHARS)) return fault('InvalidRewardRequest', 'The eventId is invalid.')
  const rewards = parse(body)
  if (typeof rewards === 'string') return fault('InvalidRewardRequest', rewards)
  return () => {
    instance.loop.reward(id, rewards, body.length, nowUs)
    return NO_CONTENT
  }
}

function activate(instance: Instance, { id, nowUs }: Asked): Work | PersonalizerFault {
  if (!isText(id, MAX_ID_CHARS)) return fault('InvalidEventIdToActivate', 'Invalid activate event request.')
  return () => {
    instance.loop.activate(id, nowUs)
    return NO_CONTENT
  }
}

/** Multi-slot calls are for loops that have been converted. */
function ifMultiSlot(prepare: OperationSpec['prepare']): OperationSpec['prepare'] {
  return (instance, asked) => {
    if (isMultiSlot(instance.policy)) return prepare(instance, asked)
    const message =
      'Multi-slot feature is currently disabled. Please follow multi-slot Personalizer documentation to update your ' +
      'loop settings to enable multi-slot functionality.'
    return fault('InvalidMultiSlotApiAccess', message)
  }
}

function getConfiguration(instance: Instance, { isPreview }: Asked): Work {
  return () => showConfiguration(instance, isPreview)
}

function putConfiguration(instance: Instance, { body, isPreview, nowUs }: Asked): Work | PersonalizerFault {
  const { loop, hasApprentice } = instance
  const nowIso = instance.toIso(nowUs)
  const next = readConfiguration({ body, current: loop.configuration, isPreview, hasApprentice, nowIso })
  if ('code' in next) return next
  if (next.isAutoOptimizationEnabled && isMultiSlot(instance.policy)) return NO_AUTO_OPTIMIZATION
  return () => {
    loop.configure(next, nowUs)
    return showConfiguration(instance, isPreview)
  }
}

function showConfiguration({ loop: { configuration } }: Instance, isPreview: boolean): Done {
  return { status: 200, body: isPreview ? configuration : withoutPreview(configuration) }
}

function getPolicy(instance: Instance): Work {
  return () => ({ status: 200, body: instance.policy })
}

function putPolicy(instance: Instance, { body }: Asked): Work | PersonalizerFault {
  const policy = readPolicy(body)
  if ('code' in policy) return policy
  return usePolicy(instance, policy, { status: 200, body: policy })
}

function resetPolicy(instance: Instance): Work | PersonalizerFault {
  return usePolicy(instance, DEFAULT_POLICY, { status: 200, body: DEFAULT_POLICY })
}

function applyEvaluation(instance: Instance, { body, nowUs }: Asked): Work | PersonalizerFault {
  const json = parseJson(body)
  const { evaluationId, policyName } = isObject(json) ? (json as Reference) : {}
  if (!isText(evaluationId, MAX_ID_CHARS) || !isText(policyName, MAX_ID_CHARS)) {
    return fault(
      'BadRequest',
      `evaluationId and policyName must be strings of 1 to ${MAX_ID_CHARS} characters.`,
    )
  }
  const policy = instance.evaluations.policyOf(evaluationId, policyName, nowUs)
  return 'code' in policy ? policy : usePolicy(instance, policy, NO_CONTENT)
}

interface Reference {
  readonly evaluationId?: unknown
  readonly policyName?: unknown
}

function usePolicy(instance: Instance, policy: Policy, done: Done): Work | PersonalizerFault {
  if (isMultiSlot(policy) && instance.loop.configuration.isAutoOptimizationEnabled)
    return NO_AUTO_OPTIMIZATION
  return () => {
    instance.policy = policy
    return done
  }
}

const NO_AUTO_OPTIMIZATION: PersonalizerFault = {
  code: 'ProblemTypeIncompatibleWithAutoOptimization',
  message: 'Auto-optimization is not compatible with multi-slot personalization.',
}

/** The real file is in a format of its own. */
function getModel(instance: Instance, { nowUs }: Asked): Work {
  return () => ({ status: 200, body: JSON.stringify(Object.fromEntries(instance.loop.model(nowUs).values)) })
}

function getModelProperties(instance: Instance, { nowUs }: Asked): Work {
  return () => {
    const { createdAtUs, updatedAtUs } = instance.loop.model(nowUs)
    const [creationTime, lastModifiedTime] = [instance.toIso(createdAtUs), instance.toIso(updatedAtUs)]
    return { status: 200, body: { creationTime, lastModifiedTime } }
  }
}

function resetModel(instance: Instance, { nowUs }: Asked): Work {
  return () => {
    instance.loop.resetModel(nowUs)
    return NO_CONTENT
  }
}

function listEvaluations(instance: Instance, { nowUs }: Asked): Work {
  return () => ({ status: 200, body: instance.evaluations.list(nowUs) })
}

/** Without events in its time API v1.1 refuses it; in v1.0 it is done at once, without results. */
function createEvaluation(
  instance: Instance,
  { body, isPreview, nowUs, requestPath }: Asked,
): Work | PersonalizerFault {
  const request = readEvaluationRequest(body)
  if ('code' in request) return request
  const [fromUs, toUs] = [instance.toUs(request.startTime), instance.toUs(request.endTime)]
  const evidence = instance.loop.evidence(fromUs, toUs, nowUs)
  if (isPreview && evidence.eventCount === 0)
    return fault('NoLogsExistInDateRange', 'No logs exist in date range.')
  return () => {
    const id = instance.drawId()
    instance.evaluations.add({ id, request, onlinePolicy: instance.policy, evidence, createdAtUs: nowUs })
    const shown = instance.evaluations.show(id, nowUs)!
    return { status: 201, body: shown, location: `${requestPath.replace(/\?.*$/s, '')}/${id}` }
  }
}

function getEvaluation(instance: Instance, { id = '', nowUs }: Asked): Work | PersonalizerFault {
  const shown = instance.evaluations.show(id, nowUs)
  return shown === undefined ? EVALUATION_NOT_FOUND : () => ({ status: 200, body: shown })
}

function deleteEvaluation(instance: Instance, { id = '' }: Asked): Work {
  return () => {
    instance.evaluations.delete(id)
    return NO_CONTENT
  }
}

function getLogProperties(instance: Instance, { nowUs }: Asked): Work | PersonalizerFault {
  const range = instance.loop.loggedRangeUs(nowUs)
  if (range === undefined) return fault('LogsPropertiesNotFound', 'Log properties not found.')
  const dateRange = { from: instance.toIso(range.fromUs), to: instance.toIso(range.toUs) }
  return () => ({ status: 200, body: { dateRange } })
}

function deleteLogs(instance: Instance, { nowUs }: Asked): Work {
  return () => {
    instance.loop.deleteLogs(nowUs)
    return NO_CONTENT
  }
}

function fault(code: ErrorCode, message: string): PersonalizerFault {
  return { code, message }
}
