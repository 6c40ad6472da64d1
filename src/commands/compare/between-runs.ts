import { dirname, join } from 'node:path'
import { systemCode, UserError } from '../../core/errors.ts'
import { ALL_NAMES } from '../../measure/names.ts'
import { isWholeRun } from '../../measure/run-identity.ts'
import type { RunReader } from '../../run-files/run-reader.ts'
import type { SecondsOptions } from '../../stats/compare-seconds.ts'
import { runSpread } from '../../stats/run-spread.ts'
import { figureOf, runsInCsv, type RunSetup, type SideRun } from './side-run.ts'

/** How much runs of what `head` ran differ, where enough is known. */
export interface BetweenRuns {
  readonly spreadOf: NonNullable<SecondsOptions['spreadOf']>
  /** What kept it from being known. */
  readonly notes: readonly string[]
}

/**
 * From the other runs of the same script, options and target in the runs.csv beside `head`, as far as that goes: it has
 * figures of all names together, and of them only where there are five runs or more.
 */
export async function betweenRuns(base: RunReader, head: RunReader): Promise<BetweenRuns> {
  const { runs, notes } = await pastRuns(join(dirname(head.path), 'runs.csv'))
  const compared = [base.identity.runId, head.identity.runId]
  const alike = runs.filter(
    ({ shown, setup, exitCode }) =>
      !compared.includes(shown.runId) &&
      shown.target === head.identity.target &&
      isSame(setup, head.identity) &&
      isWholeRun(exitCode),
  )
  return {
    spreadOf: (metric, name) => {
      if (name !== ALL_NAMES) return undefined
      const values = alike.map((run) => figureOf(run, metric, name)).filter((value) => value !== undefined)
      return runSpread(metric, values)
    },
    notes,
  }
}

function isSame(one: RunSetup, other: RunSetup): boolean {
  const keys = ['scenario', 'scriptSha256', 'optionsSha256', 'targetKind'] as const
  return keys.every((key) => one[key] === other[key])
}

/** That file is neither run's: what is wrong with it is told and spoils nothing. */
async function pastRuns(path: string): Promise<{ runs: readonly SideRun[]; notes: readonly string[] }> {
  try {
    return { runs: await runsInCsv(path, path), notes: [] }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { runs: [], notes: systemCode(error.cause) === 'ENOENT' ? [] : [error.message] }
  }
}
