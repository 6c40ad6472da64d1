/** Bodies of Rank with and without slots: limits as in azure-rest-api-specs, Personalizer v1.0 and v1.1-preview.1. */
import { isAbsent, isObject, isText, type JsonObject, parseJson } from '../json-body.ts'

export const MAX_ACTIONS = 50
const MAX_SLOTS = 50
export const MAX_ID_CHARS = 256

export interface RankRequest extends EventOptions {
  /** In the order sent, excluded ones included. */
  readonly actionIds: readonly string[]
  readonly excludedIds: readonly string[]
  /** All ids are printable ASCII that stands for itself in JSON; `false`: perhaps not. */
  readonly isPlain: boolean
}

export interface MultiSlotRankRequest extends EventOptions {
  readonly actionIds: readonly string[]
  readonly slots: readonly Slot[]
}

export interface Slot {
  readonly id: string
  readonly excludedIds: readonly string[]
  /** What would be shown there without Personalizer; every slot has another. */
  readonly baselineId: string
}

export interface EventOptions {
  /** `undefined`: the service makes one. */
  readonly eventId: string | undefined
  readonly isDeferred: boolean
}

/** @returns the request, or what is wrong with it. */
export function parseRankRequest(body: Uint8Array): RankRequest | string {
  const json = parseJson(body)
  if (!isObject(json)) return 'The body must be a JSON object.'
  const actionIds = parseActions(json['actions'])
  if (typeof actionIds === 'string') return actionIds
  const excludedIds = json['excludedActions'] ?? []
  if (!isTexts(excludedIds)) return 'excludedActions must be an array of action ids.'
  if (actionIds.every((id) => excludedIds.includes(id)))
    return 'excludedActions must leave at least one action.'
  const options = parseOptions(json)
  return typeof options === 'string' ? options : { actionIds, excludedIds, isPlain: false, ...options }
}

/** @returns the request, or what is wrong with it. */
export function parseMultiSlotRankRequest(body: Uint8Array): MultiSlotRankRequest | string {
  const json = parseJson(body)
  if (!isObject(json)) return 'The body must be a JSON object.'
  const actionIds = parseActions(json['actions'])
  if (typeof actionIds === 'string') return actionIds
  const slots = parseSlots(json['slots'], actionIds)
  if (typeof slots === 'string') return slots
  const options = parseOptions(json)
  return typeof options === 'string' ? options : { actionIds, slots, ...options }
}

function parseActions(actions: unknown): string[] | string {
  if (!Array.isArray(actions) || actions.length === 0)
    return 'actions must be an array with at least one action.'
  if (actions.length > MAX_ACTIONS) return `actions must not have more than ${MAX_ACTIONS} elements.`
  const ids: string[] = []
  for (const [index, action] of actions.entries()) {
    const fault = faultInAction(action)
    if (fault !== undefined) return `actions[${index}]${fault}`
    ids.push((action as { id: string }).id)
  }
  return ids
}

function faultInAction(action: unknown): string | undefined {
  if (!isObject(action)) return ' must be an object.'
  if (!isText(action['id'], MAX_ID_CHARS)) return `.id must be a string of 1 to ${MAX_ID_CHARS} characters.`
  return isObjects(action['features']) ? undefined : '.features must be an array of objects.'
}

function parseSlots(json: unknown, actionIds: readonly string[]): Slot[] | string {
  if (!Array.isArray(json) || json.length === 0) return 'slots must be an array with at least one slot.'
  const max = Math.min(MAX_SLOTS, actionIds.length)
  if (json.length > max)
    return `slots must not have more than ${max} elements: one for each action, at most ${MAX_SLOTS}.`
  const slots: Slot[] = []
  for (const [index, one] of json.entries()) {
    const slot = parseSlot(one)
    const fault = typeof slot === 'string' ? slot : faultInSlot(slot, slots, actionIds)
    if (typeof slot === 'string' || fault !== undefined) return `slots[${index}]${fault}`
    slots.push(slot)
  }
  return slots
}

function parseSlot(json: unknown): Slot | string {
  if (!isObject(json)) return ' must be an object.'
  const { id, features, excludedActions, baselineAction } = json as Readonly<Record<SlotKey, unknown>>
  if (!isText(id, MAX_ID_CHARS)) return `.id must be a string of 1 to ${MAX_ID_CHARS} characters.`
  if (!isText(baselineAction)) return '.baselineAction must be the id of an action.'
  if (!isObjects(features ?? [])) return '.features must be an array of objects.'
  const excludedIds = excludedActions ?? []
  return isTexts(excludedIds)
    ? { id, excludedIds, baselineId: baselineAction }
    : '.excludedActions must be an array of action ids.'
}

type SlotKey = 'id' | 'features' | 'excludedActions' | 'baselineAction'

function faultInSlot(slot: Slot, before: readonly Slot[], actionIds: readonly string[]): string | undefined {
  const { id, excludedIds, baselineId } = slot
  if (before.some((other) => other.id === id)) return '.id is there more than once.'
  if (!actionIds.includes(baselineId)) return '.baselineAction must be the id of an action.'
  if (before.some((other) => other.baselineId === baselineId))
    return '.baselineAction must differ from slot to slot.'
  if (excludedIds.includes(baselineId)) return '.baselineAction must not be excluded.'
  return excludedIds.every((one) => actionIds.includes(one))
    ? undefined
    : '.excludedActions must be ids of actions.'
}

function parseOptions(json: JsonObject): EventOptions | string {
  const { eventId, contextFeatures, deferActivation } = json as Readonly<Record<OptionKey, unknown>>
  const hasId = !isAbsent(eventId) && eventId !== ''
  if (hasId && !isText(eventId, MAX_ID_CHARS))
    return `eventId must be a string of at most ${MAX_ID_CHARS} characters.`
  if (!isObjects(contextFeatures ?? [])) return 'contextFeatures must be an array of objects.'
  const isDeferred = deferActivation ?? false
  if (typeof isDeferred !== 'boolean') return 'deferActivation must be true or false.'
  return { eventId: hasId ? eventId : undefined, isDeferred }
}

type OptionKey = 'eventId' | 'contextFeatures' | 'deferActivation'

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((element) => typeof element === 'string')
}

function isObjects(value: unknown): boolean {
  return Array.isArray(value) && value.every(isObject)
}
