/** Whatever a command did and however it ended: no timer, socket, file, promise or process of it is left. */
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { expectNothingLeft, WatchedCommand } from './left-behind.ts'
import { preload, spawnHeadroom } from './process.ts'
import { runDirectories } from './run-output.ts'
import { EVEN_LOAD, workplace, type ScriptParts } from './script.ts'
import { aliveInGroup, hostileServer, refusingPort } from './under-fire.ts'

const SHORT: ScriptParts = { mock: 'custom,latency=5ms', scenario: { ...EVEN_LOAD, duration: '1s' } }

const ENDS: readonly [string, ScriptParts, readonly string[], number][] = [
  ['a run against the mock', SHORT, [], 0],
  ['a run in virtual time', SHORT, ['--virtual'], 0],
  ['a run that keeps every request', SHORT, ['--raw'], 0],
  ['a plan alone', SHORT, ['--dry-run'], 0],
  ['options with faults', { ...SHORT, options: { nonsense: 1 } }, [], 104],
  ['a script that throws as it loads', { ...SHORT, module: "throw new Error('no')" }, [], 107],
  ['set-up that throws', { ...SHORT, module: "export function setup() { throw new Error('no') }" }, [], 107],
  [
    'set-up that takes too long',
    { ...SHORT, options: { setupTimeout: '1s' }, module: 'export function setup() { sleep(60) }' },
    [],
    100,
  ],
  [
    'a script that ends the test',
    { ...SHORT, module: "import exec from 'k6/execution'", body: "exec.test.abort('so')" },
    [],
    108,
  ],
  [
    'a threshold that ends it',
    { ...SHORT, options: { thresholds: { iterations: [{ threshold: 'count<5', abortOnFail: true }] } } },
    [],
    99,
  ],
  ['a mock that cannot be', { ...SHORT, mock: 'custom,tps=-1' }, [], 104],
  ['results that cannot be written', SHORT, ['--out', '/sys/headroom-test/out'], 2],
]

/** It ran to its end; on a machine that is busy with other things the instrument may not be good enough. */
const allowed = (exitCode: number): readonly number[] => (exitCode === 0 ? [0, 3] : [exitCode])

describe('nothing is left behind by', () => {
  it.each(ENDS)('%s', async (_what, script, flags, exitCode) => {
    const place = workplace(script)
    const { end } = await spawnHeadroom(['run', 'script.ts', '--out', place.out, ...flags], place.folder)
    expect(allowed(exitCode)).toContain((await end).exitCode)
  })

  it('a target that nobody listens at', async () => {
    const place = workplace(SHORT)
    const target = `http://127.0.0.1:${await refusingPort()}`
    const { end } = await spawnHeadroom(['run', 'script.ts', '--target', target], place.folder)
    expect((await end).exitCode).toBe(5)
  })

  it('connections that are open when the run is over, and a receiver of metrics that is not there', async () => {
    const server = await hostileServer({ '/a': () => {} })
    const place = workplace({ scenario: { ...EVEN_LOAD, duration: '1s', gracefulStop: '0s' } })
    const receiver = `http://127.0.0.1:${await refusingPort()}`
    const argv = ['run', 'script.ts', '--target', server.url, '--otlp', receiver, '--out', place.out]
    const { exitCode, stderr } = await (await spawnHeadroom(argv, place.folder)).end
    expect(allowed(0)).toContain(exitCode)
    expect(stderr).toContain('aborted 20')
  })

  it('a saturation, alone and beside a target', async () => {
    const server = await hostileServer({})
    const place = workplace('')
    for (const argv of [['--self'], [server.url], [server.url, '--self']]) {
      const flags = ['-c', '2', '-d', '1s', '--out', place.out]
      const { exitCode } = await (await spawnHeadroom(['saturate', ...argv, ...flags], place.folder)).end
      expect(exitCode).toBe(0)
    }
  })

  it('a report and an import', async () => {
    const place = workplace(SHORT)
    await (
      await spawnHeadroom(['run', 'script.ts', '--virtual', '--out', place.out], place.folder)
    ).end
    const [path = ''] = runDirectories(place.out)
    const report = await spawnHeadroom(['report', path], place.folder)
    expect((await report.end).exitCode).toBe(0)
    const rows = ['timeStamp,elapsed,label,responseCode,success', '1700000000000,12,home,200,true']
    writeFileSync(join(place.folder, 'results.jtl'), rows.join('\n'))
    const imported = await spawnHeadroom(['import', 'results.jtl', '--out', place.out], place.folder)
    expect((await imported.end).exitCode).toBe(0)
  })

  it('an import of a file that ends in the middle', async () => {
    const place = workplace('')
    const start = 'timeStamp,elapsed,label,responseCode,success\n1700000000000,12,"home'
    writeFileSync(join(place.folder, 'results.jtl'), start)
    const { end } = await spawnHeadroom(['import', 'results.jtl', '--out', place.out], place.folder)
    expect((await end).exitCode).toBe(2)
  })

  it('a verification, whole and interrupted', async () => {
    const place = workplace('')
    const whole = await spawnHeadroom(['verify', '--only', 'throttled', '--quiet'], place.folder)
    expect([0, 3]).toContain((await whole.end).exitCode)
    const broken = await spawnHeadroom(['verify', '--only', 'stall'], place.folder)
    await broken.sees((stderr) => stderr.includes('1/1 stall'))
    broken.interrupt()
    expect((await broken.end).exitCode).toBe(105)
  })

  it('a mock that was interrupted with a connection open', async () => {
    const place = workplace('')
    const mock = await spawnHeadroom(['mock', 'custom', '--port', '0'], place.folder)
    let url = ''
    await mock.sees((_stderr, stdout) => (url = stdout.trim()) !== '')
    expect((await fetch(url)).status).toBe(200)
    mock.interrupt()
    expect((await mock.end).exitCode).toBe(0)
  })
})

/** A process and everything that it has started, what is left of them. */
function killGroup(pid: number | undefined): void {
  if (pid !== undefined && aliveInGroup(pid).length > 0) process.kill(-pid, 'SIGKILL')
}

describe('the watch', () => {
  it.each([
    ['a server', "createServer().listen(0, '127.0.0.1')", /TCPServerWrap/],
    ['a process', "spawn('sleep', ['60'])", /sleep 60/],
    ['an open file', 'openSync(process.argv[1])', /watched-cli\.js/],
  ])('finds %s that is left behind', async (_what, leak, named) => {
    const watched = new WatchedCommand()
    const place = workplace(SHORT)
    const flags = ['--virtual', '--out', place.out]
    const argv = ['--import', leakingHook(leak), watched.script, 'run', 'script.ts', ...flags]
    const { folder: cwd } = place
    const child = spawn(process.execPath, argv, { cwd, env: watched.env, detached: true, stdio: 'ignore' })
    onTestFinished(() => killGroup(child.pid))
    await expect.poll(() => watched.record()?.leftBehind.join(), { timeout: 30_000 }).toMatch(named)
    expect(() => expectNothingLeft(watched, 0)).toThrow('to deeply equal')
  })
})

/** A module that does something when the command writes for the first time: by then the watch has begun. */
function leakingHook(leak: string): string {
  return preload(`
    import { spawn } from 'node:child_process'
    import { openSync } from 'node:fs'
    import { createServer } from 'node:net'
    import { isMainThread } from 'node:worker_threads'
    const { stderr } = process
    const write = stderr.write.bind(stderr)
    if (isMainThread) stderr.write = (text) => {
      stderr.write = write
      ${leak}
      return write(text)
    }`)
}
