import type { Rng } from '../src/core/rng.ts'
import { formatDuration, parseDurationUs } from '../src/core/units.ts'

/** A point of a distribution: `percent` of all requests take at most `us`. */
export interface QuantilePoint {
  /** 0 to 100. */
  readonly percent: number
  readonly us: number
}

/** How long an admitted request takes, in integer µs. */
export type LatencyConfig =
  | { readonly kind: 'fixed'; readonly us: number }
  /** Both ends included. */
  | { readonly kind: 'uniform'; readonly lowUs: number; readonly highUs: number }
  /** Truncated at 0: what would be negative is drawn again. */
  | { readonly kind: 'normal'; readonly meanUs: number; readonly sdUs: number }
  | { readonly kind: 'lognormal'; readonly medianUs: number; readonly p99Us: number }
  /** Straight lines between the points, which rise; below the first and above the last as at these. */
  | { readonly kind: 'quantiles'; readonly points: readonly QuantilePoint[] }
  /** Measured ones out of a file, each as likely as the others. */
  | { readonly kind: 'values'; readonly path: string; readonly valuesUs: readonly number[] }
  /** A file that has yet to be read, by `loadLatencyFiles`: nothing can be drawn from it. */
  | { readonly kind: 'file'; readonly path: string }

/** Longest latency, configured or drawn: the tail of a lognormal has no end, a histogram has. */
const MAX_LATENCY_US = 3_600_000_000

/** Quantile 0.99 of the standard normal distribution. */
export const NORMAL_P99 = 2.3263478740408408

/** A source of latencies; every call draws the next. @throws Error for a file that has not been read. */
export function createLatency(config: LatencyConfig, rng: Rng): () => number {
  if (config.kind === 'file') throw new Error(`the latency file ${config.path} has not been read`)
  switch (config.kind) {
    case 'fixed':
      return () => config.us
    case 'uniform':
      return () => config.lowUs + rng.int(config.highUs - config.lowUs + 1)
    case 'normal':
      return () => drawNormalUs(config.meanUs, config.sdUs, rng)
    case 'lognormal': {
      const sigma = Math.log(config.p99Us / config.medianUs) / NORMAL_P99
      return () => Math.min(MAX_LATENCY_US, Math.round(config.medianUs * Math.exp(sigma * rng.normal())))
    }
    case 'quantiles':
      return () => quantileUs(config.points, rng.next() * 100)
    default:
      return () => config.valuesUs[rng.int(config.valuesUs.length)]!
  }
}

/** At least every second draw is not negative, because the mean is not. */
function drawNormalUs(meanUs: number, sdUs: number, rng: Rng): number {
  for (;;) {
    const us = meanUs + sdUs * rng.normal()
    if (us >= 0) return Math.min(MAX_LATENCY_US, Math.round(us))
  }
}

function quantileUs(points: readonly QuantilePoint[], percent: number): number {
  const above = points.findIndex((point) => point.percent >= percent)
  if (above === -1) return points.at(-1)!.us
  const high = points[above]!
  if (above === 0) return high.us
  const low = points[above - 1]!
  const share = (percent - low.percent) / (high.percent - low.percent)
  return Math.round(low.us + share * (high.us - low.us))
}

/** Every latency model with an example. */
export const LATENCY_SYNTAX: string =
  '20ms, uniform:5ms:15ms, normal:20ms:5ms (mean, standard deviation), lognormal:20ms:80ms (median, p99), ' +
  'quantiles:p50=20ms:p99=80ms or file:FILE'

/**
 * Reads `20ms`, `uniform:5ms:15ms`, `normal:20ms:5ms` (mean and standard deviation), `lognormal:20ms:80ms` (median and
 * p99), `quantiles:p50=20ms:p99=80ms` or `file:PATH`.
 *
 * @returns the model, or what is wrong with the text.
 */
export function parseLatency(text: string): LatencyConfig | string {
  const [head = '', ...rest] = text.split(':')
  if (rest.length === 0) return fixed(head)
  if (head === 'file') return file(rest.join(':'))
  if (head === 'quantiles') return quantiles(rest.map(parsePoint))
  const create = TWO_FIGURES.get(head)
  const [firstUs, secondUs] = rest.map(parseLatencyUs)
  if (create === undefined || rest.length !== 2 || firstUs === undefined || secondUs === undefined) {
    return notALatency(text)
  }
  return create(firstUs, secondUs)
}

/** A lognormal model, or what is wrong with the two figures. */
export function lognormal(medianUs: number, p99Us: number): LatencyConfig | string {
  if (medianUs === 0) return 'a lognormal latency needs a median above 0'
  if (p99Us < medianUs) return `p99 ${formatDuration(p99Us)} is below the median ${formatDuration(medianUs)}`
  return { kind: 'lognormal', medianUs, p99Us }
}

/** Figures that draw from these points, or what is wrong with them; `undefined` is one that could not be read. */
export function quantiles(points: readonly (QuantilePoint | undefined)[]): LatencyConfig | string {
  const read = points.filter((point) => point !== undefined)
  if (read.length < points.length || read.length < 2) {
    return 'quantiles are two or more percentiles with a duration of at most 1h each: p50=20ms:p99=80ms'
  }
  const unordered = read.find(({ percent, us }, index) => {
    const before = read[index - 1]
    return before !== undefined && (percent <= before.percent || us < before.us)
  })
  if (unordered !== undefined) return `quantiles must rise; p${unordered.percent} does not`
  return { kind: 'quantiles', points: read }
}

/** @param name as in `p99.9`. @param duration as `parseDurationUs` reads it. */
export function quantilePoint(name: string, duration: string | number): QuantilePoint | undefined {
  const percent = /^p\d{1,3}(?:\.\d+)?$/.test(name) ? Number(name.slice(1)) : Infinity
  const us = parseLatencyUs(duration)
  return percent <= 100 && us !== undefined ? { percent, us } : undefined
}

/** The syntax that `parseLatency` reads. */
export function formatLatency(config: LatencyConfig): string {
  switch (config.kind) {
    case 'fixed':
      return formatDuration(config.us)
    case 'uniform':
      return formatPair('uniform', config.lowUs, config.highUs)
    case 'normal':
      return formatPair('normal', config.meanUs, config.sdUs)
    case 'lognormal':
      return formatPair('lognormal', config.medianUs, config.p99Us)
    case 'quantiles':
      return [
        'quantiles',
        ...config.points.map(({ percent, us }) => `p${percent}=${formatDuration(us)}`),
      ].join(':')
    default:
      return `file:${config.path}`
  }
}

/** A duration of at most an hour, or `undefined`. */
export function parseLatencyUs(text: string | number): number | undefined {
  const us = parseDurationUs(text)
  return us !== undefined && us <= MAX_LATENCY_US ? us : undefined
}

const TWO_FIGURES: ReadonlyMap<string, (firstUs: number, secondUs: number) => LatencyConfig | string> =
  new Map([
    ['uniform', uniform],
    ['normal', (meanUs, sdUs) => ({ kind: 'normal', meanUs, sdUs })],
    ['lognormal', lognormal],
  ])

function fixed(text: string): LatencyConfig | string {
  const us = parseLatencyUs(text)
  return us === undefined ? notALatency(text) : { kind: 'fixed', us }
}

function file(path: string): LatencyConfig | string {
  return path === '' ? 'a latency file needs a name: file:FILE' : { kind: 'file', path }
}

function uniform(lowUs: number, highUs: number): LatencyConfig | string {
  if (highUs < lowUs) return `the upper end ${formatDuration(highUs)} is below ${formatDuration(lowUs)}`
  return { kind: 'uniform', lowUs, highUs }
}

function parsePoint(text: string): QuantilePoint | undefined {
  const [name = '', duration = ''] = text.split('=')
  return quantilePoint(name, duration)
}

function formatPair(kind: LatencyConfig['kind'], firstUs: number, secondUs: number): string {
  return `${kind}:${formatDuration(firstUs)}:${formatDuration(secondUs)}`
}

function notALatency(text: string): string {
  return `"${text}" is no latency: write ${LATENCY_SYNTAX}; at most 1h`
}
