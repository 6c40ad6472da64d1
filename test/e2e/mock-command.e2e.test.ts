/** `headroom mock`: the mock alone. */
import { once } from 'node:events'
import { X509Certificate } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { headroom, startHeadroom, temporaryFolder, type RunningCommand } from './command.ts'
import { spawnHeadroom } from './process.ts'
import { runScript } from './script.ts'

/** The URL that the command prints once it listens. */
async function urlOf(command: RunningCommand): Promise<string> {
  await expect.poll(() => command.stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\n$/)
  return command.stdout.trim()
}

describe('headroom mock', () => {
  it('listens, answers, accounts for it, and ends with 0 at Ctrl-C', async () => {
    const command = startHeadroom(['mock', 'custom,tps=2', '--port', '0'])
    const url = await urlOf(command)
    const statuses: number[] = []
    for (let i = 0; i < 3; i++) statuses.push((await fetch(`${url}/any`)).status)
    expect(statuses).toEqual([200, 200, 429])
    expect(await (await fetch(`${url}/__mock/state`)).json()).toMatchObject({
      resources: [{ operations: { request: { requestCount: 3, admittedCount: 2 } } }],
    })
    expect(command.stderr).toBe(`mock of main at ${url} (Ctrl-C stops it)\n`)
    command.interrupt()
    expect((await command.end).exitCode).toBe(0)
    await expect(fetch(url)).rejects.toThrow('fetch failed')
  })

  it('takes several resources from a file', async () => {
    const folder = temporaryFolder()
    const resources = ['east', 'west'].map((name) => ({ name, profile: 'custom', rules: [], concurrency: 1 }))
    writeFileSync(join(folder, 'mock.json'), JSON.stringify({ resources }))
    const command = startHeadroom(['mock', '--config', 'mock.json', '--port', '0'], { cwd: folder })
    const url = await urlOf(command)
    const statuses = await Promise.all(
      ['/r/east/x', '/r/west/x', '/r/north/x'].map(async (path) => (await fetch(url + path)).status),
    )
    expect(statuses).toEqual([200, 200, 404])
    command.interrupt()
    expect((await command.end).exitCode).toBe(0)
  })

  it('a second Ctrl-C does not wait for replies under way', async () => {
    const command = startHeadroom(['mock', 'custom,latency=1m', '--port', '0'])
    const url = await urlOf(command)
    const reply = fetch(url).catch(() => 'cut off')
    await expect
      .poll(async () => await (await fetch(`${url}/__mock/state`)).json())
      .toMatchObject({ resources: [{ inFlightCount: 1 }] })
    command.interrupt()
    command.interrupt()
    expect((await command.end).exitCode).toBe(0)
    expect(await reply).toBe('cut off')
  })

  it('as a process ends with 0 at SIGINT', async () => {
    const command = await spawnHeadroom(['mock', '--port', '0'], temporaryFolder())
    await command.sees((_stderr, stdout) => stdout.startsWith('http://127.0.0.1:'))
    command.interrupt()
    expect((await command.end).exitCode).toBe(0)
  })

  it('a port in use: 2, and what to do', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    onTestFinished(() => void other.close())
    const { port } = other.address() as AddressInfo
    const end = await headroom(['mock', '--port', String(port)])
    expect(end.exitCode).toBe(2)
    expect(end.stderr).toMatch(
      new RegExp(`^--port: port ${port} .*already in use\n +choose another with --port`),
    )
  })

  it('--list names every profile with its limits, their marks and sources', async () => {
    const end = await headroom(['mock', '--list'])
    expect(end.exitCode).toBe(0)
    const [first = '', ...others] = end.stdout.split('\n\n')
    expect(first.split('\n')).toEqual([
      'personalizer-s0: Personalizer S0',
      '  50 requests per 1s (sliding-log)  assumed  no number is published for Personalizer',
      '  100 requests in flight            assumed  no number is published for Personalizer',
      '  latency lognormal:20ms:80ms       assumed  no number is published for Personalizer',
    ])
    for (const profile of others) expect(profile).toMatch(/^[\w-]+: \S.*\n( {2}\S.*\n?)+$/)
  })

  it('serves HTTPS with a certificate of one’s own', async () => {
    const certificates = fileURLToPath(new URL('../golden/tls/', import.meta.url))
    const argv = ['mock', 'custom', '--tls-key', 'key.pem', '--tls-cert', 'cert.pem', '--port', '0']
    const command = startHeadroom(argv, { cwd: certificates })
    await expect.poll(() => command.stdout).toMatch(/^https:\/\/127\.0\.0\.1:\d+\n$/)
    const served = await new Promise((resolve, reject) => {
      const url = new URL(command.stdout.trim())
      const socket = connect(Number(url.port), '127.0.0.1', { rejectUnauthorized: false }, () => {
        resolve(socket.getPeerX509Certificate()?.toString())
        socket.destroy()
      })
      socket.on('error', reject)
    })
    expect(served).toBe(new X509Certificate(readFileSync(join(certificates, 'cert.pem'))).toString())
    command.interrupt()
    expect((await command.end).exitCode).toBe(0)
  })

  it.each([
    [['--tls-key', 'a.pem'], /^--tls-key: needs --tls-cert\n/],
    [['--tls-cert', 'a.pem'], /^--tls-cert: needs --tls-key\n/],
    [['--tls-cert', 'a.pem', '--tls-key', 'b.pem'], /^[ab]\.pem: cannot be read \(ENOENT\)\n/],
  ])('%j: 2, and what is missing', async (flags, expected) => {
    const end = await headroom(['mock', ...flags], { cwd: temporaryFolder() })
    expect([end.exitCode, end.stderr]).toEqual([2, expect.stringMatching(expected)])
  })

  it('--time-scale compresses hours, --tls serves HTTPS', async () => {
    const argv = ['mock', 'custom,tps=1', '--time-scale', '1000', '--tls', '--port', '0']
    const command = startHeadroom(argv)
    await expect.poll(() => command.stdout).toMatch(/^https:\/\/127\.0\.0\.1:\d+\n$/)
    const body = `
      const codes = [1, 2, 3, 4, 5].map((id) => { sleep(0.01); return http.get(__ENV.TARGET + '/' + id).status })
      if (codes.join() !== '200,200,200,200,200') fail('refused: ' + codes)`
    const scenario = { executor: 'constant-arrival-rate', rate: 1, duration: '1s', preAllocatedVUs: 1 }
    const options = { insecureSkipTLSVerify: true }
    const run = await runScript({ body, scenario, options }, '--target', command.stdout.trim())
    expect(run.stderr).not.toContain('refused')
    expect(run.stderr).toContain('accepted 5')
    command.interrupt()
    expect((await command.end).exitCode).toBe(0)
  })
})
