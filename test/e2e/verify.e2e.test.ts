/** `headroom verify` over real sockets: what a busy machine spoils is not judged, so no figure here depends on it. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ClaimRow } from '../../src/commands/verify/claim.ts'
import type { CaseVerdict } from '../../src/commands/verify/verification.ts'
import { readCsvRows } from '../support/csv-reader.ts'
import { headroom, startHeadroom, temporaryFolder, type CommandEnd } from './command.ts'
import { mockTarget } from './target.ts'

function casesOf({ stdout }: CommandEnd): readonly CaseVerdict[] {
  return (JSON.parse(stdout) as { cases: CaseVerdict[] }).cases
}

function rowOf(cases: readonly CaseVerdict[], name: string, claim: string): ClaimRow {
  const row = cases.find((each) => each.name === name)?.rows.find((each) => each.claim === claim)
  if (row === undefined) throw new Error(`no claim ${name}: ${claim}`)
  return row
}

function withResult(cases: readonly CaseVerdict[], result: ClaimRow['result']): string[] {
  return cases.flatMap(({ name, rows }) =>
    rows.filter((row) => row.result === result).map(({ claim, error }) => `${name}: ${claim} ${error}`),
  )
}

describe('headroom verify', () => {
  it('finds nothing wrong with headroom', { timeout: 120_000, retry: 2 }, async () => {
    const folder = temporaryFolder()
    const end = await headroom(['verify', '--quick', '--json', '--out', 'verify.csv'], { cwd: folder })
    const cases = casesOf(end)
    expect(withResult(cases, 'fail')).toEqual([])
    expect(withResult(cases, 'no_figure')).toEqual([])
    expect(cases.map(({ name }) => name)).toEqual(['fixed', 'lognormal', 'throttled', 'stall', 'long'])
    expect(end.exitCode).toBe(withResult(cases, 'not_judged').length === 0 ? 0 : 3)
    // Virtual time does not depend on the machine.
    expect(cases.at(-1)?.rows.map(({ result }) => result)).toEqual(Array.from({ length: 14 }, () => 'pass'))
    expect(end.stderr).toContain('5/5 long: ')
    const written = readCsvRows(readFileSync(join(folder, 'verify.csv'), 'utf8'))
    expect(written.map((row) => [row['case'], row['claim'], row['result']])).toEqual(
      cases.flatMap(({ name, rows }) => rows.map(({ claim, result }) => [name, claim, result])),
    )
  })

  it('counts are right even where times cannot be judged', { retry: 2 }, async () => {
    const cases = casesOf(await headroom(['verify', '--only', 'throttled', '--json', '--quiet']))
    for (const claim of ['accepted replies', '429 replies', 'bytes sent', 'bytes received']) {
      const { truth, measured } = rowOf(cases, 'throttled', claim)
      expect([claim, measured]).toEqual([claim, truth])
      expect(truth).toBeGreaterThan(0)
    }
  })

  it('a target that is not ours: rate and arrivals after a second, and no other request', async () => {
    const mock = await mockTarget('custom,latency=1ms')
    const flags = ['--target', `${mock.url}/health`, '--rate', '40', '--duration', '2s', '--json']
    const end = await headroom(['verify', ...flags])
    const cases = casesOf(end)
    expect(withResult(cases, 'fail')).toEqual([])
    expect([0, 3]).toContain(end.exitCode)
    expect(rowOf(cases, 'target', 'requests due')).toMatchObject({ truth: 80, measured: 80 })
    expect(cases.flatMap(({ rows }) => rows.map(({ claim }) => claim))).toEqual([
      'requests due',
      'achieved rate',
      'schedule delay p99',
      'offered peak, 100 ms',
      'offered peak, 1 s',
      'sent peak, 100 ms',
      'sent peak, 1 s',
    ])
    expect(mock.state().resources[0]?.operations['request']?.requestCount).toBe(120)
  })

  it('Ctrl-C ends it: 105', async () => {
    const command = startHeadroom(['verify', '--only', 'stall', '--json'])
    await expect.poll(() => command.stderr).toContain('1/1 stall')
    command.interrupt()
    expect(await command.end).toMatchObject({ exitCode: 105, stdout: '' })
  })
})

describe('graded by the same truth', () => {
  it('autocannon halves a fixed latency and sends in bursts', { retry: 2 }, async () => {
    const end = await headroom(['verify', '--engine', 'autocannon', '--only', 'fixed', '--quick', '--json'])
    expect(end.exitCode).toBe(0)
    const cases = casesOf(end)
    // No reply came before 100 ms were over.
    const least = rowOf(cases, 'fixed', 'service time min')
    expect(least).toMatchObject({ measured: 1, result: 'fail' })
    expect(least.truth).toBeGreaterThanOrEqual(100)
    const median = rowOf(cases, 'fixed', 'service time p50')
    expect(median.result).toBe('fail')
    expect(median.truth).toBeGreaterThanOrEqual(100)
    expect(median.measured).toBeLessThan(85)
    const burst = rowOf(cases, 'fixed', 'busiest 100 ms at the mock')
    expect(burst).toMatchObject({ truth: 18, result: 'fail' })
    expect(burst.measured).toBeGreaterThan(2 * 18)
    expect(rowOf(cases, 'fixed', 'requests due').result).toBe('no_figure')
  })

  it('a k6 on PATH gets the script, and its export is read', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'k6'), STAND_IN, { mode: 0o755 })
    const flags = ['--engine', 'k6', '--only', 'throttled', '--only', 'long', '--json']
    const end = await headroom(['verify', ...flags], { env: { PATH: folder, K6_DURATION: '1h' } })
    expect(end).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('k6 v0.0.0 (stand-in)') })
    const cases = casesOf(end)
    for (const claim of ['accepted replies', '429 replies', 'requests sent', 'Retry-After max']) {
      expect(rowOf(cases, 'throttled', claim)).toMatchObject({ result: 'pass' })
    }
    expect(rowOf(cases, 'throttled', 'requests sent')).toMatchObject({ truth: 30, measured: 30 })
    expect(rowOf(cases, 'throttled', 'bytes sent')).toMatchObject({ measured: 1, result: 'fail' })
    expect(cases[1]).toMatchObject({ name: 'long', rows: [], leftOut: 'it has no virtual time' })
  })

  it('a k6 that fails is named with what it said: 1', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'k6'), STAND_IN.replace('await send()', 'fail()'), { mode: 0o755 })
    const end = await headroom(['verify', '--engine', 'k6', '--only', 'fixed'], { env: { PATH: folder } })
    expect(end.exitCode).toBe(1)
    expect(end.stderr).toContain('k6 ended with exit code 1: ')
    expect(end.stderr).toContain('fail is not defined')
  })
})

/** Speaks k6's command line as far as it is used; makes 30 requests and exports what k6 would of them. */
const STAND_IN = `#!${process.execPath}
const { readFileSync, writeFileSync } = require('node:fs')
const flags = process.argv.slice(2)
const after = (flag) => flags[flags.indexOf(flag) + 1]

async function send() {
  const counts = { 200: 0, 429: 0 }
  for (let n = 0; n < 30; n++) counts[(await fetch(after('-e').replace('TARGET=', ''))).status]++
  return counts
}

async function run() {
  if (process.env.K6_DURATION || !readFileSync(flags.at(-1), 'utf8').includes("from 'k6/http'")) process.exit(107)
  const counts = await send()
  const metrics = {
    http_reqs: { count: 30, rate: 10 },
    'http_reqs{status:429}': { count: counts[429], rate: 1 },
    http_req_failed: { passes: counts[429], fails: counts[200], value: counts[429] / 30 },
    retry_after_seconds: { med: 3, max: 3 },
    data_sent: { count: 1, rate: 1 },
  }
  writeFileSync(after('--summary-export'), JSON.stringify({ metrics }))
}

if (flags[0] === 'version') console.log('k6 v0.0.0 (stand-in)')
else run()
`
