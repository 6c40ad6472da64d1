import type { Comparison } from '../../../stats/comparison.ts'
import { changeText, intervalText, metricValue, subjectLabel } from '../../comparison/words.ts'
import { NONE } from '../../format.ts'
import { tableMarkup } from '../table.ts'

/** A row for each figure, in the given order; a cell is empty where there is nothing to say. */
export function comparisonTable(comparisons: readonly Comparison[], caption: string): string {
  return tableMarkup({
    caption,
    head: ['figure', 'base', 'head', 'change', '95 % interval', 'verdict', 'the interval covers'],
    rows: comparisons.map((each) => [subjectLabel(each), ...cellsOf(each)]),
  })
}

function cellsOf({ metric, base, head, change, interval, verdict, basis }: Comparison): string[] {
  const figures = [
    metricValue(metric, base),
    metricValue(metric, head),
    changeText(metric, change),
    intervalText(metric, interval),
  ]
  return [...figures.map((text) => (text === NONE ? '' : text)), verdict, basis]
}
