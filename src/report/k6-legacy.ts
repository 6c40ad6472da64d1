import type { K6Data, K6Metric } from './k6-data.ts'
import type { K6Group } from './k6-groups.ts'
import { checkLines } from './k6-check-lines.ts'
import { columnsOf, k6Rows, type K6Row } from './k6-rows.ts'
import { length, marked, type Line } from './layout.ts'

/** In front of the names there is room for the mark of a threshold. */
const INDENT = 5
const NESTED_INDENT = 2
const LEAST_DOTS = 3

/** The summary of k6 before its version 1: groups with their checks, then every metric. */
export function legacyLines({ root_group, metrics, options }: K6Data): Line[] {
  const rows = k6Rows(metrics, () => true, options.summaryTimeUnit, 'marks')
  const columns = columnsOf(rows)
  const widths = rows.map(({ label, isSubmetric }) => length(label) + (isSubmetric ? NESTED_INDENT : 0))
  const nameWidth = Math.max(0, ...widths) + LEAST_DOTS
  return [
    ...groupLines(root_group, INDENT),
    ...rows.map((row) => rowLine(row, nameWidth, columns, metrics[row.metric])),
  ]
}

/** With the mark of its thresholds, if the metric has any. */
function rowLine(
  row: K6Row,
  nameWidth: number,
  columns: (row: K6Row) => string,
  metric: K6Metric | undefined,
): Line {
  const nested = row.isSubmetric ? NESTED_INDENT : 0
  const dots = '.'.repeat(nameWidth - nested - length(row.label))
  const text = `${row.label}${dots}: ${columns(row)}`
  const verdicts = Object.values(metric?.thresholds ?? {})
  if (verdicts.length === 0) return { text: ' '.repeat(INDENT + nested) + text }
  const isGood = verdicts.every(({ ok }) => ok)
  const mark = isGood ? '✓' : '✗'
  return marked(`${mark} `.padStart(INDENT + nested) + text, mark, isGood ? 'good' : 'bad')
}

function groupLines({ checks, groups }: K6Group, indent: number): Line[] {
  const own = checks.flatMap((check) => checkLines(check, indent))
  return [
    ...(own.length === 0 ? [] : [...own, { text: '' }]),
    ...groups.flatMap((group) => [
      { text: `${' '.repeat(indent)}█ ${group.name}` },
      { text: '' },
      ...groupLines(group, indent + NESTED_INDENT),
    ]),
  ]
}
