/** What the recording server and its parent say to each other. */

/** Requests for anything else are answered but not noted. */
export const ARRIVAL_PATH = '/arrival'

export type ServerCommand = 'begin' | 'report'

export type ServerEvent =
  | { readonly type: 'listening'; readonly port: number }
  /** In the order in which they came, since the first of them. */
  | { readonly type: 'arrivals'; readonly arrivalsMs: readonly number[] }

/** 128 MB of garbage are some four seconds' worth. */
export const SERVER_FLAGS = ['--min-semi-space-size=128', '--max-semi-space-size=128'] as const
