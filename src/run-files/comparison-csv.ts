import type { Comparison } from '../stats/comparison.ts'
import { type Column, csvFile, number, SCHEMA_VERSION, text } from './csv.ts'

/** Of a comparison what its CSV file has. */
export interface ComparedFigures {
  readonly base: readonly { readonly runId: string }[]
  readonly head: readonly { readonly runId: string }[]
  readonly comparisons: readonly Comparison[]
}

interface Row {
  readonly baseIds: string
  readonly headIds: string
  readonly comparison: Comparison
}

/** What a figure was, is, and may have changed by. */
export const CHANGE_COLUMNS: readonly Column<Pick<Row, 'comparison'>>[] = [
  text('name', ({ comparison }) => comparison.name),
  text('metric', ({ comparison }) => comparison.metric.column),
  text('change_kind', ({ comparison }) => (comparison.metric.kind === 'ratio' ? 'ratio' : 'difference')),
  number('base', ({ comparison }) => comparison.base),
  number('head', ({ comparison }) => comparison.head),
  number('change', ({ comparison }) => comparison.change),
  number('ci95_low', ({ comparison }) => comparison.interval?.low),
  number('ci95_high', ({ comparison }) => comparison.interval?.high),
  number('least_change', ({ comparison }) => comparison.metric.leastChange),
  text('better', ({ comparison }) => comparison.metric.better),
]

const COLUMNS: readonly Column<Row>[] = [
  text('schema_version', () => String(SCHEMA_VERSION)),
  text('base_run_ids', (row) => row.baseIds),
  text('head_run_ids', (row) => row.headIds),
  ...CHANGE_COLUMNS,
  text('basis', ({ comparison }) => comparison.basis),
  text('verdict', ({ comparison }) => comparison.verdict),
  text('warnings', ({ comparison }) => comparison.warnings.join('; ')),
]

/** comparison.csv: one row per request name and metric. */
export function comparisonCsv({ base, head, comparisons }: ComparedFigures): string {
  const idsOf = (runs: ComparedFigures['base']): string => runs.map(({ runId }) => runId).join(' ')
  const [baseIds, headIds] = [idsOf(base), idsOf(head)]
  return csvFile(
    COLUMNS,
    comparisons.map((comparison) => ({ baseIds, headIds, comparison })),
  )
}
