import { comparisonJson } from './comparison-json.ts'
import type { JudgedNight } from './nights-csv.ts'

/** Everything that the gate says of a night, for programs: figures as the JSON of two sides has them, with their nights. */
export function nightsJson({ metrics, ...rest }: JudgedNight): string {
  return comparisonJson({
    ...rest,
    comparisons: metrics.map(({ comparison, ...judged }) => ({ ...comparison, ...judged })),
  })
}
