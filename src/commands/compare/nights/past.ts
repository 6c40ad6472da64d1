import { isWholeRun } from '../../../measure/run-identity.ts'
import type { GateEntry } from '../../../run-files/gate-journal.ts'
import type { LoggedNight } from '../../../run-files/nights-reader.ts'
import type { LoggedRun } from '../../../run-files/runs-reader.ts'
import { VIRTUAL_EPOCH_MS } from '../../run/script-globals.ts'
import type { AllowedDifference } from './request.ts'

/** What every run in virtual time is said to have started at. */
const VIRTUAL_START = new Date(VIRTUAL_EPOCH_MS).toISOString()

/** A run whose past is asked for. */
export type DatedRun = Setup & Pick<LoggedRun, 'runId' | 'startedAt' | 'scenario'>

/** What must be the same for figures to be comparable. */
type Setup = Pick<LoggedNight, 'scriptSha256' | 'optionsSha256' | 'targetKind'>

export interface Past {
  /** Valid nights of the same thing, oldest first. */
  readonly nights: readonly LoggedNight[]
  /** How many runs of the scenario are none of them, by reason. */
  readonly leftOut: ReadonlyMap<string, number>
  /** How many of the nights differ in what may differ, by what it is. */
  readonly allowed: ReadonlyMap<string, number>
  /** Where the past begins, when a level was accepted. */
  readonly acceptance: GateEntry | undefined
}

const DIFFERENCES: readonly {
  readonly kind: AllowedDifference
  readonly text: string
  readonly isSame: (a: Setup, b: Setup) => boolean
}[] = [
  { kind: 'script', text: 'of another script', isSame: (a, b) => a.scriptSha256 === b.scriptSha256 },
  { kind: 'options', text: 'with other options', isSame: (a, b) => a.optionsSha256 === b.optionsSha256 },
  { kind: 'target', text: 'against another kind of target', isSame: (a, b) => a.targetKind === b.targetKind },
]

/** In which ways two runs are not of the same thing. */
function differencesOf(
  a: Setup,
  b: Setup,
): readonly { readonly kind: AllowedDifference; readonly text: string }[] {
  return DIFFERENCES.filter(({ isSame }) => !isSame(a, b))
}

function isVirtual({ startedAt }: Pick<DatedRun, 'startedAt'>): boolean {
  return startedAt === VIRTUAL_START
}

/**
 * The nights before a run. `runs` in the order in which they were logged, which is all that runs in virtual time have.
 * What was accepted, and judged noisy, stands in `journal`.
 */
export function pastOf(
  runs: readonly LoggedNight[],
  tonight: DatedRun,
  journal: readonly GateEntry[],
  allowedKinds: readonly AllowedDifference[],
): Past {
  const before = runsBefore(runs, tonight)
  const acceptance = lastAcceptance([...before, tonight], journal)
  const begin = acceptance?.runId === tonight.runId ? before.length : firstIndex(before, acceptance)
  const noisy = new Set(journal.filter(({ event }) => event === 'noisy').map(({ runId }) => runId))
  const leftOut = new Map<string, number>()
  const allowed = new Map<string, number>()
  const nights = before.filter((run, index) => {
    const differences = differencesOf(run, tonight)
    const reason =
      index < begin
        ? 'from before the accepted level'
        : (faultOf(run, noisy) ?? differences.find(({ kind }) => !allowedKinds.includes(kind))?.text)
    if (reason !== undefined) count(leftOut, reason)
    else for (const { text } of differences) count(allowed, text)
    return reason === undefined
  })
  return { nights, leftOut, allowed, acceptance }
}

/** Runs of the scenario, each once, in the order of time. Simulated ones and real ones are not of the same world. */
function runsBefore(runs: readonly LoggedNight[], tonight: DatedRun): LoggedNight[] {
  const related = runs
    .filter((run) => run.scenario === tonight.scenario && isVirtual(run) === isVirtual(tonight))
    .toSorted((a, b) => compareText(a.startedAt, b.startedAt))
  const own = related.findLastIndex(({ runId }) => runId === tonight.runId)
  const earlier =
    own >= 0 ? related.slice(0, own) : related.filter(({ startedAt }) => startedAt <= tonight.startedAt)
  return earlier.filter(
    ({ runId }, index) =>
      runId !== tonight.runId && index === earlier.findIndex((each) => each.runId === runId),
  )
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}

/** Of the latest run that was accepted. */
function lastAcceptance(
  runs: readonly Pick<LoggedRun, 'runId'>[],
  journal: readonly GateEntry[],
): GateEntry | undefined {
  const accepted = journal.filter(({ event }) => event === 'accepted')
  const ids = new Set(accepted.map(({ runId }) => runId))
  const latest = runs.findLast(({ runId }) => ids.has(runId))
  return accepted.findLast(({ runId }) => runId === latest?.runId)
}

function firstIndex(runs: readonly LoggedRun[], acceptance: GateEntry | undefined): number {
  return acceptance === undefined ? 0 : runs.findIndex(({ runId }) => runId === acceptance.runId)
}

/** Why a run of the same thing is no night to be compared with. */
function faultOf({ runId, exitCode }: LoggedRun, noisy: ReadonlySet<string>): string | undefined {
  if (!isWholeRun(exitCode)) return 'INVALID or cut short'
  return noisy.has(runId) ? 'noisy' : undefined
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}
