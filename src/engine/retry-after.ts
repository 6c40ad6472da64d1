import { US_PER_MS, US_PER_S } from '../core/units.ts'
import type { WireResponse } from '../http/transport.ts'

/**
 * How long a reply asks the client to wait, µs: `retry-after-ms`, `x-ms-retry-after-ms`, then `Retry-After`
 * in seconds or as a date (RFC 9110 §10.2.3; measured against the reply's own `Date`, so that no clock of ours is involved).
 * `undefined` when it does not say, or says nothing that can be read.
 */
export function retryAfterUs(response: WireResponse | undefined): number | undefined {
  if (response === undefined) return undefined
  const ms = response.header('retry-after-ms') ?? response.header('x-ms-retry-after-ms')
  if (ms !== undefined && /^\d+(\.\d+)?$/.test(ms)) return Math.round(Number(ms) * US_PER_MS)
  const value = response.header('retry-after')
  if (value === undefined) return undefined
  if (/^\d+$/.test(value)) return Number(value) * US_PER_S
  const untilMs = Date.parse(value)
  const sentMs = Date.parse(response.header('date') ?? '')
  return Number.isNaN(untilMs - sentMs) ? undefined : Math.max(0, untilMs - sentMs) * US_PER_MS
}
