import { resolve } from 'node:path'
import { EXIT, UserError, type ExitCode } from '../../core/errors.ts'
import { DEFAULT_OUTCOME_RULES } from '../../measure/outcome.ts'
import type { RunSummary, VerdictReason } from '../../measure/summary.ts'
import { FORMAT_TITLES, type ImportFormat, type SampleFormat } from '../../run-files/imports/import-format.ts'
import { NOT_KNOWN } from '../../run-files/imports/unknown-figures.ts'
import { RunDirectory } from '../../run-files/run-directory.ts'
import type { Io } from '../io.ts'
import { writeRunReports } from '../report/write-reports.ts'
import { importFacts, type SourceTool } from './facts.ts'
import { importLocust } from './import-locust.ts'
import { importSamples } from './import-samples.ts'
import type { Imported, OpenDirectory } from './imported.ts'
import { reportImport } from './report.ts'
import type { ImportRequest } from './request.ts'
import { openSources, type SourceFile } from './source-file.ts'

/** `headroom import`: leaves the files of a run for what another tool has measured. */
export async function runImport(request: ImportRequest, io: Io): Promise<ExitCode> {
  const files = await openSources(request.files, io.cwd)
  const tool = toolOf(files)
  const throttled = new Set([...DEFAULT_OUTCOME_RULES.throttled, ...request.throttled])
  const facts = (epochMs: number): ReturnType<typeof importFacts> =>
    importFacts(request, tool, files, epochMs)
  const openDirectory: OpenDirectory = (epochMs) =>
    // How long the run was is known when it was read: its histogram log has a line a second.
    RunDirectory.create(resolve(io.cwd, request.out), facts(epochMs), {
      warmupUs: 0,
      loadEndUs: 0,
      keepsRequests: false,
    })
  const imported =
    tool === 'locust'
      ? await importLocust(files, throttled, openDirectory)
      : await importSamples(tool, files, throttled, openDirectory)
  const summary = summaryOf(imported)
  const { directory, wallFinishedAtMs, epochMs } = imported
  const keptPath = await directory.finish(summary, {
    wallFinishedAtMs,
    exitCode: EXIT.pass,
    mockCounters: undefined,
  })
  if (keptPath !== undefined) io.stderr.write(`runs.csv had other columns: it is kept as ${keptPath}\n`)
  for (const warning of await writeRunReports(directory.path)) io.stderr.write(`warning: ${warning}\n`)
  reportImport(summary, facts(epochMs), directory.path, request.quiet, io)
  return EXIT.pass
}

/** @throws UserError (usage) unless all files are of one kind, or tables of Locust */
function toolOf(files: readonly SourceFile[]): SourceTool {
  const tools = new Set(files.map(({ format }) => toolOfFormat(format)))
  const [tool] = tools
  if (tool !== undefined && tools.size === 1) return tool
  const where = files.map(({ path, format }) => `${path} (${FORMAT_TITLES[format]})`).join(', ')
  const what = 'files of different kinds are no single run'
  throw new UserError(EXIT.usage, [{ where, what, todo: 'Import those of each kind by themselves.' }])
}

function toolOfFormat(format: ImportFormat): SourceTool {
  return isSampleFormat(format) ? format : 'locust'
}

function isSampleFormat(format: ImportFormat): format is SampleFormat {
  return !format.startsWith('locust-')
}

/** Whoever reads the summary must not take the figures for those of an instrument that was watched. */
const FOREIGN: VerdictReason = {
  level: 'SUSPECT',
  code: 'imported',
  what: 'the load generator was not headroom: nobody knows how late it was',
  todo: 'compare it with other runs of the same tool only',
}

function summaryOf({ figures, iterations, checks, warnings }: Imported): RunSummary {
  const [all] = figures.names
  if (all === undefined) throw new Error('a run without its own row')
  return {
    ...figures,
    durationS: all.durationS,
    verdict: { level: FOREIGN.level, reasons: [FOREIGN] },
    thresholds: [],
    checks,
    metrics: [],
    iterations: {
      dueCount: NOT_KNOWN,
      droppedCount: iterations.droppedCount ?? NOT_KNOWN,
      startedCount: NOT_KNOWN,
      completedCount: iterations.completedCount ?? NOT_KNOWN,
      interruptedCount: NOT_KNOWN,
    },
    warnings,
  }
}
