import { EXIT, type ExitCode } from '../../core/errors.ts'
import type { Io } from '../io.ts'
import { describePlan } from './dry-run.ts'
import { checkReachable, isDirect } from './preflight.ts'
import { prepareRun, type PreparedRun } from './prepare.ts'
import type { RunRequest } from './request.ts'
import { RunSession } from './run-session.ts'
import { MockChild } from './mock-child.ts'
import { Secrets } from './secrets.ts'

/** `headroom run`: checks everything, then runs the script and leaves its files. Gives the exit code. */
export async function runScript(request: RunRequest, io: Io): Promise<ExitCode> {
  const secrets = new Secrets(Object.values(request.env))
  try {
    const run = await prepareRun(request, io)
    for (const warning of run.warnings) io.stderr.write(`warning: ${warning}\n`)
    if (!request.dryRun) return await carryOut(run, secrets, io)
    io.stderr.write(secrets.hide(describePlan(run)))
    return EXIT.pass
  } catch (error) {
    throw secrets.hideIn(error)
  }
}

async function carryOut(run: PreparedRun, secrets: Secrets, io: Io): Promise<ExitCode> {
  const mock = await openTarget(run)
  try {
    return await new RunSession(run, mock, secrets, io).run()
  } finally {
    await mock?.stop()
  }
}

/** Starts the mock, or makes sure that the real target answers. In virtual time the mock lives in the engine's thread. */
async function openTarget({ target, request, seed, plan }: PreparedRun): Promise<MockChild | undefined> {
  if (target.kind === 'remote') {
    for (const url of target.urls) if (isDirect(url, plan.connection.hosts)) await checkReachable(url)
    return undefined
  }
  return request.virtual ? undefined : MockChild.start(target.config, seed)
}
