import { EXIT } from '../core/errors.ts'
import { US_PER_S } from '../core/units.ts'
import { ALL_NAMES } from '../measure/names.ts'
import type {
  DurationSummary,
  NameSummary,
  RunSummary,
  ThresholdResult,
  Verdict,
} from '../measure/summary.ts'
import { count, duration, milliseconds, percent, rate, supportedP999Us, supportedP99Us } from './format.ts'
import { originOf, type Origin } from './origin.ts'
import { trafficRows } from './traffic-lines.ts'
import { endReason, endWord, instrumentFacts, observedText } from './verdict-lines.ts'

/** Longer tables are cut: a step summary of GitHub may have 1 MiB in all, and whoever reads wants to see it at a glance. */
const MAX_ROWS = 20
const MAX_TEXT_LENGTH = 300

/** What the report says about the run besides its figures; text is empty where it is not known. */
export interface MarkdownFacts {
  readonly runId: string
  readonly scenario: string
  readonly time: 'real' | 'virtual'
  /** What second 0 is called, milliseconds since 1970: in virtual time always the same. */
  readonly epochMs: number
  /** `undefined`: the run has not come to its end. */
  readonly exitCode: number | undefined
  readonly target: string
  /** `mock`, `remote` or `imported`. */
  readonly targetKind: string
  readonly options: unknown
  readonly seed: number | undefined
  readonly toolVersion: string
  readonly nodeVersion: string
  readonly host: string
  readonly cpuModel: string
  readonly commit: string
  readonly branch: string
}

/** summary.md: a run for a pull request or the step summary of a CI job, at most a few screens of GitHub's Markdown. */
export function renderMarkdown(facts: MarkdownFacts, summary: Omit<RunSummary, 'histograms'>): string {
  const all = summary.names.find(({ name }) => name === ALL_NAMES)
  const blocks = [
    headline(facts, summary),
    verdictLine(summary.verdict, all),
    thresholdTable(summary.thresholds),
    all === undefined ? '' : trafficTable(summary, all, originOf(facts)),
    latencyTable(summary.names),
    summary.warnings.map((warning) => `- warning: ${escaped(warning)}`).join('\n'),
    environment(facts),
  ]
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`
}

function headline(facts: MarkdownFacts, summary: Omit<RunSummary, 'histograms'>): string {
  const { exitCode = EXIT.internal } = facts
  const { word } = endWord(summary, exitCode)
  const reason = endReason(summary, exitCode)
  const parts = [
    escaped(facts.target),
    `${duration(summary.durationS * US_PER_S)} measured`,
    ...(facts.time === 'virtual' ? ['virtual time'] : []),
  ]
  return `## ${word}: ${escaped(facts.scenario)}: ${escaped(reason)}\n\n${parts.join(', ')}`
}

function verdictLine({ level, reasons }: Verdict, all: NameSummary | undefined): string {
  const facts = instrumentFacts(all).join(', ')
  const lines = reasons.map(
    (reason) => `- **${reason.level}**: ${escaped(reason.what)}; ${escaped(reason.todo)}`,
  )
  return [`Load generator **${level}**${facts === '' ? '' : `: ${facts}`}`, ...lines].join('\n')
}

const RESULT_WORDS = { fail: '**FAIL**', no_data: 'no data', pass: 'ok' } as const

/** Failed ones first: they are never cut before the others. */
function thresholdTable(thresholds: readonly ThresholdResult[]): string {
  const order = Object.keys(RESULT_WORDS)
  const sorted = thresholds.toSorted((a, b) => order.indexOf(a.result) - order.indexOf(b.result))
  const rows = sorted.map((threshold) => [
    RESULT_WORDS[threshold.result],
    escaped(threshold.metric),
    escaped(threshold.expression),
    escaped(observedText(threshold)) + (threshold.aborted ? ', ended the run' : ''),
  ])
  return table(['', 'Threshold', 'Limit', 'Observed'], rows, 'thresholds.csv')
}

function trafficTable(summary: Pick<RunSummary, 'iterations'>, all: NameSummary, origin: Origin): string {
  const rows = trafficRows(summary, all, origin).map(([label, parts]) => [
    label,
    parts.map(escaped).join(' &nbsp; '),
  ])
  return table(['', ''], rows, 'summary.csv')
}

/** Accepted replies by name, then what throttled ones took: never in one figure. */
function latencyTable(names: readonly NameSummary[]): string {
  const rows = names.flatMap((row) => [
    ...latencyRow(
      row,
      row.name === ALL_NAMES ? '*all accepted*' : escaped(row.name),
      row.responseTimeAccepted,
    ),
    ...(row.name === ALL_NAMES ? latencyRow(row, '*throttled replies*', row.responseTimeThrottled) : []),
  ])
  const head = [
    'Response time, ms',
    'n',
    'p50',
    'p90',
    'p95',
    'p99',
    'p99.9',
    'max',
    'accepted/s',
    'throttled',
  ]
  return table(head, rows, 'summary.csv')
}

function latencyRow(row: NameSummary, label: string, times: DurationSummary): string[][] {
  if (times.count === 0) return []
  const quantiles = [
    times.p50Us,
    times.p90Us,
    times.p95Us,
    supportedP99Us(times),
    supportedP999Us(times),
    times.maxUs,
  ]
  const isAccepted = times === row.responseTimeAccepted
  const traffic = isAccepted ? [rate(row.acceptedRps), percent(row.throttledRatio)] : ['', '']
  return [[label, count(times.count), ...quantiles.map(milliseconds), ...traffic]]
}

function environment(facts: MarkdownFacts): string {
  const rows = [
    ['run', facts.runId],
    ['started', new Date(facts.epochMs).toISOString()],
    ['seed', facts.seed === undefined || originOf(facts) !== 'planned' ? '' : String(facts.seed)],
    ['commit', [facts.commit, facts.branch].filter((part) => part !== '').join(' on ')],
    ['headroom', facts.toolVersion],
    ['Node', facts.nodeVersion],
    ['host', [facts.host, facts.cpuModel].filter((part) => part !== '').join(', ')],
  ].filter(([, value]) => value !== '')
  const escapedRows = rows.map((cells) => cells.map(escaped))
  return `<details><summary>Environment</summary>\n\n${table(['', ''], escapedRows, 'manifest.json')}\n\n</details>`
}

/** @param moreIn the file that has the rows left out. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], moreIn: string): string {
  if (rows.length === 0) return ''
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const alignments = head.map((title, i) => (i === 0 || title === '' || isText(rows, i) ? '---' : '---:'))
  const lines = [line(head), line(alignments), ...rows.slice(0, MAX_ROWS).map(line)]
  const hiddenCount = rows.length - MAX_ROWS
  return hiddenCount > 0 ? `${lines.join('\n')}\n\n(${hiddenCount} more in ${moreIn})` : lines.join('\n')
}

function isText(rows: readonly (readonly string[])[], column: number): boolean {
  return rows.some((cells) => /[a-z]/i.test(cells[column] ?? ''))
}

/** Names come from scripts: nothing of them may become markup, or break a table. */
export function escaped(text: string): string {
  const shown = text.length > MAX_TEXT_LENGTH ? `${text.slice(0, MAX_TEXT_LENGTH)}…` : text
  return shown.replaceAll(/[\\`*_{}[\]<>|#~&@!]/g, '\\$&').replaceAll(/\s+/g, ' ')
}
