import type { Outcome } from '../../../measure/outcome.ts'
import type { Measure } from '../../../measure/snapshot.ts'
import type { HistogramRows } from '../../../measure/summary.ts'
import { ALL_NAMES } from '../../../measure/names.ts'
import { histogramQuantileUs } from '../../../stats/histogram-quantile.ts'
import { count, duration, milliseconds } from '../../format.ts'
import type { InkName } from '../ink.ts'
import type { AbsentPlot, Plot } from '../plot.ts'
import type { RunData } from '../run-data.ts'
import { logScale } from '../svg/log-scale.ts'
import { lineMark } from '../svg/marks.ts'
import { linePath } from '../svg/path.ts'
import { tailScale } from '../svg/tail-scale.ts'
import type { DataTable } from '../table.ts'
import { acceptedCountOf, noTimes, type PlotContext } from './context.ts'

const ID = 'distribution'
const TITLE = 'Response time by percentile'

interface Curve {
  readonly ink: InkName
  readonly label: string
  readonly measure: Measure
  readonly outcome: Outcome
}

const CURVES: readonly Curve[] = [
  { ink: 'accepted', label: 'accepted: response time', measure: 'response_time', outcome: 'accepted' },
  { ink: 'service', label: 'accepted: service time only', measure: 'service_time', outcome: 'accepted' },
  { ink: 'throttled', label: 'throttled: response time', measure: 'response_time', outcome: 'throttled' },
]

interface Shown extends Curve {
  readonly totalCount: number
  readonly histogram: HistogramRows['histogram']
}

/** More points than this on a curve of a few hundred pixels are not seen. */
const MOST_POINTS = 300
const MOST_NINES = 5
/** Only in virtual time, where a refusal takes none, does everything take less; beside it nothing else could be read. */
const LEAST_US = 10

function absence(context: PlotContext): string {
  const { run } = context
  if (acceptedCountOf(run) === 0) {
    return 'No reply was accepted, and none was throttled after a time that can be measured.'
  }
  return run.summary.histograms.length === 0
    ? noTimes(context)
    : `Every reply took less than ${duration(LEAST_US)}.`
}

/** Plot 5: the whole distribution of accepted and of throttled replies. */
export function distributionPlot(context: PlotContext): Plot | AbsentPlot {
  const { run } = context
  const shown = [
    ...baselineCurve(run),
    ...CURVES.flatMap((curve) => shownCurve(curve, run.summary.histograms)),
  ]
  if (shown.length === 0) return { id: ID, title: TITLE, absent: absence(context) }
  const lows = shown.flatMap(({ histogram }) => histogram.lowUs[0] ?? [])
  const highs = shown.flatMap(({ histogram }) => histogram.lowUs.at(-1) ?? [])
  const most = Math.max(...shown.map(({ totalCount }) => totalCount))
  const x = tailScale(Math.min(Math.max(Math.ceil(Math.log10(most)), 1), MOST_NINES))
  const y = logScale(Math.max(Math.min(...lows), LEAST_US), Math.max(...highs), duration)
  const marks = shown.map(({ ink, histogram }) => lineMark(ink, linePath({ x, y }, pointsOf(histogram))))
  return {
    id: ID,
    title: TITLE,
    about: 'So many percent of the replies took at most so long. The right end rests on single replies.',
    x,
    xLabel: 'percentile, %',
    panels: [{ label: 'response time', y, marks: marks.join('') }],
    legend: shown.map(({ ink, label, totalCount }) => ({
      kind: 'line',
      ink,
      label: `${label} (${count(totalCount)})`,
    })),
    table: quantileTable(shown),
  }
}

/** Accepted replies of the run before. */
function baselineCurve({ baseline }: RunData): Shown[] {
  if (baseline === undefined) return []
  const { time, wallStartedAt } = baseline.identity
  const when = time === 'virtual' ? '' : ` (${wallStartedAt.slice(0, 10)})`
  const label = `accepted, run before${when}: response time`
  return shownCurve(
    { ink: 'base', label, measure: 'response_time', outcome: 'accepted' },
    baseline.histograms,
  )
}

function shownCurve(curve: Curve, histograms: readonly HistogramRows[]): Shown[] {
  const rows = histograms.find(
    ({ name, measure, outcome }) =>
      name === ALL_NAMES && measure === curve.measure && outcome === curve.outcome,
  )
  const totalCount = rows?.histogram.counts.reduce((sum, each) => sum + each, 0) ?? 0
  const longestUs = rows?.histogram.lowUs.at(-1) ?? 0
  if (rows === undefined || longestUs < LEAST_US) return []
  return [{ ...curve, totalCount, histogram: rows.histogram }]
}

/** Share of the values up to each bucket, and the bucket; thinned out where they lie close together. */
function pointsOf({ lowUs, counts }: HistogramRows['histogram']): (readonly [number, number])[] {
  const total = counts.reduce((sum, each) => sum + each, 0)
  const leastStep = Math.log10(Math.max(total, 10)) / MOST_POINTS
  const points: (readonly [number, number])[] = [[0, lowUs[0] ?? 1]]
  let below = 0
  let lastAt = 0
  for (const [i, us] of lowUs.entries()) {
    below += counts[i] ?? 0
    const at = below === total ? Infinity : -Math.log10(1 - below / total)
    if (at - lastAt < leastStep) continue
    points.push([below / total, us])
    lastAt = at
  }
  return points
}

const TABLE_QUANTILES: readonly (readonly [string, number])[] = [
  ['p10', 0.1],
  ['p50', 0.5],
  ['p75', 0.75],
  ['p90', 0.9],
  ['p95', 0.95],
  ['p99', 0.99],
  ['p99.9', 0.999],
  ['max', 1],
]

function quantileTable(shown: readonly Shown[]): DataTable {
  return {
    caption: 'Milliseconds by percentile; histogram.csv has every bucket.',
    head: ['percentile', ...shown.map(({ label }) => label)],
    rows: TABLE_QUANTILES.map(([label, quantile]) => [
      label,
      ...shown.map(({ histogram }) => milliseconds(histogramQuantileUs(histogram, quantile))),
    ]),
  }
}
