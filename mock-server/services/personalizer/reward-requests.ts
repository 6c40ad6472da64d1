/** Bodies of Reward with and without slots: azure-rest-api-specs, Personalizer. */
import { isNumber, isObject, isText, parseJson } from '../json-body.ts'
import { MAX_ID_CHARS } from './rank-requests.ts'

/** What one slot has earned. */
export interface SlotReward {
  /** `''`: of an event without slots. */
  readonly slotId: string
  readonly value: number
}

/** @returns the reward, or what is wrong with the body. */
export function parseReward(body: Uint8Array): SlotReward[] | string {
  const json = parseJson(body)
  const value = isObject(json) ? json['value'] : undefined
  if (!isNumber(value, -1, 1)) return 'The body must be a JSON object with a number "value" from -1 to 1.'
  return [{ slotId: '', value }]
}

/** @returns the rewards, or what is wrong with the body. */
export function parseSlotRewards(body: Uint8Array): SlotReward[] | string {
  const json = parseJson(body)
  const rewards = isObject(json) ? json['reward'] : undefined
  if (!Array.isArray(rewards)) return 'The body must be a JSON object with an array "reward".'
  if (rewards.every(isSlotReward)) return rewards.map(({ slotId, value }) => ({ slotId, value }))
  return `Every reward needs a slotId of 1 to ${MAX_ID_CHARS} characters and a value from -1 to 1.`
}

function isSlotReward(json: unknown): json is SlotReward {
  return isObject(json) && isText(json['slotId'], MAX_ID_CHARS) && isNumber(json['value'], -1, 1)
}
