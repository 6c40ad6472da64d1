import type { MetricSummary } from '../../measure/summary.ts'
import type { SaturationStep } from './saturation.ts'

/** What the rows of a run have no column for: replies by status, under k6's name for requests, and the generator's ceiling. */
export function stepMetrics(
  steps: readonly SaturationStep[],
  ceilingRps: number | undefined,
): MetricSummary[] {
  const statuses = steps.flatMap(({ name, statusCounts }) =>
    Object.entries(statusCounts).map(([status, count]): MetricSummary => ({
      name: `http_reqs{name:${name},status:${status}}`,
      type: 'counter',
      isTime: false,
      values: { count },
    })),
  )
  if (ceilingRps === undefined) return statuses
  const ceiling = {
    name: 'generator_ceiling_rps',
    type: 'gauge',
    isTime: false,
    values: { value: ceilingRps },
  } as const
  return [...statuses, ceiling]
}
