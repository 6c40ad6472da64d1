/** What must hold of a run over real sockets. */
import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import { describe, expect, it } from 'vitest'
import { expectOracleAgrees, expectToAddUp, figure, readRun, summaryOf } from './run-output.ts'
import { EVEN_LOAD, RANK_REWARD, runScript } from './script.ts'
import { httpTarget, listening, mockTarget } from './target.ts'

const US_PER_MS = 1_000

describe('over sockets', () => {
  it('the client’s counts are those of the mock’s own account', async () => {
    const mock = 'personalizer-s0,tps=60,concurrency=3,latency=lognormal:20ms:80ms'
    const scenario = { ...EVEN_LOAD, rate: 70, duration: '4s' }
    const run = await runScript({ ...RANK_REWARD, mock, scenario })
    expect([0, 3]).toContain(run.exitCode)
    const files = readRun(run.out)
    expectToAddUp(files)
    expectOracleAgrees(files, files.manifest.mock?.counters)
    const refused = files.manifest.mock?.counters.resources[0]?.operations['rank']?.refusedCounts ?? {}
    expect(Object.keys(refused).sort()).toEqual(['concurrency', 'rate'])
    expect(summaryOf(files)['iterations_due_count']).toBe('280')
  })

  it('failures of every kind add up', async () => {
    const target = await httpTarget((request, response) => {
      if (request.url === '/reset') request.socket.destroy()
      else if (request.url === '/slow') setTimeout(() => response.end(), 400)
      else response.writeHead(request.url === '/500' ? 500 : 404).end()
    })
    const body = `
      const path = ['/reset', '/slow', '/500', '/404'][__ITER % 4]
      http.get(__ENV.TARGET + path, { timeout: '200ms', tags: { name: path } })`
    const scenario = { ...EVEN_LOAD, preAllocatedVUs: 1, maxVUs: 1, rate: 4 }
    const run = await runScript({ body, scenario }, '--target', target)
    expect(run.exitCode).toBe(0)
    const files = readRun(run.out)
    expectToAddUp(files)
    for (const [name, outcome] of [
      ['/reset', 'network_error'],
      ['/slow', 'timeout'],
      ['/500', 'server_error'],
      ['/404', 'client_error'],
    ] as const) {
      expect(figure(summaryOf(files, name), `${outcome}_count`)).toBe(2)
    }
  })

  it('a stall of the server slows nothing down but shows in the response times', async () => {
    const startMs = performance.now()
    const stallEndsMs = startMs + 4_000
    let requestCount = 0
    const target = await httpTarget((_request, response) => {
      requestCount++
      const nowMs = performance.now()
      const waitMs = nowMs > stallEndsMs - 1_000 && nowMs < stallEndsMs ? stallEndsMs - nowMs : 0
      if (waitMs === 0) response.end()
      else setTimeout(() => response.end(), waitMs)
    })
    const scenario = { ...EVEN_LOAD, rate: 50, duration: '5s' }
    const run = await runScript({ scenario }, '--target', target)
    expect([0, 3]).toContain(run.exitCode)
    const files = readRun(run.out)
    const all = summaryOf(files)
    expectToAddUp(files)
    expect(figure(all, 'sent_count') + figure(all, 'iterations_dropped_count')).toBe(250)
    expect(requestCount).toBe(figure(all, 'sent_count'))
    const seconds = files.timeseries.filter((row) => row['name'] === '_all').slice(0, 5)
    expect(seconds.map((row) => row['iterations_due_count'])).toEqual(['50', '50', '50', '50', '50'])
    expect(figure(all, 'response_time_accepted_p99_ms')).toBeGreaterThan(900)
    // The last 0.9 s and more were sent after the stall: nothing of it is left.
    expect(figure(seconds[4] ?? {}, 'response_time_accepted_p95_ms')).toBeLessThan(300)
  })

  it('several targets stand in __ENV.TARGET with commas between', async () => {
    const east = await mockTarget('custom')
    const west = await mockTarget('custom')
    const body = `
      const targets = __ENV.TARGET.split(',')
      http.get(targets[__ITER % targets.length] + '/x', { tags: { name: 'x' } })`
    const scenario = { executor: 'constant-arrival-rate', rate: 10, duration: '1s', preAllocatedVUs: 1 }
    const run = await runScript({ body, scenario }, '--target', `${east.url}/, ${west.url}`)
    expect(run.exitCode).toBe(0)
    for (const { resources } of [east.state(), west.state()]) {
      expect(resources[0]?.operations).toMatchObject({ request: { requestCount: 5 } })
    }
  })

  it('--max-requests is exact by the server’s own count, set-up and teardown included', async () => {
    const mock = await mockTarget('custom,latency=30ms')
    const ask = "http.get(__ENV.TARGET + '/')"
    const module = `export function setup() { ${ask} }\nexport function teardown() { ${ask} }`
    const run = await runScript({ module }, '--target', mock.url, '--max-requests', '15')
    expect(run.exitCode).toBe(0)
    expect(mock.state().resources[0]?.operations).toMatchObject({ request: { requestCount: 15 } })
    expectToAddUp(readRun(run.out))
  })
})

describe('https', () => {
  const file = (name: string): Buffer => readFileSync(new URL(`../golden/tls/${name}.pem`, import.meta.url))

  async function target(): Promise<string> {
    const server = createServer({ key: file('key'), cert: file('cert') }, (_request, response) =>
      response.end(),
    )
    return `https://localhost:${await listening(server)}`
  }

  it('a certificate signed by itself is accepted with insecureSkipTLSVerify', async () => {
    const options = { insecureSkipTLSVerify: true }
    const run = await runScript({ options }, '--target', await target(), '--max-requests', '5')
    expect(run.exitCode).toBe(0)
    expect(figure(summaryOf(readRun(run.out)), 'accepted_count')).toBe(5)
  })

  it('and is a network error without, which says what to do', async () => {
    const run = await runScript({}, '--target', await target(), '--max-requests', '5')
    const files = readRun(run.out)
    expectToAddUp(files)
    expect(figure(summaryOf(files), 'network_error_count')).toBe(5)
    expect(run.stderr).toContain('insecureSkipTLSVerify')
  })
})

describe('a script that loops for ever', () => {
  it('ends with 107 within about six seconds and keeps what was recorded', async () => {
    const body = "if (__ITER === 30) for (;;);\nhttp.get(__ENV.TARGET + '/', { tags: { name: 'a' } })"
    const scenario = { ...EVEN_LOAD, duration: '60s', preAllocatedVUs: 1, maxVUs: 1 }
    const startMs = performance.now()
    const run = await runScript({ mock: 'custom', body, scenario })
    // A second and a half until it loops, and what starting and stopping take.
    expect(performance.now() - startMs).toBeLessThan(1_500 + 5_000 + 2_500)
    expect(run.exitCode).toBe(107)
    expect(run.stderr).toContain('it loops without waiting')
    const files = readRun(run.out)
    expectToAddUp(files)
    expect(figure(summaryOf(files), 'accepted_count')).toBeGreaterThan(0)
    expect(files.manifest.exitCode).toBe(107)
    expect(figure(summaryOf(files), 'service_time_accepted_max_ms') * US_PER_MS).toBeGreaterThan(0)
  })
})
