/** Reads the end-of-test figures that k6 writes, in either of its two layouts. */

export interface K6Summary {
  /** Passes and fails by path. */
  readonly checks: Readonly<Record<string, readonly [number, number]>>
  /** By metric and statistic; a rate's share is called `rate`. */
  readonly metrics: Readonly<Record<string, Readonly<Record<string, number>>>>
  /** Whether it holds, by metric and expression. */
  readonly thresholds: Readonly<Record<string, Readonly<Record<string, boolean>>>>
}

interface Check {
  readonly path: string
  readonly passes: number
  readonly fails: number
}

/** Lists in what `handleSummary` gets, objects by name in the file of `--summary-export`. */
interface Group {
  readonly groups?: readonly Group[] | Readonly<Record<string, Group>>
  readonly checks?: readonly Check[] | Readonly<Record<string, Check>>
}

interface Metric {
  /** In what `handleSummary` gets; in the other layout the values stand in the metric itself. */
  readonly values?: Readonly<Record<string, number>>
  /** `ok` in what `handleSummary` gets; in the other layout a plain value that is true when the threshold was crossed. */
  readonly thresholds?: Readonly<Record<string, boolean | { readonly ok: boolean }>>
}

export const EMPTY_SUMMARY: K6Summary = { checks: {}, metrics: {}, thresholds: {} }

/** @param text JSON of `--summary-export`, or of the data of `handleSummary`. */
export function parseK6Summary(text: string): K6Summary {
  const { root_group: root, metrics } = JSON.parse(text) as {
    readonly root_group: Group
    readonly metrics: Readonly<Record<string, Metric>>
  }
  const checks = checksOf(root).map(({ path, passes, fails }) => [path, [passes, fails]] as const)
  const withThresholds = Object.entries(metrics).filter(([, { thresholds }]) => thresholds !== undefined)
  return {
    checks: Object.fromEntries(checks),
    metrics: mapValues(metrics, valuesOf),
    thresholds: mapValues(Object.fromEntries(withThresholds), ({ thresholds = {} }) =>
      mapValues(thresholds, (result) => (typeof result === 'boolean' ? !result : result.ok)),
    ),
  }
}

function checksOf(group: Group): Check[] {
  const groups: readonly Group[] = Object.values(group.groups ?? {})
  return [...Object.values(group.checks ?? {}), ...groups.flatMap(checksOf)]
}

function valuesOf(metric: Metric): Record<string, number> {
  if (metric.values !== undefined) return metric.values
  const values = Object.entries(metric).filter(
    (entry): entry is [string, number] => typeof entry[1] === 'number',
  )
  const isRate = 'passes' in metric
  return Object.fromEntries(
    values.map(([name, value]) => [isRate && name === 'value' ? 'rate' : name, value]),
  )
}

function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  change: (value: From) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]))
}
