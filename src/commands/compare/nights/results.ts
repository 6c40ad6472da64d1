/** The folder of all runs: what was logged there of past ones. */
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { EXIT, UserError } from '../../../core/errors.ts'
import { GATE_JOURNAL, readGateJournal, type GateEntry } from '../../../run-files/gate-journal.ts'
import { readNights, type LoggedNight } from '../../../run-files/nights-reader.ts'
import { readRunsLog, type LoggedRun } from '../../../run-files/runs-reader.ts'
import { NIGHT_COLUMNS } from './family.ts'

export interface Results {
  readonly folder: string
  /** In the order of runs.csv, with the figures that nights are judged by. */
  readonly runs: readonly LoggedRun[]
  readonly journal: readonly GateEntry[]
}

/**
 * What is known of the runs of a folder.
 *
 * @throws UserError (usage) when there is no runs.csv, or it cannot be read
 */
export async function readResults(folder: string): Promise<Results> {
  const path = join(folder, 'runs.csv')
  try {
    await access(path)
  } catch (cause) {
    const todo = 'Give the folder of the past runs with --results DIR.'
    throw new UserError(EXIT.usage, [{ where: path, what: 'is not there', todo }], { cause })
  }
  const [runs, journal] = await Promise.all([
    readRunsLog(path, NIGHT_COLUMNS),
    readGateJournal(join(folder, GATE_JOURNAL)),
  ])
  return { folder, runs, journal }
}

/** The runs of a scenario, with what is still there of their directories. */
export function nightsOf({ folder, runs }: Results, scenario: string): Promise<LoggedNight[]> {
  return readNights(
    folder,
    runs.filter((run) => run.scenario === scenario),
    NIGHT_COLUMNS,
  )
}
