import type { FlagValues } from '../../script/option-sources.ts'
import type { SummaryRequest } from './summary-request.ts'

/** What the user asked of `headroom run`, read from the command line but not yet checked against the script. */
export interface RunRequest {
  /** As given; relative to the working directory. */
  readonly script: string
  /** URL(s), or `mock:PROFILE[,…]`; `undefined`: the script's own mock. */
  readonly target: string | undefined
  /** Given with `-e`; the values never reach a file. */
  readonly env: Readonly<Record<string, string>>
  /** k6's configuration file; relative to the working directory. */
  readonly config: string | undefined
  /** Options of k6 that were given as flags. */
  readonly flags: FlagValues
  readonly seed: number | undefined
  readonly virtual: boolean
  readonly maxRequests: number
  /** The OTLP receiver that gets live metrics, with its path; `undefined`: none. */
  readonly otlpUrl?: string | undefined
  /** Where the run's directory goes. */
  readonly out: string
  /** A row for every request in requests.csv.gz. */
  readonly raw: boolean
  readonly quiet: boolean
  readonly summary: SummaryRequest
  readonly dryRun: boolean
}
