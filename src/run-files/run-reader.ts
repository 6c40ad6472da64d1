import { access, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { EXIT, UserError } from '../core/errors.ts'
import { ALL_NAMES } from '../measure/names.ts'
import type { HistogramRows, SecondRow } from '../measure/summary.ts'
import { readHistograms } from './histogram-reader.ts'
import { type LatencyInterval, readLatency } from './latency-reader.ts'
import { readIdentity, type RunIdentity } from './manifest-reader.ts'
import { readRuns, type PastRun } from './runs-reader.ts'
import { readSecondColumns, type SecondColumns } from './second-columns.ts'
import { readSummary, type StoredSummary } from './summary-reader.ts'
import { readSeconds } from './timeseries-reader.ts'

/** A run directory to be read: what is small at once, the rest when it is asked for; what takes long, once. */
export class RunReader {
  readonly path: string
  readonly identity: RunIdentity
  readonly summary: StoredSummary
  readonly #lacks = new Set<string>()
  #histograms: Promise<readonly HistogramRows[]> | undefined
  /** By the names that were asked for. */
  readonly #latency = new Map<string, Promise<ReadonlyMap<string, readonly LatencyInterval[]>>>()

  private constructor(path: string, identity: RunIdentity, summary: StoredSummary) {
    this.path = path
    this.identity = identity
    this.summary = summary
  }

  /** @throws UserError (usage) when this is not the directory of a finished run */
  static async open(path: string): Promise<RunReader> {
    await assertFinishedRun(path)
    const identity = await readIdentity(join(path, 'manifest.json'))
    return new RunReader(path, identity, await readSummary(join(path, 'summary.json')))
  }

  /** What files of an older version, or of an import, did not have of what was asked for so far. */
  get lacks(): readonly string[] {
    return [...this.#lacks]
  }

  /** Every second of a request name, or of `_all`. */
  async seconds(name: string): Promise<readonly SecondRow[]> {
    const { seconds, lackedColumns } = await readSeconds(join(this.path, 'timeseries.csv'), name)
    if (lackedColumns.length > 0) this.#lacks.add(`timeseries.csv has no ${lackedColumns.join(', ')}`)
    return seconds
  }

  histograms(): Promise<readonly HistogramRows[]> {
    this.#histograms ??= readHistograms(join(this.path, 'histogram.csv'))
    return this.#histograms
  }

  /** A few columns of timeseries.csv, of every request name. */
  secondColumns(columns: readonly string[]): Promise<SecondColumns> {
    return readSecondColumns(join(this.path, 'timeseries.csv'), columns)
  }

  /** Latency by interval; none where there is no latency.hlog. */
  async latencyIntervals(): Promise<readonly LatencyInterval[]> {
    return (await this.latencyByName([ALL_NAMES])).get(ALL_NAMES) ?? []
  }

  /** Latency of these names by interval; empty where there is no latency.hlog. */
  async latencyByName(names: readonly string[]): Promise<ReadonlyMap<string, readonly LatencyInterval[]>> {
    if (!(await this.has('latency.hlog'))) return new Map()
    const key = names.join('\n')
    const latency =
      this.#latency.get(key) ?? readLatency(join(this.path, 'latency.hlog'), this.identity.epochMs, names)
    this.#latency.set(key, latency)
    return latency
  }

  /** Whether a file of the run is still there. One that is not counts as lacking. */
  async has(fileName: string): Promise<boolean> {
    if (await exists(join(this.path, fileName))) return true
    this.#lacks.add(`${fileName} is not there`)
    return false
  }

  /**
   * The runs in the same results folder of the same scenario and target, this one among them, oldest first. That file is
   * not this run's: what is wrong with it is told and spoils nothing.
   */
  async history(columns: readonly string[]): Promise<readonly PastRun[]> {
    const { scenario, target } = this.identity
    const path = join(dirname(this.path), 'runs.csv')
    if (!(await exists(path))) return []
    try {
      return await readRuns(path, { scenario, target, columns })
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      this.#lacks.add(`runs.csv ${error.faults.map(({ what }) => what).join(', ')}`)
      return []
    }
  }

  /** summary.csv as it stands. */
  summaryCsv(): Promise<string> {
    return readFile(join(this.path, 'summary.csv'), 'utf8')
  }
}

async function assertFinishedRun(path: string): Promise<void> {
  const fault = await faultOf(path)
  if (fault === undefined) return
  throw new UserError(EXIT.usage, [{ where: path, ...fault }])
}

async function faultOf(path: string): Promise<{ what: string; todo: string } | undefined> {
  const has = (name: string): Promise<boolean> => exists(join(path, name))
  if (!(await exists(path))) return { what: 'no such directory', todo: 'Give the directory of a run.' }
  if (!(await has('manifest.json'))) {
    const todo = (await has('runs.csv'))
      ? 'These are the results of several runs: give the directory of one of them.'
      : 'Give the directory of a run.'
    return { what: 'there is no manifest.json', todo }
  }
  if (await has('summary.json')) return undefined
  return {
    what: 'there is no summary.json: the run is still under way or was killed',
    todo: 'Wait for its end; what a killed run recorded stands in its timeseries.csv.',
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
