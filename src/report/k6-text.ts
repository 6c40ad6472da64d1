/** The summary that k6 prints at the end of a test, in k6's own layouts. */
import type { CheckResult, ThresholdResult } from '../measure/summary.ts'
import type { K6Data, K6Metrics, K6Part, K6Summary, K6TimeUnit } from './k6-data.ts'
import { k6Figure, k6Percent } from './k6-figures.ts'
import { checkLines } from './k6-check-lines.ts'
import { legacyLines } from './k6-legacy.ts'
import { isShownIn, SECTIONS } from './k6-sections.ts'
import { columnsOf, k6Rows, type K6Row } from './k6-rows.ts'
import { length, marked, paint, padRight, type Line } from './layout.ts'
import type { Styler } from './style.ts'

/** k6's `--summary-mode`. */
export type K6SummaryMode = 'compact' | 'full' | 'legacy'

/** Where a section's lines begin. */
const SECTION_INDENT = 4
const NESTED_INDENT = 2
/** Between the longest name and its colon. */
const LEAST_DOTS = 3

export function renderK6Summary(summary: K6Summary, mode: K6SummaryMode, style: Styler): string {
  const lines = mode === 'legacy' ? legacyLines(summary.data) : sectionLines(summary, mode)
  return `${lines.map((line) => paint(line, style)).join('\n')}\n`
}

function sectionLines(summary: K6Summary, mode: 'compact' | 'full'): Line[] {
  const { data, thresholds, checks, parts } = summary
  const total: Block = { metrics: data.metrics, checks, indent: SECTION_INDENT }
  const layout: Layout = {
    mode,
    timeUnit: data.options.summaryTimeUnit,
    durationS: data.state.testRunDurationMs / 1_000,
    nameEnd: nameEndOf(data, mode),
  }
  return [
    ...(thresholds.length === 0 ? [] : thresholdLines(thresholds, data)),
    ...heading('TOTAL RESULTS'),
    ...blockLines(total, layout),
    ...(mode === 'full' ? partLines(parts, layout) : []),
  ]
}

/** What all blocks of one summary have in common. */
interface Layout {
  readonly mode: 'compact' | 'full'
  readonly timeUnit: K6TimeUnit
  readonly durationS: number
  /** The column in which the dots behind the names end. */
  readonly nameEnd: number
}

/** Metrics and checks of the run, of a scenario or of a group. */
interface Block {
  readonly metrics: K6Metrics
  readonly checks: readonly CheckResult[]
  readonly indent: number
}

function nameEndOf({ metrics, options }: K6Data, mode: 'compact' | 'full'): number {
  const rows = k6Rows(metrics, (name) => isShownIn(mode, name), options.summaryTimeUnit, 'out of')
  const widths = rows.map(({ label, isSubmetric }) => length(label) + (isSubmetric ? NESTED_INDENT : 0))
  return SECTION_INDENT + Math.max(0, ...widths) + SECTION_INDENT + LEAST_DOTS
}

const BAR = '█'

function heading(text: string): Line[] {
  return [marked(`  ${BAR} ${text}`, text, 'bold'), { text: '' }]
}

/** Each threshold with what was observed, under the name of its metric. */
function thresholdLines(thresholds: readonly ThresholdResult[], data: K6Data): Line[] {
  const metrics = [...new Set(thresholds.map(({ metric }) => metric))]
  return [
    ...heading('THRESHOLDS'),
    ...metrics.flatMap((metric) => [
      { text: ' '.repeat(SECTION_INDENT) + metric },
      ...thresholds.filter((each) => each.metric === metric).map((each) => thresholdLine(each, data)),
      { text: '' },
    ]),
    { text: '' },
  ]
}

function thresholdLine({ metric, expression, observed, result }: ThresholdResult, data: K6Data): Line {
  const mark = result === 'fail' ? '✗' : '✓'
  const method = /^[^<>=!]*/.exec(expression)?.[0].trim() ?? ''
  const { contains = 'default', type } = data.metrics[metric] ?? {}
  const figure = (value: number): string =>
    type === 'rate' ? k6Percent(value) : k6Figure(value, contains, data.options.summaryTimeUnit)
  const seen = observed === undefined ? 'no data' : `${method}=${figure(observed)}`
  return marked(
    `${' '.repeat(SECTION_INDENT)}${mark} '${expression}' ${seen}`,
    mark,
    styleOf(result !== 'fail'),
  )
}

function styleOf(isGood: boolean): 'good' | 'bad' {
  return isGood ? 'good' : 'bad'
}

function blockLines(block: Block, layout: Layout): Line[] {
  const { metrics, checks, indent } = block
  const rowsOf = (wanted: (name: string) => boolean): K6Row[] =>
    k6Rows(metrics, wanted, layout.timeUnit, 'out of')
  const columns = columnsOf(rowsOf((name) => isShownIn(layout.mode, name)))
  const sections = SECTIONS.flatMap(({ title, has }) => {
    const rows = rowsOf((name) => has(name) && isShownIn(layout.mode, name))
    if (rows.length === 0) return []
    const lines = rows.map((row) => rowLine(row, columns, indent, layout.nameEnd))
    return [[marked(' '.repeat(indent) + title, title, 'bold'), ...lines]]
  })
  const blocks = [...checkBlocks(checks, metrics, indent, layout), ...sections]
  return blocks.flatMap((lines) => [...lines, { text: '' }])
}

function rowLine(row: K6Row, columns: (row: K6Row) => string, indent: number, nameEnd: number): Line {
  const name = ' '.repeat(indent + (row.isSubmetric ? NESTED_INDENT : 0)) + row.label
  return { text: `${dotted(name, nameEnd)}: ${columns(row)}` }
}

function dotted(text: string, end: number): string {
  return text + '.'.repeat(Math.max(0, end - length(text)))
}

/** How many checks there were, then each of them. */
function checkBlocks(
  checks: readonly CheckResult[],
  metrics: K6Metrics,
  indent: number,
  layout: Layout,
): Line[][] {
  const values = metrics['checks']?.values
  if (values === undefined) return []
  const { rate = 0, passes = 0, fails = 0 } = values
  const all = passes + fails
  const perSecond = layout.durationS > 0 ? all / layout.durationS : 0
  const rows: readonly (readonly [string, string, string])[] = [
    ['checks_total', String(all), `${k6Figure(perSecond, 'default', '')}/s`],
    ['checks_succeeded', k6Percent(rate), `${passes} out of ${all}`],
    ['checks_failed', k6Percent(all === 0 ? 0 : fails / all), `${fails} out of ${all}`],
  ]
  const width = Math.max(...rows.map(([, first]) => first.length))
  const totals = rows.map(([label, first, second]) => ({
    text: `${dotted(' '.repeat(indent) + label, layout.nameEnd)}: ${padRight(first, width)} ${second}`,
  }))
  const each = checks.flatMap((check) => checkLines(check, indent))
  return each.length === 0 ? [totals] : [totals, each]
}

/** The name of the scenario that k6 makes of the shortcut options: its groups stand on their own. */
const DEFAULT_SCENARIO = 'default'

/** Groups that stand on their own come first, then the scenarios with theirs. */
function partLines(parts: readonly K6Part[], layout: Layout): Line[] {
  const groupsOf = (scenario: string): K6Part[] =>
    parts.filter((part) => part.scenario === scenario && part.group !== undefined)
  const scenarios = parts.filter(
    ({ scenario, group }) => group === undefined && scenario !== DEFAULT_SCENARIO,
  )
  return [
    ...groupsOf(DEFAULT_SCENARIO).flatMap((group) => groupLines(group, layout)),
    ...scenarios.flatMap((scenario) => [
      { text: '' },
      ...heading(`SCENARIO: ${scenario.scenario}`),
      ...blockLines({ ...scenario, indent: SECTION_INDENT }, layout),
      ...groupsOf(scenario.scenario).flatMap((group) => nestedGroupLines(group, layout)),
    ]),
  ]
}

function groupLines(part: K6Part, layout: Layout): Line[] {
  return [
    { text: '' },
    ...heading(`GROUP: ${groupName(part)}`),
    ...blockLines({ ...part, indent: SECTION_INDENT }, layout),
  ]
}

function nestedGroupLines(part: K6Part, layout: Layout): Line[] {
  const title = `GROUP: ${groupName(part)}`
  return [
    marked(`${' '.repeat(SECTION_INDENT)}↳ ${title}`, title, 'bold'),
    { text: '' },
    ...blockLines({ ...part, indent: SECTION_INDENT + NESTED_INDENT }, layout),
  ]
}

/** `outer::inner`: a group stands apart from the one around it. */
function groupName({ group = '' }: K6Part): string {
  return group.slice('::'.length)
}
