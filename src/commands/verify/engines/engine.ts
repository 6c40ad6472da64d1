import type { Case } from '../cases.ts'
import type { Load } from '../load.ts'
import type { Observation } from '../observation.ts'

/** What sends a load and says what it measured. */
export interface Engine {
  /** With its version. */
  readonly shown: string
  /** Whether it can leave the first seconds out of its figures. */
  readonly canWarmUp: boolean
  /** Why a case is not for it; `undefined`: it is. */
  cannot(trial: Case): string | undefined
  /** Sends a load, after `place.warmupS` at its first rate. */
  observe(load: Load, place: Place): Promise<Observation>
}

export interface Place {
  /** 0 where it cannot warm up. */
  readonly warmupS: number
  /** Base URL without a slash at the end, or `mock:SPEC` in virtual time. */
  readonly target: string
  /** For the files that it needs; it is empty. */
  readonly folder: string
  /** Ends it early; what it says then does not count. */
  readonly signal: AbortSignal
}
