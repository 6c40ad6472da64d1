import { build, type JsHistogram } from 'hdr-histogram-js'
import { describe, expect, it } from 'vitest'
import type { RunSummary } from '../../src/measure/summary.ts'
import { resultFiles } from '../../src/run-files/result-files.ts'
import { runsRow, runsHeader } from '../../src/run-files/runs-csv.ts'
import { timeseriesHeader, timeseriesRows } from '../../src/run-files/timeseries-csv.ts'
import type { RunFacts } from '../../src/run-files/run-facts.ts'
import { readCsvRows } from '../support/csv-reader.ts'
import { END, FACTS, NO_DURATION, SECOND, SUMMARY } from '../support/summary-fixture.ts'

function fileText(name: string, summary: RunSummary = SUMMARY, facts: RunFacts = FACTS): string {
  return resultFiles(facts, summary).find((file) => file.name === name)?.text ?? ''
}

function rowsOf(name: string): Record<string, string>[] {
  return readCsvRows(fileText(name))
}

describe('summary.csv', () => {
  it('holds the figures of every name', () => {
    const [all, rank, reward] = rowsOf('summary.csv')
    expect(all).toMatchObject({
      schema_version: '1',
      run_id: FACTS.runId,
      started_at: '2026-11-21T02:17:00.000Z',
      scenario: 'personalizer-rank-reward',
      name: '_all',
      duration_s: '300',
      verdict: 'VALID',
      offered_count: '19204',
      accepted_count: '17844',
      network_error_count: '0',
      iterations_due_count: '19206',
      iterations_dropped_count: '2',
      offered_rps: '64.013333',
      cap_rps: '60',
      accepted_to_cap_ratio: '0.991333',
      throttled_ratio: '0.256',
      expected_throttled_ratio: '0.25',
      error_ratio: '0.0005',
      offered_peak_1s_rps: '69',
      sent_peak_to_average_1s_ratio: '1.2',
      inflight_mean_count: '5.4321',
      response_time_accepted_min_ms: '1.204',
      response_time_accepted_mean_ms: '48.21',
      response_time_accepted_p999_ms: '590.5',
      service_time_accepted_max_ms: '970.6',
      response_time_throttled_p99_ms: '11.4',
      operation_duration_p95_ms: '2300',
      retry_after_p50_s: '1',
      retry_after_max_s: '2.5',
      schedule_delay_p50_ms: '0.12',
      loop_utilization_max_ratio: '0.234568',
      sent_bytes: '11345678',
    })
    expect([rank?.['name'], reward?.['name']]).toEqual(['rank', 'reward'])
  })

  it('leaves empty what does not apply', () => {
    const rank = rowsOf('summary.csv')[1]
    const empty = ['iterations_due_count', 'iterations_dropped_count', 'cap_rps', 'accepted_to_cap_ratio']
    const more = [
      'expected_throttled_ratio',
      'schedule_delay_p99_ms',
      'loop_utilization_max_ratio',
      'retry_after_max_s',
    ]
    for (const name of [...empty, ...more, 'offered_peak_1s_rps']) expect(rank?.[name]).toBe('')
    expect(rank?.['throttled_ratio']).not.toBe('')
  })
})

describe('histogram.csv', () => {
  it('has a row per bucket, without an outcome where there is none', () => {
    const rows = rowsOf('histogram.csv')
    expect(rows).toHaveLength(6)
    expect(rows[0]).toEqual({
      schema_version: '1',
      run_id: FACTS.runId,
      name: 'rank',
      outcome: 'accepted',
      measure: 'response_time',
      low_us: '7',
      high_us: '7',
      count: '1',
    })
    expect(rows[4]).toMatchObject({ name: '_all', outcome: '', measure: 'schedule_delay', low_us: '0' })
  })

  it('gives every bucket the bounds that the histogram has', () => {
    const histogram = build({
      bitBucketSize: 32,
      lowestDiscernibleValue: 1,
      highestTrackableValue: 3_600_000_000,
      numberOfSignificantValueDigits: 3,
      autoResize: false,
    }) as JsHistogram
    const exactUs = [
      0, 1, 1_023, 1_024, 2_047, 2_048, 2_049, 4_095, 4_096, 65_537, 1_000_000, 2_147_483_648, 3_600_000_000,
    ]
    const lowUs = exactUs.map((us) => histogram.lowestEquivalentValue(us))
    const histograms = [
      {
        name: 'x',
        outcome: null,
        measure: 'service_time' as const,
        histogram: { lowUs, counts: lowUs.map(() => 1) },
      },
    ]
    const rows = readCsvRows(fileText('histogram.csv', { ...SUMMARY, histograms }))
    expect(rows.map((row) => Number(row['high_us']))).toEqual(
      exactUs.map((us) => histogram.highestEquivalentValue(us)),
    )
  })
})

describe('burst.csv', () => {
  it('leaves a window empty that does not fit', () => {
    const [second, minute] = rowsOf('burst.csv')
    expect(second).toMatchObject({
      traffic: 'offered',
      window_ms: '1000',
      peak_rps: '69',
      dispersion_ratio: '0.04',
    })
    expect(second?.['peak_to_average_ratio']).toBe('1.0779')
    expect(minute).toMatchObject({
      window_ms: '60000',
      peak_rps: '',
      mean_rps: '',
      peak_to_average_ratio: '',
    })
  })
})

describe('thresholds.csv', () => {
  it('says what was observed and what became of it', () => {
    expect(rowsOf('thresholds.csv').map(({ schema_version: _v, run_id: _id, ...row }) => row)).toEqual([
      {
        metric: 'http_req_throttled',
        expression: 'rate<0.3',
        observed: '0.256',
        unit: 'ratio',
        result: 'pass',
        aborted: 'false',
      },
      {
        metric: 'http_req_response_time{name:rank,outcome:accepted}',
        expression: 'p(99)<250',
        observed: '312.4',
        unit: 'ms',
        result: 'fail',
        aborted: 'false',
      },
      {
        metric: 'checks{name:absent}',
        expression: 'rate>0.99',
        observed: '',
        unit: 'ratio',
        result: 'no_data',
        aborted: 'false',
      },
    ])
  })
})

describe('summary.json', () => {
  it('holds the summary with its units and no histograms', () => {
    const parsed: unknown = JSON.parse(fileText('summary.json'))
    expect(parsed).toMatchObject({
      schemaVersion: 1,
      runId: FACTS.runId,
      checks: SUMMARY.checks,
      iterations: SUMMARY.iterations,
      names: [{ name: '_all', responseTimeAccepted: { p99Us: 341_400 } }, {}, {}],
    })
    expect(parsed).not.toHaveProperty('histograms')
  })
})

describe('timeseries.csv', () => {
  const rows = (facts: RunFacts, ...cells: Parameters<typeof timeseriesRows>[1]): Record<string, string>[] =>
    readCsvRows(timeseriesHeader() + timeseriesRows(facts, cells))

  it('dates seconds from the epoch of the run', () => {
    const [first, later] = rows(FACTS, SECOND, { ...SECOND, second: 3_661, phase: 'drain' })
    expect(first).toMatchObject({
      second: '0',
      timestamp: '2026-11-21T02:17:00.000Z',
      phase: 'measure',
      sent_count: '67',
      accepted_count: '60',
      throttled_count: '7',
      response_time_accepted_sum_ms: '2812.345',
      response_time_accepted_max_ms: '141.6',
      response_time_throttled_p50_ms: '3.1',
      schedule_delay_max_ms: '0.812',
      cap_rps: '60',
    })
    expect(later).toMatchObject({ second: '3661', timestamp: '2026-11-21T03:18:01.000Z', phase: 'drain' })
  })

  it('writes zeros for a second without requests, and nothing for what cannot be known', () => {
    const idle = { ...SECOND, sentCount: 0, responseTimeAcceptedSumUs: 0, responseTimeAccepted: NO_DURATION }
    const [row] = rows(FACTS, {
      ...idle,
      responseTimeThrottledP50Us: undefined,
      scheduleDelayMaxUs: undefined,
    })
    expect(row).toMatchObject({
      sent_count: '0',
      response_time_accepted_sum_ms: '0',
      response_time_accepted_p99_ms: '',
      response_time_throttled_p50_ms: '',
      schedule_delay_max_ms: '',
    })
  })
})

describe('runs.csv', () => {
  it('is one line: who ran what, and the _all row', () => {
    const rows = readCsvRows(runsHeader() + runsRow(FACTS, END, SUMMARY))
    expect(rows).toHaveLength(1)
    expect(rows[0]).toMatchObject({
      run_id: FACTS.runId,
      script_sha256: 'a'.repeat(64),
      seed: '1',
      target_kind: 'mock',
      target: 'mock:personalizer-s0,tps=60',
      commit: 'c0ffee1',
      exit_code: '99',
    })
    const [all] = rowsOf('summary.csv')
    expect(rows[0]).toMatchObject(
      Object.fromEntries(
        Object.entries(all ?? {}).filter(([column]) =>
          /_(?:count|ms|rps|ratio|bytes)$|^duration_s$/.test(column),
        ),
      ),
    )
  })

  it('leaves commit and branch empty outside of a repository', () => {
    const [row] = readCsvRows(
      runsHeader() + runsRow({ ...FACTS, commit: undefined, branch: undefined }, END, SUMMARY),
    )
    expect(row).toMatchObject({ commit: '', branch: '' })
  })

  it('refuses a summary without its _all row', () => {
    expect(() => runsRow(FACTS, END, { ...SUMMARY, names: [] })).toThrow(/_all/)
  })
})
