/** Bodies of Rank and Reward: limits as in azure-rest-api-specs, Personalizer v1.0 and v1.1-preview.1. */

const MAX_ACTIONS = 50
const MAX_ID_CHARS = 256

export interface RankRequest {
  /** In the order sent, excluded ones included. */
  readonly actionIds: readonly string[]
  readonly excludedIds: readonly string[]
  /** Absent: the service makes one. */
  readonly eventId: string | undefined
}

const UTF8 = new TextDecoder('utf-8', { fatal: true })

type Json = Readonly<Record<string, unknown>>

/** Reads the body of a Rank call. @returns the request, or what is wrong with it. */
export function parseRankRequest(body: Uint8Array): RankRequest | string {
  const json = parseObject(body)
  if (json === undefined) return 'The body must be a JSON object.'
  const actionIds = parseActions(json['actions'])
  if (typeof actionIds === 'string') return actionIds
  const excludedIds = json['excludedActions'] ?? []
  if (!isArrayOf(excludedIds, isText)) return 'excludedActions must be an array of action ids.'
  if (actionIds.every((id) => excludedIds.includes(id)))
    return 'excludedActions must leave at least one action.'
  const eventId = json['eventId'] ?? ''
  if (!isText(eventId) || eventId.length > MAX_ID_CHARS) {
    return `eventId must be a string of at most ${MAX_ID_CHARS} characters.`
  }
  const fault = faultInOptions(json)
  return fault ?? { actionIds, excludedIds, eventId: eventId === '' ? undefined : eventId }
}

/** Checks the body of a Reward call. @returns what is wrong with it, or `undefined`. */
export function faultInReward(body: Uint8Array): string | undefined {
  const value = parseObject(body)?.['value']
  const isValid = typeof value === 'number' && value >= -1 && value <= 1
  return isValid ? undefined : 'The body must be a JSON object with a number "value" from -1 to 1.'
}

export function isEventId(text: string): boolean {
  return text !== '' && text.length <= MAX_ID_CHARS
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
  const { id, features } = action as { id?: unknown; features?: unknown }
  if (!isText(id) || !isEventId(id)) return `.id must be a string of 1 to ${MAX_ID_CHARS} characters.`
  return isArrayOf(features, isObject) ? undefined : '.features must be an array of objects.'
}

function faultInOptions(json: Json): string | undefined {
  if (!isArrayOf(json['contextFeatures'] ?? [], isObject))
    return 'contextFeatures must be an array of objects.'
  if (typeof (json['deferActivation'] ?? false) !== 'boolean') return 'deferActivation must be true or false.'
  return undefined
}

function parseObject(body: Uint8Array): Json | undefined {
  try {
    const json: unknown = JSON.parse(UTF8.decode(body))
    return isObject(json) ? json : undefined
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function isArrayOf<T>(value: unknown, isElement: (element: unknown) => element is T): value is T[] {
  return Array.isArray(value) && value.every(isElement)
}
