import { EXIT, type ExitCode, winningExitCode } from '../../core/errors.ts'
import type { ClaimResult, ClaimRow } from './claim.ts'
import type { LatencyTimes } from '../../../mock-server/times.ts'
import type { EngineName } from './request.ts'

/** One case and what came out. */
export interface CaseVerdict {
  readonly name: string
  readonly title: string
  readonly rows: readonly ClaimRow[]
  /** How long after they were due the mock’s replies left, of which the truths take account; absent: there was no mock. */
  readonly mockLateness?: LatencyTimes
  /** Why the engine was not put to it. */
  readonly leftOut?: string
}

/** Everything that came out. */
export interface Verification {
  readonly engine: EngineName
  /** With its version. */
  readonly shown: string
  readonly cases: readonly CaseVerdict[]
}

/** Whether something could not be judged. */
export function isInDoubt({ rows }: CaseVerdict): boolean {
  return rows.some(({ result }) => result === 'not_judged')
}

/** What another run of the case says of claims that could not be judged; those that could keep their result, good or bad. */
export function completedBy(first: CaseVerdict, second: CaseVerdict): CaseVerdict {
  const rows = first.rows.map((row, index) => {
    const other = second.rows[index]
    return row.result !== 'not_judged' || other === undefined || other.result === 'not_judged' ? row : other
  })
  return { ...first, rows }
}

export function countOf({ cases }: Verification, result: ClaimResult): number {
  return cases.flatMap(({ rows }) => rows).filter((row) => row.result === result).length
}

/**
 * A claim that headroom fails, or has no figure for, is a fault of headroom itself; where the machine was too busy to judge one, the run was
 * INVALID. What other engines measure wrong is the result that was asked for, and no failure.
 */
export function exitCodeOf(verification: Verification): ExitCode {
  if (verification.engine !== 'headroom') return EXIT.pass
  const faultCount = countOf(verification, 'fail') + countOf(verification, 'no_figure')
  return winningExitCode([
    faultCount > 0 ? EXIT.internal : EXIT.pass,
    countOf(verification, 'not_judged') > 0 ? EXIT.invalidRun : EXIT.pass,
  ])
}
