import { csvRows } from './csv-reader.ts'

/** A line of runs.csv. */
export interface PastRun {
  readonly runId: string
  /** ISO 8601, UTC. */
  readonly startedAt: string
  readonly exitCode: number | undefined
  /** The figures that were asked for, by column. */
  readonly figures: Readonly<Record<string, number | undefined>>
}

export interface RunsQuery {
  readonly scenario: string
  readonly target: string
  /** Numeric columns. */
  readonly columns: readonly string[]
}

/**
 * The runs of a scenario against a target, oldest first.
 *
 * @throws UserError (usage) when the file cannot be read
 */
export async function readRuns(path: string, { scenario, target, columns }: RunsQuery): Promise<PastRun[]> {
  const runs: PastRun[] = []
  for await (const row of csvRows(path)) {
    if (row.text('scenario') !== scenario || row.text('target') !== target) continue
    runs.push({
      runId: row.text('run_id'),
      startedAt: row.text('started_at'),
      exitCode: row.number('exit_code'),
      figures: Object.fromEntries(columns.map((column) => [column, row.number(column)])),
    })
  }
  return runs
}
