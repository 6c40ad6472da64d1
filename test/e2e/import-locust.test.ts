/** Locust's tables become a run as far as percentiles can tell. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { counts, goldenText, imported, knownRows } from './imported.ts'
import { readRun, summaryOf, type Row } from './run-output.ts'

describe('headroom import of Locust', () => {
  const FILES = ['locust_stats.csv', 'locust_stats_history.csv', 'locust_failures.csv']

  function row(name: string, given: Readonly<Record<string, number>>, figures: Row): Record<string, string> {
    const { sent = 0, accepted: acceptedCount = 0 } = given
    return {
      name,
      duration_s: '4',
      ...counts({ offered: sent, ...given }),
      operations_count: String(sent),
      operations_failed_count: String(sent - acceptedCount),
      offered_rps: String(sent / 4),
      sent_rps: String(sent / 4),
      accepted_rps: String(acceptedCount / 4),
      retry_amplification_ratio: '1',
      ...figures,
    }
  }

  const ORDER = { throttled: 50, server_error: 5, timeout: 1, network_error: 4 }
  const ITEMS = {
    throttled_ratio: '0',
    error_ratio: '0',
    inflight_mean_count: '5.05',
    response_time_accepted_min_ms: '12.25',
    response_time_accepted_mean_ms: '50.5',
    response_time_accepted_p50_ms: '40',
    response_time_accepted_p90_ms: '90',
    response_time_accepted_p95_ms: '120',
    response_time_accepted_p99_ms: '250',
    response_time_accepted_p999_ms: '470',
    response_time_accepted_max_ms: '480.125',
    service_time_accepted_p50_ms: '40',
    service_time_accepted_p95_ms: '120',
    service_time_accepted_p99_ms: '250',
    service_time_accepted_max_ms: '480.125',
    operation_duration_p50_ms: '40',
    operation_duration_p95_ms: '120',
    operation_duration_p99_ms: '250',
  }

  it('has what percentiles can tell, and nothing for names whose failures are mixed in', async () => {
    const end = await imported(FILES)
    expect(end.exitCode).toBe(0)
    const run = readRun(end.out)
    expect(knownRows(run)).toEqual({
      _all: row(
        '_all',
        { sent: 600, accepted: 540, ...ORDER },
        { throttled_ratio: '0.0833333', error_ratio: '0.0166667', inflight_mean_count: '7.1' },
      ),
      '/items': row('/items', { sent: 400, accepted: 400 }, ITEMS),
      '/order': row(
        '/order',
        { sent: 200, accepted: 140, ...ORDER },
        { throttled_ratio: '0.25', error_ratio: '0.05', inflight_mean_count: '2.05' },
      ),
    })
    expect(summaryOf(run)).toMatchObject({ scenario: 'locust', started_at: '2026-11-21T02:17:00.000Z' })
    expect([run.histogram, run.burst]).toEqual([[], []])
    const sent = run.timeseries.map((each) => [each['second'], each['sent_count'], each['accepted_count']])
    expect(sent).toEqual([
      ['0', '0', '0'],
      ['1', '15', '15'],
      ['2', '30', '25'],
      ['3', '0', '0'],
      ['4', '555', '500'],
    ])
    expect(run.timeseries[2]).toMatchObject({ throttled_count: '', inflight_max_count: '' })
    expect(end.stderr).toContain('no histograms')
    expect(end.stderr).toContain('latencies of names with failures are left out')
    expect(end.stderr).not.toContain('topsecret')
  })

  it('without the table of failures their kinds stay empty', async () => {
    const end = await imported(FILES.slice(0, 2))
    const run = readRun(end.out)
    expect(summaryOf(run)).toMatchObject({
      accepted_count: '540',
      throttled_count: '',
      server_error_count: '',
      throttled_ratio: '',
      error_ratio: '',
    })
    expect(summaryOf(run, '/items')).toMatchObject({ throttled_count: '0', throttled_ratio: '0' })
    expect(end.stderr).toContain('give the _failures.csv too')
    const json = JSON.parse(readFileSync(join(run.path, 'summary.json'), 'utf8')) as {
      readonly names: readonly { readonly outcomeCounts: Readonly<Record<string, number>> }[]
    }
    expect(json.names[0]?.outcomeCounts).toEqual({ accepted: 540, aborted: 0 })
  })

  it('needs the history, and each table once', async () => {
    const end = await imported(['locust_stats.csv', 'copy.csv'], {
      'copy.csv': `${goldenText('locust_stats.csv')}\r\n`,
    })
    expect(end.exitCode).toBe(2)
    expect(end.stderr).toContain('_stats_history.csv is missing')
    expect(end.stderr).toContain('copy.csv: is a second Locust _stats.csv')
  })
})
