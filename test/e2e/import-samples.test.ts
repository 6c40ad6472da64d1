/** Samples of other tools become runs whose figures can be worked out on paper. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import {
  accepted,
  counts,
  expectSums,
  goldenText,
  imported,
  known,
  knownRows,
  peaks,
  THROTTLED_20_MS,
} from './imported.ts'
import { readRun, summaryOf } from './run-output.ts'

/** Two seconds and a tenth: rank at 0 (100 ms), 0.05 (429, 20 ms), 1.2 (300 ms), 1.5 (500, 10 ms); reward at 0.4005 (250.5 ms), 1.3 (timeout, 800 ms). */
const K6_ROWS = {
  _all: {
    name: '_all',
    duration_s: '2.1',
    ...counts({ offered: 6, sent: 6, accepted: 3, throttled: 1, server_error: 1, timeout: 1 }),
    iterations_dropped_count: '3',
    operations_count: '6',
    operations_failed_count: '3',
    offered_rps: '2.857143',
    sent_rps: '2.857143',
    accepted_rps: '1.428571',
    throttled_ratio: '0.166667',
    error_ratio: '0.333333',
    ...peaks(['3', '1'], ['2', '1.333333']),
    retry_amplification_ratio: '1',
    inflight_mean_count: '0.705',
    inflight_max_count: '2',
    ...accepted('100', '216.833', '250.623', '300'),
    ...THROTTLED_20_MS,
  },
  rank: {
    name: 'rank',
    duration_s: '2.1',
    ...counts({ offered: 4, sent: 4, accepted: 2, throttled: 1, server_error: 1 }),
    operations_count: '4',
    operations_failed_count: '2',
    offered_rps: '1.904762',
    sent_rps: '1.904762',
    accepted_rps: '0.952381',
    throttled_ratio: '0.25',
    error_ratio: '0.25',
    ...peaks(['2', '1'], ['1', '1']),
    retry_amplification_ratio: '1',
    inflight_mean_count: '0.204762',
    inflight_max_count: '2',
    ...accepted('100', '200', '100', '300'),
    ...THROTTLED_20_MS,
  },
  'https://api.example/reward': {
    name: 'https://api.example/reward',
    duration_s: '2.1',
    ...counts({ offered: 2, sent: 2, accepted: 1, timeout: 1 }),
    operations_count: '2',
    operations_failed_count: '1',
    offered_rps: '0.952381',
    sent_rps: '0.952381',
    accepted_rps: '0.47619',
    throttled_ratio: '0',
    error_ratio: '0.5',
    ...peaks(['1', '1'], ['1', '2']),
    retry_amplification_ratio: '1',
    inflight_mean_count: '0.500238',
    inflight_max_count: '1',
    ...accepted('250.5', '250.5', '250.5', '250.5'),
  },
}

describe('headroom import of k6', () => {
  it.each(['k6.csv', 'k6.json'])('%s', async (file) => {
    const end = await imported([file])
    expect(end.exitCode).toBe(0)
    const run = readRun(end.out)
    expect(knownRows(run)).toEqual(K6_ROWS)
    expectSums(run)
    expect(summaryOf(run)).toMatchObject({
      started_at: '2026-11-21T02:17:00.000Z',
      scenario: 'k6',
      verdict: '',
      iterations_due_count: '',
      sent_bytes: '',
      schedule_delay_p99_ms: '',
    })
    expect(run.runs).toMatchObject([{ target_kind: 'imported', host: '', commit: '', exit_code: '0' }])
    for (const name of ['summary.json', 'manifest.json', 'latency.hlog']) {
      expect(readFileSync(join(run.path, name), 'utf8')).not.toContain('topsecret')
    }
    const json = JSON.parse(readFileSync(join(run.path, 'summary.json'), 'utf8')) as Record<string, unknown>
    expect(json).toMatchObject({
      checks: [{ name: 'was ranked', passes: 2, fails: 1 }],
      iterations: { droppedCount: 3, completedCount: 2 },
    })
    expect(json['iterations']).not.toHaveProperty('dueCount')
    expect(json['verdict']).toMatchObject({ level: 'SUSPECT', reasons: [{ code: 'imported' }] })
    expect(summaryOf(run)).toMatchObject({ verdict: '', verdict_reasons: 'imported' })
    expect(end.stderr).toContain('the source does not say when they were due')
    expect(end.stderr).toContain('setup() and teardown() are in no figure: 1')
    expect(end.stdout).toMatch(/^out\/20261121T021700Z-k6-\w{7}\/\n$/)
  })

  it('compressed, under another name, it has the same figures', async () => {
    const files = { 'night.csv.gz': gzipSync(goldenText('k6.csv')) }
    const end = await imported(['night.csv.gz', '--name', 'checkout', '--quiet'], files)
    const run = readRun(end.out)
    expect(knownRows(run)).toEqual(K6_ROWS)
    expect(summaryOf(run)['scenario']).toBe('checkout')
    expect(end.stderr).not.toContain('Results')
  })

  it('several machines are one run', async () => {
    const [header = '', ...lines] = goldenText('k6.csv').trimEnd().split('\n')
    const [east, west] = [0, 1].map((half) => {
      const own = lines.filter((line) => (line.includes(',rank,') ? 0 : 1) === half)
      return [header, ...own].join('\n')
    })
    const end = await imported(['east.csv', 'west.csv'], { 'east.csv': east ?? '', 'west.csv': west ?? '' })
    expect(knownRows(readRun(end.out))).toEqual(K6_ROWS)
  })

  it('of whole seconds, what happens within them stays empty', async () => {
    const end = await imported(['k6-seconds.csv'])
    const run = readRun(end.out)
    expect(end.stderr).toContain('K6_CSV_TIME_FORMAT=unix_milli')
    expectSums(run)
    const { _all: all } = knownRows(run)
    const { inflight_max_count: _, ...fine } = K6_ROWS['_all']
    expect(Object.keys(all ?? {}).sort()).toEqual(Object.keys(fine).sort())
    expect(all).toMatchObject(accepted('100', '216.833', '250.623', '300'))
    const short = run.burst.filter((row) => row['window_ms'] === '100')
    expect(new Set(short.map((row) => row['peak_rps']))).toEqual(new Set(['']))
  })

  it('importing again gives the same run', async () => {
    const [first, second] = [await imported(['k6.csv']), await imported(['k6.csv'])]
    const [a, b] = [readRun(first.out), readRun(second.out)]
    for (const name of ['summary.csv', 'timeseries.csv', 'histogram.csv', 'manifest.json']) {
      expect(readFileSync(join(a.path, name), 'utf8')).toBe(readFileSync(join(b.path, name), 'utf8'))
    }
  })

  it('rows that cannot be read are told', async () => {
    const damaged = goldenText('k6.csv').replace('http_req_duration,1795227420070', 'http_req_duration,soon')
    const end = await imported(['k6.csv'], { 'k6.csv': `${damaged}http_req_dur` })
    expect(end.exitCode).toBe(0)
    expect(end.stderr).toContain('rows that cannot be read are left out: 1; the first is k6.csv, row')
    expect(end.stderr).toContain('"soon" is no time')
    expect(summaryOf(readRun(end.out))['sent_count']).toBe('5')
  })
})

describe('headroom import of JMeter', () => {
  /** Two seconds and a tenth: Home Page at 0 (100 ms), 0.05 (429, 20 ms), 1.2 (300 ms); /item at 0.4 (503, 250 ms), 1.3 (timeout, 700 ms), 1.9 (refused, 100 ms), 2.05 (404 that is a success, 50 ms). */
  const ALL = {
    name: '_all',
    duration_s: '2.1',
    ...counts({
      offered: 7,
      sent: 7,
      accepted: 3,
      throttled: 1,
      server_error: 1,
      timeout: 1,
      network_error: 1,
    }),
    operations_count: '7',
    operations_failed_count: '4',
    offered_rps: '3.333333',
    sent_rps: '3.333333',
    accepted_rps: '1.428571',
    throttled_ratio: '0.142857',
    error_ratio: '0.428571',
    ...peaks(['3', '1'], ['1', '1']),
    retry_amplification_ratio: '1',
    inflight_mean_count: '0.72381',
    inflight_max_count: '2',
    ...accepted('50', '150', '100.031', '300'),
    ...THROTTLED_20_MS,
    sent_bytes: '1400',
    received_bytes: '8330',
  }

  it('jmeter.jtl', async () => {
    const end = await imported(['jmeter.jtl'])
    expect(end.exitCode).toBe(0)
    const run = readRun(end.out)
    expectSums(run)
    expect(run.summary.map((row) => row['name'])).toEqual(['_all', 'Home Page', '/item'])
    expect(known(summaryOf(run))).toEqual(ALL)
    expect(end.stderr).toContain('replies that failed an assertion count by their status, as accepted: 1')
    expect(end.stderr).toContain('left out: 1 rows')
  })

  it('--throttled names further statuses', async () => {
    const { out } = await imported(['jmeter.jtl', '--throttled', '503'])
    expect(summaryOf(readRun(out))).toMatchObject({ throttled_count: '2', server_error_count: '0' })
  })

  it('semicolons are as good as commas', async () => {
    const text = goldenText('jmeter.jtl')
      .split('\n')
      .filter((line) => !line.includes('"') && !line.includes('transaction'))
    const files = { 'a.jtl': text.join('\n').replaceAll(',', ';') }
    const { out } = await imported(['a.jtl'], files)
    expect(summaryOf(readRun(out))['sent_count']).toBe(String(text.length - 2))
  })
})
