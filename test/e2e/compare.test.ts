/** `headroom compare BASE HEAD` on runs in virtual time: what differs is told, on the right metric, and nothing else is. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readCsvRows } from '../support/csv-reader.ts'
import { headroom, temporaryFolder, type CommandEnd } from './command.ts'
import { figure, readRunDirectory, summaryOf } from './run-output.ts'
import { EVEN_LOAD, scriptText } from './script.ts'

/** A cap that a fifth of 50 requests a second is above, a long tail, and one 503 in a hundred. */
const MOCK = { tps: 40, latency: 'lognormal:40ms:160ms', errors: 0.01 }
const SLOWER = { ...MOCK, latency: 'lognormal:52ms:208ms' }
const LOWER_CAP = { ...MOCK, tps: 36 }
const MORE_ERRORS = { ...MOCK, errors: 0.02 }

const SCRIPT = {
  scenario: { ...EVEN_LOAD, rate: 50, duration: '185s' },
  headroom: { warmup: '5s', arrival: { main: 'poisson' } },
  body: "http.get(`${__ENV.TARGET}/x`, { tags: { name: __ITER % 2 ? 'a' : 'b' } })",
}

let folder = ''
const same: string[] = []
const slower: string[] = []
let lowerCap = ''
let moreErrors = ''

async function run(mock: typeof MOCK, seed: number): Promise<string> {
  const target = `mock:custom,tps=${mock.tps},latency=${mock.latency},fault=error:503:${mock.errors}`
  const flags = ['--virtual', '--quiet', '--seed', String(seed), '--target', target]
  const end = await headroom(['run', 'script.ts', '--out', 'results', ...flags], { cwd: folder })
  expect(end.exitCode).toBe(0)
  return end.stdout.trim().replace(/\/$/, '')
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'headroom-compare-'))
  writeFileSync(join(folder, 'script.ts'), scriptText(SCRIPT))
  for (const seed of [1, 2, 3]) same.push(await run(MOCK, seed))
  for (const seed of [4, 5, 6]) slower.push(await run(SLOWER, seed))
  lowerCap = await run(LOWER_CAP, 7)
  moreErrors = await run(MORE_ERRORS, 8)
}, 180_000)

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

function compare(...argv: readonly string[]): Promise<CommandEnd> {
  return headroom(['compare', ...argv], { cwd: folder })
}

interface Compared {
  readonly name: string
  readonly metric: string
  readonly changeKind: 'ratio' | 'difference'
  readonly base?: number
  readonly head?: number
  readonly change?: number
  readonly interval?: { readonly low: number; readonly high: number }
  readonly basis: string
  readonly verdict: string
  readonly warnings: readonly string[]
}

interface ComparedJson {
  readonly comparisons: readonly Compared[]
  readonly throttling: readonly {
    readonly side: string
    readonly name: string
    readonly throttledRatio?: number
    readonly expectedThrottledRatio?: number
  }[]
  readonly quantileRatios: readonly { readonly name: string; readonly ratios: readonly object[] }[]
  readonly notes: readonly string[]
  readonly differences: readonly string[]
}

const known = new Map<string, Promise<ComparedJson>>()

/** What comes out of comparing these, once for all tests. */
function json(...argv: readonly string[]): Promise<ComparedJson> {
  const key = argv.join(' ')
  const compared = known.get(key) ?? compareAsJson(argv)
  known.set(key, compared)
  return compared
}

async function compareAsJson(argv: readonly string[]): Promise<ComparedJson> {
  const end = await compare(...argv, '--format', 'json')
  expect(end).toMatchObject({ exitCode: 0, stderr: '' })
  return JSON.parse(end.stdout) as ComparedJson
}

/** Metrics of all names with that verdict. */
function metricsThat(verdict: string, { comparisons }: ComparedJson, name = '_all'): string[] {
  return comparisons
    .filter((each) => each.name === name && each.verdict === verdict)
    .map(({ metric }) => metric)
}

const LATENCIES = ['p50', 'p95', 'p99'].map((quantile) => `response_time_accepted_${quantile}_ms`)

describe('two runs', () => {
  it.each([
    [0, 1],
    [1, 2],
    [0, 2],
  ])('of the same thing with other seeds are not called different: %i and %i', async (one, two) => {
    const compared = await json(same[one] ?? '', same[two] ?? '')
    expect(new Set(compared.comparisons.map(({ name }) => name))).toEqual(new Set(['_all', 'a', 'b']))
    for (const name of ['_all', 'a', 'b']) {
      expect(metricsThat('regressed', compared, name)).toEqual([])
      expect(metricsThat('improved', compared, name)).toEqual([])
    }
    expect(metricsThat('equivalent', compared)).toEqual(
      expect.arrayContaining(['accepted_to_cap_ratio', 'accepted_rps', 'retry_amplification_ratio']),
    )
  })

  it('of which one has 30 % more latency differ in it, in every name, and in nothing else', async () => {
    const compared = await json(same[0] ?? '', slower[0] ?? '')
    expect(metricsThat('regressed', compared)).toEqual(LATENCIES)
    expect(metricsThat('improved', compared)).toEqual([])
    for (const name of ['a', 'b']) {
      const regressed = metricsThat('regressed', compared, name)
      // Half as many requests may be too few to be sure of the p99.
      expect(regressed).toEqual(LATENCIES.slice(0, Math.max(regressed.length, 2)))
    }
    const p50 = compared.comparisons.find(({ metric }) => metric === LATENCIES[0])
    expect(p50?.interval?.low).toBeLessThan(1.3)
    expect(p50?.interval?.high).toBeGreaterThan(1.3)
  })

  it('of which one has a cap 10 % lower differ in what was accepted and throttled, and in nothing else', async () => {
    const compared = await json(same[0] ?? '', lowerCap)
    expect(metricsThat('regressed', compared)).toEqual(['accepted_rps', 'throttled_ratio'])
    expect(metricsThat('improved', compared)).toEqual([])
    expect(metricsThat('equivalent', compared)).toContain('accepted_to_cap_ratio')
    const [base, head] = compared.throttling.filter(({ name }) => name === '_all')
    expect(base?.throttledRatio).toBeCloseTo(base?.expectedThrottledRatio ?? NaN, 1)
    expect((head?.expectedThrottledRatio ?? 0) - (base?.expectedThrottledRatio ?? 1)).toBeGreaterThan(0.06)
  })

  it('of which one has twice the share of 5xx differ in it, and in nothing else', async () => {
    const compared = await json(same[0] ?? '', moreErrors)
    expect(metricsThat('regressed', compared)).toEqual(['error_ratio', 'server_error_ratio'])
    expect(metricsThat('improved', compared)).toEqual([])
  })

  it('show in quantiles what is a shift of everything', async () => {
    const { quantileRatios } = await json(same[0] ?? '', slower[0] ?? '')
    expect(quantileRatios.map(({ name }) => name)).toEqual(['_all', expect.any(String), expect.any(String)])
    const ratios = (quantileRatios[0]?.ratios ?? []) as { quantile: number; ratio: number }[]
    expect(ratios.length).toBeGreaterThanOrEqual(99)
    for (const { ratio } of ratios) expect(Math.abs(Math.log(ratio / 1.3))).toBeLessThan(0.2)
  })
})

describe('the figures', () => {
  it('are those of summary.csv', async () => {
    const path = same[0] ?? ''
    const files = readRunDirectory(join(folder, path), join(folder, 'results'))
    const compared = await json(path, slower[0] ?? '')
    for (const { name, metric, base } of compared.comparisons) {
      const row = summaryOf(files, name)
      const [, count] = /^(server_error|timeout)_ratio$/.exec(metric) ?? []
      const expected =
        count === undefined ? figure(row, metric) : figure(row, `${count}_count`) / figure(row, 'sent_count')
      expect([metric, (base ?? NaN) - expected]).toEqual([metric, expect.closeTo(0, 5)])
    }
  })

  it.each([0, 1, 2])('are mirrored when the sides are swapped: against %i', async (which) => {
    const head = [slower[0] ?? '', lowerCap, moreErrors][which] ?? ''
    const [forth, back] = [await json(same[0] ?? '', head), await json(head, same[0] ?? '')]
    expect(back.comparisons).toEqual(forth.comparisons.map(mirrored))
  })

  it('are the same bytes every time', async () => {
    for (const format of ['json', 'html']) {
      const argv = [same[0] ?? '', slower[0] ?? '', '--format', format]
      expect((await compare(...argv)).stdout).toBe((await compare(...argv)).stdout)
    }
  })

  it('of a run and itself are equivalent', async () => {
    const { comparisons } = await json(same[0] ?? '', same[0] ?? '')
    expect(comparisons.length).toBeGreaterThan(30)
    for (const each of comparisons) {
      expect(each).toMatchObject({ verdict: 'equivalent', base: each.head })
      expect(each.change).toBe(each.changeKind === 'ratio' ? 1 : 0)
    }
  })
})

/** The same with base and head in each other's place. */
function mirrored(each: Compared): unknown {
  const { base, head, change, interval, changeKind, verdict } = each
  const invert = (value: number): unknown => expect.closeTo(changeKind === 'ratio' ? 1 / value : -value, 9)
  const verdicts: Record<string, string> = { improved: 'regressed', regressed: 'improved' }
  return {
    ...each,
    base: head,
    head: base,
    ...(change !== undefined && { change: invert(change) }),
    ...(interval !== undefined && { interval: { low: invert(interval.high), high: invert(interval.low) } }),
    verdict: verdicts[verdict] ?? verdict,
  }
}

describe('what counts as a regression', () => {
  it('is nothing that one run a side can show: 0', async () => {
    const end = await compare(same[0] ?? '', slower[0] ?? '')
    expect(end).toMatchObject({ exitCode: 0, stdout: '' })
    expect(end.stderr).toMatch(/^warn +script: \d+ regressed/)
    expect(end.stderr).toContain('within-run only')
    expect(end.stderr).toContain(`base     ${same[0]}`)
  })

  it('is what several runs a side show: 4', async () => {
    const more = [1, 2].flatMap((i) => ['--base', same[i] ?? '', '--head', slower[i] ?? ''])
    const end = await compare(same[0] ?? '', slower[0] ?? '', ...more)
    expect(end.exitCode).toBe(4)
    expect(end.stderr).toMatch(/^FAIL +script: \d+ regressed.*\(exit code 4\)$/m)
    expect(end.stderr).toMatch(/regressed +response time p50, accepted/)
    expect(end.stderr).not.toMatch(/regressed +(?:throttled|errors|server|accepted|sent)/)
  })

  it('is what is beyond the spread of past runs: 4', async () => {
    const results = copyOfResults()
    pastRunsLike(results, slower[0] ?? '', [0.98, 1, 1.02, 1.01, 0.99, 1])
    const [base, head] = [same[0] ?? '', slower[0] ?? ''].map((path) => join(results, basename(path)))
    const end = await compare(base ?? '', head ?? '', '--format', 'csv')
    expect(end.exitCode).toBe(4)
    const rows = readCsvRows(end.stdout)
    const p50 = rows.find((row) => row['name'] === '_all' && row['metric'] === LATENCIES[0])
    expect(p50).toMatchObject({ basis: 'within and between runs', verdict: 'regressed' })
    const ofName = rows.find((row) => row['name'] === 'a' && row['metric'] === LATENCIES[0])
    expect(ofName).toMatchObject({ basis: 'within-run only', verdict: 'regressed' })
  })

  it('is nothing within it: 0', async () => {
    const results = copyOfResults()
    pastRunsLike(results, slower[0] ?? '', [0.7, 1, 1.4, 1.2, 0.8, 1])
    const [base, head] = [same[0] ?? '', slower[0] ?? ''].map((path) => join(results, basename(path)))
    const p50 = (await json(base ?? '', head ?? '')).comparisons.find(({ metric }) => metric === LATENCIES[0])
    expect(p50).toMatchObject({ basis: 'within and between runs', verdict: 'inconclusive' })
  })
})

function copyOfResults(): string {
  const results = join(temporaryFolder(), 'results')
  cpSync(join(folder, 'results'), results, { recursive: true })
  return results
}

/** Makes runs.csv one of runs like this one, with latencies by these factors. */
function pastRunsLike(results: string, path: string, factors: readonly number[]): void {
  const [header = '', ...lines] = readFileSync(join(results, 'runs.csv'), 'utf8').trimEnd().split('\r\n')
  const { runId } = JSON.parse(readFileSync(join(folder, path, 'manifest.json'), 'utf8')) as { runId: string }
  const like = lines.find((line) => line.includes(runId)) ?? ''
  const row = readCsvRows(`${header}\r\n${like}\r\n`)[0] ?? {}
  const past = factors.map((factor, i) =>
    LATENCIES.reduce(
      (line, column) => line.replace(`,${row[column]},`, `,${Number(row[column]) * factor},`),
      like.replace(runId, `past${i}`),
    ),
  )
  writeFileSync(join(results, 'runs.csv'), [header, ...past, like, ''].join('\r\n'))
}

describe('a run without some of its files', () => {
  it.each([
    ['latency.hlog', LATENCIES],
    ['timeseries.csv', [...LATENCIES, 'accepted_rps', 'throttled_ratio']],
    ['histogram.csv', []],
  ])('has figures without intervals: %s', async (file, metrics) => {
    const results = copyOfResults()
    const head = join(results, basename(slower[0] ?? ''))
    rmSync(join(head, file))
    const { comparisons, notes, quantileRatios } = await json(same[0] ?? '', head)
    expect(notes).toContainEqual(`${head}: ${file} is not there`)
    const ofAll = comparisons.filter(({ name, basis }) => name === '_all' && basis === 'no interval')
    const expected = [...metrics, 'operation_duration_p99_ms', 'sent_peak_to_average_1s_ratio']
    expect(ofAll.map(({ metric }) => metric)).toEqual(expect.arrayContaining(expected))
    for (const { verdict, change } of ofAll) {
      expect(verdict).toBe('inconclusive')
      expect(change).toBeTypeOf('number')
    }
    expect(quantileRatios).toHaveLength(file === 'histogram.csv' ? 0 : 3)
  })
})

describe('bare CSV files', () => {
  it('of one run a side have no intervals, and say so', async () => {
    const [base, head] = [same[0] ?? '', slower[0] ?? ''].map((path) => join(path, 'summary.csv'))
    const end = await compare(base ?? '', head ?? '')
    expect(end.exitCode).toBe(0)
    expect(end.stderr).toMatch(/^warn +script: \d+ inconclusive$/m)
    expect(end.stderr).toContain('no intervals: nothing here says how much runs differ')
    expect(end.stderr).toMatch(/inconclusive +response time p50, accepted +\d+ ms +\d+ ms +\+\d/)
  })

  it('of several runs a side are compared between runs', async () => {
    const place = temporaryFolder()
    const [header = '', ...lines] = readFileSync(join(folder, 'results', 'runs.csv'), 'utf8').split('\r\n')
    const write = (name: string, from: number, to: number): string => {
      writeFileSync(join(place, name), [header, ...lines.slice(from, to), ''].join('\r\n'))
      return join(place, name)
    }
    const end = await compare(write('base.csv', 0, 3), write('head.csv', 3, 6), '--allow', 'options')
    expect(end.exitCode).toBe(4)
    expect(end.stderr).toMatch(/regressed +response time p50, accepted/)
  })
})

describe('what comes out', () => {
  it('goes to the file of --out, in every format', async () => {
    const place = temporaryFolder()
    const starts = {
      text: 'warn ',
      markdown: '## warn: ',
      csv: 'schema_version,',
      json: '{\n',
      html: '<!doctype html>',
    }
    for (const [format, start] of Object.entries(starts)) {
      const out = join(place, `comparison.${format}`)
      const [base, head] = [same[0] ?? '', slower[0] ?? ''].map((path) => join(path, 'summary.csv'))
      const end = await compare(base ?? '', head ?? '', '--format', format, '--out', out)
      expect(end).toEqual({ exitCode: 0, stdout: '', stderr: '' })
      expect(readFileSync(out, 'utf8').slice(0, start.length).toLowerCase()).toBe(start.toLowerCase())
    }
    const nowhere = await compare(same[0] ?? '', slower[0] ?? '', '--out', join(place, 'none', 'x'))
    expect(nowhere.exitCode).toBe(2)
  })

  it('reaches GitHub Actions', async () => {
    const place = temporaryFolder()
    mkdirSync(join(place, 'step'))
    const env = {
      GITHUB_STEP_SUMMARY: join(place, 'step', 'summary'),
      GITHUB_OUTPUT: join(place, 'step', 'output'),
    }
    const argv = ['compare', same[0] ?? '', slower[0] ?? '', '--github']
    const end = await headroom(argv, { cwd: folder, env })
    expect(end.exitCode).toBe(0)
    expect(end.stdout).toMatch(/^::warning title=/)
    expect(readFileSync(env.GITHUB_STEP_SUMMARY, 'utf8')).toMatch(/^## warn: script: /)
    expect(readFileSync(env.GITHUB_OUTPUT, 'utf8')).toBe('candidate=true\n')
  })
})
