import type { Comparison } from '../stats/comparison.ts'
import { SCHEMA_VERSION } from './csv.ts'

/** Anything that has comparisons; the rest is written as it is. */
export interface WithComparisons {
  readonly comparisons: readonly Comparison[]
}

/** Everything that came out, for programs; what is not applicable is absent. */
export function comparisonJson(data: WithComparisons): string {
  const written = { schemaVersion: SCHEMA_VERSION, ...data, comparisons: data.comparisons.map(flat) }
  return `${JSON.stringify(written, null, 2)}\n`
}

/** With the names of comparison.csv. */
function flat({ metric, name, ...rest }: Comparison): object {
  const { column, kind, better, leastChange } = metric
  return {
    name,
    metric: column,
    changeKind: kind === 'ratio' ? 'ratio' : 'difference',
    better,
    leastChange,
    ...rest,
  }
}
