import { errorCount } from '../../measure/outcome.ts'
import type { NameSummary } from '../../measure/summary.ts'
import { count, milliseconds, NONE, percent, rate, supportedP99Us } from '../../report/format.ts'
import type { SaturationStep } from './saturation.ts'

interface TableColumn {
  readonly head: string
  readonly value: (row: NameSummary) => string
}

const COLUMNS: readonly TableColumn[] = [
  { head: 'sent/s', value: (row) => rate(row.sentRps) },
  { head: 'accepted/s', value: (row) => rate(row.acceptedRps) },
  { head: 'throttled', value: (row) => percent(row.throttledRatio) },
  { head: 'errors', value: ({ outcomeCounts }) => count(errorCount(outcomeCounts)) },
  { head: 'p50 ms', value: (row) => milliseconds(row.serviceTimeAccepted.p50Us) },
  { head: 'p99 ms', value: (row) => milliseconds(supportedP99Us(row.serviceTimeAccepted)) },
]

const GAP = '  '

/** One line for each step: rates, shares, the latency of accepted replies, and how many replies had which status. */
export function stepsTable(steps: readonly SaturationStep[], names: readonly NameSummary[]): string[] {
  const rows = steps.flatMap((step) => {
    const row = names.find(({ name }) => name === step.name)
    return row === undefined ? [] : [{ step, cells: COLUMNS.map(({ value }) => value(row)) }]
  })
  const firstWidth = Math.max(...rows.map(({ step }) => step.name.length), 'step'.length)
  const widths = COLUMNS.map(({ head }, column) =>
    Math.max(head.length, ...rows.map(({ cells }) => cells[column]?.length ?? 0)),
  )
  const line = (first: string, cells: readonly string[], last: string): string =>
    [first.padEnd(firstWidth), ...cells.map((cell, column) => cell.padStart(widths[column] ?? 0)), last].join(
      GAP,
    )
  return [
    line(
      'step',
      COLUMNS.map(({ head }) => head),
      'replies by status',
    ),
    ...rows.map(({ step, cells }) => line(step.name, cells, statusesOf(step))),
  ]
}

function statusesOf({ statusCounts }: SaturationStep): string {
  const parts = Object.entries(statusCounts).map(([status, replies]) => `${status} × ${replies}`)
  return parts.length === 0 ? NONE : parts.join(', ')
}
