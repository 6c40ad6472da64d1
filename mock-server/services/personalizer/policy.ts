import { isObject, isText, parseJson } from '../json-body.ts'
import type { PersonalizerFault } from './faults.ts'

/** Learning settings: azure-rest-api-specs, Personalizer, PolicyContract. */
export interface Policy {
  readonly name: string
  readonly arguments: string
}

const MAX_NAME_CHARS = 256
const MAX_ARGUMENTS_CHARS = 1_024

/** Name and arguments of the specification's example. */
export const DEFAULT_POLICY: Policy = {
  name: 'myPersonalizer',
  arguments: '--cb_explore_adf --epsilon 0.2 --dsjson --cb_type ips -l 0.5 --l1 1E-07 --power_t 0.5',
}

/** One of them says which problem is to be solved: an action, an action for each slot, a number. */
const ALGORITHM = /(?:^|\s)--(?:cb_explore_adf|ccb_explore_adf|cats)\b/
const MULTI_SLOT = /(?:^|\s)--ccb_explore_adf\b/

/** Whether the loop serves slots: azure-docs cognitive-services/personalizer/how-to-multi-slot.md. */
export function isMultiSlot(policy: Policy): boolean {
  return MULTI_SLOT.test(policy.arguments)
}

/** Reads the body of a PUT. @returns the policy, or what is wrong. */
export function readPolicy(body: Uint8Array): Policy | PersonalizerFault {
  const policy = toPolicy(parseJson(body))
  if (policy === undefined) {
    const message =
      `Invalid policy contract. The body must be a JSON object with a name of at most ${MAX_NAME_CHARS} and ` +
      `arguments of at most ${MAX_ARGUMENTS_CHARS} characters.`
    return { code: 'InvalidPolicyContract', message }
  }
  if (ALGORITHM.test(policy.arguments)) return policy
  const message =
    'Invalid policy configuration. arguments must have --cb_explore_adf, --ccb_explore_adf or --cats.'
  return { code: 'InvalidPolicyConfiguration', message }
}

/** @returns `undefined` for what is none. */
export function toPolicy(json: unknown): Policy | undefined {
  if (!isObject(json)) return undefined
  const { name, arguments: text } = json as { name?: unknown; arguments?: unknown }
  if (!isText(name, MAX_NAME_CHARS) || !isText(text, MAX_ARGUMENTS_CHARS)) return undefined
  return { name, arguments: text }
}
