import { relative } from 'node:path'
import type { RunSummary } from '../../measure/summary.ts'
import { OUTCOMES } from '../../measure/outcome.ts'
import { count, duration } from '../../report/format.ts'
import { US_PER_S } from '../../core/units.ts'
import { isoTime, type RunFacts } from '../../run-files/run-facts.ts'
import type { Io } from '../io.ts'

/** Prints what was imported, what the source did not tell, and where the files are. */
export function reportImport(
  summary: RunSummary,
  facts: RunFacts,
  path: string,
  isQuiet: boolean,
  io: Io,
): void {
  const shownPath = `${relative(io.cwd, path) || '.'}/`
  const { stderr, stdout } = io
  if (!isQuiet) stderr.write(`${linesOf(summary, facts).join('\n')}\n`)
  for (const warning of summary.warnings) stderr.write(`warning: ${warning}\n`)
  if (!isQuiet) stderr.write(`Results  ${shownPath}\n`)
  // On a terminal the summary has said it already.
  if (isQuiet || !stdout.isTTY) stdout.write(`${shownPath}\n`)
}

function linesOf({ names, durationS }: RunSummary, { target, epochMs }: RunFacts): string[] {
  const [all, ...others] = names
  if (all === undefined) throw new Error('a run without its own row')
  const outcomes = OUTCOMES.map((outcome) => ({ outcome, outcomeCount: all.outcomeCounts[outcome] }))
    .filter(({ outcomeCount }) => outcomeCount > 0)
    .map(({ outcome, outcomeCount }) => `${outcome} ${count(outcomeCount)}`)
  const length = duration(durationS * US_PER_S)
  return [
    `${target}: ${count(all.sentCount)} requests of ${others.length} names in ${length} from ${isoTime(epochMs)}`,
    ...(outcomes.length === 0 ? [] : [outcomes.join('   ')]),
  ]
}
