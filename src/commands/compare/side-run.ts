import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { EXIT, UserError, type Fault } from '../../core/errors.ts'
import type { ComparedRun } from '../../report/comparison/comparison-data.ts'
import { ALL_NAMES } from '../../measure/names.ts'
import { isWholeRun } from '../../measure/run-identity.ts'
import { csvRows, type CsvRow } from '../../run-files/csv-reader.ts'
import { RunReader } from '../../run-files/run-reader.ts'
import type { Metric } from '../../stats/metric.ts'

/** What must be the same on both sides for figures to be comparable. Text is empty where nothing is known. */
export interface RunSetup {
  readonly scenario: string
  readonly scriptSha256: string
  readonly optionsSha256: string
  /** As manifest.json has them; `undefined` where there is none. */
  readonly options: unknown
  readonly targetKind: string
  readonly time: 'real' | 'virtual' | ''
}

/** A run on a side: its directory, or what a CSV file tells of it. */
export interface SideRun {
  readonly shown: ComparedRun
  readonly setup: RunSetup
  /** `undefined` where it is not known. */
  readonly exitCode: number | undefined
  /** Why it is not VALID, and what to do; empty when it is, or where that is not known. */
  readonly reasons: readonly string[]
  /** Lines of summary.csv by request name, `_all` first; the line of runs.csv is `_all`. */
  readonly lines: ReadonlyMap<string, CsvRow>
  /** `undefined` for a bare CSV file. */
  readonly reader: RunReader | undefined
}

/** A metric of a request name; `undefined` where it was not measured. */
export function figureOf({ lines }: SideRun, { column }: Metric, name: string): number | undefined {
  const line = lines.get(name)
  if (line === undefined) return undefined
  const counted = SHARES[column]
  if (counted === undefined) return line.number(column)
  const [count, sentCount] = [line.number(counted), line.number('sent_count')]
  return count === undefined || sentCount === undefined || sentCount === 0 ? undefined : count / sentCount
}

/** Metrics that are no columns: what they are shares of `sent_count` of. */
const SHARES: Readonly<Record<string, string>> = {
  server_error_ratio: 'server_error_count',
  timeout_ratio: 'timeout_count',
}

/**
 * The runs at these paths: directories, or CSV files with one run or several.
 *
 * @throws UserError (usage) with the faults of all paths
 */
export async function runsAt(paths: readonly string[], cwd: string): Promise<SideRun[]> {
  return (await runsByPath(paths, cwd)).flat()
}

/** The runs of two sides. @throws UserError (usage) with the faults of both */
export async function sidesAt(
  base: readonly string[],
  head: readonly string[],
  cwd: string,
): Promise<[base: SideRun[], head: SideRun[]]> {
  const runs = await runsByPath([...base, ...head], cwd)
  return [runs.slice(0, base.length).flat(), runs.slice(base.length).flat()]
}

async function runsByPath(paths: readonly string[], cwd: string): Promise<SideRun[][]> {
  const results = await Promise.allSettled(paths.map((path) => runsAtPath(path, resolve(cwd, path))))
  const faults: Fault[] = []
  const runs = results.map((result) => {
    if (result.status === 'fulfilled') return result.value
    if (!(result.reason instanceof UserError)) throw result.reason
    faults.push(...result.reason.faults)
    return []
  })
  if (faults.length > 0) throw new UserError(EXIT.usage, faults)
  return runs
}

async function runsAtPath(shownPath: string, path: string): Promise<SideRun[]> {
  const isFile = await stat(path).then(
    (stats) => stats.isFile(),
    () => false,
  )
  return isFile ? runsInCsv(shownPath, path) : [await directoryRun(await RunReader.open(path), shownPath)]
}

/** @param path what to call it. @throws UserError (usage) when its summary.csv cannot be read. */
export async function directoryRun(reader: RunReader, path: string = reader.path): Promise<SideRun> {
  const { identity, summary } = reader
  const [run] = await runsInCsv(path, join(reader.path, 'summary.csv'))
  if (run === undefined) throw noRunIn(path)
  return {
    ...run,
    shown: {
      ...run.shown,
      startedAt: identity.wallStartedAt,
      verdict: summary.verdict.level,
      target: identity.target,
      toolVersion: identity.toolVersion,
      host: identity.host,
      commit: identity.commit,
    },
    setup: identity,
    exitCode: identity.exitCode,
    reasons: summary.verdict.reasons.map(({ what, todo }) => `${what}; ${todo}`),
    reader,
  }
}

/**
 * The runs of a summary.csv or runs.csv, in the order of the file; of a run that stands there twice the last line counts.
 *
 * @param shownPath what to call the file
 * @throws UserError (usage) when it is none of these
 */
export async function runsInCsv(shownPath: string, path: string): Promise<SideRun[]> {
  const runs = new Map<string, { first: CsvRow; lines: Map<string, CsvRow> }>()
  for await (const row of csvRows(path)) {
    if (!isOfWholeRuns(row)) throw noRunIn(shownPath)
    const runId = row.text('run_id')
    const run = runs.get(runId) ?? { first: row, lines: new Map<string, CsvRow>() }
    runs.set(runId, run)
    run.lines.set(row.text('name') || ALL_NAMES, row)
  }
  if (runs.size === 0) throw noRunIn(shownPath)
  return [...runs.values()].map(({ first, lines }) => csvRun(shownPath, first, lines))
}

/** Other files of a run have names as well, but of its seconds, buckets or windows. */
function isOfWholeRuns(row: CsvRow): boolean {
  const isSummaryOrLog = row.lacking(['name']).length === 0 || row.lacking(['exit_code']).length === 0
  return isSummaryOrLog && row.lacking(['duration_s']).length === 0
}

function csvRun(path: string, first: CsvRow, lines: ReadonlyMap<string, CsvRow>): SideRun {
  const exitCode = first.number('exit_code')
  return {
    shown: {
      runId: first.text('run_id'),
      path,
      scenario: first.text('scenario'),
      startedAt: first.text('started_at'),
      verdict: verdictOf(first, exitCode),
      target: first.text('target'),
      toolVersion: first.text('tool_version'),
      host: first.text('host'),
      commit: first.text('commit'),
    },
    setup: {
      scenario: first.text('scenario'),
      scriptSha256: first.text('script_sha256'),
      optionsSha256: first.text('options_sha256'),
      options: undefined,
      targetKind: first.text('target_kind'),
      time: '',
    },
    exitCode,
    reasons: [],
    lines,
    reader: undefined,
  }
}

/**
 * Of another tool's generator nothing is known. runs.csv tells of INVALID runs, by their exit code, and of no other verdict;
 * where a run was cut short that has another one.
 */
function verdictOf(row: CsvRow, exitCode: number | undefined): ComparedRun['verdict'] {
  if (exitCode === EXIT.invalidRun) return 'INVALID'
  if (exitCode !== undefined) return isWholeRun(exitCode) ? 'VALID' : 'SUSPECT'
  const said = row.text('verdict')
  return said === 'VALID' || said === 'INVALID' ? said : 'SUSPECT'
}

function noRunIn(path: string): UserError {
  const todo = 'Give the directory of a run, its summary.csv, or a runs.csv.'
  return new UserError(EXIT.usage, [{ where: path, what: 'there is no run in it', todo }])
}
