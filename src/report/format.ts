/** Figures for human eyes: thousands separators, one short unit. Files have their own, exact format. */
import { formatDuration, US_PER_MS, US_PER_S } from '../core/units.ts'
import type { DurationSummary } from '../measure/summary.ts'

/** Stands where there is no figure. */
export const NONE = '-'

/** Below this many samples a quantile rests on fewer than ten of them, and is not shown. */
const P99_MIN_COUNT = 1_000
const P999_MIN_COUNT = 10_000

const WHOLE = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const ONE_DECIMAL = new Intl.NumberFormat('en', { maximumFractionDigits: 1 })
const TWO_DECIMALS = new Intl.NumberFormat('en', { maximumFractionDigits: 2 })
const FIXED_ONE = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 })
const FIXED_TWO = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })
const SIX_DIGITS = new Intl.NumberFormat('en', { maximumSignificantDigits: 6 })

/** Whether there is that figure. What an imported run lacks is NaN in the process that imports it, and not in its files. */
export function isKnown(value: number | undefined): value is number {
  return value !== undefined && !Number.isNaN(value)
}

/** `19,204`. */
export function count(value: number | undefined): string {
  return isKnown(value) ? WHOLE.format(value) : NONE
}

/** `64.0` or `1,234`, per second. */
export function rate(rps: number | undefined): string {
  if (!isKnown(rps)) return NONE
  return rps < 1_000 ? FIXED_ONE.format(rps) : WHOLE.format(rps)
}

/** `25.6 %`. What is not quite 0 or 1 is never shown as such. */
export function percent(ratio: number | undefined): string {
  if (!isKnown(ratio)) return NONE
  if (ratio > 0 && ratio < 0.0005) return '<0.1 %'
  if (ratio < 1 && ratio >= 0.9995) return '>99.9 %'
  return `${ONE_DECIMAL.format(ratio * 100)} %`
}

/** `1.08 x`. */
export function times(ratio: number | undefined): string {
  return isKnown(ratio) ? `${FIXED_TWO.format(ratio)} x` : NONE
}

/** Milliseconds without the unit, for a column of them: `0.8`, `41`, `1,234`. */
export function milliseconds(us: number | undefined): string {
  if (us === undefined) return NONE
  if (us > 0 && us < 10) return '<0.01'
  const ms = us / US_PER_MS
  if (ms < 1) return TWO_DECIMALS.format(ms)
  return ms < 10 ? ONE_DECIMAL.format(ms) : WHOLE.format(ms)
}

/** `0.8 ms`, `4.6 s`, `2m5s`. */
export function duration(us: number | undefined): string {
  if (us === undefined) return NONE
  // 999.5 ms and more would round to "1,000 ms".
  if (us < US_PER_S - US_PER_MS / 2) return `${milliseconds(us)} ms`
  if (us < 59.95 * US_PER_S) return `${ONE_DECIMAL.format(us / US_PER_S)} s`
  return formatDuration(Math.round(us / US_PER_S) * US_PER_S)
}

/** `12.3 MB`; decimal units. */
export function bytes(value: number | undefined): string {
  if (!isKnown(value)) return NONE
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let scaled = value
  let unit = 0
  for (; scaled >= 999.95 && unit < units.length - 1; unit++) scaled /= 1_000
  return `${ONE_DECIMAL.format(scaled)} ${units[unit]}`
}

/** A figure of unknown size, to six significant digits: close calls stay visible. */
export function figure(value: number): string {
  const size = Math.abs(value)
  const isLegible = size === 0 || (size >= 1e-6 && size < 1e12)
  return isLegible ? SIX_DIGITS.format(value) : value.toExponential(5)
}

/** `01:12`, minutes and seconds, or `1:02:03`. */
export function clock(us: number): string {
  const seconds = Math.floor(us / US_PER_S)
  const parts = [Math.floor(seconds / 60) % 60, seconds % 60].map((part) => String(part).padStart(2, '0'))
  const hours = Math.floor(seconds / 3_600)
  return hours > 0 ? `${hours}:${parts.join(':')}` : parts.join(':')
}

/** p99 in µs unless too few samples support it. */
export function supportedP99Us({ count, p99Us }: DurationSummary): number | undefined {
  return count < P99_MIN_COUNT ? undefined : p99Us
}

/** p99.9 in µs unless too few samples support it. */
export function supportedP999Us({ count, p999Us }: DurationSummary): number | undefined {
  return count < P999_MIN_COUNT ? undefined : p999Us
}
