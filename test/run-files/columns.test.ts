import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { VERDICT_CODES } from '../../src/measure/summary.ts'
import { comparisonCsv } from '../../src/run-files/comparison-csv.ts'
import { gateJournalHeader } from '../../src/run-files/gate-journal.ts'
import { calibrationCsv } from '../../src/run-files/nights-calibration-csv.ts'
import { nightsCsv } from '../../src/run-files/nights-csv.ts'
import { requestsHeader } from '../../src/run-files/requests-csv.ts'
import { resultFiles } from '../../src/run-files/result-files.ts'
import type { RunFacts } from '../../src/run-files/run-facts.ts'
import { runsHeader } from '../../src/run-files/runs-csv.ts'
import { timeseriesHeader } from '../../src/run-files/timeseries-csv.ts'
import { readCsvRows } from '../support/csv-reader.ts'
import { FACTS, SUMMARY } from '../support/summary-fixture.ts'

/** The published columns, in order. Readers of older files depend on them: new ones go to the end. */
const OUTCOME_COUNTS =
  'accepted_count,throttled_count,client_error_count,server_error_count,timeout_count,network_error_count,aborted_count'

const SUMMARY_NUMBERS_BEFORE_VERDICT = 'duration_s'
const SUMMARY_NUMBERS = [
  'offered_count,retry_count,sent_count',
  OUTCOME_COUNTS,
  'iterations_due_count,iterations_dropped_count,operations_count,operations_failed_count',
  'offered_rps,sent_rps,accepted_rps,cap_rps,accepted_to_cap_ratio',
  'throttled_ratio,expected_throttled_ratio,error_ratio',
  'offered_peak_1s_rps,sent_peak_1s_rps,accepted_peak_1s_rps',
  'offered_peak_to_average_1s_ratio,sent_peak_to_average_1s_ratio,accepted_peak_to_average_1s_ratio',
  'retry_amplification_ratio,inflight_mean_count,inflight_max_count',
  'response_time_accepted_min_ms,response_time_accepted_mean_ms,response_time_accepted_p50_ms',
  'response_time_accepted_p90_ms,response_time_accepted_p95_ms,response_time_accepted_p99_ms',
  'response_time_accepted_p999_ms,response_time_accepted_max_ms',
  'service_time_accepted_p50_ms,service_time_accepted_p95_ms,service_time_accepted_p99_ms,service_time_accepted_max_ms',
  'response_time_throttled_p50_ms,response_time_throttled_p99_ms',
  'operation_duration_p50_ms,operation_duration_p95_ms,operation_duration_p99_ms',
  'retry_after_p50_s,retry_after_max_s',
  'schedule_delay_p50_ms,schedule_delay_p99_ms,schedule_delay_max_ms',
  'loop_utilization_max_ratio,sent_bytes,received_bytes',
].join(',')

const COLUMNS: Readonly<Record<string, string>> = {
  'summary.csv': `schema_version,run_id,started_at,scenario,name,${SUMMARY_NUMBERS_BEFORE_VERDICT},verdict,${SUMMARY_NUMBERS},verdict_reasons`,
  'histogram.csv': 'schema_version,run_id,name,outcome,measure,low_us,high_us,count',
  'burst.csv':
    'schema_version,run_id,name,traffic,window_ms,peak_rps,mean_rps,peak_to_average_ratio,dispersion_ratio',
  'thresholds.csv': 'schema_version,run_id,metric,expression,observed,unit,result,aborted',
}

const NO_NIGHT = {
  head: { runId: '', scenario: '' },
  confirmation: undefined,
  state: 'passed',
  metrics: [],
}
const NO_CALIBRATION = {
  scenario: '',
  promisedRatio: 0.01,
  alarms: { count: 0, totalCount: 0, ratio: undefined, interval: undefined },
  detections: [],
}

describe('columns', () => {
  const files = new Map(resultFiles(FACTS, SUMMARY).map((file) => [file.name, file.text]))

  it.each(Object.entries(COLUMNS))('of %s are the published ones', (name, columns) => {
    expect(files.get(name)?.split('\r\n')[0]).toBe(columns)
  })

  it('of requests.csv.gz are the published ones', () => {
    expect(gunzipSync(requestsHeader()).toString()).toBe(
      [
        'schema_version,run_id,second,sent_at,warmup,name,scenario,method,vu,attempt,outcome,status,error',
        'response_time_ms,service_time_ms,first_byte_ms,connecting_ms,retry_after_s,sent_bytes,received_bytes\r\n',
      ].join(','),
    )
  })

  it('of timeseries.csv are the published ones', () => {
    expect(timeseriesHeader()).toBe(
      [
        'schema_version,run_id,second,timestamp,phase,name,offered_count,retry_count,sent_count',
        OUTCOME_COUNTS,
        'response_time_accepted_sum_ms,response_time_accepted_p50_ms,response_time_accepted_p95_ms',
        'response_time_accepted_p99_ms,response_time_accepted_max_ms,response_time_throttled_p50_ms',
        'inflight_max_count,cap_rps,schedule_delay_max_ms,iterations_due_count,iterations_dropped_count\r\n',
      ].join(','),
    )
  })

  it('of runs.csv are identity and every number of summary.csv', () => {
    expect(runsHeader()).toBe(
      [
        'schema_version,run_id,started_at,scenario,script_sha256,options_sha256,seed,target_kind,target',
        'tool_version,node_version,host,commit,branch,exit_code',
        SUMMARY_NUMBERS_BEFORE_VERDICT,
        `${SUMMARY_NUMBERS}\r\n`,
      ].join(','),
    )
  })

  const headers = new Map([
    ...Object.keys(COLUMNS).map((name) => [name, firstLine(files.get(name) ?? '')] as const),
    ['timeseries.csv', timeseriesHeader()],
    ['requests.csv.gz', gunzipSync(requestsHeader()).toString()],
    ['runs.csv', runsHeader()],
    ['comparison.csv', comparisonCsv({ base: [], head: [], comparisons: [] })],
    ['nights.csv', nightsCsv(NO_NIGHT)],
    ['calibration.csv', firstLine(calibrationCsv(NO_CALIBRATION))],
    ['gate.csv', gateJournalHeader()],
  ])

  it.each([...headers])('of %s are those that results/README.md explains', (name, header) => {
    const documented = documentedIn(name).flatMap(({ columns }) => columns)
    expect(documented.sort()).toEqual(header.trimEnd().split(',').sort())
  })

  it.each([...headers.keys()])('of %s have the unit there that their names end in', (name) => {
    const wrong = documentedIn(name).filter(({ columns, unit }) =>
      columns.some((column) => !(UNITS[/_([a-z]+)$/.exec(column)?.[1] ?? ''] ?? [unit]).includes(unit)),
    )
    expect(wrong.filter(({ meaning }) => !/^(?:as above|every numeric column of)/.test(meaning))).toEqual([])
  })
})

describe('reasons for the verdict', () => {
  it('are those that results/README.md explains', () => {
    const codes = [...sectionOf('The verdict').matchAll(/^\| `(\w+)` \|/gm)].map(([, code]) => code)
    expect(codes).toEqual(VERDICT_CODES)
  })

  it.each<[string, Partial<RunFacts>, readonly (typeof VERDICT_CODES)[number][], readonly [string, string]]>([
    ['a VALID run', {}, [], ['VALID', '']],
    ['several', {}, ['dropped', 'clock_step'], ['SUSPECT', 'dropped clock_step']],
    ['an import, of which there is no verdict', { targetKind: 'imported' }, ['imported'], ['', 'imported']],
  ])('stand in summary.csv by their codes: %s', (_story, facts, codes, written) => {
    const reasons = codes.map((code) => ({
      level: 'SUSPECT' as const,
      code,
      what: 'it is so',
      todo: 'end it',
    }))
    const verdict = { level: codes.length === 0 ? ('VALID' as const) : ('SUSPECT' as const), reasons }
    const files = resultFiles({ ...FACTS, ...facts }, { ...SUMMARY, verdict })
    const rows = readCsvRows(files.find(({ name }) => name === 'summary.csv')?.text ?? '')
    expect(rows.map((row) => [row['verdict'], row['verdict_reasons']])).toEqual(rows.map(() => written))
    expect(rows.length).toBeGreaterThan(1)
  })
})

/** What results/README.md may call the unit of a column, by the end of its name. */
const UNITS: Readonly<Record<string, readonly string[]>> = {
  us: ['µs'],
  ms: ['ms'],
  s: ['s'],
  rps: ['1/s'],
  ratio: ['ratio'],
  bytes: ['bytes'],
  count: ['requests', 'replies', 'iterations', 'operations', 'nights'],
}

interface DocumentedRow {
  readonly columns: readonly string[]
  readonly unit: string
  readonly meaning: string
}

/** The rows of the table in that file's section of results/README.md. */
function documentedIn(file: string): DocumentedRow[] {
  const rows = [...sectionOf(file).matchAll(/^\| ([^|]+) \|([^|]*)\|([^|]*)\|$/gm)].slice(1)
  return rows.map(([, names = '', unit = '', meaning = '']) => ({
    columns: names.split(/, (?![^{]*\})/).flatMap(expand),
    unit: unit.trim(),
    meaning: meaning.trim(),
  }))
}

/** A section of results/README.md. */
function sectionOf(title: string): string {
  const readme = readFileSync(new URL('../../results/README.md', import.meta.url), 'utf8')
  return readme.split(/^## /m).find((text) => text.startsWith(`${title}\n`)) ?? ''
}

/** `a_{b,c}_ms` → `a_b_ms`, `a_c_ms`; the first to the last number of summary.csv → all between them. */
function expand(name: string): string[] {
  if (name === 'duration_s … received_bytes')
    return [SUMMARY_NUMBERS_BEFORE_VERDICT, ...SUMMARY_NUMBERS.split(',')]
  const [, before = '', choices = '', after = ''] = /^(.*)\{(.*)\}(.*)$/.exec(name) ?? []
  return choices === '' ? [name] : choices.split(',').map((choice) => before + choice + after)
}

function firstLine(text: string): string {
  return text.split('\r\n')[0] ?? ''
}
