import { US_PER_MS, US_PER_S } from '../../core/units.ts'
import { RowFault } from './request-sample.ts'

const RFC_3339 = /^(\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|z|[+-]\d\d:\d\d)$/

/**
 * A moment as the tools write it: seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by the number
 * of their digits, or RFC 3339.
 *
 * @returns µs since 1970
 * @throws RowFault
 */
export function momentUs(text: string): number {
  if (/^\d{9,20}$/.test(text)) return sinceEpochUs(text)
  const [, seconds, fraction = '', zone = ''] = RFC_3339.exec(text) ?? []
  const wholeMs = seconds === undefined ? NaN : Date.parse(seconds.replace(' ', 'T') + zone.toUpperCase())
  if (Number.isNaN(wholeMs)) {
    throw new RowFault(`${JSON.stringify(text)} is no time: seconds or milliseconds since 1970, or RFC 3339`)
  }
  return wholeMs * US_PER_MS + Number(fraction.padEnd(6, '0').slice(0, 6))
}

/** Ten digits of seconds reach from 2001 to 2286. */
function sinceEpochUs(digits: string): number {
  if (digits.length <= 10) return Number(digits) * US_PER_S
  if (digits.length <= 13) return Number(digits) * US_PER_MS
  return digits.length <= 16 ? Number(digits) : Number(digits.slice(0, -3))
}

/** A duration in ms, rounded to µs. */
export function msToUs(ms: number): number {
  return Math.round(ms * US_PER_MS)
}
