import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { EXIT, systemCode, UserError } from '../core/errors.ts'
import { doAll, type Steps } from '../core/steps.ts'
import type { RequestBatch } from '../measure/request-log.ts'
import type { SecondCell } from '../measure/snapshot.ts'
import type { RunSummary, SecondRow } from '../measure/summary.ts'
import { writeAtomically } from './atomic-file.ts'
import { directoryName, numberedName } from './directory-name.ts'
import { GrowingFile } from './growing-file.ts'
import { LatencyLog, latencyLogHeader } from './latency-log.ts'
import { type FileRecord, manifestJson } from './manifest.ts'
import { requestsHeader, requestsRows } from './requests-csv.ts'
import { resultFiles } from './result-files.ts'
import type { RunEnd, RunFacts } from './run-facts.ts'
import { runsHeader, runsRow } from './runs-csv.ts'
import { appendToRunsLog } from './runs-log.ts'
import { timeseriesHeader, timeseriesRows } from './timeseries-csv.ts'

/** What the growing files depend on. */
export interface RunSpan {
  readonly warmupUs: number
  /** When the load is planned to end. */
  readonly loadEndUs: number
  /** Whether every request gets a row in requests.csv.gz. */
  readonly keepsRequests: boolean
}

/** The files that are written while the run goes on. */
interface GrowingFiles {
  readonly timeseries: GrowingFile
  readonly latency: GrowingFile
  readonly requests: GrowingFile | undefined
}

/**
 * The directory of one run, and the only writer in it. Create it when traffic starts, so that a run whose set-up
 * fails leaves nothing behind; then append what comes as seconds are resolved, and `finish` once.
 */
export class RunDirectory {
  readonly path: string
  readonly #rootPath: string
  readonly #facts: RunFacts
  readonly #span: RunSpan
  readonly #files: GrowingFiles
  readonly #latencyLog: LatencyLog

  private constructor(rootPath: string, path: string, facts: RunFacts, span: RunSpan, files: GrowingFiles) {
    this.#rootPath = rootPath
    this.path = path
    this.#facts = facts
    this.#span = span
    this.#files = files
    this.#latencyLog = new LatencyLog(span)
  }

  /**
   * Makes `<rootPath>/<time>-<scenario>-<id>/` with a first manifest and the headers of the files that grow.
   *
   * @throws UserError (usage) when nothing can be written there
   */
  static async create(rootPath: string, facts: RunFacts, span: RunSpan): Promise<RunDirectory> {
    try {
      const path = await makeDirectory(rootPath, directoryName(facts))
      return new RunDirectory(rootPath, path, facts, span, await begin(path, facts, span))
    } catch (error) {
      throw writeError(EXIT.usage, rootPath, error)
    }
  }

  /** Appends rows to timeseries.csv in the background; a failure to write is reported by `finish`. */
  appendSeconds(rows: readonly SecondRow[]): void {
    doAll(this.appendSecondsInSteps(rows))
  }

  /** The same in steps. */
  *appendSecondsInSteps(rows: readonly SecondRow[]): Steps {
    let lines = ''
    for (const row of rows) {
      lines += timeseriesRows(this.#facts, [row])
      yield
    }
    this.#files.timeseries.append(lines)
  }

  /** Appends response times to latency.hlog; each second once and in order. */
  appendLatency(cells: readonly SecondCell[]): void {
    doAll(this.appendLatencyInSteps(cells))
  }

  /** The same in steps. */
  *appendLatencyInSteps(cells: readonly SecondCell[]): Steps {
    const lines = yield* this.#latencyLog.addInSteps(cells)
    if (lines !== '') this.#files.latency.append(lines)
  }

  /** Appends rows to requests.csv.gz. */
  appendRequests(batch: RequestBatch): void {
    this.#files.requests?.append(requestsRows(this.#facts, this.#span.warmupUs, batch))
  }

  /** Names that have no lines in latency.hlog, because the format cannot hold them. */
  get namesNotInLatencyLog(): readonly string[] {
    return this.#latencyLog.refusedNames
  }

  /** Leaves nothing behind of what turned out to be no run. */
  async discard(): Promise<void> {
    const { timeseries, latency, requests } = this.#files
    await Promise.allSettled([timeseries.close(), latency.close(), requests?.close()])
    await rm(this.path, { recursive: true, force: true })
  }

  /**
   * Writes everything else and the run's line in runs.csv. A file that cannot be written does not keep the others from being tried.
   *
   * @returns the path under which a runs.csv with other columns was kept, if there was one
   * @throws UserError (internal) when a file could not be written
   */
  async finish(summary: RunSummary, end: RunEnd): Promise<string | undefined> {
    const failures: unknown[] = []
    const attempt = async <T>(write: Promise<T>): Promise<T | undefined> => {
      try {
        return await write
      } catch (error) {
        failures.push(error)
        return undefined
      }
    }
    const { timeseries, latency, requests } = this.#files
    latency.append(this.#latencyLog.end())
    const records = [await attempt(timeseries.close()), await attempt(latency.close())]
    if (requests !== undefined) records.push(await attempt(requests.close()))
    for (const file of resultFiles(this.#facts, summary)) {
      records.push(await attempt(writeAtomically(join(this.path, file.name), file.text)))
    }
    const written = records.filter((record): record is FileRecord => record !== undefined)
    await attempt(writeManifest(this.path, this.#facts, end, written))
    const row = runsRow(this.#facts, end, summary)
    const keptPath = await attempt(appendToRunsLog(join(this.#rootPath, 'runs.csv'), runsHeader(), row))
    if (failures.length > 0) throw writeError(EXIT.internal, this.path, failures[0])
    return keptPath
  }
}

/** Makes a directory that did not exist before. */
async function makeDirectory(rootPath: string, name: string): Promise<string> {
  await mkdir(rootPath, { recursive: true })
  for (let attempt = 1; ; attempt++) {
    const path = join(rootPath, numberedName(name, attempt))
    try {
      await mkdir(path)
      return path
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw error
    }
  }
}

async function begin(path: string, facts: RunFacts, { keepsRequests }: RunSpan): Promise<GrowingFiles> {
  const opened: GrowingFile[] = []
  const create = async (name: string, header: string | Uint8Array): Promise<GrowingFile> => {
    const file = await GrowingFile.create(join(path, name))
    opened.push(file)
    file.append(header)
    return file
  }
  try {
    await writeManifest(path, facts, undefined, [])
    return {
      timeseries: await create('timeseries.csv', timeseriesHeader()),
      latency: await create('latency.hlog', latencyLogHeader(facts.epochMs)),
      requests: keepsRequests ? await create('requests.csv.gz', requestsHeader()) : undefined,
    }
  } catch (error) {
    await Promise.allSettled(opened.map((file) => file.close()))
    await rm(path, { recursive: true, force: true })
    throw error
  }
}

async function writeManifest(
  path: string,
  facts: RunFacts,
  end: RunEnd | undefined,
  files: readonly FileRecord[],
): Promise<void> {
  await writeAtomically(join(path, 'manifest.json'), manifestJson(facts, end, files))
}

/** A refusal of the operating system as something the user can mend; anything else is a fault of ours and stays as it is. */
function writeError(
  exitCode: typeof EXIT.usage | typeof EXIT.internal,
  path: string,
  cause: unknown,
): unknown {
  if (!(cause instanceof Error) || systemCode(cause) === undefined) return cause
  const what = `cannot write results: ${cause.message}`
  const todo = 'Free or unlock the directory, or choose another one with --out DIR.'
  return new UserError(exitCode, [{ where: path, what, todo }], { cause })
}
