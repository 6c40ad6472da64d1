/** Targets, disks and signals at their worst: each becomes a counted outcome, or an end with its own exit code. */
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readCsvRows } from '../support/csv-reader.ts'
import { expectNothingLeft, WatchedCommand } from './left-behind.ts'
import { isAlive, mockOf, spawnHeadroom } from './process.ts'
import { countsOf, expectToAddUp, figure, readRun, runDirectories, summaryOf } from './run-output.ts'
import { EVEN_LOAD, workplace, type ScriptParts, type Workplace } from './script.ts'
import {
  aliveInGroup,
  endless,
  hostileServer,
  largeBody,
  refusingPort,
  type Misbehaviour,
} from './under-fire.ts'

/** It ran to its end; on a machine that is busy with other things the instrument may not be good enough. */
const RAN = [0, 3]

interface End {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
  /** How long it lived on after it had said where its files are. */
  readonly lingeredMs: number
}

/** Runs the command in a shell that first does what `prelude` says, in a process group of its own. */
function headroomIn(prelude: string, argv: readonly string[], cwd: string): Promise<End> {
  const line = `${prelude}; exec "$0" "$@"`
  const watched = new WatchedCommand()
  const command = ['-c', line, process.execPath, watched.script, ...argv]
  const child = spawn('bash', command, { cwd, env: watched.env, detached: true })
  onTestFinished(() => void child.kill('SIGKILL'))
  let [stdout, stderr, saidAtMs] = ['', '', Infinity]
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    saidAtMs = performance.now()
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const end = new Promise<End>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (exitCode) => {
      resolve({ exitCode, stdout, stderr, lingeredMs: Math.max(performance.now() - saidAtMs, 0) })
    })
  })
  return end.then((ended) => {
    expect(aliveInGroup(child.pid ?? 0)).toEqual([])
    expectNothingLeft(watched, ended.exitCode)
    return ended
  })
}

function run(place: Workplace, target: string, prelude = 'true'): Promise<End> {
  return headroomIn(prelude, ['run', 'script.ts', '--target', target, '--out', place.out], place.folder)
}

/** Each path once, one after another. */
function visiting(paths: readonly string[], params = "timeout: '1s'"): ScriptParts {
  const scenario = { executor: 'per-vu-iterations', vus: 1, iterations: paths.length, maxDuration: '30s' }
  const body = `
    const path = ${JSON.stringify(paths)}[__ITER]
    const url = path.startsWith('/') ? __ENV.TARGET + path : path
    http.get(url, { tags: { name: path }, ${params} })`
  return { scenario, body }
}

const HEAD = 'HTTP/1.1 200 OK\r\n'
const BREAKING: Readonly<Record<string, Misbehaviour>> = {
  '/cut-before': (socket) => socket.end(),
  '/cut-in-status': (socket) => socket.end('HTTP/1.'),
  '/cut-in-head': (socket) => socket.end(`${HEAD}Content-Le`),
  '/cut-in-body': (socket) => socket.end(`${HEAD}Content-Length: 10\r\n\r\nhalf`),
  '/cut-in-chunk-size': (socket) => socket.end(`${HEAD}Transfer-Encoding: chunked\r\n\r\nff`),
  '/cut-in-chunk': (socket) => socket.end(`${HEAD}Transfer-Encoding: chunked\r\n\r\n5\r\nab`),
  '/garbage': (socket) => socket.write(Buffer.from(Array.from({ length: 4_096 }, (_, i) => (i * 131) % 256))),
  '/bad-chunk': (socket) => socket.write(`${HEAD}Transfer-Encoding: chunked\r\n\r\nxyz\r\n`),
  '/two-lengths': (socket) => socket.write(`${HEAD}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`),
  '/endless-headers': endless(HEAD, 'X-More: and more\r\n'),
  '/endless-header': endless(`${HEAD}X-Long: `, 'a'),
  '/endless-status': endless('HTTP/1.1 200 ', 'b'),
  '/reset': (socket) => socket.resetAndDestroy(),
  '/reset-in-body': (socket) => {
    socket.write(`${HEAD}Content-Length: 10\r\n\r\nhalf`)
    setTimeout(() => socket.resetAndDestroy(), 10)
  },
}

describe('a target at its worst', () => {
  it('cuts, breaks, floods and resets: each reply is one network error, and the next one is fine', async () => {
    const server = await hostileServer(BREAKING)
    const paths = Object.keys(BREAKING).flatMap((path) => [path, '/fine'])
    const place = workplace(visiting(paths))
    const end = await run(place, server.url)
    expect(RAN).toContain(end.exitCode)
    expect(end.lingeredMs).toBeLessThan(2_000)
    const files = readRun(place.out)
    expectToAddUp(files)
    for (const path of Object.keys(BREAKING)) {
      expect([path, countsOf(summaryOf(files, path))]).toEqual([
        path,
        { offered_count: 1, sent_count: 1, network_error_count: 1 },
      ])
    }
    expect(figure(summaryOf(files, '/fine'), 'accepted_count')).toBe(Object.keys(BREAKING).length)
  })

  it('is not there, has no name, speaks no TLS, or never answers', async () => {
    const server = await hostileServer({ '/silent': () => {}, '/trickle': endlessTrickle })
    const urls = {
      [`http://127.0.0.1:${await refusingPort()}/`]: 'network_error',
      // Longer than a label of a name may be: no resolver is asked.
      [`http://${'a'.repeat(64)}.test/`]: 'network_error',
      [`https://127.0.0.1:${server.port}/`]: 'network_error',
      '/silent': 'timeout',
      '/trickle': 'timeout',
    }
    const place = workplace(visiting(Object.keys(urls)))
    const end = await run(place, server.url)
    expect(RAN).toContain(end.exitCode)
    const files = readRun(place.out)
    expectToAddUp(files)
    for (const [url, outcome] of Object.entries(urls)) {
      expect([url, figure(summaryOf(files, url), `${outcome}_count`)]).toEqual([url, 1])
    }
  })

  it('is slow to accept connections: the wait is in the figures', async () => {
    const server = await hostileServer({}, { acceptAfterMs: 300 })
    const place = workplace({ scenario: { ...EVEN_LOAD, duration: '1s' } })
    expect(RAN).toContain((await run(place, server.url)).exitCode)
    const all = summaryOf(readRun(place.out))
    expect(figure(all, 'accepted_count')).toBe(20)
    expect(figure(all, 'response_time_accepted_max_ms')).toBeGreaterThanOrEqual(300)
  })

  it.each([
    ['kept', "timeout: '30s'"],
    ['not kept', "timeout: '30s', responseType: 'none'"],
  ])('sends 100 MB, which are %s', async (_what, params) => {
    const server = await hostileServer({ '/large': largeBody(100_000_000) })
    const place = workplace(visiting(['/large', '/large'], params))
    expect(RAN).toContain((await run(place, server.url)).exitCode)
    const all = summaryOf(readRun(place.out))
    expect(figure(all, 'accepted_count')).toBe(2)
    expect(figure(all, 'received_bytes')).toBeGreaterThan(200_000_000)
  })
})

/** A byte now and then: never idle, never done. */
function endlessTrickle(socket: Parameters<Misbehaviour>[0]): void {
  socket.write(`${HEAD}Content-Length: 1000000\r\n\r\n`)
  const timer = setInterval(() => socket.write('.'), 50)
  socket.once('close', () => clearInterval(timer))
}

/** Enough to start with: loading the program itself opens more than 64 at once. */
const FEW_FILES = 'ulimit -n 256'

describe('file descriptors that run out', () => {
  it('are network errors of a run, which says so and saves everything', async () => {
    const server = await hostileServer({ '/a': (socket) => setTimeout(() => socket.write(OK), 1_500) })
    const place = workplace({ scenario: { ...EVEN_LOAD, rate: 300 } })
    const end = await run(place, server.url, FEW_FILES)
    expect(RAN).toContain(end.exitCode)
    const files = readRun(place.out)
    expectToAddUp(files)
    expect(figure(summaryOf(files), 'accepted_count')).toBeGreaterThan(0)
    expect(figure(summaryOf(files), 'network_error_count')).toBeGreaterThan(0)
    expect(end.stderr).toMatch(/EMFILE|ulimit -n/)
  })

  it('leave saturate with the connections that it could open', async () => {
    const server = await hostileServer({})
    const place = workplace('')
    const argv = ['saturate', server.url, '-c', '400', '-d', '1s', '--out', place.out]
    const end = await headroomIn(FEW_FILES, argv, place.folder)
    expect(end.exitCode).toBe(0)
    expect(end.stderr).toContain('ulimit -n')
    const files = readRun(place.out)
    expectToAddUp(files)
    expect(figure(summaryOf(files), 'accepted_count')).toBeGreaterThan(0)
    expect(figure(summaryOf(files), 'network_error_count')).toBeGreaterThan(0)
  })
})

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

describe('a disk that takes no more', () => {
  // Files of at most 8 KiB: what is longer fails as on a full disk. The signal that goes with it is ignored.
  const FULL = "trap '' XFSZ; ulimit -f 8"

  it('does not end the load; what fits is there, and the end says what is missing: 1', async () => {
    const server = await hostileServer({})
    const place = workplace({ scenario: { ...EVEN_LOAD, duration: '2s' } })
    const end = await run(place, server.url, FULL)
    expect(end.exitCode).toBe(1)
    expect(end.stderr).toContain('cannot write results')
    expect(end.stderr).toContain('--out DIR')
    // Beside the connection that asked whether anything listens.
    expect(server.requestCount()).toBe(40)
    const [path = ''] = runDirectories(place.out)
    expect(readFileSync(join(path, 'timeseries.csv'), 'utf8')).toMatch(/^schema_version,run_id,second/)
    expect(existsSync(join(path, 'burst.csv'))).toBe(true)
    expect(existsSync(join(path, 'histogram.csv.tmp'))).toBe(false)
  })

  it.each([
    ['below a file', (place: Workplace) => join(place.folder, 'script.ts', 'out')],
    ['that may not be made', () => '/sys/headroom-test/out'],
  ])('%s is a fault before the first request: 2', async (_where, out) => {
    const server = await hostileServer({})
    const place = workplace({})
    const argv = ['run', 'script.ts', '--target', server.url, '--out', out(place)]
    const end = await headroomIn('true', argv, place.folder)
    expect(end.exitCode).toBe(2)
    expect(end.stderr).toContain('cannot write results')
    expect(server.requestCount()).toBe(0)
  })

  it('and a results folder that goes away meanwhile is told at the end: 1', async () => {
    const server = await hostileServer({})
    const place = workplace({ scenario: { ...EVEN_LOAD, duration: '2s' } })
    const command = await spawnHeadroom(
      ['run', 'script.ts', '--target', server.url, '--out', place.out],
      place.folder,
    )
    await command.sees(() => server.requestCount() > 10)
    rmSync(place.out, { recursive: true })
    const end = await command.end
    expect(end.exitCode).toBe(1)
    expect(end.stderr).toContain('cannot write results')
    expect(server.requestCount()).toBe(40)
  })
})

/** Seconds in the time series of the run under way. */
function secondsIn(out: string): number {
  const [path = ''] = runDirectories(out)
  const file = join(path, 'timeseries.csv')
  if (path === '' || !existsSync(file)) return 0
  return readCsvRows(readFileSync(file, 'utf8')).filter((row) => row['name'] === '_all').length
}

const LONG: ScriptParts = { mock: 'custom,latency=5ms', scenario: { ...EVEN_LOAD, duration: '60s' } }

describe('signals', () => {
  it('SIGTERM is a Ctrl-C: what is under way ends, everything is saved, 105', async () => {
    const place = workplace(LONG)
    const command = await spawnHeadroom(['run', 'script.ts', '--out', place.out], place.folder)
    await command.sees(() => runDirectories(place.out).length === 1)
    const mock = await mockOf(command.pid)
    process.kill(command.pid, 'SIGTERM')
    expect((await command.end).exitCode).toBe(105)
    const files = readRun(place.out)
    expectToAddUp(files)
    expect(files.manifest.exitCode).toBe(105)
    expect(files.manifest.mock?.counters.resources).toHaveLength(1)
    expect(isAlive(mock)).toBe(false)
    expect(aliveInGroup(command.pid)).toEqual([])
  })

  it('SIGKILL leaves whole rows of every second that was over, and a manifest without an end', async () => {
    const place = workplace(LONG)
    const command = await spawnHeadroom(['run', 'script.ts', '--out', place.out], place.folder)
    await command.sees(() => runDirectories(place.out).length === 1)
    const [path = ''] = runDirectories(place.out)
    const timeseries = (): string => readFileSync(join(path, 'timeseries.csv'), 'utf8')
    await command.sees(() => secondsIn(place.out) > 1)
    command.kill()
    await command.end
    expect(timeseries()).toMatch(/\r\n$/)
    const rows = readCsvRows(timeseries()).filter((row) => row['name'] === '_all')
    expect(rows.map((row) => row['second'])).toEqual(rows.map((_, second) => String(second)))
    for (const row of rows) expect(row).toMatchObject({ sent_count: '20', accepted_count: '20' })
    const manifest = JSON.parse(readFileSync(join(path, 'manifest.json'), 'utf8')) as object
    expect(manifest).toMatchObject({ exitCode: null, wallFinishedAt: null })
    await expect.poll(() => aliveInGroup(command.pid)).toEqual([])
  })

  it('SIGKILL of the mock is network errors from then on, and the end says so: 5', async () => {
    const place = workplace({ ...LONG, scenario: { ...EVEN_LOAD, duration: '3s' } })
    const command = await spawnHeadroom(['run', 'script.ts', '--out', place.out], place.folder)
    const mock = await mockOf(command.pid)
    await command.sees(() => secondsIn(place.out) > 0)
    process.kill(mock, 'SIGKILL')
    const end = await command.end
    expect(end.exitCode).toBe(5)
    const files = readRun(place.out)
    expectToAddUp(files)
    expect(files.manifest.exitCode).toBe(5)
    expect(figure(summaryOf(files), 'accepted_count')).toBeGreaterThan(0)
    expect(figure(summaryOf(files), 'network_error_count')).toBeGreaterThan(0)
    expect(end.stderr).toContain('the mock server’s process has ended (SIGKILL)')
    expect(aliveInGroup(command.pid)).toEqual([])
  })

  it('SIGINT of saturate leaves no server of its own behind', async () => {
    const place = workplace('')
    const argv = ['saturate', '--self', '-d', '60s', '--out', place.out]
    const command = await spawnHeadroom(argv, place.folder)
    await command.sees(() => runDirectories(place.out).length === 1)
    command.interrupt()
    expect((await command.end).exitCode).toBe(105)
    expectToAddUp(readRun(place.out))
    await expect.poll(() => aliveInGroup(command.pid)).toEqual([])
  })
})

describe('a script that loops for ever', () => {
  it('in setup ends with 107 before any traffic, and leaves nothing', async () => {
    const server = await hostileServer({})
    const place = workplace({ module: 'export function setup() { for (;;); }' })
    const end = await run(place, server.url)
    expect(end.exitCode).toBe(107)
    expect(end.stderr).toContain('it loops without waiting')
    expect(server.requestCount()).toBe(0)
    expect(runDirectories(place.out)).toEqual([])
  })
})
