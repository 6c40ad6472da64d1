/** Where headroom and k6 did not do the same with a script. */
import type { RecordedRequest } from '../support/recording-server.ts'
import type { CorpusCase, Expectation } from './case.ts'
import { equalDifferences, exitCodeDifferences } from './differences.ts'
import type { Observation } from './observation.ts'
import { fieldsOfForm } from './request-differences.ts'

export const ASPECTS = ['requests', 'checks', 'metrics', 'thresholds', 'exit code'] as const
export type Aspect = (typeof ASPECTS)[number]

export interface Comparison {
  readonly name: string
  /** What k6 did is what was expected of headroom. */
  readonly differences: Readonly<Record<Aspect, readonly string[]>>
}

/** Counters that depend on the script alone; of other built-in metrics the figures are times or sizes. */
const BUILTIN_COUNTERS = ['iterations', 'dropped_iterations', 'http_reqs']

/**
 * Compares what depends on the script alone. What the expectation gives as a range depends on time as well: there it is
 * enough that both are within, which `differences` looks at.
 */
export function compareRuns(
  { name, expectation }: CorpusCase,
  headroom: Observation,
  k6: Observation,
): Comparison {
  return {
    name,
    differences: {
      requests: requestsThatDiffer(expectation, headroom.requests, k6.requests),
      checks: equalDifferences('check', k6.summary.checks, headroom.summary.checks),
      metrics: equalDifferences('metric', figuresOf(expectation, k6), figuresOf(expectation, headroom)),
      thresholds: equalDifferences('thresholds of', k6.summary.thresholds, headroom.summary.thresholds),
      'exit code': exitCodeDifferences(k6.exitCode, headroom.exitCode),
    },
  }
}

export function isSame({ differences }: Comparison): boolean {
  return ASPECTS.every((aspect) => differences[aspect].length === 0)
}

function requestsThatDiffer(
  expectation: Expectation,
  headroom: readonly RecordedRequest[],
  k6: readonly RecordedRequest[],
): string[] {
  const compared = (requests: readonly RecordedRequest[]): string[] => {
    const exact = requests.filter((request) => !hasRange(expectation, request)).map(describe)
    return expectation.ordered ? exact.map((text, index) => `${index + 1}. ${text}`) : exact
  }
  return equalDifferences('request', tally(compared(k6)), tally(compared(headroom)))
}

function hasRange({ requests }: Expectation, { method, path }: RecordedRequest): boolean {
  return requests.some(
    (each) => each.method === method && each.path === path && typeof each.count !== 'number',
  )
}

/** Without what differs from run to run: boundaries, the order of a form's fields. */
function describe({ method, path, headers, body, parts }: RecordedRequest): string {
  const [type] = (headers['content-type'] ?? '').split(';')
  const content = parts ?? fieldsOfForm(headers, body) ?? body
  return `${method} ${path} ${type} ${JSON.stringify(content)}`
}

function tally(texts: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const text of texts) counts[text] = (counts[text] ?? 0) + 1
  return counts
}

/** Figures by `metric statistic`: the built-in counters, and what the expectation gives exactly. */
function figuresOf(expectation: Expectation, { summary: { metrics } }: Observation): Record<string, number> {
  const ofScript = Object.entries(expectation.metrics).flatMap(([name, statistics]) =>
    Object.entries(statistics).map(([statistic, count]) => ({ name, statistic, count })),
  )
  const builtin = BUILTIN_COUNTERS.filter((name) => !dependsOnTime(expectation, name)).map((name) => ({
    name,
    statistic: 'count',
  }))
  return Object.fromEntries(
    [...ofScript.filter(({ count }) => typeof count === 'number'), ...builtin].map(({ name, statistic }) => [
      `${name} ${statistic}`,
      rounded(metrics[name]?.[statistic] ?? 0),
    ]),
  )
}

function dependsOnTime({ iterations, metrics, requests }: Expectation, counter: string): boolean {
  const given = metrics[counter]?.['count']
  if (given !== undefined) return typeof given !== 'number'
  if (counter !== 'http_reqs') return typeof iterations !== 'number'
  return requests.some(({ count }) => typeof count !== 'number')
}

/** Sums of fractions may differ in their last digits. */
function rounded(value: number): number {
  return Number(value.toPrecision(9))
}
