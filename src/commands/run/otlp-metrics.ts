/** What a run tells whoever watches it with OpenTelemetry: names, units and figures. */
import { ValueType, type Attributes, type HrTime } from '@opentelemetry/api'
import {
  AggregationTemporality,
  DataPointType,
  type DataPoint,
  type GaugeMetricData,
  type HistogramMetricData,
  type MetricData,
  type SumMetricData,
} from '@opentelemetry/sdk-metrics'
import { US_PER_S } from '../../core/units.ts'
import { OUTCOMES, type Outcome } from '../../measure/outcome.ts'
import type { NameCell, SecondCell } from '../../measure/snapshot.ts'
import type { VerdictLevel } from '../../measure/summary.ts'
import type { LiveState } from '../../report/live.ts'
import { OtlpHistogram } from './otlp-histogram.ts'

/** What is true at a moment, and has no sum. */
export type LiveGauges = Pick<LiveState, 'inflightCount' | 'capRps' | 'scheduleDelayP99Us' | 'verdict'>

/** Units are those of UCUM, as OpenTelemetry asks; what is counted stands in braces. */
interface Definition {
  readonly name: string
  readonly unit: string
  readonly description: string
}

interface Counter<Source> extends Definition {
  readonly count: (source: Source) => number
}

interface Gauge extends Definition {
  readonly value: (gauges: LiveGauges) => number | undefined
}

function requestCounter(
  kind: string,
  description: string,
  count: (cell: NameCell) => number,
): Counter<NameCell> {
  return { name: `headroom.requests.${kind}`, unit: '{request}', description, count }
}

const REQUEST_COUNTERS: readonly Counter<NameCell>[] = [
  requestCounter('offered', 'First attempts, when they were due', (cell) => cell.offeredCount),
  requestCounter('retries', 'Further attempts', (cell) => cell.retryCount),
  requestCounter('sent', 'Offered requests and retries', (cell) => cell.sentCount),
  ...OUTCOMES.map((outcome) =>
    requestCounter(outcome, `Requests with the outcome ${outcome}`, (cell) => cell.outcomeCounts[outcome]),
  ),
]

function iterationCounter(
  kind: string,
  description: string,
  count: (cell: SecondCell) => number,
): Counter<SecondCell> {
  return { name: `headroom.iterations.${kind}`, unit: '{iteration}', description, count }
}

const ITERATION_COUNTERS: readonly Counter<SecondCell>[] = [
  iterationCounter('due', 'Iterations whose planned time came', (cell) => cell.iterationsDueCount),
  iterationCounter('dropped', 'Iterations for which no VU was free', (cell) => cell.iterationsDroppedCount),
]

const RESPONSE_TIME: Definition = {
  name: 'headroom.response_time',
  unit: 's',
  description: 'From when a request was due to the end of its reply',
}

const VERDICT_NUMBERS: Readonly<Record<VerdictLevel, number>> = { VALID: 0, SUSPECT: 1, INVALID: 2 }

const GAUGES: readonly Gauge[] = [
  {
    name: 'headroom.in_flight',
    unit: '{request}',
    description: 'Requests under way',
    value: ({ inflightCount }) => inflightCount,
  },
  {
    name: 'headroom.cap',
    unit: '{request}/s',
    description: 'What the target lets through',
    value: ({ capRps }) => capRps,
  },
  {
    name: 'headroom.schedule_delay.p99',
    unit: 's',
    description: 'How late the load generator started iterations, 99th percentile since the warm-up',
    value: ({ scheduleDelayP99Us }) => scheduleDelayP99Us && scheduleDelayP99Us / US_PER_S,
  },
  {
    name: 'headroom.verdict',
    unit: '',
    description: 'On the load generator: 0 VALID, 1 SUSPECT, 2 INVALID',
    value: ({ verdict }) => VERDICT_NUMBERS[verdict],
  },
]

type Phase = 'warmup' | 'measure'

/** Counts under one set of attributes, by the number of their counter. */
interface Counts {
  readonly attributes: Attributes
  readonly counts: number[]
}

interface Times {
  readonly attributes: Attributes
  readonly times: OtlpHistogram
}

/** The times of data points. */
export interface PointTimes {
  readonly startTime: HrTime
  readonly endTime: HrTime
}

/**
 * Adds up the seconds of a run as they are resolved, from its start. The attribute `phase` is `warmup` or `measure`;
 * what has the latter adds up to summary.csv.
 */
export class OtlpMetrics {
  readonly #warmupUs: number
  readonly #requests = new Map<string, Counts>()
  readonly #iterations = new Map<string, Counts>()
  readonly #responseTimes = new Map<string, Times>()

  constructor(warmupUs: number) {
    this.#warmupUs = warmupUs
  }

  /** Closed seconds, each once. */
  add(cells: readonly SecondCell[]): void {
    for (const cell of cells) {
      const phase = cell.second * US_PER_S < this.#warmupUs ? 'warmup' : 'measure'
      addCounts(this.#iterations, { phase }, ITERATION_COUNTERS, cell)
      for (const nameCell of cell.names) this.#addName(nameCell, phase)
    }
  }

  data(gauges: LiveGauges, times: PointTimes): MetricData[] {
    return [
      ...sums(REQUEST_COUNTERS, this.#requests, times),
      ...sums(ITERATION_COUNTERS, this.#iterations, times),
      this.#responseTimeData(times),
      ...gaugeData(gauges, times),
    ]
  }

  #addName(cell: NameCell, phase: Phase): void {
    const { name } = cell
    addCounts(this.#requests, { name, phase }, REQUEST_COUNTERS, cell)
    for (const { measure, outcome, histogram } of cell.histograms) {
      if (measure !== 'response_time' || outcome === null) continue
      this.#timesOf({ name, outcome, phase }).add(histogram)
    }
  }

  #timesOf(attributes: { name: string; outcome: Outcome; phase: Phase }): OtlpHistogram {
    const key = JSON.stringify(attributes)
    const known = this.#responseTimes.get(key)
    if (known !== undefined) return known.times
    const times = new OtlpHistogram()
    this.#responseTimes.set(key, { attributes, times })
    return times
  }

  #responseTimeData(times: PointTimes): HistogramMetricData {
    return {
      descriptor: { ...RESPONSE_TIME, valueType: ValueType.DOUBLE },
      aggregationTemporality: AggregationTemporality.CUMULATIVE,
      dataPointType: DataPointType.HISTOGRAM,
      dataPoints: Array.from(this.#responseTimes.values(), (entry) => ({
        ...times,
        attributes: entry.attributes,
        value: entry.times.value(),
      })),
    }
  }
}

function addCounts<Source>(
  all: Map<string, Counts>,
  attributes: Readonly<Record<string, string>>,
  counters: readonly Counter<Source>[],
  source: Source,
): void {
  const key = JSON.stringify(attributes)
  let entry = all.get(key)
  if (entry === undefined) {
    entry = { attributes, counts: counters.map(() => 0) }
    all.set(key, entry)
  }
  for (const [i, { count }] of counters.entries()) entry.counts[i] = (entry.counts[i] ?? 0) + count(source)
}

function sums<Source>(
  counters: readonly Counter<Source>[],
  all: ReadonlyMap<string, Counts>,
  times: PointTimes,
): SumMetricData[] {
  return counters.map(({ name, unit, description }, i) => ({
    descriptor: { name, unit, description, valueType: ValueType.INT },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
    dataPointType: DataPointType.SUM,
    isMonotonic: true,
    dataPoints: Array.from(all.values(), ({ attributes, counts }) => ({
      ...times,
      attributes,
      value: counts[i] ?? 0,
    })),
  }))
}

/** What is not known has no data point. */
function gaugeData(gauges: LiveGauges, times: PointTimes): GaugeMetricData[] {
  return GAUGES.map(({ name, unit, description, value }) => {
    const now = value(gauges)
    const dataPoints: DataPoint<number>[] =
      now === undefined ? [] : [{ ...times, attributes: {}, value: now }]
    return {
      descriptor: { name, unit, description, valueType: ValueType.DOUBLE },
      aggregationTemporality: AggregationTemporality.CUMULATIVE,
      dataPointType: DataPointType.GAUGE,
      dataPoints,
    }
  })
}
