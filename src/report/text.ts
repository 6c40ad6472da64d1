import type { ExitCode } from '../core/errors.ts'
import type { CheckResult, MetricSummary, RunSummary } from '../measure/summary.ts'
import { count, figure, NONE } from './format.ts'
import { latencySection } from './latency-table.ts'
import { clip, fill, fitSections, hanging, length, type Line, paint, type Section } from './layout.ts'
import type { Styler } from './style.ts'
import { trafficSection } from './traffic-lines.ts'
import { headline, instrumentSection, thresholdSection } from './verdict-lines.ts'

/** The summary is read in one look; what does not fit stands in the files. */
const MAX_LINES = 40

/** A narrower terminal breaks the lines itself. */
const MIN_WIDTH = 60

/** What the summary says about the run besides its figures. */
export interface TextFacts {
  readonly scenario: string
  /** Without credentials and query. */
  readonly target: string
  readonly time: 'real' | 'virtual'
  readonly exitCode: ExitCode
  /** `undefined` when no files were written. */
  readonly resultsPath: string | undefined
}

/**
 * The end-of-run summary: verdicts first, path of the results last, at most 40 lines, none longer than `width`
 * (or 60, if that is more) except the path, which must stay in one piece to be copied.
 */
export function renderSummary(
  summary: RunSummary,
  facts: TextFacts,
  look: { readonly color: Styler; readonly width: number },
): string {
  const width = Math.max(MIN_WIDTH, look.width)
  const all = summary.names.find((row) => row.name === '_all')
  const sections = [
    plain(headline(summary, facts, width)),
    thresholdSection(summary.thresholds, width),
    instrumentSection(summary.verdict, all, width),
    ...(all === undefined ? [] : [trafficSection(summary, all, width)]),
    latencySection(summary.names, width),
    checkSection(summary.checks, width),
    metricSection(summary.metrics, width),
    warningSection(summary.warnings, width),
    plain(facts.resultsPath === undefined ? [] : pathLines(facts.resultsPath, width)),
  ]
  const lines = fitSections(sections, MAX_LINES)
  return `${lines.map((line) => paint(line, look.color)).join('\n')}\n`
}

function plain(head: readonly Line[]): Section {
  return { head, items: [], keepCount: 0, more: () => ({ text: '' }), tail: [], isLastToCut: true }
}

function checkSection(checks: readonly CheckResult[], width: number): Section {
  const passes = checks.reduce((sum, check) => sum + check.passes, 0)
  const fails = checks.reduce((sum, check) => sum + check.fails, 0)
  const total = `Checks      ${count(passes)} passed, ${count(fails)} failed`
  return {
    head: checks.length === 0 ? [] : [{ text: clip(total, width) }],
    items: checks
      .filter((check) => check.fails > 0)
      .map((check) => {
        const failed = `failed ${count(check.fails)} of ${count(check.passes + check.fails)}   `
        return [{ text: `  ${failed}${clip(check.name, width - 2 - failed.length)}` }]
      }),
    keepCount: 0,
    more: (hiddenCount) => ({ text: `  (${hiddenCount} more in summary.json)` }),
    tail: [],
    isLastToCut: false,
  }
}

function metricSection(metrics: readonly MetricSummary[], width: number): Section {
  return {
    head: metrics.length === 0 ? [] : [{ text: 'Metrics of the script' }],
    items: metrics.map((metric) => metricLines(metric, width)),
    keepCount: 0,
    more: (hiddenCount) => ({ text: `  (${hiddenCount} more in summary.json)` }),
    tail: [],
    isLastToCut: false,
  }
}

function metricLines(metric: MetricSummary, width: number): Line[] {
  const unit = metric.isTime ? ' ms' : ''
  const values = Object.entries(metric.values).map(([name, value]) => `${name} ${figure(value)}${unit}`)
  const name = clip(metric.name, width - 4)
  const lines = fill([name, ...(values.length === 0 ? [NONE] : values)], width - 4)
  return lines.map((line, i) => ({ text: `${i === 0 ? '  ' : '    '}${line}` }))
}

function warningSection(warnings: readonly string[], width: number): Section {
  return {
    head: [],
    items: warnings.map((warning) => hanging('warning:', 'warn', 9, warning, width)),
    keepCount: 1,
    more: (hiddenCount) => ({ text: `(${hiddenCount} more warnings in summary.json)` }),
    tail: [],
    isLastToCut: false,
  }
}

function pathLines(path: string, width: number): Line[] {
  const line = `Results     ${path}`
  return length(line) <= width ? [{ text: line }] : [{ text: 'Results' }, { text: path }]
}
