import { EXIT, systemCode, UserError } from '../core/errors.ts'
import { writeAtomically } from '../run-files/atomic-file.ts'

/**
 * Writes a document where the user wants it, over what was there.
 *
 * @param todo what to do when it cannot be written there
 * @throws UserError (usage) when it cannot
 */
export async function writeDocument(
  path: string,
  document: string | AsyncIterable<string>,
  todo: string,
): Promise<void> {
  try {
    await writeAtomically(path, document)
  } catch (cause) {
    // What the operating system refuses has a code; anything else is a fault of ours, or was told already.
    if (!(cause instanceof Error) || systemCode(cause) === undefined) throw cause
    throw new UserError(EXIT.usage, [{ where: path, what: `cannot be written: ${cause.message}`, todo }], {
      cause,
    })
  }
}
