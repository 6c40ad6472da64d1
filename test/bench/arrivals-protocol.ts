/** What the recording server and its parent say to each other. */

/** Requests for anything else are answered but not noted. */
export const ARRIVAL_PATH = '/arrival'

export type ServerCommand = 'begin' | 'report'

export type ServerEvent =
  | { readonly type: 'listening'; readonly port: number }
  /** In the order in which they came, since the first of them. */
  | { readonly type: 'arrivals'; readonly arrivalsMs: readonly number[] }
