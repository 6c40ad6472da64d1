import { access, constants, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { EXIT, UserError, type ExitCode, type Fault } from '../../core/errors.ts'
import type { Io } from '../io.ts'
import { widthOf } from '../run/progress.ts'
import { writeDocument } from '../write-document.ts'
import { carryOut } from './carry-out.ts'
import { casesFor, remoteCase, type Case } from './cases.ts'
import { AUTOCANNON } from './engines/autocannon.ts'
import type { Engine } from './engines/engine.ts'
import { HeadroomEngine } from './engines/headroom.ts'
import { openK6 } from './engines/k6.ts'
import { renderVerification } from './render.ts'
import type { EngineName, VerifyRequest } from './request.ts'
import { completedBy, exitCodeOf, isInDoubt, type CaseVerdict, type Verification } from './verification.ts'
import { verifyCsv } from './verify-csv.ts'
import { verifyJson } from './verify-json.ts'

/** `headroom verify`: puts an engine to cases of which the truth is known, and shows where it is wrong. */
export async function runVerify(request: VerifyRequest, io: Io): Promise<ExitCode> {
  const cases = chooseCases(request)
  await checkOut(request, io)
  const engine = await openEngine(request.engine, io)
  const interrupted = new AbortController()
  const stopListening = io.onInterrupt(() => {
    if (interrupted.signal.aborted) return io.quit(EXIT.interrupted)
    interrupted.abort()
  })
  try {
    const verdicts: CaseVerdict[] = []
    for (const [index, each] of cases.entries()) {
      const say = (text: string): void => {
        if (!request.quiet) io.stderr.write(`${index + 1}/${cases.length} ${each.name}: ${text}\n`)
      }
      verdicts.push(await carryOutUntilClear(each, engine, interrupted.signal, say))
      if (interrupted.signal.aborted) return EXIT.interrupted
    }
    return await report({ engine: request.engine, shown: engine.shown, cases: verdicts }, request, io)
  } catch (error) {
    // Ctrl-C reaches the other processes too, and one that was only just starting ends of it.
    if (interrupted.signal.aborted) return EXIT.interrupted
    throw error
  } finally {
    stopListening()
  }
}

/** A machine is seldom busy all the time. */
const MAX_RUNS = 3

/** Runs a case again while something could not be judged; a service that is not ours gets its traffic once. */
async function carryOutUntilClear(
  each: Case,
  engine: Engine,
  signal: AbortSignal,
  say: (text: string) => void,
): Promise<CaseVerdict> {
  say(each.title)
  const maxRuns = each.target.kind === 'remote' ? 1 : MAX_RUNS
  let verdict = await carryOut(each, engine, signal)
  for (let runs = 1; runs < maxRuns && isInDoubt(verdict) && !signal.aborted; runs++) {
    say('again, because the machine was too busy to judge all of it')
    verdict = completedBy(verdict, await carryOut(each, engine, signal))
  }
  return verdict
}

/** @throws UserError (usage) for a case that there is not. */
function chooseCases({ target, isQuick, only }: VerifyRequest): readonly Case[] {
  if (target !== undefined) return [remoteCase(target.url, target.rateRps, target.durationS)]
  const cases = casesFor(isQuick)
  const known = cases.map(({ name }) => name)
  const faults = only
    .filter((name) => !known.includes(name))
    .map((name): Fault => ({
      where: '--only',
      what: `there is no case ${JSON.stringify(name)}`,
      todo: `give one of ${known.join(', ')}`,
    }))
  if (faults.length > 0) throw new UserError(EXIT.usage, faults)
  return only.length === 0 ? cases : cases.filter(({ name }) => only.includes(name))
}

const OUT_TODO = 'give a file in a folder that is there'

/** A minute of work is not lost for a folder that is not there. @throws UserError (usage). */
async function checkOut({ out }: VerifyRequest, { cwd }: Io): Promise<void> {
  if (out === undefined) return
  const path = resolve(cwd, out)
  const folder = dirname(path)
  try {
    await access(folder, constants.W_OK)
  } catch (cause) {
    throw outFault(`cannot write into ${folder}`, cause)
  }
  const there = await stat(path).catch(() => undefined)
  if (there?.isDirectory() === true) throw outFault(`${path} is a folder`)
}

function outFault(what: string, cause?: unknown): UserError {
  return new UserError(EXIT.usage, [{ where: '--out', what, todo: OUT_TODO }], { cause })
}

async function openEngine(name: EngineName, io: Io): Promise<Engine> {
  if (name === 'k6') return openK6(io.env)
  return name === 'autocannon' ? AUTOCANNON : new HeadroomEngine(io)
}

async function report(verification: Verification, request: VerifyRequest, io: Io): Promise<ExitCode> {
  const exitCode = exitCodeOf(verification)
  const { stderr, stdout, cwd } = io
  if (!request.quiet) {
    const look = { color: stderr.style, width: widthOf(stderr) }
    stderr.write(`\n${renderVerification(verification, exitCode, look)}`)
  }
  if (request.json) stdout.write(verifyJson(verification, exitCode))
  // Last, so that the figures are there though they cannot be written.
  if (request.out !== undefined) {
    await writeDocument(resolve(cwd, request.out), verifyCsv(verification), OUT_TODO)
  }
  return exitCode
}
