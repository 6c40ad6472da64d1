/** Metrics as k6 knows them, and those of our own. */

export type MetricType = 'counter' | 'gauge' | 'rate' | 'trend'

/** What the values are: `time` in ms, `data` in bytes. */
type MetricContents = 'default' | 'time' | 'data'

export interface MetricDefinition {
  readonly name: string
  readonly type: MetricType
  readonly contains: MetricContents
  /** Who knows it: k6 too, only headroom, or whoever runs the script. */
  readonly origin: 'k6' | 'headroom' | 'script'
}

/** Built-in metrics of k6 that a run fills: names, types and contents are k6's. */
const K6 = {
  vus: ['gauge', 'default'],
  vus_max: ['gauge', 'default'],
  iterations: ['counter', 'default'],
  iteration_duration: ['trend', 'time'],
  dropped_iterations: ['counter', 'default'],
  checks: ['rate', 'default'],
  group_duration: ['trend', 'time'],
  http_reqs: ['counter', 'default'],
  http_req_failed: ['rate', 'default'],
  http_req_duration: ['trend', 'time'],
  http_req_blocked: ['trend', 'time'],
  http_req_connecting: ['trend', 'time'],
  http_req_tls_handshaking: ['trend', 'time'],
  http_req_sending: ['trend', 'time'],
  http_req_waiting: ['trend', 'time'],
  http_req_receiving: ['trend', 'time'],
  data_sent: ['counter', 'data'],
  data_received: ['counter', 'data'],
} as const

/** Ours; none shadows one of k6. */
const HEADROOM = {
  http_req_throttled: ['rate', 'default'],
  http_req_response_time: ['trend', 'time'],
  schedule_delay: ['trend', 'time'],
  retry_after: ['trend', 'time'],
  http_req_retries: ['counter', 'default'],
  operation_duration: ['trend', 'time'],
  operations_failed: ['rate', 'default'],
} as const

export type BuiltinMetric = keyof typeof K6 | keyof typeof HEADROOM

function definitions(
  table: Readonly<Record<string, readonly [MetricType, MetricContents]>>,
  origin: MetricDefinition['origin'],
): MetricDefinition[] {
  return Object.entries(table).map(([name, [type, contains]]) => ({ name, type, contains, origin }))
}

export const BUILTIN_METRICS: readonly MetricDefinition[] = [
  ...definitions(K6, 'k6'),
  ...definitions(HEADROOM, 'headroom'),
]

/** How a threshold looks at a metric. `p` has a percentage, the others have none. */
export interface Aggregation {
  readonly method: 'count' | 'rate' | 'value' | 'avg' | 'min' | 'max' | 'med' | 'p'
  /** 0–100 for `p`. */
  readonly percent: number | undefined
}

/** The methods that k6's thresholds know, by type. */
export const METHODS: Readonly<Record<MetricType, readonly Aggregation['method'][]>> = {
  counter: ['count', 'rate'],
  gauge: ['value'],
  rate: ['rate'],
  trend: ['avg', 'min', 'max', 'med', 'p'],
}

/** A metric, or the part of it with all these tags: what k6 calls a submetric. */
export interface MetricSelector {
  readonly metric: string
  /** None: the whole metric. */
  readonly tags: readonly (readonly [key: string, value: string])[]
}

/** The selector in one spelling: `http_reqs`, `http_reqs{name:rank,status:429}` with tags in order of their keys. */
export function selectorKey({ metric, tags }: MetricSelector): string {
  if (tags.length === 0) return metric
  const sorted = tags.map(([key, value]) => `${key}:${value}`).sort()
  return `${metric}{${sorted.join(',')}}`
}
