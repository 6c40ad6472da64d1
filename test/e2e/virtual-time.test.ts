/** What must hold of a run, shown in virtual time, where every figure is exact. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import {
  countsOf,
  expectOracleAgrees,
  expectToAddUp,
  figure,
  readRun,
  readRunDirectory,
  runDirectories,
  summaryOf,
} from './run-output.ts'
import { EVEN_LOAD, RANK_REWARD, runAgain, runScript, workplace, type ScriptParts } from './script.ts'

describe('a cap of 50 requests in any second, offered 80 a second for a minute', () => {
  it('accepts 50 in every full second and throttles 37.5 %', async () => {
    const scenario = { ...EVEN_LOAD, rate: 80, duration: '60s' }
    const run = await runScript({ mock: 'custom,tps=50', scenario }, '--virtual')
    expect(run.exitCode).toBe(0)
    const files = readRun(run.out)
    const seconds = files.timeseries.filter((row) => row['name'] === '_all' && row['phase'] === 'measure')
    expect(seconds.map((row) => row['accepted_count'])).toEqual(Array.from({ length: 60 }, () => '50'))
    expect(Math.abs(figure(summaryOf(files), 'throttled_ratio') - 0.375)).toBeLessThan(0.002)
  })
})

describe('a latency of 20 ms', () => {
  it('reads 20 ms in every percentile', async () => {
    const run = await runScript({ mock: 'custom,latency=20ms' }, '--virtual')
    const all = summaryOf(readRun(run.out))
    const columns = Object.keys(all).filter((column) => /^(service|response)_time_accepted_/.test(column))
    expect(columns).toHaveLength(12)
    for (const column of columns) expect(Math.abs(figure(all, column) - 20)).toBeLessThan(0.02)
  })
})

describe('a service that stands still for a second', () => {
  it('slows no arrival down, and shows in the response times', async () => {
    const scenario = { ...EVEN_LOAD, rate: 50, duration: '20s' }
    const run = await runScript({ mock: 'custom,latency=20ms,fault=pause:1s@10s', scenario }, '--virtual')
    expect(run.exitCode).toBe(0)
    const files = readRun(run.out)
    const all = summaryOf(files)
    expect(figure(all, 'sent_count') + figure(all, 'iterations_dropped_count')).toBe(1_000)
    expect(figure(all, 'iterations_dropped_count')).toBe(0)
    const seconds = files.timeseries.filter((row) => row['name'] === '_all' && row['phase'] === 'measure')
    expect(seconds.map((row) => row['sent_count'])).toEqual(Array.from({ length: 20 }, () => '50'))
    // 5 % of the requests waited between 20 ms and 1 s: the 40th of 50 so long that 1 % waited longer.
    const p99Ms = figure(all, 'response_time_accepted_p99_ms')
    expect(p99Ms).toBeGreaterThan(790)
    expect(p99Ms).toBeLessThan(830)
    for (const row of seconds.filter(({ second }) => second !== '9' && second !== '10')) {
      expect(Math.abs(figure(row, 'response_time_accepted_max_ms') - 20)).toBeLessThan(0.02)
    }
  })

  it('and requests that never get a reply time out, each by itself', async () => {
    const scenario = { ...EVEN_LOAD, duration: '10s' }
    const body = "http.get(__ENV.TARGET + '/', { timeout: '500ms' })"
    const run = await runScript(
      { mock: 'custom,latency=20ms,fault=stall@3s..4s', scenario, body },
      '--virtual',
    )
    const files = readRun(run.out)
    expectToAddUp(files)
    expect(countsOf(summaryOf(files))).toMatchObject({
      sent_count: 200,
      accepted_count: 180,
      timeout_count: 20,
    })
  })
})

describe('the mock’s own account', () => {
  it.each(['tps=30', 'concurrency=2', 'tps=60,concurrency=3'])(
    'is that of the client under %s',
    async (limits) => {
      const scenario = { ...EVEN_LOAD, rate: 60, duration: '10s' }
      const mock = `personalizer-s0,${limits},latency=lognormal:20ms:80ms`
      const run = await runScript({ ...RANK_REWARD, mock, scenario }, '--virtual')
      const files = readRun(run.out)
      expectOracleAgrees(files, files.manifest.mock?.counters)
      expect(figure(summaryOf(files, 'rank'), 'throttled_count')).toBeGreaterThan(0)
      expect(figure(summaryOf(files, 'reward'), 'throttled_count')).toBeGreaterThan(0)
    },
  )
})

describe('a mock of several resources', () => {
  it('has a path for each in __ENV.TARGET', async () => {
    const rules = [{ name: 'second', limit: 5, window: '1s' }]
    const resources = ['east', 'west'].map((name) => ({ name, profile: 'custom', rules }))
    const body = `
      const targets = __ENV.TARGET.split(',')
      http.get(targets[Math.floor(__ITER / 5) % 2] + '/x', { tags: { name: targets.length + ' targets' } })`
    const scenario = { ...EVEN_LOAD, rate: 10, duration: '3s', preAllocatedVUs: 1, maxVUs: 1 }
    const run = await runScript({ mock: { resources }, body, scenario }, '--virtual')
    expect(run.exitCode).toBe(0)
    const files = readRun(run.out)
    expect(figure(summaryOf(files, '2 targets'), 'accepted_count')).toBe(30)
    expect(figure(summaryOf(files), 'cap_rps')).toBe(10)
    const counts = files.manifest.mock?.counters.resources.map(({ name, operations }) => [
      name,
      operations['request']?.admittedCount,
    ])
    expect(counts).toEqual([
      ['east', 15],
      ['west', 15],
    ])
  })
})

describe('a latency file', () => {
  const script: ScriptParts = { mock: 'custom,latency=file:measured.csv' }

  it('is found from where the command runs', async () => {
    const place = workplace(script)
    writeFileSync(join(place.folder, 'measured.csv'), 'latency_ms\n30\n30\n')
    expect((await runAgain(place, '--virtual')).exitCode).toBe(0)
    const files = readRun(place.out)
    expect(figure(summaryOf(files), 'service_time_accepted_p50_ms')).toBeCloseTo(30, 1)
    expect(JSON.stringify(files.manifest.mock)).toContain('measured.csv')
  })

  it('that is missing is a fault of the options', async () => {
    const run = await runScript(script, '--virtual')
    expect(run.exitCode).toBe(104)
    expect(run.stderr).toMatch(/^options\.ext\.headroom\.mock: .*measured\.csv cannot be read/)
  })
})

describe('a seed', () => {
  /** Draws in the mock, in the arrivals and in the script. */
  const script: ScriptParts = {
    mock: 'custom,tps=25,latency=lognormal:20ms:80ms',
    scenario: { ...EVEN_LOAD, duration: '5s' },
    headroom: { arrival: { main: 'poisson' } },
    body: `
      http.get(__ENV.TARGET + '/', { tags: { name: Math.random() < 0.5 ? 'heads' : 'tails' } })
      sleep(Math.random())
      http.get(__ENV.TARGET + '/', { tags: { name: new Date().getSeconds() % 2 ? 'odd' : 'even' } })`,
  }

  it('gives the same files to the byte, whenever it runs', async () => {
    const place = workplace(script)
    await runAgain(place, '--virtual', '--seed', '7')
    // The wall clock's second must differ: it names the folder.
    await wait(1_100)
    await runAgain(place, '--virtual', '--seed', '7')
    const [first = '', second = '', ...others] = runDirectories(place.out)
    expect(others).toEqual([])
    expect(first).not.toBe(second)
    const files = readdirSync(first).sort()
    expect(readdirSync(second).sort()).toEqual(files)
    expect(files).toEqual(
      expect.arrayContaining([
        'burst.csv',
        'histogram.csv',
        'summary.csv',
        'summary.json',
        'thresholds.csv',
        'timeseries.csv',
      ]),
    )
    for (const file of files.filter((name) => name !== 'manifest.json')) {
      expect([file, readFileSync(join(second, file), 'utf8')]).toEqual([
        file,
        readFileSync(join(first, file), 'utf8'),
      ])
    }
    const [, ...lines] = readFileSync(join(place.out, 'runs.csv'), 'utf8').trimEnd().split('\r\n')
    expect(lines).toHaveLength(2)
    expect(lines[1]).toBe(lines[0])
  })

  it('gives other figures than another one', async () => {
    const place = workplace(script)
    await runAgain(place, '--virtual', '--seed', '7')
    await runAgain(place, '--virtual', '--seed', '8')
    const [first = '', second = ''] = runDirectories(place.out)
    for (const file of ['summary.csv', 'timeseries.csv', 'histogram.csv', 'burst.csv']) {
      // Identifier and seed of the run differ anyway.
      const figures = (path: string): string =>
        readFileSync(join(path, file), 'utf8').replaceAll(/^\d+,[0-9a-f]+,/gm, '')
      expect([file, figures(first)]).not.toEqual([file, figures(second)])
    }
  })

  it('makes no other options, nor does another mock: other runs of the same test', async () => {
    const place = workplace({ ...script, scenario: { ...EVEN_LOAD, duration: '1s' } })
    await runAgain(place, '--virtual', '--seed', '7')
    await runAgain(place, '--virtual', '--seed', '8')
    await runAgain(place, '--virtual', '--seed', '8', '--target', 'mock:custom,tps=30')
    await runAgain(place, '--virtual', '--seed', '8', '--max-requests', '1000')
    const [directory = ''] = runDirectories(place.out)
    const { runs } = readRunDirectory(directory, place.out)
    expect(new Set(runs.map((row) => row['run_id'])).size).toBe(4)
    const [first, ...others] = runs.map((row) => row['options_sha256'])
    expect(others.map((hash) => hash === first)).toEqual([true, true, false])
  })
})
