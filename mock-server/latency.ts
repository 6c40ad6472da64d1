import type { Rng } from '../src/core/rng.ts'
import { formatDuration, parseDurationUs } from '../src/core/units.ts'

/** How long an admitted request takes, in integer µs. */
export type LatencyConfig =
  | { readonly kind: 'fixed'; readonly us: number }
  /** Both ends included. */
  | { readonly kind: 'uniform'; readonly lowUs: number; readonly highUs: number }
  | { readonly kind: 'lognormal'; readonly medianUs: number; readonly p99Us: number }

/** Longest latency, configured or drawn: the tail of a lognormal has no end, a histogram has. */
const MAX_LATENCY_US = 3_600_000_000

/** Quantile 0.99 of the standard normal distribution. */
const NORMAL_P99 = 2.3263478740408408

/** A source of latencies; every call draws the next. */
export function createLatency(config: LatencyConfig, rng: Rng): () => number {
  if (config.kind === 'fixed') return () => config.us
  if (config.kind === 'uniform') return () => config.lowUs + rng.int(config.highUs - config.lowUs + 1)
  const { medianUs, p99Us } = config
  const sigma = Math.log(p99Us / medianUs) / NORMAL_P99
  return () => Math.min(MAX_LATENCY_US, Math.round(medianUs * Math.exp(sigma * rng.normal())))
}

/**
 * Reads `20ms`, `uniform:5ms:15ms` or `lognormal:20ms:80ms` (median and p99).
 *
 * @returns the model, or what is wrong with the text.
 */
export function parseLatency(text: string): LatencyConfig | string {
  const [head = '', ...rest] = text.split(':')
  if (rest.length === 0) return fixed(head)
  const [firstUs, secondUs] = rest.map(parseLatencyUs)
  if ((head !== 'uniform' && head !== 'lognormal') || rest.length !== 2) return notALatency(text)
  if (firstUs === undefined || secondUs === undefined) return notALatency(text)
  return head === 'uniform' ? uniform(firstUs, secondUs) : lognormal(firstUs, secondUs)
}

/** A lognormal model, or what is wrong with the two figures. */
export function lognormal(medianUs: number, p99Us: number): LatencyConfig | string {
  if (medianUs === 0) return 'a lognormal latency needs a median above 0'
  if (p99Us < medianUs) return `p99 ${formatDuration(p99Us)} is below the median ${formatDuration(medianUs)}`
  return { kind: 'lognormal', medianUs, p99Us }
}

/** The syntax that `parseLatency` reads. */
export function formatLatency(config: LatencyConfig): string {
  if (config.kind === 'fixed') return formatDuration(config.us)
  const [firstUs, secondUs] =
    config.kind === 'uniform' ? [config.lowUs, config.highUs] : [config.medianUs, config.p99Us]
  return `${config.kind}:${formatDuration(firstUs)}:${formatDuration(secondUs)}`
}

/** A duration of at most an hour, or `undefined`. */
export function parseLatencyUs(text: string): number | undefined {
  const us = parseDurationUs(text)
  return us !== undefined && us <= MAX_LATENCY_US ? us : undefined
}

function fixed(text: string): LatencyConfig | string {
  const us = parseLatencyUs(text)
  return us === undefined ? notALatency(text) : { kind: 'fixed', us }
}

function uniform(lowUs: number, highUs: number): LatencyConfig | string {
  if (highUs < lowUs) return `the upper end ${formatDuration(highUs)} is below ${formatDuration(lowUs)}`
  return { kind: 'uniform', lowUs, highUs }
}

function notALatency(text: string): string {
  return `"${text}" is no latency: write 20ms, uniform:5ms:15ms or lognormal:20ms:80ms (median, p99), at most 1h`
}
