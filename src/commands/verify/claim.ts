import type { Expectation, Observation } from './observation.ts'

/** `ratio` is a quotient, `ms` and `s` are times. */
export type ClaimUnit = 'ms' | 's' | 'rps' | 'count' | 'bytes' | 'ratio'

/** That a figure is the truth. */
export interface Claim {
  readonly claim: string
  readonly unit: ClaimUnit
  /** `undefined`: nobody knows it. */
  readonly truth: number | undefined
  /** `undefined`: the engine has no such figure. */
  readonly measured: number | undefined
  /** How far `measured` may lie from `truth`, in the same unit. */
  readonly allowed: number
  /** So much of `measured` may be no fault of the engine: usually, and at most. In the same unit; absent: nothing. */
  readonly noise?: { readonly usual: number; readonly most: number; readonly why: string }
  /** Why it cannot be judged. */
  readonly doubt?: string | undefined
}

/** Claims about one run. */
export type ClaimMaker = (expected: Expectation, observed: Observation) => readonly Claim[]

/** A claim that allows no difference. */
export function exact(
  claim: string,
  unit: ClaimUnit,
  truth: number | undefined,
  measured: number | undefined,
): Claim {
  return { claim, unit, truth, measured, allowed: 0 }
}

export type ClaimResult = 'pass' | 'fail' | 'not_judged' | 'no_figure'

export interface ClaimRow extends Claim {
  readonly result: ClaimResult
  /** measured − truth; `undefined` where one of them is. */
  readonly error: number | undefined
}

/** Fractions of binary numbers, which are no difference. */
const ROUNDING = 1e-9

const UNKNOWN_TRUTH = 'the truth is not known'

/** Whether the claim holds; what is in doubt neither passes nor fails. */
export function judgeClaim(claim: Claim): ClaimRow {
  const { truth, measured, doubt } = claim
  const error = measured === undefined || truth === undefined ? undefined : measured - truth
  if (doubt !== undefined) return { ...claim, error, result: 'not_judged' }
  if (measured === undefined) return { ...claim, error, result: 'no_figure' }
  if (error === undefined) return { ...claim, error, result: 'not_judged', doubt: UNKNOWN_TRUTH }
  return { ...claim, error, ...judgeError(error, claim) }
}

/**
 * The engine's own error lies between `error` less the noise and `error`. All of that has to be allowed; what not even the
 * most noise explains is wrong.
 */
function judgeError(error: number, { allowed, noise }: Claim): Pick<ClaimRow, 'result' | 'doubt'> {
  const { usual = 0, most = 0, why } = noise ?? {}
  const limit = allowed + ROUNDING
  if (error < -limit || error - most > limit) return { result: 'fail' }
  if (error <= limit && error - usual >= -limit) return { result: 'pass' }
  return { result: 'not_judged', doubt: why }
}

/** Every claim about one run, judged. What the engine itself calls invalid is not. */
export function judgeRun(
  makers: readonly ClaimMaker[],
  expected: Expectation,
  observed: Observation,
): readonly ClaimRow[] {
  const { invalidity } = observed
  return makers
    .flatMap((make) => make(expected, observed))
    .map((claim) => (invalidity === undefined ? claim : { ...claim, doubt: invalidity }))
    .map(judgeClaim)
}
