/** What opening connections has cost so far. */
export interface ConnectionFigures {
  /** Time that requests have waited for a new connection, whether it came or not: resolving, connecting, securing. µs. */
  readonly waitUs: number
  /** Connections that could not be opened because this machine had run out of files, ports or memory. */
  readonly shortageCount: number
}
