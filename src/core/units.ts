/**
 * Units of time. Everything inside headroom counts integer microseconds (`…Us`);
 * conversion happens here and at the edges only.
 */

export const US_PER_MS = 1_000
export const US_PER_S = 1_000_000

const UNIT_US: Readonly<Record<string, number>> = {
  ns: 1e-3,
  us: 1,
  µs: 1,
  μs: 1,
  ms: US_PER_MS,
  s: US_PER_S,
  m: 60 * US_PER_S,
  h: 3_600 * US_PER_S,
  d: 86_400 * US_PER_S,
}

const DURATION =
  /^(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h|d)(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h|d))*$/
const PART = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h|d)/g

/**
 * Reads a duration as k6 does: `"1h30m"`, `"1.5s"`, `"300ms"`, or a number (or a string of digits) of milliseconds.
 *
 * @returns integer microseconds, or `undefined` when the text is no duration (negative ones included).
 */
export function parseDurationUs(value: string | number): number | undefined {
  if (typeof value === 'number') return wholeUs(value * US_PER_MS)
  const text = value.trim()
  if (text === '0') return 0
  if (/^\d+(\.\d+)?$/.test(text)) return wholeUs(Number(text) * US_PER_MS)
  if (!DURATION.test(text)) return undefined
  let totalUs = 0
  for (const [, amount, unit] of text.matchAll(PART)) totalUs += Number(amount) * (UNIT_US[unit ?? ''] ?? 0)
  return wholeUs(totalUs)
}

function wholeUs(us: number): number | undefined {
  const whole = Math.round(us)
  return Number.isSafeInteger(whole) && whole >= 0 ? whole : undefined
}

/** Writes microseconds as a short duration in k6's syntax, exact to the microsecond: `90_000_000` → `"1m30s"`. */
export function formatDuration(us: number): string {
  if (us === 0) return '0s'
  if (us < US_PER_MS) return `${us}us`
  if (us < US_PER_S) return `${us / US_PER_MS}ms`
  const hours = Math.floor(us / (3_600 * US_PER_S))
  const minutes = Math.floor((us % (3_600 * US_PER_S)) / (60 * US_PER_S))
  const seconds = (us % (60 * US_PER_S)) / US_PER_S
  return `${hours > 0 ? `${hours}h` : ''}${minutes > 0 ? `${minutes}m` : ''}${seconds > 0 ? `${seconds}s` : ''}`
}
