import { EXIT, UserError } from '../core/errors.ts'
import { parseFrozen } from './frozen-json.ts'

/**
 * What `setup` returned, as every VU and teardown are to get it.
 *
 * @throws UserError (107) when it cannot be written as JSON.
 */
export function toSetupJson(data: unknown): string | undefined {
  try {
    return data === undefined ? undefined : JSON.stringify(data)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const what = `what setup() returned cannot be handed to the VUs as JSON: ${reason}`
    throw new UserError(EXIT.script, [{ where: '', what }], { cause: error })
  }
}

/** A copy of one's own, which cannot be changed: no VU would hear of what another one writes there. */
export function readSetupJson(json: string | undefined): unknown {
  return json === undefined ? undefined : parseFrozen(json)
}
