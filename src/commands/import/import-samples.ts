import { EXIT, UserError } from '../../core/errors.ts'
import { US_PER_MS } from '../../core/units.ts'
import { FORMAT_TITLES, type SampleFormat } from '../../run-files/imports/import-format.ts'
import { ImportedRun, type ImportedEnd } from '../../run-files/imports/imported-run.ts'
import type { RequestSample } from '../../run-files/imports/request-sample.ts'
import { inOrderOfStart, mergedByEnd } from '../../run-files/imports/sample-order.ts'
import type { RunDirectory } from '../../run-files/run-directory.ts'
import type { Imported, OpenDirectory } from './imported.ts'
import { FaultyRows, sampleReader, type SampleNotes } from './sample-reader.ts'
import type { SourceFile } from './source-file.ts'

/**
 * Reads the samples of one run from files of one format, second by second: memory does not grow with their number.
 *
 * @throws UserError (usage) when a file cannot be read to its end, or there is no request in any
 */
export async function importSamples(
  format: SampleFormat,
  files: readonly SourceFile[],
  throttled: ReadonlySet<number>,
  openDirectory: OpenDirectory,
): Promise<Imported> {
  const reader = sampleReader(format, throttled)
  const faultyRows = new FaultyRows()
  const samples = inOrderOfStart(mergedByEnd(files.map((file) => reader.samples(file, faultyRows))))
  const first = await samples.next()
  if (first.done === true) throw nothingThere(format, files, faultyRows)
  const epochMs = Math.floor(first.value.startUs / US_PER_MS)
  const directory = await openDirectory(epochMs)
  try {
    const end = await record(first.value, samples, epochMs, directory)
    const notes = reader.notes()
    const wallFinishedAtMs = epochMs + Math.ceil(end.endUs / US_PER_MS)
    const { completedCount, droppedCount, checks } = notes
    const iterations = { completedCount, droppedCount }
    return {
      directory,
      epochMs,
      figures: withDropped(end, droppedCount),
      wallFinishedAtMs,
      iterations,
      checks,
      warnings: [...faultyRows.warnings(), ...warningsOf(end), ...notes.warnings],
    }
  } catch (error) {
    await directory.discard()
    throw error
  }
}

async function record(
  first: RequestSample,
  others: AsyncIterable<RequestSample>,
  epochMs: number,
  directory: RunDirectory,
): Promise<ImportedEnd> {
  const run = new ImportedRun(epochMs * US_PER_MS, {
    onSecond: (rows) => directory.appendSeconds(rows),
    onCells: (cells) => directory.appendLatency(cells),
  })
  run.add(first)
  for await (const sample of others) run.add(sample)
  return run.finish()
}

function withDropped(
  { names, burst, histograms }: ImportedEnd,
  iterationsDroppedCount: SampleNotes['droppedCount'],
): Imported['figures'] {
  const [all, ...others] = names
  if (all === undefined) throw new Error('a run without its own row')
  return { names: [{ ...all, iterationsDroppedCount }, ...others], burst, histograms }
}

const NOT_FROM_THE_PLAN =
  'response times count from when requests were sent, as service times do: the source does not say when they were due, so waiting for a virtual user is in neither'

const COARSE =
  'times are whole seconds: the number in flight and peaks below a second are left out, and a request may count in a second beside its own; K6_CSV_TIME_FORMAT=unix_milli makes k6 write milliseconds'

const OVERFLOWED =
  'more than 200 request names: the rest is counted as _other; give requests whose URLs differ one name'

function warningsOf({ isCoarse, namesOverflowed }: ImportedEnd): string[] {
  return [NOT_FROM_THE_PLAN, ...(isCoarse ? [COARSE] : []), ...(namesOverflowed ? [OVERFLOWED] : [])]
}

function nothingThere(format: SampleFormat, files: readonly SourceFile[], faultyRows: FaultyRows): UserError {
  const where = files.map(({ path }) => path).join(', ')
  const { first } = faultyRows
  const what = first === undefined ? 'there is no request in it' : `no row can be read: ${first}`
  const todo = `Give a whole file of a finished run; this is read as ${FORMAT_TITLES[format]}.`
  return new UserError(EXIT.usage, [{ where, what, todo }])
}
