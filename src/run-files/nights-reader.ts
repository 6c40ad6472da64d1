/** Past runs: their lines in runs.csv, and what is still there of their own directories. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { UserError } from '../core/errors.ts'
import { csvRows } from './csv-reader.ts'
import { mayBeDirectoryOf } from './directory-name.ts'
import { readIdentity } from './manifest-reader.ts'
import { figuresOf, type Figures, type LoggedRun } from './runs-reader.ts'

/** Figures of a run by request name, `_all` among them. */
export type NameFigures = ReadonlyMap<string, Figures>

export interface LoggedNight extends LoggedRun {
  /** From summary.csv; `undefined` when the run's directory is gone. */
  readonly names: NameFigures | undefined
}

/**
 * Adds what the directories of these runs have, as far as they are still there and can be read.
 *
 * @param columns the figures that are wanted of each request name
 */
export async function readNights(
  folder: string,
  runs: readonly LoggedRun[],
  columns: readonly string[],
): Promise<LoggedNight[]> {
  const directories = await readdir(folder)
  const nights: LoggedNight[] = []
  for (const run of runs) {
    const paths = directories
      .filter((name) => mayBeDirectoryOf(name, run.runId))
      .map((name) => join(folder, name))
    nights.push({ ...run, names: await keptNames(paths, run.runId, columns) })
  }
  return nights
}

async function keptNames(
  paths: readonly string[],
  runId: string,
  columns: readonly string[],
): Promise<NameFigures | undefined> {
  for (const path of paths) {
    try {
      const identity = await readIdentity(join(path, 'manifest.json'))
      if (identity.runId !== runId) continue
      return await readNames(join(path, 'summary.csv'), columns)
    } catch (error) {
      // A broken directory is as good as gone.
      if (!(error instanceof UserError)) throw error
    }
  }
  return undefined
}

async function readNames(path: string, columns: readonly string[]): Promise<NameFigures> {
  const names = new Map<string, Figures>()
  for await (const row of csvRows(path)) names.set(row.text('name'), figuresOf(row, columns))
  return names
}
