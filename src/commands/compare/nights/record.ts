import { join } from 'node:path'
import { EXIT, systemCode, UserError } from '../../../core/errors.ts'
import { appendToGateJournal, GATE_JOURNAL, type GateEntry } from '../../../run-files/gate-journal.ts'
import type { Io } from '../../io.ts'

/**
 * Writes lines into gate.csv, those that it does not have yet.
 *
 * @throws UserError (usage) when that cannot be
 */
export async function recordInJournal(folder: string, entries: readonly GateEntry[], io: Io): Promise<void> {
  const path = join(folder, GATE_JOURNAL)
  const keptPath = await append(path, entries)
  if (keptPath === undefined) return
  io.stderr.write(
    `warning: ${path} had other columns and is kept as ${keptPath}; what was accepted or noisy there no longer counts\n`,
  )
}

async function append(path: string, entries: readonly GateEntry[]): Promise<string | undefined> {
  try {
    return await appendToGateJournal(path, entries, Date.now())
  } catch (cause) {
    // What the operating system refuses has a code; anything else is a fault of ours, or was told already.
    if (!(cause instanceof Error) || systemCode(cause) === undefined) throw cause
    const fault = { where: path, what: `cannot be written: ${cause.message}` }
    throw new UserError(EXIT.usage, [fault], { cause })
  }
}
