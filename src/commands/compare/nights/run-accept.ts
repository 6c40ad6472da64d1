import { resolve } from 'node:path'
import { EXIT, UserError, type ExitCode } from '../../../core/errors.ts'
import type { Io } from '../../io.ts'
import { gitUser } from '../../run/source-control.ts'
import { nightFault, nightRunsAt, type NightRun } from './night-run.ts'
import { recordInJournal } from './record.ts'
import type { AcceptRequest } from './request.ts'
import { readResults } from './results.ts'

/**
 * Records in gate.csv that the level of a run is intended: nights before it are no base any more.
 *
 * @throws UserError (usage) when the run is no logged night or nobody says so; (invalidRun) when it is INVALID
 */
export async function runAccept({ run, reason, by, results }: AcceptRequest, io: Io): Promise<ExitCode> {
  const [accepted] = await nightRunsAt([run], io.cwd)
  if (accepted === undefined) throw new Error('no run for a path')
  const folder = results === undefined ? accepted.folder : resolve(io.cwd, results)
  await assertLogged(accepted, folder)
  const who = by ?? (await userOf(io))
  const { runId, commit } = accepted.night
  const entry = { runId, event: 'accepted', metric: '', name: '', who, reason, commit } as const
  await recordInJournal(folder, [entry], io)
  io.stderr.write(
    `accepted by ${who}: run ${runId}. Nights before it are no base any more; the gate learns its level.\n`,
  )
  return EXIT.pass
}

async function assertLogged(accepted: NightRun, folder: string): Promise<void> {
  const where = accepted.side.shown.path
  const what = nightFault(accepted)
  if (what !== undefined) {
    const isInvalid = accepted.side.shown.verdict === 'INVALID'
    throw new UserError(isInvalid ? EXIT.invalidRun : EXIT.usage, [
      { where, what, todo: 'Accept a run that measured the level.' },
    ])
  }
  const { runs } = await readResults(folder)
  if (runs.some(({ runId }) => runId === accepted.night.runId)) return
  const todo = 'Give a run of these nights, or their folder with --results DIR.'
  throw new UserError(EXIT.usage, [{ where, what: `is not in the runs.csv of ${folder}`, todo }])
}

/** Whoever started the CI job, or is known to git, or is logged in. */
async function userOf({ env, cwd }: Io): Promise<string> {
  const user = env['GITHUB_ACTOR'] || (await gitUser(cwd, env)) || env['USER'] || env['USERNAME']
  if (user) return user
  const what = 'neither GITHUB_ACTOR nor git nor USER says who you are'
  throw new UserError(EXIT.usage, [{ where: '--accept', what, todo: 'Add --by NAME.' }])
}
