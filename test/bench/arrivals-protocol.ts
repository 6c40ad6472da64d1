/** What the recording server and its parent say to each other. */

/** Requests for anything else are answered but not noted. */
export const ARRIVAL_PATH = '/arrival'

export type ServerCommand = 'begin' | 'report'

export type ServerEvent =
  | { readonly type: 'listening'; readonly port: number }
  /** In the order in which they came; NaN for one that came while the server stood still. */
  | { readonly type: 'arrivals'; readonly arrivalsMs: Float64Array }

/**
 * A collection about once a second, 0.8 ms long. With a young generation of 128 MB there was one in four seconds, and it took
 * 10 ms: the pages that it touches for the first time count more than what it copies. Helping threads would only share the core.
 */
export const SERVER_FLAGS = [
  '--single-threaded-gc',
  '--min-semi-space-size=16',
  '--max-semi-space-size=16',
] as const
