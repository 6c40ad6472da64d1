/** Imports of small files made by hand, and what their rows are compared with. */
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { headroom, temporaryFolder, type CommandEnd } from './command.ts'
import type { Row, RunOutput } from './run-output.ts'

const GOLDEN = new URL('../golden/imports/', import.meta.url)

interface ImportEnd extends CommandEnd {
  readonly folder: string
  readonly out: string
}

export function goldenText(name: string): string {
  return readFileSync(new URL(name, GOLDEN), 'utf8')
}

/** Imports files of a folder that has the golden ones and these. */
export async function imported(
  argv: readonly string[],
  files: Readonly<Record<string, string | Uint8Array>> = {},
): Promise<ImportEnd> {
  const folder = temporaryFolder()
  for (const name of argv) {
    if (existsSync(new URL(name, GOLDEN))) copyFileSync(new URL(name, GOLDEN), join(folder, name))
  }
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  const out = join(folder, 'out')
  return { folder, out, ...(await headroom(['import', ...argv, '--out', out], { cwd: folder })) }
}

const IDENTITY = ['schema_version', 'run_id', 'started_at', 'scenario', 'verdict_reasons']

/** The fields of a row that are not empty, without what every row of the run has. */
export function known(row: Row): Record<string, string> {
  return Object.fromEntries(
    Object.entries(row).filter(([key, value]) => value !== '' && !IDENTITY.includes(key)),
  )
}

/** The rows of summary.csv by name. */
export function knownRows(run: RunOutput): Record<string, Record<string, string>> {
  return Object.fromEntries(run.summary.map((row) => [row['name'], known(row)]))
}

export function counts(given: Readonly<Record<string, number>>): Record<string, string> {
  const none = { accepted: 0, throttled: 0, client_error: 0, server_error: 0, timeout: 0, network_error: 0 }
  const all = { retry: 0, ...none, aborted: 0, ...given }
  return Object.fromEntries(Object.entries(all).map(([name, count]) => [`${name}_count`, String(count)]))
}

/** One value is all quantiles; of three values, p50 is the second, known to a thousandth, and the others the third. */
export function accepted(min: string, mean: string, p50: string, max: string): Record<string, string> {
  return {
    response_time_accepted_min_ms: min,
    response_time_accepted_mean_ms: mean,
    response_time_accepted_p50_ms: p50,
    response_time_accepted_p90_ms: max,
    response_time_accepted_p95_ms: max,
    response_time_accepted_p99_ms: max,
    response_time_accepted_p999_ms: max,
    response_time_accepted_max_ms: max,
    service_time_accepted_p50_ms: p50,
    service_time_accepted_p95_ms: max,
    service_time_accepted_p99_ms: max,
    service_time_accepted_max_ms: max,
    operation_duration_p50_ms: p50,
    operation_duration_p95_ms: max,
    operation_duration_p99_ms: max,
  }
}

export function peaks(
  offered: readonly [string, string],
  ofAccepted: readonly [string, string?],
): Record<string, string> {
  const [peak, ratio] = offered
  const [acceptedPeak, acceptedRatio] = ofAccepted
  return {
    offered_peak_1s_rps: peak,
    offered_peak_to_average_1s_ratio: ratio,
    sent_peak_1s_rps: peak,
    sent_peak_to_average_1s_ratio: ratio,
    accepted_peak_1s_rps: acceptedPeak,
    ...(acceptedRatio !== undefined && { accepted_peak_to_average_1s_ratio: acceptedRatio }),
  }
}

export const THROTTLED_20_MS: Row = {
  response_time_throttled_p50_ms: '20',
  response_time_throttled_p99_ms: '20',
}

/** Histograms and seconds hold what the summary says. */
export function expectSums(run: RunOutput): void {
  for (const row of run.summary) {
    const name = row['name'] ?? ''
    for (const outcome of ['accepted', 'throttled', 'server_error', 'timeout', 'network_error']) {
      const expected = Number(row[`${outcome}_count`])
      const seconds = run.timeseries.filter((each) => each['name'] === name)
      expect(sum(seconds.map((each) => Number(each[`${outcome}_count`])))).toBe(expected)
      const buckets = run.histogram.filter(
        (each) => each['name'] === name && each['outcome'] === outcome && each['measure'] === 'response_time',
      )
      expect(sum(buckets.map((each) => Number(each['count'])))).toBe(expected)
    }
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
