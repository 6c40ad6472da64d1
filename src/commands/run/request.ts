/** What the user asked of `headroom run`, read from the command line but not yet checked against the script. */
export interface RunRequest {
  /** As given; relative to the working directory. */
  readonly script: string
  /** URL(s), or `mock:PROFILE[,…]`; `undefined`: the script's own mock. */
  readonly target: string | undefined
  /** Given with `-e`; the values never reach a file. */
  readonly env: Readonly<Record<string, string>>
  readonly vus: number | undefined
  readonly duration: string | undefined
  readonly iterations: number | undefined
  readonly stages: readonly string[] | undefined
  readonly tags: Readonly<Record<string, string>>
  readonly seed: number | undefined
  readonly virtual: boolean
  readonly maxRequests: number
  /** Where the run's directory goes. */
  readonly out: string
  readonly quiet: boolean
  readonly dryRun: boolean
}
