/** Figures as k6's summary writes them. Other reports have their own, in `format.ts`. */
import type { K6Metric, K6TimeUnit } from './k6-data.ts'

/** Of one millisecond. */
const UNITS_PER_MS = { s: 1e-3, ms: 1, us: 1e3 } as const
const UNIT_NAMES = { s: 's', ms: 'ms', us: 'µs' } as const

const MOST_DECIMALS = 6
const S_PER_MINUTE = 60

/** Cut off, not rounded: 99.999 % is not 100.00 %. */
function truncated(value: number, decimals: number): number {
  const scale = 10 ** decimals
  // What is a whole number of the last place but for its binary form stays one.
  return Math.trunc(Number((value * scale).toPrecision(15))) / scale
}

/** `152.355556`, `45`. */
function plain(value: number): string {
  return String(Number(value.toFixed(MOST_DECIMALS)))
}

/** `0.00%`. */
export function k6Percent(ratio: number): string {
  return `${truncated(ratio * 100, 2).toFixed(2)}%`
}

/** `4.9 kB`; decimal units. */
function data(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']
  let scaled = bytes
  let unit = 0
  for (; scaled >= 1_000 && unit < units.length - 1; unit++) scaled /= 1_000
  const shown = unit === 0 || scaled >= 10 ? scaled.toFixed(0) : scaled.toFixed(1)
  return `${shown} ${units[unit]}`
}

/** `148.21ms`, `13µs`, `1m3s`; in a fixed unit `0.15s`. */
function time(ms: number, unit: K6TimeUnit): string {
  if (unit !== '') return `${(ms * UNITS_PER_MS[unit]).toFixed(2).replace(/\.?0+$/, '')}${UNIT_NAMES[unit]}`
  if (ms === 0) return '0s'
  const us = ms * 1e3
  if (us < 1) return `${Math.trunc(us * 1e3)}ns`
  if (ms < 1) return `${truncated(us, 2)}µs`
  if (ms < 1_000) return `${truncated(ms, 2)}ms`
  return longTime(ms / 1e3)
}

function longTime(seconds: number): string {
  if (seconds < S_PER_MINUTE) return `${Number(seconds.toFixed(2))}s`
  const whole = Math.round(seconds)
  const minutes = Math.floor(whole / S_PER_MINUTE)
  const rest = `${minutes % 60}m${whole % S_PER_MINUTE}s`
  return minutes < 60 ? rest : `${Math.floor(minutes / 60)}h${rest}`
}

/** A value of the metric, in its unit. */
export function k6Figure(value: number, contains: K6Metric['contains'], unit: K6TimeUnit): string {
  if (contains === 'data') return data(value)
  return contains === 'time' ? time(value, unit) : plain(value)
}
