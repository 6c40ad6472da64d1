import { readdirSync, readFileSync, statSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { figure, readRun, summaryOf } from './run-output.ts'
import { runScript } from './script.ts'
import { listening } from './target.ts'

interface CountingServer {
  readonly server: Server
  readonly port: number
  readonly hosts: readonly (string | undefined)[]
  connectionCount: number
}

async function countingServer(): Promise<CountingServer> {
  const hosts: (string | undefined)[] = []
  const server = createServer((request, response) => {
    hosts.push(request.headers.host)
    response.end()
  })
  const counting = { server, port: await listening(server), hosts, connectionCount: 0 }
  server.on('connection', () => counting.connectionCount++)
  return counting
}

/** Two VUs, three iterations each, two requests an iteration. */
const ITERATIONS = { executor: 'per-vu-iterations', vus: 2, iterations: 3 }
const TWICE = 'http.get(__ENV.TARGET); http.get(__ENV.TARGET)'

/** Ten VUs that would send thousands. */
const PACED = {
  mock: 'custom,latency=1ms,tps=none',
  scenario: { executor: 'constant-vus', vus: 10, duration: '3s' },
  options: { rps: 30 },
}

describe('options of connections', () => {
  it.each([
    [{ noConnectionReuse: true }, 12],
    [{ noVUConnectionReuse: true }, 6],
    [{ ext: { headroom: { connections: 'per-vu' } } }, 2],
  ])('%j opens %d connections', async (options, expected) => {
    const counting = await countingServer()
    const parts = { scenario: ITERATIONS, body: TWICE, options }
    const run = await runScript(parts, '--target', `http://127.0.0.1:${counting.port}`)
    expect(figure(summaryOf(readRun(run.out)), 'accepted_count')).toBe(12)
    // One of them asked whether anything listens at all.
    expect(counting.connectionCount - 1).toBe(expected)
  })

  it('hosts lead a name to an address, and blocked ones nowhere', async () => {
    const { port, hosts } = await countingServer()
    const body = `
      http.get('http://api.test:${port}/')
      for (const host of ['a.blocked.test', '10.1.2.3']) console.log('code', http.get(\`http://\${host}/\`).error_code)`
    const options = {
      hosts: { 'api.test': '127.0.0.1' },
      blockHostnames: ['*.blocked.test'],
      blacklistIPs: ['10.0.0.0/8'],
    }
    const scenario = { executor: 'shared-iterations', vus: 1, iterations: 1 }
    const run = await runScript({ scenario, options, body }, '--target', `http://127.0.0.1:${port}`)
    expect(hosts).toEqual([`api.test:${port}`])
    expect(run.stderr).toContain('code 1111')
    expect(run.stderr).toContain('code 1110')
    expect(figure(summaryOf(readRun(run.out)), 'network_error_count')).toBe(2)
  })

  it('rps limits what is sent in any second, in virtual time', async () => {
    const { timeseries } = readRun((await runScript(PACED, '--virtual')).out)
    const sent = timeseries.filter(({ name }) => name === '_all').map((row) => Number(row['sent_count']))
    expect(sent.slice(0, 3)).toEqual([30, 30, 30])
  })

  it('rps limits what is sent in real time, and turns are not lost by being late', async () => {
    const sentCount = figure(summaryOf(readRun((await runScript(PACED)).out)), 'sent_count')
    expect(sentCount).toBeGreaterThanOrEqual(85)
    // What waits when the time is over is still sent.
    expect(sentCount).toBeLessThanOrEqual(90 + 10)
  })

  it('certificates and keys of tlsAuth reach no file', async () => {
    const pem = (name: string): string =>
      readFileSync(new URL(`../golden/tls/${name}.pem`, import.meta.url), 'utf8')
    const tlsAuth = [{ cert: pem('cert'), key: pem('key'), password: 'open sesame' }]
    const scenario = { executor: 'shared-iterations', vus: 1, iterations: 1 }
    const mock = 'custom,latency=1ms,tps=none'
    const run = await runScript({ mock, scenario, options: { tlsAuth } }, '--virtual')
    expect(run.exitCode).toBe(0)
    const files = readdirSync(run.out, { recursive: true, encoding: 'utf8' })
      .map((name) => join(run.out, name))
      .filter((path) => statSync(path).isFile())
    const text = files.map((path) => readFileSync(path, 'latin1')).join('\n') + run.stderr
    expect(text).toContain('"credentials"')
    expect(text).not.toMatch(/BEGIN|sesame/)
  })
})
