import { readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { EXIT, UserError, type ExitCode } from '../../../core/errors.ts'
import type { RunSummary, SecondRow } from '../../../measure/summary.ts'
import { plainStyler } from '../../../report/style.ts'
import { readSeconds } from '../../../run-files/timeseries-reader.ts'
import type { Io, OutputStream } from '../../io.ts'
import { runCommand } from '../../run/command.ts'
import { TOOL_VERSION } from '../../version.ts'
import type { Load } from '../load.ts'
import type { Observation } from '../observation.ts'
import { scriptOf } from '../script.ts'
import type { Engine, Place } from './engine.ts'

const SCRIPT = 'verify.js'

/** headroom as its users have it: `headroom run` of a script, and the files that it leaves. */
export class HeadroomEngine implements Engine {
  readonly shown: string = `headroom ${TOOL_VERSION}`
  readonly canWarmUp = true
  readonly #io: Pick<Io, 'onInterrupt' | 'quit'>

  constructor(io: Pick<Io, 'onInterrupt' | 'quit'>) {
    this.#io = io
  }

  cannot(): undefined {
    return undefined
  }

  async observe(load: Load, { target, folder, warmupS }: Place): Promise<Observation> {
    await writeFile(join(folder, SCRIPT), scriptOf(load, { warmupS, summaryTrendStats: ['max'] }))
    const stdout = new CapturedText()
    const stderr = new CapturedText()
    const { onInterrupt, quit } = this.#io
    // Variables such as K6_VUS would change the plan.
    const io: Io = { stdout, stderr, env: {}, cwd: folder, onInterrupt, quit }
    const exitCode = await runUnlessStalled(target, io)
    if (exitCode === EXIT.interrupted) return {}
    if (exitCode === EXIT.script)
      return { invalidity: 'the machine was busy: the engine gave no sign of life' }
    if (exitCode !== EXIT.pass && exitCode !== EXIT.invalidRun) {
      throw new Error(`headroom run ended with ${exitCode}: ${stderr.text}`)
    }
    const directory = resolve(folder, stdout.text.trim())
    const summary = JSON.parse(await readFile(join(directory, 'summary.json'), 'utf8')) as WrittenSummary
    const { seconds } = await readSeconds(join(directory, 'timeseries.csv'), '_all')
    return observationOf(summary, seconds)
  }
}

/** The script does not throw and does not loop: when it is taken for one that does, the machine stood still. */
async function runUnlessStalled(target: string, io: Io): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.pass
  const command = runCommand(io, (code) => {
    exitCode = code
  })
  const virtual = target.startsWith('mock:') ? ['--virtual'] : []
  try {
    await command.parseAsync([SCRIPT, '--target', target, '--quiet', ...virtual], { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof UserError && error.exitCode === EXIT.script) return EXIT.script
    throw error
  }
}

/** summary.json; what is `undefined` in the program is absent there. */
type WrittenSummary = Pick<RunSummary, 'names' | 'burst' | 'verdict'>

/** What `headroom run` says of all its requests. @param seconds all of them, those of the warm-up too. */
export function observationOf(
  { names, burst, verdict }: WrittenSummary,
  seconds: readonly Pick<SecondRow, 'sentCount'>[],
): Observation {
  const all = names.find(({ name }) => name === '_all')
  if (all === undefined) throw new Error('summary.json has no row _all')
  const { outcomeCounts } = all
  const [reason] = verdict.reasons
  return {
    offeredCount: all.offeredCount,
    sentCount: seconds.reduce((sum, { sentCount }) => sum + sentCount, 0),
    sentRps: all.sentRps,
    acceptedCount: outcomeCounts.accepted,
    throttledCount: outcomeCounts.throttled,
    serviceTime: all.serviceTimeAccepted,
    responseTime: all.responseTimeAccepted,
    retryAfter: all.retryAfter,
    scheduleDelay: all.scheduleDelay,
    peaks: burst.filter(({ name }) => name === '_all'),
    inFlightMaxCount: all.inflightMaxCount,
    sentBytes: all.sentBytes,
    receivedBytes: all.receivedBytes,
    invalidity: verdict.level === 'INVALID' ? `the run was INVALID: ${reason?.what ?? ''}` : undefined,
  }
}

class CapturedText implements OutputStream {
  text = ''
  readonly isTTY = false
  readonly columns = undefined
  readonly style = plainStyler

  write(text: string): void {
    this.text += text
  }
}
