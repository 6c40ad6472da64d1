import { EXIT, UserError, type Fault } from '../../core/errors.ts'
import type { Fields } from '../../run-files/imports/fields.ts'
import { FORMAT_TITLES, type LocustTable } from '../../run-files/imports/import-format.ts'
import { locustRun, type LocustRun } from '../../run-files/imports/locust-run.ts'
import { RowFault } from '../../run-files/imports/request-sample.ts'
import type { Imported, OpenDirectory } from './imported.ts'
import { fieldsOf, type SourceFile } from './source-file.ts'

/** @throws UserError (usage) when a table is missing, there twice, or cannot be read */
export async function importLocust(
  files: readonly SourceFile[],
  throttled: ReadonlySet<number>,
  openDirectory: OpenDirectory,
): Promise<Imported> {
  const faults = faultsOf(files)
  if (faults.length > 0) throw new UserError(EXIT.usage, faults)
  const run = await read(files, throttled)
  const directory = await openDirectory(run.epochMs)
  for (const rows of run.seconds) directory.appendSeconds(rows)
  const durationS = run.figures.names[0]?.durationS ?? 0
  return {
    directory,
    epochMs: run.epochMs,
    figures: run.figures,
    wallFinishedAtMs: run.epochMs + Math.ceil(durationS * 1_000),
    iterations: { completedCount: undefined, droppedCount: undefined },
    checks: [],
    warnings: run.warnings,
  }
}

const NEEDED: readonly LocustTable[] = ['locust-stats', 'locust-history']

const WHY: Readonly<Partial<Record<LocustTable, string>>> = {
  'locust-stats': 'it has the figures of each name',
  'locust-history': 'nothing else says when the run was',
}

function faultsOf(files: readonly SourceFile[]): Fault[] {
  const formats = files.map(({ format }) => format)
  const twice = files.filter(({ format }, i) => formats.indexOf(format) !== i)
  const missing = NEEDED.filter((table) => !formats.includes(table))
  return [
    ...missing.map((table) => ({
      where: files.map(({ path }) => path).join(', '),
      what: `the ${FORMAT_TITLES[table]} is missing: ${WHY[table]}`,
      todo: 'Give the files that locust --csv has written together.',
    })),
    ...twice.map(({ path, format }) => ({
      where: path,
      what: `is a second ${FORMAT_TITLES[format]}, and percentiles of several runs cannot be added`,
      todo: 'Import each by itself; a Locust with workers writes one for all of them.',
    })),
  ]
}

async function read(files: readonly SourceFile[], throttled: ReadonlySet<number>): Promise<LocustRun> {
  const rowsOf = async (table: LocustTable): Promise<Fields[] | undefined> => {
    const file = files.find(({ format }) => format === table)
    if (file === undefined) return undefined
    const rows: Fields[] = []
    for await (const row of fieldsOf(file)) rows.push(row)
    return rows
  }
  const [stats = [], history = []] = [await rowsOf('locust-stats'), await rowsOf('locust-history')]
  try {
    return locustRun({ stats, history, failures: await rowsOf('locust-failures') }, throttled)
  } catch (error) {
    if (!(error instanceof RowFault)) throw error
    const where = files.map(({ path }) => path).join(', ')
    throw new UserError(EXIT.usage, [{ where, what: error.message }], { cause: error })
  }
}
