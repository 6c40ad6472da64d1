import { stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { EXIT, UserError, type Fault } from '../../core/errors.ts'
import type { K6SummaryMode } from '../../report/k6-text.ts'

/** Which summary is printed when the run is over. */
type SummaryMode = 'headroom' | K6SummaryMode | 'disabled'

/** What the user wants to see at the end. */
export interface SummaryRequest {
  /** `disabled`: no summary of ours or of k6, and nothing that k6 makes of its own is called or written. */
  readonly mode: SummaryMode
  /** Where k6's `--summary-export` goes; relative to the working directory. */
  readonly exportPath: string | undefined
}

/** As given; `k6` is k6's default. */
const MODES: Readonly<Record<string, SummaryMode>> = {
  headroom: 'headroom',
  k6: 'compact',
  compact: 'compact',
  full: 'full',
  legacy: 'legacy',
  disabled: 'disabled',
}

export interface SummaryFlags {
  readonly summaryMode?: string
  readonly summaryExport?: string
  /** False with `--no-summary`. */
  readonly summary?: boolean
}

/** A file that cannot be written is better known before the run than after it. */
export async function exportFaults({ exportPath }: SummaryRequest, cwd: string): Promise<Fault[]> {
  if (exportPath === undefined) return []
  const folder = dirname(exportPath)
  const stats = await stat(resolve(cwd, folder)).catch(() => undefined)
  if (stats?.isDirectory() === true) return []
  const todo = 'create it, or choose another file'
  return [{ where: '--summary-export', what: `there is no folder ${folder}`, todo }]
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Flags go above k6's variables.
 *
 * @throws UserError (usage) for a mode that there is not.
 */
export function readSummaryRequest(flags: SummaryFlags, env: Environment): SummaryRequest {
  const { summaryMode, summaryExport, summary = true } = flags
  const variable = env['K6_SUMMARY_MODE']
  const given = summaryMode ?? (variable === '' ? undefined : variable) ?? 'headroom'
  const mode = MODES[given.toLowerCase()]
  if (mode === undefined) {
    const where = summaryMode === undefined ? 'K6_SUMMARY_MODE' : '--summary-mode'
    const todo = `give one of ${Object.keys(MODES).join(', ')}`
    throw new UserError(EXIT.usage, [{ where, what: `there is no mode ${JSON.stringify(given)}`, todo }])
  }
  const isOff = !summary || /^(1|t|true)$/i.test(env['K6_NO_SUMMARY'] ?? '')
  const exportPath = summaryExport ?? env['K6_SUMMARY_EXPORT']
  return {
    mode: isOff ? 'disabled' : mode,
    exportPath: exportPath === '' ? undefined : exportPath,
  }
}
