/** Two sides, for the terminal. */
import type { Comparison } from '../../stats/comparison.ts'
import { clip, fill, hanging, type Line, marked, padRight, paint } from '../layout.ts'
import { type Styler, VERDICT_STYLES as GENERATOR_STYLES } from '../style.ts'
import type { ComparedRun, ComparisonData } from './comparison-data.ts'
import { basisRemark, comparisonOutcome, throttlingLines } from './comparison-outcome.ts'
import { shownComparison } from './shown-comparison.ts'
import {
  changeText,
  doubtLines,
  intervalText,
  metricLabel,
  metricValue,
  nameLabel,
  VERDICT_STYLES,
} from './words.ts'

/** A narrower terminal breaks the lines itself. */
const MIN_WIDTH = 60
/** Where text begins behind the first word of a line. */
const INDENT = 9
const VERDICT_WIDTH = 15
const LABEL_WIDTH = 28

/** Verdict first, then both sides, then every figure; no line is longer than `width`, or 60 if that is more. */
export function renderComparisonText(
  comparison: ComparisonData,
  look: { readonly color: Styler; readonly width: number },
): string {
  const width = Math.max(MIN_WIDTH, look.width)
  const data = shownComparison(comparison)
  const { word, style, sentence } = comparisonOutcome(data)
  const remark = basisRemark(data)
  const lines = [
    ...hanging(word, style, INDENT, sentence, width),
    ...data.base.flatMap((run) => runLines('base', run, width)),
    ...data.head.flatMap((run) => runLines('head', run, width)),
    ...data.differences.flatMap((difference) => hanging('differs', 'warn', INDENT, difference, width)),
    ...(remark === undefined ? [] : hanging('mind', 'warn', INDENT, remark, width)),
    ...tableLines(data.comparisons, width),
    { text: '' },
    ...throttlingLines(data).flatMap((line) => hanging('429', 'bold', INDENT, line, width)),
    ...doubtLines(data.comparisons).flatMap((doubt) => hanging('warning', 'warn', INDENT, doubt, width)),
    ...data.notes.flatMap((note) => hanging('note', 'bold', INDENT, note, width)),
  ]
  return `${lines.map((line) => paint(line, look.color)).join('\n')}\n`
}

/** The verdict on the generator carries the colour; the path stays in one piece to be copied. */
function runLines(side: string, run: ComparedRun, width: number): Line[] {
  const facts = [run.verdict, run.startedAt, run.target, run.commit.slice(0, 12)]
  const lines = fill([run.path, ...facts.filter((fact) => fact !== '')], width - INDENT)
  return lines.map((line, i) =>
    marked((i === 0 ? side : '').padEnd(INDENT) + line, run.verdict, GENERATOR_STYLES[run.verdict]),
  )
}

interface TableColumn {
  readonly head: string
  readonly width: number
  readonly value: (comparison: Comparison) => string
}

const BASE: TableColumn = { head: 'base', width: 9, value: ({ metric, base }) => metricValue(metric, base) }
const HEAD: TableColumn = { head: 'head', width: 9, value: ({ metric, head }) => metricValue(metric, head) }
const CHANGE: TableColumn = {
  head: 'change',
  width: 10,
  value: ({ metric, change }) => changeText(metric, change),
}
const INTERVAL: TableColumn = {
  head: '95 % interval',
  width: 23,
  value: ({ metric, interval }) => intervalText(metric, interval),
}
const BASIS: TableColumn = { head: 'it covers', width: 24, value: ({ basis }) => basis }

/** The same table with fewer columns, for where the full one has no room. */
const CHOICES: readonly (readonly TableColumn[])[] = [
  [BASE, HEAD, CHANGE, INTERVAL, BASIS],
  [BASE, HEAD, CHANGE, INTERVAL],
  [BASE, HEAD, CHANGE],
  [CHANGE],
]

/** A block for each request name. */
function tableLines(comparisons: readonly Comparison[], width: number): Line[] {
  const room = width - VERDICT_WIDTH - LABEL_WIDTH
  const columns = CHOICES.find((choice) => totalWidth(choice) <= room) ?? []
  const names = [...new Set(comparisons.map(({ name }) => name))]
  const heads = columns.map(({ head, width: columnWidth }) => head.padStart(columnWidth)).join('')
  return names.flatMap((name) => [
    { text: '' },
    marked(
      padRight(clip(nameLabel(name), VERDICT_WIDTH + LABEL_WIDTH), VERDICT_WIDTH + LABEL_WIDTH) + heads,
      clip(nameLabel(name), VERDICT_WIDTH + LABEL_WIDTH),
      'bold',
    ),
    ...comparisons.filter((each) => each.name === name).flatMap((each) => rowLines(each, columns, width)),
  ])
}

function totalWidth(columns: readonly TableColumn[]): number {
  return columns.reduce((sum, { width }) => sum + width, 0)
}

/** A row, and below it what found no room although it decides. */
function rowLines(comparison: Comparison, columns: readonly TableColumn[], width: number): Line[] {
  const { verdict, metric } = comparison
  const cells = columns.map((column) => column.value(comparison).padStart(column.width)).join('')
  const text =
    `  ${verdict}`.padEnd(VERDICT_WIDTH) + padRight(clip(metricLabel(metric), LABEL_WIDTH), LABEL_WIDTH)
  return [marked(text + cells, verdict, VERDICT_STYLES[verdict]), ...belowRow(comparison, columns, width)]
}

function belowRow(comparison: Comparison, columns: readonly TableColumn[], width: number): Line[] {
  const { verdict, interval } = comparison
  if (interval === undefined || (verdict !== 'regressed' && verdict !== 'improved')) return []
  const missing = CHOICES[0]?.filter((column) => !columns.includes(column)) ?? []
  if (missing.length === 0) return []
  const parts = missing.map((column) => column.value(comparison))
  return fill(parts, width - VERDICT_WIDTH).map((line) => ({ text: ' '.repeat(VERDICT_WIDTH) + line }))
}
