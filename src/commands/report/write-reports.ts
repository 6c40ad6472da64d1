import { join } from 'node:path'
import { EXIT, UserError } from '../../core/errors.ts'
import { writeAtomically } from '../../run-files/atomic-file.ts'
import { RunReader } from '../../run-files/run-reader.ts'
import { REPORT_FORMATS, type ReportFormat } from './formats.ts'

/**
 * Makes documents from what a run has left and writes them into `folder`, over what was there.
 *
 * @returns the paths written
 * @throws UserError when the run cannot be read, lacks what a document needs, or a document cannot be written
 */
export async function writeReports(
  runPath: string,
  formats: readonly ReportFormat[],
  folder: string = runPath,
): Promise<string[]> {
  const run = await RunReader.open(runPath)
  const paths: string[] = []
  for (const { fileName, render } of formats) {
    const path = join(folder, fileName)
    await write(path, await render(run))
    paths.push(path)
  }
  return paths
}

async function write(path: string, document: string | AsyncIterable<string>): Promise<void> {
  try {
    await writeAtomically(path, document)
  } catch (cause) {
    // What the operating system refuses has a code; anything else is a fault of ours, or was told already.
    if (!(cause instanceof Error && 'code' in cause)) throw cause
    const todo = 'Choose another place with --out DIR.'
    const fault = { where: path, what: `cannot be written: ${cause.message}`, todo }
    throw new UserError(EXIT.usage, [fault], { cause })
  }
}

/**
 * The documents that every run leaves. One that cannot be made does not spoil the run and keeps no other from being made.
 *
 * @returns why some are missing
 */
export async function writeRunReports(runPath: string): Promise<string[]> {
  const failures: string[] = []
  for (const format of REPORT_FORMATS.filter(({ isOfEveryRun }) => isOfEveryRun)) {
    try {
      await writeReports(runPath, [format])
    } catch (error) {
      failures.push(
        `there is no ${format.fileName}: ${error instanceof Error ? error.message : String(error)}`,
      )
    }
  }
  return failures
}
