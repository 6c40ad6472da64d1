import { ALL_NAMES } from '../../../measure/names.ts'
import { errorCount } from '../../../measure/outcome.ts'
import type { CheckResult, MetricSummary, NameSummary, RunSummary } from '../../../measure/summary.ts'
import {
  count,
  duration,
  figure,
  milliseconds,
  NONE,
  percent,
  rate,
  supportedP999Us,
  supportedP99Us,
} from '../../format.ts'
import type { Origin } from '../../origin.ts'
import { trafficRows } from '../../traffic-lines.ts'
import { element, escaped } from '../markup.ts'
import { tableMarkup } from '../table.ts'

/** The run in figures: those of one line add up. */
export function figuresPart(summary: RunSummary, origin: Origin): string {
  const all = summary.names.find(({ name }) => name === ALL_NAMES)
  if (all === undefined) return ''
  const rows = trafficRows(summary, all, origin).flatMap(([label, parts]) => [
    element('dt', {}, escaped(label)),
    element('dd', {}, ...parts.map((part) => `${element('span', {}, escaped(part))} `)),
  ])
  return element('section', {}, element('h2', {}, 'Figures'), element('dl', { class: 'figures' }, ...rows))
}

/** A row for each request name, then all together. */
export function namesPart(names: readonly NameSummary[], origin: Origin): string {
  const rows = [...names.filter(({ name }) => name !== ALL_NAMES), ...names.filter(isAll)].map(nameRow)
  const table = tableMarkup({
    caption: `Response times in ms of accepted replies, from when they were ${origin === 'planned' ? 'due' : 'sent'}. ${MISSING[origin]}`,
    head: ['name', 'sent', 'accepted', 'per s', 'throttled', 'errors', ...DURATION_HEADS],
    rows,
  })
  return element('section', { id: 'requests' }, element('h2', {}, 'Requests by name'), table)
}

const TOO_FEW = `“${NONE}”: too few replies for that percentile`
const MISSING: Readonly<Record<Origin, string>> = {
  planned: `${TOO_FEW}.`,
  closed: `${TOO_FEW}.`,
  imported: `${TOO_FEW}, or the source does not say.`,
}

const DURATION_HEADS = ['p50', 'p90', 'p95', 'p99', 'p99.9', 'max', 'throttled p50']

function isAll({ name }: NameSummary): boolean {
  return name === ALL_NAMES
}

function nameRow(row: NameSummary): string[] {
  const { responseTimeAccepted: accepted, outcomeCounts } = row
  const us = [
    accepted.p50Us,
    accepted.p90Us,
    accepted.p95Us,
    supportedP99Us(accepted),
    supportedP999Us(accepted),
    accepted.maxUs,
    row.responseTimeThrottled.p50Us,
  ]
  return [
    isAll(row) ? 'all' : row.name,
    count(row.sentCount),
    count(outcomeCounts.accepted),
    rate(row.acceptedRps),
    percent(row.throttledRatio),
    count(errorCount(outcomeCounts)),
    ...us.map(milliseconds),
  ]
}

/** Checks of the script, failed ones first; nothing when there are none. */
export function checksPart(checks: readonly CheckResult[]): string {
  if (checks.length === 0) return ''
  const sorted = checks.toSorted((a, b) => b.fails - a.fails)
  const table = tableMarkup({
    caption: 'Checks of the script, by how often they failed.',
    head: ['check', 'failed', 'passed', 'share passed'],
    rows: sorted.map(({ name, passes, fails }) => [
      name,
      count(fails),
      count(passes),
      percent(passes / Math.max(passes + fails, 1)),
    ]),
  })
  return element('section', {}, element('h2', {}, 'Checks'), table)
}

/** Metrics that the script defines, or a saturation beside the others; nothing when there are none. */
export function metricsPart(metrics: readonly MetricSummary[], origin: Origin): string {
  if (metrics.length === 0) return ''
  const table = tableMarkup({
    caption: 'As k6 adds them up.',
    head: ['metric', 'type', 'values'],
    rows: metrics.map(({ name, type, isTime, values }) => [
      name,
      type,
      Object.entries(values)
        .map(([key, value]) => `${key} ${isTime ? duration(value * 1_000) : figure(value)}`)
        .join('   '),
    ]),
  })
  const title = origin === 'planned' ? 'Metrics of the script' : 'Further metrics'
  return element('section', {}, element('h2', {}, title), table)
}
