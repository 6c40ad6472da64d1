/** A run directory as the gate sees it. */
import { dirname, resolve } from 'node:path'
import { EXIT, UserError, type Fault } from '../../../core/errors.ts'
import { ALL_NAMES } from '../../../measure/names.ts'
import { isWholeRun, type RunIdentity } from '../../../measure/run-identity.ts'
import { figuresOf } from '../../../run-files/runs-reader.ts'
import { runsAt, type SideRun } from '../side-run.ts'
import { NIGHT_COLUMNS, type Night } from './family.ts'
import type { DatedRun } from './past.ts'

export interface NightRun {
  readonly side: SideRun
  readonly identity: RunIdentity
  readonly night: Night
  readonly dated: DatedRun
  /** The folder that the run's directory is in. */
  readonly folder: string
}

/**
 * The runs in these directories, in their order.
 *
 * @throws UserError (usage) with the faults of all of them
 */
export async function nightRunsAt(paths: readonly string[], cwd: string): Promise<NightRun[]> {
  const runs = (await runsAt(paths, cwd)).flat()
  const faults: Fault[] = []
  const found = runs.flatMap((run) => {
    const nightRun = nightRunOf(run, cwd)
    if (nightRun === undefined) faults.push(notADirectory(run))
    return nightRun ?? []
  })
  // One for a file, however many runs it has.
  const told = [...new Map(faults.map((fault) => [fault.where, fault])).values()]
  if (told.length > 0) throw new UserError(EXIT.usage, told)
  return found
}

function notADirectory({ shown }: SideRun): Fault {
  const what = 'is a file; nights are compared by the directories of their runs'
  return { where: shown.path, what, todo: 'Give the directory of a run.' }
}

function nightRunOf(side: SideRun, cwd: string): NightRun | undefined {
  const { shown, reader, lines } = side
  if (reader === undefined) return undefined
  const { identity } = reader
  const { runId, commit } = identity
  // Not the wall clock's time, which has nothing to do with a run in virtual time.
  const startedAt = lines.get(ALL_NAMES)?.text('started_at') ?? ''
  const figures = new Map([...lines].map(([name, row]) => [name, figuresOf(row, NIGHT_COLUMNS)]))
  return {
    side,
    identity,
    night: { runId, startedAt, commit, figures },
    dated: { ...identity, startedAt },
    folder: dirname(resolve(cwd, shown.path)),
  }
}

/** Why a run says nothing of its night; `undefined` when it does. */
export function nightFault({ side, identity }: NightRun): string | undefined {
  if (side.shown.verdict === 'INVALID') return `is INVALID: ${side.reasons.join('; ')}`
  if (isWholeRun(identity.exitCode)) return undefined
  return `did not come to a regular end (exit code ${identity.exitCode ?? 'unknown'})`
}
