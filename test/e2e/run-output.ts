/** The files of a run, read back without anything of what wrote them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { readCsvRows } from '../support/csv-reader.ts'

export type Row = Readonly<Record<string, string>>

export interface RunOutput {
  readonly path: string
  readonly summary: readonly Row[]
  readonly timeseries: readonly Row[]
  readonly histogram: readonly Row[]
  readonly burst: readonly Row[]
  readonly thresholds: readonly Row[]
  readonly runs: readonly Row[]
  readonly manifest: Manifest
}

interface Manifest {
  readonly exitCode: number | null
  readonly wallFinishedAt: string | null
  readonly mock: { readonly counters: MockCounters } | null
  readonly options: unknown
}

/** The mock's own account, as the admin API and the manifest give it. */
export interface MockCounters {
  readonly resources: readonly {
    readonly name: string
    readonly operations: Readonly<Record<string, OperationCounters>>
  }[]
}

interface OperationCounters {
  readonly requestCount: number
  readonly admittedCount: number
  readonly refusedCounts: Readonly<Record<string, number>>
  readonly statusCounts: Readonly<Record<string, number>>
}

const OUTCOMES = [
  'accepted',
  'throttled',
  'client_error',
  'server_error',
  'timeout',
  'network_error',
  'aborted',
]
const REQUEST_COUNTS = ['offered', 'retry', 'sent', ...OUTCOMES].map((kind) => `${kind}_count`)
const ITERATION_COUNTS = ['iterations_due_count', 'iterations_dropped_count']

/** The directories of the runs below `out`, oldest first. */
export function runDirectories(out: string): string[] {
  if (!existsSync(out)) return []
  return readdirSync(out, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(out, entry.name))
    .sort()
}

/** Reads the only run below `out`. */
export function readRun(out: string): RunOutput {
  const directories = runDirectories(out)
  expect(directories).toHaveLength(1)
  return readRunDirectory(directories[0] ?? '', out)
}

export function readRunDirectory(path: string, out: string): RunOutput {
  const csv = (file: string): Row[] => readCsvRows(readFileSync(file, 'utf8'))
  return {
    path,
    summary: csv(join(path, 'summary.csv')),
    timeseries: csv(join(path, 'timeseries.csv')),
    histogram: csv(join(path, 'histogram.csv')),
    burst: csv(join(path, 'burst.csv')),
    thresholds: csv(join(path, 'thresholds.csv')),
    runs: csv(join(out, 'runs.csv')),
    manifest: JSON.parse(readFileSync(join(path, 'manifest.json'), 'utf8')) as Manifest,
  }
}

/** The row of that name in summary.csv. */
export function summaryOf(run: RunOutput, name = '_all'): Row {
  const row = run.summary.find((each) => each['name'] === name)
  if (row === undefined) throw new Error(`summary.csv has no row ${name}`)
  return row
}

/** A number of the row; an empty or missing field is an error. */
export function figure(row: Row, column: string): number {
  const text = row[column] ?? ''
  if (text === '') throw new Error(`no ${column} in ${JSON.stringify(row)}`)
  return Number(text)
}

/** The counts of a summary row by their column, those that are 0 left out. */
export function countsOf(row: Row): Record<string, number> {
  const counts = [...REQUEST_COUNTS, ...ITERATION_COUNTS].map(
    (column) => [column, Number(row[column])] as const,
  )
  return Object.fromEntries(counts.filter(([, count]) => count > 0))
}

/** timeseries.csv, histogram.csv and runs.csv say the same as summary.csv: every count, of every name. */
export function expectToAddUp(run: RunOutput): void {
  const names = run.summary.map((row) => row['name'] ?? '')
  expect(names[0]).toBe('_all')
  for (const name of names) {
    const summary = summaryOf(run, name)
    const columns = [...REQUEST_COUNTS, ...(name === '_all' ? ITERATION_COUNTS : [])]
    expect(pick(summary, columns)).toEqual(secondsOf(run, name, columns))
    expect(sum(OUTCOMES.map((outcome) => figure(summary, `${outcome}_count`)))).toBe(
      figure(summary, 'sent_count'),
    )
    expectHistograms(run, name, summary)
  }
  expectAllIsSum(run, names.slice(1))
  expectWholeSeconds(run)
  const { run_id: runId } = summaryOf(run)
  const line = run.runs.find((row) => row['run_id'] === runId) ?? {}
  expect(pick(line, REQUEST_COUNTS)).toEqual(pick(summaryOf(run), REQUEST_COUNTS))
}

/** The mock counted what the run counted: requests, admitted ones and 429s of each operation. A name is an operation here. */
export function expectOracleAgrees(run: RunOutput, counters: MockCounters | undefined): void {
  const operations = counters?.resources.flatMap((resource) => Object.entries(resource.operations)) ?? []
  expect(operations.length).toBeGreaterThan(0)
  const names = run.summary.slice(1).map((row) => row['name'] ?? '')
  expect(operations.map(([name]) => name).sort()).toEqual(names.sort())
  for (const [name, counts] of operations) {
    const client = summaryOf(run, name)
    expect({
      requests: figure(client, 'sent_count'),
      accepted: figure(client, 'accepted_count'),
      throttled: figure(client, 'throttled_count'),
    }).toEqual({
      requests: counts.requestCount,
      accepted: counts.admittedCount,
      throttled: counts.statusCounts['429'] ?? 0,
    })
  }
}

function secondsOf(run: RunOutput, name: string, columns: readonly string[]): Record<string, number> {
  const rows = run.timeseries.filter((row) => row['name'] === name && row['phase'] !== 'warmup')
  return Object.fromEntries(columns.map((column) => [column, sum(rows.map((row) => figure(row, column)))]))
}

/** A request that was cut off has no duration; every other one has a service and a response time. */
function expectHistograms(run: RunOutput, name: string, summary: Row): void {
  const counts = (measure: string, outcome: string): number =>
    sum(
      run.histogram
        .filter((row) => row['name'] === name && row['measure'] === measure && row['outcome'] === outcome)
        .map((row) => figure(row, 'count')),
    )
  for (const outcome of OUTCOMES) {
    const expected = outcome === 'aborted' ? 0 : figure(summary, `${outcome}_count`)
    expect(counts('service_time', outcome)).toBe(expected)
    expect(counts('response_time', outcome)).toBe(expected)
  }
  const operations = sum(OUTCOMES.map((outcome) => counts('operation_duration', outcome)))
  expect(operations).toBeLessThanOrEqual(figure(summary, 'operations_count'))
  if (name !== '_all') return
  const started = figure(summary, 'iterations_due_count') - figure(summary, 'iterations_dropped_count')
  expect(counts('schedule_delay', '')).toBe(started)
}

function expectAllIsSum(run: RunOutput, names: readonly string[]): void {
  const total = (column: string): number => sum(names.map((name) => figure(summaryOf(run, name), column)))
  const expected = Object.fromEntries(REQUEST_COUNTS.map((column) => [column, total(column)]))
  expect(pick(summaryOf(run), REQUEST_COUNTS)).toEqual(expected)
}

/** One `_all` row for each second from the first, whether anything happened in it or not. */
function expectWholeSeconds(run: RunOutput): void {
  const seconds = run.timeseries.filter((row) => row['name'] === '_all').map((row) => figure(row, 'second'))
  expect(seconds).toEqual(seconds.map((_, second) => second))
}

function pick(row: Row, columns: readonly string[]): Record<string, number> {
  return Object.fromEntries(columns.map((column) => [column, figure(row, column)]))
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
