import { US_PER_MS, US_PER_S } from '../core/units.ts'
import type { WireResponse } from '../http/transport.ts'

/** The two formats of RFC 9110 §5.6.7 that name a time zone. */
const HTTP_DATE = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*, .+ GMT$/

/**
 * How long a reply asks the client to wait, µs: `retry-after-ms`, `x-ms-retry-after-ms`, then `Retry-After`
 * in seconds or as a date (RFC 9110 §10.2.3; measured against the reply's own `Date`, so that no clock of ours is involved).
 * `undefined` when it does not say, or says nothing that can be read or counted.
 */
export function retryAfterUs(response: WireResponse | undefined): number | undefined {
  if (response === undefined) return undefined
  const ms = response.header('retry-after-ms') ?? response.header('x-ms-retry-after-ms')
  return millisecondsUs(ms) ?? secondsUs(response.header('retry-after')) ?? dateUs(response)
}

function millisecondsUs(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d+(\.\d+)?$/.test(text)) return undefined
  return countable(Math.round(Number(text) * US_PER_MS))
}

function secondsUs(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? countable(Number(text) * US_PER_S) : undefined
}

function dateUs(response: WireResponse): number | undefined {
  const waitMs = dateMs(response.header('retry-after')) - dateMs(response.header('date'))
  return Number.isNaN(waitMs) ? undefined : Math.max(0, waitMs) * US_PER_MS
}

function dateMs(text: string | undefined): number {
  return text !== undefined && HTTP_DATE.test(text) ? Date.parse(text) : Number.NaN
}

function countable(us: number): number | undefined {
  return Number.isSafeInteger(us) ? us : undefined
}
