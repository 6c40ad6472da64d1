/** Where a run did something else than was expected of it. */
import { isDeepStrictEqual } from 'node:util'
import { type Expectation, isCount, showCount } from './case.ts'
import type { Observation } from './observation.ts'
import { requestDifferences } from './request-differences.ts'

/** The generator was late or had no VU left: headroom's verdict, which k6 has not, hides what is below it. */
const INVALID_RUN = 3
const HIDDEN_BY_INVALID: readonly (number | null)[] = [0, 99, 108, 110]

/** One line for each difference; none: the run is as expected. */
export function differences(expected: Expectation, observed: Observation): string[] {
  return [
    ...exitCodeDifferences(expected.exitCode, observed.exitCode),
    ...requestDifferences(expected, observed.requests),
    ...summaryDifferences(expected, observed),
    ...printDifferences(expected, observed),
  ]
}

export function exitCodeDifferences(expected: number | null, observed: number | null): string[] {
  const isHidden = observed === INVALID_RUN && HIDDEN_BY_INVALID.includes(expected)
  return expected === observed || isHidden ? [] : [`exit code ${observed}, expected ${expected}`]
}

function summaryDifferences(expected: Expectation, { summary, requests }: Observation): string[] {
  const { checks, metrics, thresholds } = summary
  const iterations = metrics['iterations']?.['count'] ?? 0
  // What arrived is what was counted, unless the script is about requests that do not arrive.
  const http_reqs = { count: requests.length }
  const hasSummary = Object.keys(metrics).length > 0
  const expectedMetrics = hasSummary ? { http_reqs, ...expected.metrics } : expected.metrics
  return [
    ...(isCount(expected.iterations, iterations)
      ? []
      : [`${iterations} iterations, expected ${showCount(expected.iterations)}`]),
    ...equalDifferences('check', expected.checks, checks),
    ...equalDifferences('thresholds of', expected.thresholds, thresholds),
    ...metricDifferences(expectedMetrics, metrics),
  ]
}

/** Every key of either side must stand in the other with the same value. */
export function equalDifferences(
  what: string,
  expected: Readonly<Record<string, unknown>>,
  observed: Readonly<Record<string, unknown>>,
): string[] {
  const keys = new Set([...Object.keys(expected), ...Object.keys(observed)])
  return [...keys]
    .filter((key) => !isDeepStrictEqual(observed[key], expected[key]))
    .map((key) => `${what} ${key}: ${show(observed[key])}, expected ${show(expected[key])}`)
}

export function metricDifferences(
  expected: Expectation['metrics'],
  observed: Readonly<Record<string, Readonly<Record<string, number>>>>,
): string[] {
  return Object.entries(expected).flatMap(([name, statistics]) =>
    Object.entries(statistics)
      .map(([statistic, count]) => ({ statistic, count, value: observed[name]?.[statistic] }))
      .filter(({ count, value }) => value === undefined || !isCount(count, value))
      .map(({ statistic, count, value }) => `${name} ${statistic}: ${value}, expected ${showCount(count)}`),
  )
}

function printDifferences(expected: Expectation, { output, files }: Observation): string[] {
  const unsaid = expected.prints.filter((text) => !output.includes(text))
  return [
    ...unsaid.map((text) => `the output has nothing of ${show(text)}`),
    ...equalDifferences('file', expected.files, files),
  ]
}

function show(value: unknown): string {
  return value === undefined ? 'none' : JSON.stringify(value)
}
