import type { K6Data, K6Metric } from './k6-data.ts'
import type { K6Check, K6Group } from './k6-groups.ts'

/**
 * The file of k6's `--summary-export`. It differs from the data of `handleSummary`: groups and checks are objects by
 * name, values stand beside the thresholds, a rate is called `value`, and a threshold is `true` when it was crossed.
 */
export function k6ExportJson({ root_group, metrics }: K6Data): string {
  const exported = {
    root_group: exportedGroup(root_group),
    metrics: Object.fromEntries(
      Object.entries(metrics).map(([name, metric]) => [name, exportedMetric(metric)]),
    ),
  }
  return `${JSON.stringify(exported, null, 4)}\n`
}

interface ExportedGroup {
  readonly name: string
  readonly path: string
  readonly id: string
  readonly groups: Readonly<Record<string, ExportedGroup>>
  readonly checks: Readonly<Record<string, K6Check>>
}

function exportedGroup({ name, path, id, groups, checks }: K6Group): ExportedGroup {
  return {
    name,
    path,
    id,
    groups: Object.fromEntries(groups.map((group) => [group.name, exportedGroup(group)])),
    checks: Object.fromEntries(checks.map((check) => [check.name, check])),
  }
}

function exportedMetric({ type, values, thresholds }: K6Metric): Record<string, unknown> {
  const { rate, ...rest } = values
  const figures = type === 'rate' ? { ...rest, value: rate } : values
  if (thresholds === undefined) return figures
  const crossed = Object.entries(thresholds).map(([expression, { ok }]) => [expression, !ok])
  return { ...figures, thresholds: Object.fromEntries(crossed) }
}
