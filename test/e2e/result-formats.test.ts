/** What a run leaves besides its CSV files, and what `headroom report` makes of it. */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { DuckDBInstance } from '@duckdb/node-api'
import { load } from 'cheerio'
import { HistogramLogReader, Int32Histogram, type JsHistogram } from 'hdr-histogram-js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SUMMARY_SCHEMA } from '../../src/run-files/summary-schema.ts'
import { readCsvRows } from '../support/csv-reader.ts'
import { headroom, temporaryFolder } from './command.ts'
import { figure, readRun, summaryOf, type Row, type RunOutput } from './run-output.ts'
import { runScript } from './script.ts'

/** Warm-up, throttled replies, retries, timeouts and a name that no tag of a histogram log can have. */
const SCRIPT = `
import http from 'k6/http'
export const options = {
  scenarios: {
    steady: { executor: 'constant-arrival-rate', rate: 40, duration: '6s', preAllocatedVUs: 20, maxVUs: 200 },
  },
  thresholds: { 'http_req_duration{name:first}': ['max>0'] },
  ext: { headroom: { mock: 'custom,tps=30,latency=lognormal:20ms:300ms', warmup: '2s' } },
}
export default function () {
  const first = http.get(__ENV.TARGET + '/one', { tags: { name: 'first', attempt: '1' }, timeout: '200ms' })
  if (first.status === 429) http.get(__ENV.TARGET + '/one', { tags: { name: 'first', attempt: '2' } })
  http.post(__ENV.TARGET + '/two', 'body', { tags: { name: 'and two' } })
}
`

let folder = ''
let out = ''
let run: RunOutput
let stderr = ''

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'headroom-formats-'))
  out = join(folder, 'out')
  writeFileSync(join(folder, 'script.ts'), SCRIPT)
  const flags = ['--virtual', '--raw', '--quiet', '--out', out]
  const end = await headroom(['run', 'script.ts', ...flags], { cwd: folder })
  stderr = end.stderr
  run = readRun(out)
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

function textOf(file: string): string {
  return readFileSync(join(run.path, file), 'utf8')
}

function requests(): Row[] {
  return readCsvRows(gunzipSync(readFileSync(join(run.path, 'requests.csv.gz'))).toString())
}

async function report(format: string): Promise<void> {
  const { exitCode, stderr: told } = await headroom(['report', run.path, '--format', format], { cwd: folder })
  expect({ exitCode, told }).toEqual({ exitCode: 0, told: '' })
}

describe('requests.csv.gz', () => {
  it('has a row for every request, which add up to summary.csv', () => {
    const measured = requests().filter(({ warmup }) => warmup === 'false')
    expect(requests().length).toBeGreaterThan(measured.length)
    for (const name of ['first', 'and two']) {
      const summary = summaryOf(run, name)
      const own = measured.filter((row) => row['name'] === name)
      const count = (outcome: string): number => own.filter((row) => row['outcome'] === outcome).length
      expect(own).toHaveLength(figure(summary, 'sent_count'))
      for (const outcome of ['accepted', 'throttled', 'timeout']) {
        expect(count(outcome)).toBe(figure(summary, `${outcome}_count`))
      }
      expect(own.filter(({ attempt }) => attempt === '2')).toHaveLength(figure(summary, 'retry_count'))
      const timeouts = own.filter((row) => row['outcome'] === 'timeout')
      expect(timeouts.map(({ status, error }) => ({ status, error }))).toEqual(
        timeouts.map(() => ({ status: '', error: 'timeout' })),
      )
      const times = own
        .filter((row) => row['outcome'] === 'accepted')
        .map((row) => figure(row, 'response_time_ms'))
      expect(Math.max(...times)).toBe(figure(summary, 'response_time_accepted_max_ms'))
    }
    const all = summaryOf(run)
    expect(
      figure(all, 'timeout_count') * figure(all, 'retry_count') * figure(all, 'throttled_count'),
    ).toBeGreaterThan(0)
  })

  it('is only there when it is asked for', async () => {
    const other = await runScript(SCRIPT, '--virtual', '--quiet')
    const { path } = readRun(other.out)
    expect(existsSync(join(path, 'requests.csv.gz'))).toBe(false)
    const end = await headroom(['report', path, '--format', 'jtl'], { cwd: folder })
    expect(end.exitCode).toBe(2)
    expect(end.stderr).toContain('--raw')
  })
})

describe('latency.hlog', () => {
  it('has the same counts as histogram.csv, and warns of a name that has no lines', () => {
    const byTag = new Map<string, Int32Histogram>()
    const reader = new HistogramLogReader(textOf('latency.hlog'))
    for (;;) {
      const interval = reader.nextIntervalHistogram() as JsHistogram | null
      if (interval === null) break
      const sum = byTag.get(interval.tag) ?? new Int32Histogram(1, 3_600_000_000, 3)
      sum.add(interval)
      byTag.set(interval.tag, sum)
    }
    const bucketsOf = (name: string, outcome: string): number[][] =>
      run.histogram
        .filter(
          (row) => row['name'] === name && row['outcome'] === outcome && row['measure'] === 'response_time',
        )
        .map((row) => [figure(row, 'low_us'), figure(row, 'count')])
    for (const outcome of ['accepted', 'throttled', 'timeout']) {
      const logged = byTag.get(`first.${outcome}`)
      const buckets = bucketsOf('first', outcome)
      expect(
        buckets.map(([lowUs = 0]) => [lowUs, logged?.getCountAtIndex(logged.countsArrayIndex(lowUs))]),
      ).toEqual(buckets)
      expect(logged?.totalCount).toBe(figure(summaryOf(run, 'first'), `${outcome}_count`))
    }
    expect(byTag.get('NO TAG')?.totalCount).toBe(figure(summaryOf(run), 'accepted_count'))
    expect(stderr).toContain('latency.hlog has no lines of their own for "and two"')
  })

  it('is made from histogram.csv where it is missing', async () => {
    const copy = temporaryFolder()
    cpSync(run.path, copy, { recursive: true })
    rmSync(join(copy, 'latency.hlog'))
    await headroom(['report', copy, '--format', 'hlog'], { cwd: folder })
    const interval = new HistogramLogReader(
      readFileSync(join(copy, 'latency.hlog'), 'utf8'),
    ).nextIntervalHistogram()
    expect(interval?.totalCount).toBe(figure(summaryOf(run), 'accepted_count'))
    expect(interval?.startTimeStampMsec).toBe(Date.UTC(2000, 0, 1, 0, 0, 2))
  })
})

describe('the files for others', () => {
  it('are there after every run and made again by report, the same', async () => {
    const before = ['summary.md', 'junit.xml', 'latency.hlog'].map(textOf)
    await report('markdown,junit,hlog')
    expect(['summary.md', 'junit.xml', 'latency.hlog'].map(textOf)).toEqual(before)
    expect(load(textOf('junit.xml'), { xml: true })('testcase')).toHaveLength(3)
    expect(textOf('summary.md')).toMatch(/^## ok: script/)
  })

  it('for JMeter have a line for each request that was measured', async () => {
    await report('jtl')
    const samples = readCsvRows(textOf('results.jtl'))
    expect(samples).toHaveLength(
      figure(summaryOf(run), 'sent_count') - figure(summaryOf(run), 'aborted_count'),
    )
    expect(samples.filter(({ success }) => success === 'true')).toHaveLength(
      figure(summaryOf(run), 'accepted_count'),
    )
  })

  it('for Prometheus hold the counts of the run', async () => {
    await report('openmetrics')
    const accepted = [...textOf('metrics.txt').matchAll(/^headroom_requests_accepted_total\{.*\} (\d+) /gm)]
    const sum = accepted.reduce((total, [, count]) => total + Number(count), 0)
    expect(sum).toBe(figure(summaryOf(run), 'accepted_count'))
  })

  it('include a schema that summary.json keeps to', async () => {
    await report('schema')
    expect(JSON.parse(textOf('summary.schema.json'))).toHaveProperty('properties.names')
    expect(SUMMARY_SCHEMA.safeParse(JSON.parse(textOf('summary.json'))).error).toBeUndefined()
  })
})

describe('results/README.md', () => {
  const readme = readFileSync(new URL('../../results/README.md', import.meta.url), 'utf8')
  const queries = [...readme.matchAll(/^```sql\n([\s\S]*?)^```$/gm)].map(([, query = '']) => query)
  const titleOf = (query: string): string => query.split('\n')[0] ?? ''

  async function answerTo(title: string): Promise<Record<string, unknown>[]> {
    const query = queries.find((each) => titleOf(each).startsWith(`-- ${title}`))
    if (query === undefined) throw new Error(`no query: ${title}`)
    const connection = await (await DuckDBInstance.create()).connect()
    const reader = await connection.runAndReadAll(query.replaceAll("'results/", `'${out}/`))
    return reader.getRowObjectsJS()
  }

  it.each(queries.map(titleOf))('has a query that gives rows: %s', async (title) => {
    expect((await answerTo(title.slice(3))).length).toBeGreaterThan(0)
  })

  it('finds the nights', async () => {
    const ratio = figure(summaryOf(run), 'throttled_ratio')
    expect(await answerTo('the nights')).toMatchObject([
      { scenario: 'script', exit_code: 0n, throttled_ratio: ratio },
    ])
  })

  it('adds up the minutes of the time series', async () => {
    const [minute] = await answerTo('the minutes of a run')
    const all = summaryOf(run)
    expect(Number(minute?.['offered'])).toBe(figure(all, 'offered_count'))
    expect(Number(minute?.['accepted'])).toBe(figure(all, 'accepted_count'))
  })

  it('gets the percentiles of summary.csv out of the buckets', async () => {
    const rows = await answerTo('any percentile')
    expect(rows.map(({ name }) => name)).toEqual(['_all', 'and two', 'first'])
    for (const { name, p99_ms: p99Ms } of rows) {
      const wanted = figure(summaryOf(run, String(name)), 'response_time_accepted_p99_ms')
      expect(Number(p99Ms) / wanted).toBeCloseTo(1, 2)
    }
  })

  it('counts single requests', async () => {
    const rows = await answerTo('single requests')
    const accepted = rows.find(({ name, outcome }) => name === 'first' && outcome === 'accepted')
    expect(Number(accepted?.['requests'])).toBe(figure(summaryOf(run, 'first'), 'accepted_count'))
    expect(accepted?.['slowest_ms']).toBe(figure(summaryOf(run, 'first'), 'response_time_accepted_max_ms'))
  })
})
