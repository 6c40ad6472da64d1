/**
 * What the user asked of the nightly gate, read from the command line but not yet checked against any file. Paths are
 * as given, relative to the working directory.
 */
import { EXIT, UserError } from '../../../core/errors.ts'

/** Fewer nights say nothing, more are another time. */
const NIGHT_COUNTS = { least: 10, most: 60 } as const

/** Where and as what the answer goes. */
export interface OutputRequest {
  readonly format: 'text' | 'markdown' | 'csv' | 'json' | 'html'
  /** A file; `undefined`: stderr for text, stdout for the rest. */
  readonly out: string | undefined
  /** Whether GitHub Actions is told as well. */
  readonly github: boolean
}

/** What may differ between runs that are compared all the same. */
export type AllowedDifference = 'script' | 'options' | 'target'

/** `headroom compare nights:N HEAD`. */
export interface NightsRequest extends OutputRequest {
  /** Nights that the base is from at most, 10 to 60. */
  readonly nightCount: number
  /** Directory of the night's run. */
  readonly head: string
  /** Directory of the run that confirms or clears a candidate. */
  readonly confirmation: string | undefined
  /** Directories of control runs, from before and after the night. */
  readonly controls: readonly string[]
  /** Folder of the past; `undefined`: the one that has the night's run. */
  readonly results: string | undefined
  readonly allowed: readonly AllowedDifference[]
}

/** `headroom compare --accept RUN`. */
export interface AcceptRequest {
  readonly run: string
  readonly reason: string
  /** `undefined`: whoever runs the command. */
  readonly by: string | undefined
  readonly results: string | undefined
}

/** `headroom compare nights:N --calibrate`: as text, CSV or JSON. */
export interface CalibrateRequest extends OutputRequest {
  readonly nightCount: number
  readonly results: string
  /** `undefined`: the only one that there is. */
  readonly scenario: string | undefined
  readonly allowed: readonly AllowedDifference[]
}

/**
 * N of `nights:N`; `undefined` when `base` does not begin with `nights:` and so is a path.
 *
 * @throws UserError (usage) when N is no whole number from 10 to 60
 */
export function nightCountOf(base: string): number | undefined {
  const [, digits] = /^nights:(.*)$/s.exec(base) ?? []
  if (digits === undefined) return undefined
  const count = /^\d+$/.test(digits) ? Number(digits) : NaN
  if (count >= NIGHT_COUNTS.least && count <= NIGHT_COUNTS.most) return count
  const { least, most } = NIGHT_COUNTS
  const what = `the gate takes a whole number of nights from ${least} to ${most}`
  throw new UserError(EXIT.usage, [{ where: base, what, todo: 'Write nights:20, for example.' }])
}
