/** What the user asked of `headroom import`, read from the command line but not yet checked against the files. */
export interface ImportRequest {
  /** As given; relative to the working directory. */
  readonly files: readonly string[]
  /** Stands where a run has its script's name; `undefined`: the first file's. */
  readonly name: string | undefined
  /** Statuses that mean "slow down" besides 429. */
  readonly throttled: readonly number[]
  /** Where the run's directory goes. */
  readonly out: string
  readonly quiet: boolean
}
