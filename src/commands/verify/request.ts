export const ENGINE_NAMES = ['headroom', 'autocannon', 'k6'] as const
export type EngineName = (typeof ENGINE_NAMES)[number]

/** What the user asked of `headroom verify`. */
export interface VerifyRequest {
  readonly engine: EngineName
  readonly isQuick: boolean
  /** Names of cases; empty: all of them. */
  readonly only: readonly string[]
  /** A real target in place of the mock. */
  readonly target: TargetLoad | undefined
  /** Write the figures as JSON to stdout. */
  readonly json: boolean
  /** CSV file; relative to the working directory. */
  readonly out: string | undefined
  readonly quiet: boolean
}

export interface TargetLoad {
  readonly url: URL
  readonly rateRps: number
  readonly durationS: number
}
