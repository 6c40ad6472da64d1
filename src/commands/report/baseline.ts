import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { UserError } from '../../core/errors.ts'
import { isWholeRun } from '../../measure/run-identity.ts'
import type { RunData } from '../../report/html/run-data.ts'
import { mayBeDirectoryOf } from '../../run-files/directory-name.ts'
import { RunReader } from '../../run-files/run-reader.ts'
import type { PastRun } from '../../run-files/runs-reader.ts'
import { comparisonOf } from '../compare/comparison.ts'
import { surroundingNotes } from '../compare/side-notes.ts'
import { directoryRun } from '../compare/side-run.ts'

/** Runs whose directories are looked for before it is taken that they have been cleared away. */
const MOST_TRIED = 20

/** What the page shows of the run before. */
type AgainstBaseline = Pick<RunData, 'baseline' | 'comparison' | 'lacks'>

const NOTHING: AgainstBaseline = { baseline: undefined, comparison: undefined, lacks: [] }

/**
 * Holds a run against the one before it, as far as that one is still there; all requests together only, because every run
 * does this at its end. A past run that cannot be compared spoils nothing: that is told in `lacks`.
 *
 * @param history runs of the same scenario and target, oldest first, this one among them
 */
export async function againstBaseline(run: RunReader, history: readonly PastRun[]): Promise<AgainstBaseline> {
  if (!isWholeRun(run.identity.exitCode)) return NOTHING
  const baseline = await runBefore(run, history)
  if (baseline === undefined) return NOTHING
  const name = basename(baseline.path)
  try {
    const [base, head] = await Promise.all([directoryRun(baseline, name), directoryRun(run)])
    const [histograms, comparison] = await Promise.all([
      baseline.histograms(),
      comparisonOf([base], [head], 1),
    ])
    // That the names are left out goes without saying here.
    const notes = surroundingNotes([base], [head])
    return {
      ...NOTHING,
      baseline: { identity: baseline.identity, histograms },
      comparison: { ...comparison, notes },
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return { ...NOTHING, lacks: [`the run before, ${name}, cannot be compared: ${why}`] }
  }
}

/** The latest past run whose figures count and whose directory is still beside this one's. */
async function runBefore(run: RunReader, history: readonly PastRun[]): Promise<RunReader | undefined> {
  const { runId } = run.identity
  const own = history.findLastIndex((each) => each.runId === runId)
  const earlier = history
    .slice(0, Math.max(own, 0))
    .filter((each) => each.runId !== runId && isWholeRun(each.exitCode))
    .slice(-MOST_TRIED)
    .toReversed()
  const folder = dirname(run.path)
  const names = earlier.length === 0 ? [] : await readdir(folder)
  for (const past of earlier) {
    for (const name of names.filter((each) => mayBeDirectoryOf(each, past.runId))) {
      const found = await openedOrUndefined(join(folder, name))
      if (found?.identity.runId === past.runId && found.identity.time === run.identity.time) return found
    }
  }
  return undefined
}

async function openedOrUndefined(path: string): Promise<RunReader | undefined> {
  try {
    return await RunReader.open(path)
  } catch (error) {
    if (error instanceof UserError) return undefined
    throw error
  }
}
