/** A run as the comparison of seconds wants it: figures as functions of the seconds after the warm-up. */
import { bucketHighUs } from '../../measure/buckets.ts'
import { ALL_NAMES } from '../../measure/names.ts'
import { US_PER_MS } from '../../core/units.ts'
import type { LatencyInterval } from '../../run-files/latency-reader.ts'
import type { RunReader } from '../../run-files/run-reader.ts'
import type { SecondColumns } from '../../run-files/second-columns.ts'
import type { RunSeconds, RunStatistic } from '../../stats/compare-seconds.ts'
import type { BucketCounts } from '../../stats/histogram-quantile.ts'
import { COMPARED_METRICS } from '../../stats/metric.ts'
import { quantileUs, ratioOfSums, shareOfSums, type SecondStatistic } from '../../stats/second-statistic.ts'
import { wholeNames } from './whole-names.ts'

const ERROR_COLUMNS = ['client_error_count', 'server_error_count', 'timeout_count', 'network_error_count']
const COLUMNS = [
  'offered_count',
  'sent_count',
  'accepted_count',
  'throttled_count',
  ...ERROR_COLUMNS,
  'cap_rps',
]

/** With fewer intervals than this a log that has none of a second tells nothing of how a run varies. */
const LEAST_INTERVAL_COUNT = 60
const EMPTY: BucketCounts = { lowUs: [], counts: [] }

type SecondsSource = Pick<RunReader, 'secondColumns' | 'latencyByName' | 'identity' | 'summary'>

/** The stretches that are drawn anew: seconds, or what the latency log of a run of more than an hour has as one interval. */
interface Grid {
  readonly firstSecond: number
  readonly cellS: number
  readonly cellCount: number
}

/** What happened under one name, cell by cell. */
interface NameCells {
  readonly count: (column: string) => readonly number[]
  /** How much of each cell belongs to the measured part, seconds: 0 while the load drains. */
  readonly lengthsS: readonly number[]
  /** Requests that the cap admits in that time; NaN where none is known. */
  readonly capCounts: readonly number[]
  readonly latency: readonly BucketCounts[]
}

/** How each compared metric follows from the cells; the others have no seconds. */
const STATISTICS: Readonly<Record<string, (cells: NameCells) => SecondStatistic>> = {
  response_time_accepted_p50_ms: ({ latency }) => quantileMs(latency, 0.5),
  response_time_accepted_p95_ms: ({ latency }) => quantileMs(latency, 0.95),
  response_time_accepted_p99_ms: ({ latency }) => quantileMs(latency, 0.99),
  accepted_to_cap_ratio: ({ count, capCounts }) => ratioOfSums(count('accepted_count'), capCounts),
  accepted_rps: ({ count, lengthsS }) => ratioOfSums(count('accepted_count'), lengthsS),
  throttled_ratio: ({ count }) => shareOfSums(count('throttled_count'), count('sent_count')),
  error_ratio: ({ count }) => shareOfSums(sumOf(ERROR_COLUMNS.map(count)), count('sent_count')),
  server_error_ratio: ({ count }) => shareOfSums(count('server_error_count'), count('sent_count')),
  timeout_ratio: ({ count }) => shareOfSums(count('timeout_count'), count('sent_count')),
  retry_amplification_ratio: ({ count }) => ratioOfSums(count('sent_count'), count('offered_count')),
}

/** A run's seconds, as far as they are all there. */
interface UsedSeconds {
  readonly run: RunSeconds
  /** Why some are not used. */
  readonly notes: readonly string[]
}

/**
 * Figures that come to what summary.csv says: all seconds after the warm-up count, rates are of those of the measured part.
 * Names whose seconds do not add up are left out, and latencies where latency.hlog has none of them.
 */
export async function runSeconds(source: SecondsSource, names: readonly string[]): Promise<UsedSeconds> {
  const [columns, latencies] = await Promise.all([source.secondColumns(COLUMNS), source.latencyByName(names)])
  const { durationS } = source.summary
  const { runId } = source.identity
  const whole = wholeNames(columns, source.summary.names, names)
  const cellS = cellSecondsOf(latencies.get(ALL_NAMES) ?? [])
  const secondCount = usedSecondCount(columns, durationS)
  const grid = { firstSecond: columns.firstSecond, cellS, cellCount: Math.ceil(secondCount / cellS) }
  const statistics = whole.names.flatMap((name) =>
    statisticsOf(name, cellsOf(name, columns, latencies.get(name) ?? [], durationS, grid)),
  )
  return {
    run: { runId, secondCount: grid.cellCount, statistics },
    notes: whole.notes.map((note) => `run ${runId}: ${note}`),
  }
}

/** A log of one long interval, as is made of an import, is as good as none. */
function cellSecondsOf(intervals: readonly LatencyInterval[]): number {
  if (intervals.length < LEAST_INTERVAL_COUNT) return 1
  return Math.max(1, ...intervals.map(({ lengthS }) => Math.round(lengthS)))
}

/** The measured part, and what was still sent while the load drained. */
function usedSecondCount({ names, secondCount }: SecondColumns, durationS: number): number {
  const sent = names.get(ALL_NAMES)?.get('sent_count') ?? []
  const lastSent = sent.findLastIndex((count) => count > 0)
  return Math.min(secondCount, Math.max(Math.ceil(durationS), lastSent + 1))
}

function cellsOf(
  name: string,
  columns: SecondColumns,
  intervals: readonly LatencyInterval[],
  durationS: number,
  grid: Grid,
): NameCells {
  const series = columns.names.get(name)
  const ofSeconds = (column: string): readonly number[] => series?.get(column) ?? []
  const lengthsS = Array.from({ length: grid.cellCount * grid.cellS }, (_, second) =>
    Math.min(Math.max(durationS - second, 0), 1),
  )
  const caps = ofSeconds('cap_rps')
  return {
    count: (column) => inCells(ofSeconds(column), grid),
    lengthsS: inCells(lengthsS, grid),
    capCounts: inCells(
      lengthsS.map((lengthS, second) => (lengthS === 0 ? 0 : lengthS * (caps[second] ?? NaN))),
      grid,
    ),
    latency: latencyCells(intervals, grid),
  }
}

function inCells(values: readonly number[], { cellS, cellCount }: Grid): number[] {
  const cells = Array.from({ length: cellCount }, () => 0)
  values.slice(0, cellS * cellCount).forEach((value, second) => {
    const cell = Math.floor(second / cellS)
    cells[cell] = (cells[cell] ?? 0) + value
  })
  return cells
}

function latencyCells(intervals: readonly LatencyInterval[], grid: Grid): BucketCounts[] {
  const cells = Array.from({ length: grid.cellCount }, () => EMPTY)
  if (intervals.some(({ lengthS }) => Math.round(lengthS) > grid.cellS)) return cells
  for (const { startS, histogram } of intervals) {
    const cell = Math.floor((Math.round(startS) - grid.firstSecond) / grid.cellS)
    if (cell < cells.length) cells[cell] = histogram
  }
  return cells
}

/** Those of the compared metrics that the files of the run tell second by second. */
function statisticsOf(name: string, cells: NameCells): RunStatistic[] {
  return COMPARED_METRICS.flatMap((metric) => {
    const statistic = STATISTICS[metric.column]?.(cells)
    const isKnown = statistic?.influence.every(Number.isFinite) === true
    return isKnown && statistic !== undefined ? [{ metric, name, statistic }] : []
  })
}

function sumOf(series: readonly (readonly number[])[]): number[] {
  const [first = [], ...more] = series
  return first.map((value, cell) => more.reduce((sum, values) => sum + (values[cell] ?? 0), value))
}

/** As summary.csv has it: milliseconds, the upper end of the bucket. */
function quantileMs(latency: readonly BucketCounts[], quantile: number): SecondStatistic {
  const statistic = quantileUs(latency, quantile)
  return { ...statistic, of: (weights) => bucketHighUs(statistic.of(weights)) / US_PER_MS }
}
