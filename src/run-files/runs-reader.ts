import { csvRows, type CsvRow } from './csv-reader.ts'

/** A line of runs.csv. Text is empty where nothing is said. */
export interface LoggedRun {
  readonly runId: string
  /** ISO 8601, UTC. */
  readonly startedAt: string
  readonly scenario: string
  readonly scriptSha256: string
  readonly optionsSha256: string
  readonly targetKind: string
  readonly target: string
  readonly nodeVersion: string
  readonly host: string
  readonly commit: string
  readonly exitCode: number | undefined
  /** The figures that were asked for, by column. */
  readonly figures: Figures
}

/** Numbers by column; `undefined`: not applicable, or the file does not have the column. */
export type Figures = Readonly<Record<string, number | undefined>>

/** What is shown of a line of runs.csv. */
export type PastRun = Pick<LoggedRun, 'runId' | 'startedAt' | 'commit' | 'exitCode' | 'figures'>

export interface RunsQuery {
  readonly scenario: string
  readonly target: string
  /** Numeric columns. */
  readonly columns: readonly string[]
}

/**
 * Every line of a runs.csv, in its order, with these numeric columns.
 *
 * @throws UserError (usage) when the file cannot be read
 */
export async function readRunsLog(path: string, columns: readonly string[]): Promise<LoggedRun[]> {
  const runs: LoggedRun[] = []
  for await (const row of csvRows(path)) {
    runs.push({
      runId: row.text('run_id'),
      startedAt: row.text('started_at'),
      scenario: row.text('scenario'),
      scriptSha256: row.text('script_sha256'),
      optionsSha256: row.text('options_sha256'),
      targetKind: row.text('target_kind'),
      target: row.text('target'),
      nodeVersion: row.text('node_version'),
      host: row.text('host'),
      commit: row.text('commit'),
      exitCode: row.number('exit_code'),
      figures: figuresOf(row, columns),
    })
  }
  return runs
}

/** The numbers of a line by column. */
export function figuresOf(row: CsvRow, columns: readonly string[]): Figures {
  return Object.fromEntries(columns.map((column) => [column, row.number(column)]))
}

/**
 * The runs of a scenario against a target, oldest first.
 *
 * @throws UserError (usage) when the file cannot be read
 */
export async function readRuns(path: string, { scenario, target, columns }: RunsQuery): Promise<PastRun[]> {
  const runs = await readRunsLog(path, columns)
  return runs
    .filter((run) => run.scenario === scenario && run.target === target)
    .map(({ runId, startedAt, commit, exitCode, figures }) => ({
      runId,
      startedAt,
      commit,
      exitCode,
      figures,
    }))
}
