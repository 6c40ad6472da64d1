import { US_PER_S } from '../../core/units.ts'
import { bucketHighUs } from '../../measure/buckets.ts'
import { ALL_NAMES } from '../../measure/names.ts'
import { OUTCOMES } from '../../measure/outcome.ts'
import type { Measure, SparseHistogram } from '../../measure/snapshot.ts'
import type { HistogramRows, NameSummary, RunSummary, VerdictLevel } from '../../measure/summary.ts'
import type { RunIdentity } from '../manifest-reader.ts'

type Labels = Readonly<Record<string, string>>

interface Sample {
  /** Appended to the family's name: `_total`, `_bucket`. */
  readonly suffix: string
  readonly labels: Labels
  readonly value: number
}

interface Family {
  readonly name: string
  readonly type: 'counter' | 'gauge' | 'histogram' | 'info'
  readonly unit?: 'seconds'
  readonly help: string
  readonly samples: readonly Sample[]
}

/** Of the attribute that tells the warm-up from it where metrics are pushed while the run goes on. */
const MEASURED: Labels = { phase: 'measure' }

/** By the number that stands for each. */
const VERDICT_LEVELS: readonly VerdictLevel[] = ['VALID', 'SUSPECT', 'INVALID']

/** Buckets per doubling, so each is 9 % wider than the one before: those of OpenTelemetry's scale 3. */
const BUCKETS_PER_DOUBLING = 8

/** OpenTelemetry's name for the service time; the others have no standard name. */
const DURATION_FAMILIES: readonly (readonly [measure: Measure, name: string, help: string])[] = [
  ['service_time', 'http_client_request_duration_seconds', 'From sending to the last byte of the reply.'],
  [
    'response_time',
    'headroom_response_time_seconds',
    'From when the request was due to the last byte of the reply.',
  ],
  [
    'operation_duration',
    'headroom_operation_duration_seconds',
    'From the first attempt to the final outcome, waits included.',
  ],
  ['schedule_delay', 'headroom_schedule_delay_seconds', 'How late the load generator started an iteration.'],
]

/**
 * A finished run as OpenMetrics text 1.0, for a Prometheus push or backfill: every sample has the time of the run's
 * start, so that runs of one scenario and target make a series. Request names are labels; what all of them have together
 * is their sum. Names and labels are those under which Prometheus keeps what `--otlp` pushes.
 *
 * Histograms are made from histogram.csv: counts are exact at every bound but for values within 0.1 % of it, sums are
 * of the middles of its buckets, within 0.1 %.
 *
 * Source of the format: https://prometheus.io/docs/specs/om/open_metrics_spec/
 */
export function openMetrics(
  run: RunIdentity,
  summary: Omit<RunSummary, 'histograms'>,
  histograms: readonly HistogramRows[],
): string {
  const common = { scenario: run.scenario, target: run.target }
  const timestampS = run.epochMs / 1_000
  const families = [
    ...runFamilies(run, summary),
    ...trafficFamilies(summary.names),
    ...durationFamilies(histograms),
  ].filter(({ samples }) => samples.length > 0)
  return `${families.map((family) => familyText(family, common, timestampS)).join('')}# EOF\n`
}

function runFamilies(
  run: RunIdentity,
  { verdict, thresholds, durationS }: Omit<RunSummary, 'histograms'>,
): Family[] {
  const { runId: run_id, toolVersion: tool_version, commit, branch } = run
  return [
    {
      name: 'headroom_run',
      type: 'info',
      help: 'What ran.',
      samples: [{ suffix: '_info', labels: { run_id, tool_version, commit, branch }, value: 1 }],
    },
    {
      name: 'headroom_verdict',
      type: 'gauge',
      help: 'On the load generator: 0 VALID, 1 SUSPECT, 2 INVALID.',
      samples: [gauge({}, VERDICT_LEVELS.indexOf(verdict.level))],
    },
    {
      name: 'headroom_measured_seconds',
      type: 'gauge',
      unit: 'seconds',
      help: 'Length of the measured part of the run.',
      samples: [gauge({}, durationS)],
    },
    {
      name: 'headroom_exit_code',
      type: 'gauge',
      help: 'Exit code of the run.',
      samples: run.exitCode === undefined ? [] : [gauge({}, run.exitCode)],
    },
    {
      name: 'headroom_threshold_passed',
      type: 'gauge',
      help: '1 for a threshold that was kept, 0 for one that was not; none without data.',
      samples: thresholds
        .filter(({ result }) => result !== 'no_data')
        .map(({ metric, expression, result }) => gauge({ metric, expression }, result === 'pass' ? 1 : 0)),
    },
  ]
}

function trafficFamilies(names: readonly NameSummary[]): Family[] {
  const named = names.filter(({ name }) => name !== ALL_NAMES)
  const all = names.filter(({ name }) => name === ALL_NAMES)
  return [
    counter(
      'headroom_requests_offered',
      'First attempts, when they were due.',
      named,
      (row) => row.offeredCount,
    ),
    counter('headroom_requests_retries', 'Further attempts.', named, (row) => row.retryCount),
    counter('headroom_requests_sent', 'Offered requests and retries.', named, (row) => row.sentCount),
    ...OUTCOMES.map((outcome) =>
      counter(
        `headroom_requests_${outcome}`,
        `Requests with the outcome ${outcome}.`,
        named,
        (row) => row.outcomeCounts[outcome],
      ),
    ),
    counter(
      'headroom_iterations_due',
      'Iterations whose planned time came.',
      all,
      (row) => row.iterationsDueCount,
    ),
    counter(
      'headroom_iterations_dropped',
      'Iterations for which no VU was free.',
      all,
      (row) => row.iterationsDroppedCount,
    ),
    {
      name: 'headroom_cap_per_second',
      type: 'gauge',
      help: 'What the target lets through.',
      samples: all.flatMap(({ capRps }) => (capRps === undefined ? [] : [gauge({}, capRps)])),
    },
  ]
}

/** What an imported run does not know has no sample. */
function counter(
  name: string,
  help: string,
  rows: readonly NameSummary[],
  value: (row: NameSummary) => number | undefined,
): Family {
  const samples = rows.flatMap((row): Sample[] => {
    const count = value(row)
    return count === undefined
      ? []
      : [{ suffix: '_total', labels: { ...labelsOf(row.name), ...MEASURED }, value: count }]
  })
  return { name, type: 'counter', help, samples }
}

function durationFamilies(histograms: readonly HistogramRows[]): Family[] {
  return DURATION_FAMILIES.map(([wanted, name, help]) => {
    const rows = histograms.filter(({ measure }) => measure === wanted)
    // The schedule delay belongs to no request name.
    const named = rows.filter((row) => row.name !== ALL_NAMES || row.outcome === null)
    const bounds = boundsOf(named)
    const samples = named.flatMap((row) =>
      histogramSamples(row.histogram, bounds, {
        ...labelsOf(row.name),
        ...(row.outcome && { outcome: row.outcome }),
        ...MEASURED,
      }),
    )
    return { name, type: 'histogram', unit: 'seconds', help, samples }
  })
}

function labelsOf(name: string): Labels {
  return name === ALL_NAMES ? {} : { name }
}

function gauge(labels: Labels, value: number): Sample {
  return { suffix: '', labels, value }
}

/** Upper bounds in seconds that hold all of these; the same for all, so that they can be added. */
function boundsOf(rows: readonly HistogramRows[]): number[] {
  const lowsUs = rows.flatMap(({ histogram }) => [histogram.lowUs[0] ?? 1, histogram.lowUs.at(-1) ?? 1])
  if (lowsUs.length === 0) return []
  const exponent = (us: number): number =>
    Math.ceil(Math.log2(Math.max(us, 1) / US_PER_S) * BUCKETS_PER_DOUBLING)
  const first = exponent(Math.min(...lowsUs))
  const last = exponent(bucketHighUs(Math.max(...lowsUs)))
  return Array.from({ length: last - first + 1 }, (_, i) =>
    Number((2 ** ((first + i) / BUCKETS_PER_DOUBLING)).toPrecision(6)),
  )
}

function histogramSamples(
  { lowUs, counts }: SparseHistogram,
  bounds: readonly number[],
  labels: Labels,
): Sample[] {
  const samples: Sample[] = []
  let at = 0
  let count = 0
  let sumUs = 0
  for (const le of [...bounds, Infinity]) {
    for (let low = lowUs[at]; low !== undefined && bucketHighUs(low) <= le * US_PER_S; low = lowUs[++at]) {
      const inBucket = counts[at] ?? 0
      count += inBucket
      sumUs += (inBucket * (low + bucketHighUs(low))) / 2
    }
    samples.push({ suffix: '_bucket', labels: { ...labels, le: numberText(le) }, value: count })
  }
  return [
    ...samples,
    { suffix: '_count', labels, value: count },
    { suffix: '_sum', labels, value: sumUs / US_PER_S },
  ]
}

function familyText({ name, type, unit, help, samples }: Family, common: Labels, timestampS: number): string {
  const lines = [
    `# TYPE ${name} ${type}`,
    ...(unit === undefined ? [] : [`# UNIT ${name} ${unit}`]),
    `# HELP ${name} ${escaped(help)}`,
    ...samples.map(({ suffix, labels, value }) => {
      return `${name}${suffix}${labelText({ ...common, ...labels })} ${numberText(value)} ${timestampS}`
    }),
  ]
  return `${lines.join('\n')}\n`
}

/** Empty labels are as if they were not there. */
function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).filter(([, value]) => value !== '')
  return `{${pairs.map(([key, value]) => `${key}="${escaped(value)}"`).join(',')}}`
}

function numberText(value: number): string {
  return value === Infinity ? '+Inf' : String(value)
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
