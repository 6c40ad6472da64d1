import { US_PER_S } from '../core/units.ts'

/**
 * For how long a connection may be idle and still be used, µs; `Infinity` when the server says nothing.
 * One second less than the server's own limit, half of it at least: the request must arrive before the server hangs up.
 *
 * @param keepAlive the Keep-Alive header in lower case, e.g. `timeout=5, max=100`.
 */
export function idleLimitUs(keepAlive: string | undefined): number {
  const timeout = /(?:^|[\s,;])timeout\s*=\s*"?(\d+)/.exec(keepAlive ?? '')?.[1]
  if (timeout === undefined) return Infinity
  const timeoutUs = Number(timeout) * US_PER_S
  return Math.max(timeoutUs - US_PER_S, timeoutUs / 2)
}
