/** Observations made by hand, for the tests of what compares them. */
import type { RecordedRequest } from '../support/recording-server.ts'
import type { Expectation } from './case.ts'
import { EMPTY_SUMMARY, type K6Summary } from './k6-summary.ts'
import type { Observation } from './observation.ts'

export function expectation(given: Partial<Expectation> = {}): Expectation {
  const nothing = { flags: [], env: {}, requests: [], checks: {}, metrics: {}, thresholds: {}, prints: [] }
  return { ...nothing, exitCode: 0, iterations: 1, ordered: true, files: {}, ...given }
}

/** One iteration, whose requests were all counted. */
export function observation(
  lines: readonly string[] = [],
  given: Partial<Observation> = {},
  summary: Partial<K6Summary> = {},
): Observation {
  const requests = lines.map((line) => request(line))
  const metrics = { iterations: { count: 1 }, http_reqs: { count: requests.length }, ...summary.metrics }
  const whole = { ...EMPTY_SUMMARY, ...summary, metrics }
  return { exitCode: 0, requests, summary: whole, output: '', files: {}, ...given }
}

/** @param line `METHOD /path`. */
export function request(line: string, given: Partial<RecordedRequest> = {}): RecordedRequest {
  const [method = '', path = ''] = line.split(' ')
  return { method, path, headers: {}, body: '', ...given }
}
