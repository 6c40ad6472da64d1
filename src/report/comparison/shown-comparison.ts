import { ALL_NAMES } from '../../measure/names.ts'
import type { Comparison } from '../../stats/comparison.ts'
import type { ComparisonData } from './comparison-data.ts'

/**
 * What people read of a comparison: where a single request name is all there is, its figures once, under that name. They
 * are told by the rows of `_all`, because more is known of how those differ from run to run.
 */
export function shownComparison(data: ComparisonData): ComparisonData {
  const name = onlyName(data)
  return name === undefined
    ? data
    : {
        ...data,
        comparisons: renamed(data.comparisons, name),
        throttling: renamed(data.throttling, name),
        quantileRatios: renamed(data.quantileRatios, name),
      }
}

/** `undefined` where there are several, or the only one that both sides have is not all that either has. */
function onlyName({ comparisons }: ComparisonData): string | undefined {
  const [name, ...others] = new Set(comparisons.map((each) => each.name).filter((each) => each !== ALL_NAMES))
  if (name === undefined || others.length > 0) return undefined
  const ofAll = comparisons.filter((each) => each.name === ALL_NAMES)
  const isRepeated = (each: Comparison): boolean => ofAll.some((other) => hasSameFigures(each, other))
  return comparisons.every((each) => each.name === ALL_NAMES || isRepeated(each)) ? name : undefined
}

function hasSameFigures(one: Comparison, other: Comparison): boolean {
  return one.metric.column === other.metric.column && one.base === other.base && one.head === other.head
}

function renamed<T extends { readonly name: string }>(rows: readonly T[], name: string): T[] {
  return rows.filter((row) => row.name === ALL_NAMES).map((row) => ({ ...row, name }))
}
