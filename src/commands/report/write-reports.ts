import { join } from 'node:path'
import { RunReader } from '../../run-files/run-reader.ts'
import { writeDocument } from '../write-document.ts'
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
  for (const format of formats) paths.push(await writeReport(run, format, folder))
  return paths
}

async function writeReport(
  run: RunReader,
  { fileName, render }: ReportFormat,
  folder: string,
): Promise<string> {
  const path = join(folder, fileName)
  await writeDocument(path, await render(run), 'Choose another place with --out DIR.')
  return path
}

/**
 * The documents that every run leaves. One that cannot be made does not spoil the run and keeps no other from being made.
 *
 * @returns why some are missing
 */
export async function writeRunReports(runPath: string): Promise<string[]> {
  const opening = RunReader.open(runPath)
  const failures: string[] = []
  for (const format of REPORT_FORMATS.filter(({ isOfEveryRun }) => isOfEveryRun)) {
    try {
      await writeReport(await opening, format, runPath)
    } catch (error) {
      failures.push(
        `there is no ${format.fileName}: ${error instanceof Error ? error.message : String(error)}`,
      )
    }
  }
  return failures
}
