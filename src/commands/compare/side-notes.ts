/** What a reader of a comparison should know of its runs. */
import { EXIT, UserError, type ExitCode } from '../../core/errors.ts'
import { ALL_NAMES } from '../../measure/names.ts'
import type { ComparedRun } from '../../report/comparison/comparison-data.ts'
import type { SideRun } from './side-run.ts'

/** The runs of a side that count, and notes on the others. */
export interface ValidRuns {
  readonly runs: readonly SideRun[]
  readonly notes: readonly string[]
}

/** Exit codes of runs that did all that they planned. */
const COMPLETE: readonly ExitCode[] = [
  EXIT.pass,
  EXIT.invalidRun,
  EXIT.regression,
  EXIT.thresholds,
  EXIT.markedFailed,
]

/** Leaves out INVALID runs, and those that a side has twice. */
export function validRuns(side: readonly SideRun[]): ValidRuns {
  const runs = [...new Map(side.map((run) => [run.shown.runId, run])).values()]
  const valid = runs.filter(({ shown }) => shown.verdict !== 'INVALID')
  return {
    runs: valid,
    notes: [
      ...(runs.length < side.length ? ['runs that one side has twice count once'] : []),
      ...runs.filter((run) => !valid.includes(run)).map((run) => `left out: ${invalidText(run)}`),
      ...new Set(valid.flatMap(doubtsOf)),
    ],
  }
}

/** @throws UserError (3) when a side has no run that counts */
export function assertNotEmpty(sides: readonly (readonly [ValidRuns, readonly SideRun[]])[]): void {
  const faults = sides
    .filter(([valid]) => valid.runs.length === 0)
    .flatMap(([, all]) =>
      all.map((run) => ({ where: run.shown.path, what: invalidText(run), todo: RUN_AGAIN })),
    )
  if (faults.length > 0) throw new UserError(EXIT.invalidRun, faults)
}

const RUN_AGAIN = 'INVALID runs never count: mend what spoilt it and run again.'

function invalidText({ shown, reasons }: SideRun): string {
  const why = reasons.length === 0 ? 'its file says no more' : reasons.join(', ')
  return `run ${shown.runId} is INVALID (${why})`
}

function doubtsOf({ shown, reasons, exitCode, reader }: SideRun): string[] {
  const { runId, path } = shown
  const isCut = exitCode !== undefined && !(COMPLETE as readonly number[]).includes(exitCode)
  return [
    ...(reasons.length === 0 ? [] : [`run ${runId} is ${shown.verdict}: ${reasons.join(', ')}`]),
    ...(isCut ? [`run ${runId} ended with exit code ${exitCode}: its figures cover what ran`] : []),
    ...(reader === undefined
      ? [`${path} has no seconds: an interval needs the run's directory, or several runs a side`]
      : []),
  ]
}

/** What was asked for in vain, so that some figures have no interval. */
export function lackNotes(runs: readonly SideRun[]): string[] {
  return runs.flatMap(({ shown, reader }) => {
    const lacks = [...new Set(reader?.lacks)]
    return lacks.length === 0 ? [] : [`${shown.path}: ${lacks.join(', ')}`]
  })
}

/** What differs between the sides and may explain their figures. */
export function surroundingNotes(base: readonly SideRun[], head: readonly SideRun[]): string[] {
  const aspects: readonly (readonly [string, (run: ComparedRun) => string])[] = [
    ['target', ({ target }) => target],
    ['host', ({ host }) => host],
    ['headroom', ({ toolVersion }) => toolVersion],
  ]
  return aspects.flatMap(([label, valueOf]) => {
    const [ofBase, ofHead] = [base, head].map((runs) => distinct(runs.map(({ shown }) => valueOf(shown))))
    if (ofBase === '' || ofHead === '' || ofBase === ofHead) return []
    return [`${label}: ${ofBase} against ${ofHead}`]
  })
}

function distinct(texts: readonly string[]): string {
  return [...new Set(texts.filter((text) => text !== ''))].sort().join(', ')
}

/** Request names that only one side has, and those that are left out for their number. */
export function nameNotes(
  base: readonly SideRun[],
  head: readonly SideRun[],
  leftOut: readonly string[],
): string[] {
  const [ofBase, ofHead] = [namesOf(base), namesOf(head)]
  const onlyIn = (side: string, names: ReadonlySet<string>, others: ReadonlySet<string>): string[] => {
    const alone = [...names].filter((name) => !others.has(name))
    return alone.length === 0 ? [] : [`only ${side} has ${alone.join(', ')}`]
  }
  return [
    ...onlyIn('base', ofBase, ofHead),
    ...onlyIn('head', ofHead, ofBase),
    ...leftOutNotes(leftOut.length),
  ]
}

function leftOutNotes(nameCount: number): string[] {
  if (nameCount === 0) return []
  const [names, are] = nameCount === 1 ? ['name', 'is'] : ['names', 'are']
  return [`${nameCount} ${names} with fewer requests ${are} left out`]
}

/** Names that both sides have: `_all`, then those with most requests. */
export function commonNames(base: readonly SideRun[], head: readonly SideRun[]): string[] {
  const ofHead = namesOf(head)
  const sentCount = (name: string): number =>
    [...base, ...head].reduce((sum, { lines }) => sum + (lines.get(name)?.count('sent_count') ?? 0), 0)
  return [...namesOf(base)]
    .filter((name) => ofHead.has(name))
    .map((name) => ({ name, rank: name === ALL_NAMES ? Infinity : sentCount(name) }))
    .sort((a, b) => b.rank - a.rank || (a.name < b.name ? -1 : 1))
    .map(({ name }) => name)
}

function namesOf(runs: readonly SideRun[]): Set<string> {
  return new Set(runs.flatMap(({ lines }) => [...lines.keys()]))
}
