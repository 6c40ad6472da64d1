/** `headroom saturate`: the closed-model ceiling, with the files of any other run. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { headroom, startHeadroom, temporaryFolder } from './command.ts'
import { expectToAddUp, figure, readRun, runDirectories, summaryOf, type RunOutput } from './run-output.ts'
import { runScript } from './script.ts'
import { httpTarget, mockTarget } from './target.ts'

const FILES = ['manifest.json', 'summary.csv', 'summary.json', 'timeseries.csv', 'histogram.csv', 'burst.csv']

/** Every file of the only run, and of what it was told. */
function everythingBelow(folder: string): string {
  const [path = ''] = runDirectories(join(folder, 'results'))
  return FILES.map((file) => readFileSync(join(path, file), 'utf8')).join('\n')
}

function resultsOf(folder: string): RunOutput {
  return readRun(join(folder, 'results'))
}

describe('headroom saturate', () => {
  it('counts what the server counts, by status', async () => {
    const mock = await mockTarget('custom,tps=50,latency=5ms')
    const folder = temporaryFolder()
    const url = `${mock.url}/any?key=hush-hush`
    const secrets = ['-H', 'Authorization: Bearer hush-hush', '-b', 'hush-hush']
    const argv = ['saturate', url, '-c', '4', '-d', '2s', '-m', 'post', ...secrets]
    const end = await headroom(argv, { cwd: folder })
    expect(end.exitCode).toBe(0)
    const files = resultsOf(folder)
    expectToAddUp(files)
    const { requestCount, statusCounts } = mock.state().resources[0]?.operations['request'] ?? {}
    const all = summaryOf(files)
    // What is under way when it stops has no reply, and may not have come to the server.
    const unanswered = figure(all, 'aborted_count')
    expect(figure(all, 'inflight_max_count')).toBe(4)
    expect(unanswered).toBeLessThanOrEqual(4)
    expect(figure(all, 'sent_count') - (requestCount ?? 0)).toBeLessThanOrEqual(unanswered)
    expect(figure(all, 'sent_count') - (requestCount ?? 0)).toBeGreaterThanOrEqual(0)
    expect(Math.abs(figure(all, 'accepted_count') - (statusCounts?.['200'] ?? 0))).toBeLessThanOrEqual(
      unanswered,
    )
    expect(Math.abs(figure(all, 'throttled_count') - (statusCounts?.['429'] ?? 0))).toBeLessThanOrEqual(
      unanswered,
    )
    expect(end.stderr).toContain(`200 × ${all['accepted_count']}, 429 × ${all['throttled_count']}`)
    expect(end.stderr).toContain('closed model')
    expect(all['scenario']).toBe('saturate-closed-model')
    expect(end.stderr + end.stdout + everythingBelow(folder)).not.toContain('hush')
  })

  it('has the columns of a run', async () => {
    const mock = await mockTarget('custom')
    const folder = temporaryFolder()
    const end = await headroom(['saturate', mock.url, '-d', '1s', '--quiet'], { cwd: folder })
    expect(end).toMatchObject({ exitCode: 0, stderr: '' })
    expect(end.stdout).toMatch(/^results\/\d{8}T\d{6}Z-saturate-closed-model-[0-9a-f]{7}\/\n$/)
    const run = await runScript({ mock: 'custom' }, '--virtual')
    expect(Object.keys(summaryOf(resultsOf(folder)))).toEqual(Object.keys(summaryOf(readRun(run.out))))
  })

  it('takes steps: a row each, where throughput stopped rising, and where 429 began', async () => {
    const mock = await mockTarget('custom,tps=100,latency=20ms')
    const folder = temporaryFolder()
    const end = await headroom(['saturate', mock.url, '-c', '1..8x2', '-d', '3s'], { cwd: folder })
    const files = resultsOf(folder)
    expectToAddUp(files)
    expect(files.summary.map((row) => row['name'])).toEqual(['_all', 'c=1', 'c=2', 'c=4', 'c=8'])
    for (const [connections, most] of [
      [1, 50],
      [2, 100],
      [4, 134],
      [8, 134],
    ] as const) {
      const row = summaryOf(files, `c=${connections}`)
      // Each step by its own time: of the whole run it would be a quarter.
      expect(figure(row, 'duration_s')).toBeGreaterThanOrEqual(3)
      expect(figure(row, 'duration_s')).toBeLessThan(4)
      expect(figure(row, 'accepted_rps')).toBeLessThanOrEqual(most)
      expect(figure(row, 'inflight_max_count')).toBe(connections)
    }
    expect(readFileSync(join(files.path, 'summary.md'), 'utf8')).toMatch(/warning: closed model: .*/)
    expect(readFileSync(join(files.path, 'report.html'), 'utf8')).toContain('>c=8<')
    expect(readFileSync(join(files.path, 'junit.xml'), 'utf8')).toContain('saturate-closed-model')
    expect(end.stderr).toMatch(/throughput (seems to have )?stopped rising at c=(2|4), /)
    expect(end.stderr).toMatch(/429 began at c=(2|4) /)
    expect(end.stderr).toContain('503 never came')
    const summary = readFileSync(join(files.path, 'summary.json'), 'utf8')
    expect(summary).toContain('http_reqs{name:c=8,status:429}')
  })

  it('Ctrl-C saves what there is and begins no other step: 105', async () => {
    const mock = await mockTarget('custom,latency=5ms')
    const folder = temporaryFolder()
    const command = startHeadroom(['saturate', mock.url, '-d', '60s', '-c', '2,4'], { cwd: folder })
    await expect.poll(() => mock.state().resources[0]?.inFlightCount).toBeGreaterThan(0)
    command.interrupt()
    expect((await command.end).exitCode).toBe(105)
    const files = resultsOf(folder)
    expectToAddUp(files)
    expect(files.manifest.exitCode).toBe(105)
    expect(files.summary.map((row) => row['name'])).toEqual(['_all', 'c=2'])
    expect(figure(summaryOf(files), 'duration_s')).toBeLessThan(30)
  })
})

/** A server that keeps what it was asked. */
async function listener(): Promise<{ readonly url: string; readonly asked: () => string }> {
  let asked = ''
  const url = await httpTarget((request, response) => {
    const { method, url: path = '', headers } = request
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      asked = [method, path, headers['content-type'], headers['x-key'], body].join(' ')
      response.writeHead(path === '/busy' ? 503 : 200).end()
    })
  })
  return { url, asked: () => asked }
}

describe('the request', () => {
  it('is that of a JSON file, and the command line wins', async () => {
    const server = await listener()
    const folder = temporaryFolder()
    const request = { url: '/rank?a=1', method: 'PUT', headers: { 'X-Key': 'from-file' }, body: { a: 1 } }
    writeFileSync(join(folder, 'rank.json'), JSON.stringify(request))
    const argv = ['saturate', server.url, '--request', 'rank.json', '-d', '1s', '-H', 'x-key: hush-hush']
    expect((await headroom(argv, { cwd: folder })).exitCode).toBe(0)
    expect(server.asked()).toBe('PUT /rank?a=1 application/json hush-hush {"a":1}')
    expect(everythingBelow(folder)).not.toMatch(/hush-hush|from-file/)
  })

  it('is the first of a script, which sends nothing itself', async () => {
    const server = await listener()
    const folder = temporaryFolder()
    const script = `
      import http from 'k6/http'
      import { sleep } from 'k6'
      export const options = { vus: 3, duration: '1m', ext: { headroom: { throttled: [503] } } }
      export function setup() { http.get(__ENV.TARGET + '/setup') }
      export default function () {
        sleep(0.01)
        const headers = { 'Content-Type': 'text/x', 'X-Key': __ENV.KEY }
        http.post(__ENV.TARGET + '/busy', 'body of ' + __VU, { headers })
        http.get(__ENV.TARGET + '/second')
      }`
    writeFileSync(join(folder, 'script.ts'), script)
    const argv = [
      'saturate',
      server.url,
      '--script',
      'script.ts',
      '-e',
      'KEY=hush-hush',
      '-d',
      '1s',
      '-c',
      '2',
    ]
    const end = await headroom(argv, { cwd: folder })
    expect(end.exitCode).toBe(0)
    expect(server.asked()).toBe('POST /busy text/x hush-hush body of 1')
    const files = resultsOf(folder)
    // What the script calls throttled is throttled here, too.
    expect(figure(summaryOf(files), 'throttled_count')).toBeGreaterThan(0)
    expect(end.stderr).toContain('503 began at c=2 (100 % of its replies)')
    expect(files.manifest).toMatchObject({ envNames: ['KEY'], script: { path: 'script.ts' } })
    expect(end.stderr + everythingBelow(folder)).not.toContain('hush-hush')
  })

  it.each<[why: string, body: string, message: string]>([
    ['asks for nothing', '', 'the first iteration ended without a request'],
    ['needs what setup returns', 'http.get(data.url)', 'setup() is not called here'],
  ])('of a script that %s is a fault: 107', async (_why, body, message) => {
    const server = await listener()
    const folder = temporaryFolder()
    const setup = 'export function setup() { return {} }'
    const script = `import http from 'k6/http'\n${setup}\nexport default function (data) { ${body} }`
    writeFileSync(join(folder, 'script.ts'), script)
    const end = await headroom(['saturate', server.url, '--script', 'script.ts'], { cwd: folder })
    expect(end.exitCode).toBe(107)
    expect(end.stderr).toContain(message)
    expect(server.asked()).toBe('')
    expect(runDirectories(join(folder, 'results'))).toEqual([])
  })

  it.each([
    [['saturate'], 'url: is missing'],
    [['saturate', '--script', 'a.ts', '--request', 'b.json'], '2 faults'],
    [['saturate', 'http://h.test/', '-e', 'KEY=hush'], '-e: sets variables of a script'],
    [['saturate', 'http://h.test/', '-m', 'purge'], '--method: is none that autocannon sends'],
    [['saturate', 'http://h.test/?key=hush', '--script', 'a.ts'], 'url: the base URL of a script'],
    [['saturate', '--request', 'none.json'], 'none.json: cannot be read'],
    [['saturate', 'http://h.test/', '-c', '4,2'], 'increasing'],
  ])('%j is a fault: 2', async (argv, message) => {
    const end = await headroom(argv, { cwd: temporaryFolder() })
    expect(end.exitCode).toBe(2)
    expect(end.stderr).toContain(message)
    expect(end.stderr).not.toContain('hush')
  })
})

describe('--self', () => {
  it('alone saturates a server that does next to nothing, to the byte', async () => {
    const folder = temporaryFolder()
    const argv = ['saturate', '--self', '-d', '1s', '-c', '2', '-m', 'POST', '-b', 'x'.repeat(100_000)]
    const end = await headroom(argv, { cwd: folder })
    expect(end.exitCode).toBe(0)
    const all = summaryOf(resultsOf(folder))
    // It answers after exactly as many bytes as a request has: more or fewer, and nothing would be accepted.
    expect(figure(all, 'accepted_count')).toBeGreaterThan(50)
    expect(figure(all, 'accepted_count') + figure(all, 'aborted_count')).toBe(figure(all, 'sent_count'))
  })

  it('beside a target tells how far from it the target is', async () => {
    const mock = await mockTarget('custom,latency=50ms')
    const folder = temporaryFolder()
    const end = await headroom(['saturate', mock.url, '--self', '-d', '1s', '-c', '2'], { cwd: folder })
    expect(end.stderr).toMatch(/can do [\d,.]+\/s \(closed, .*: the target stayed well below it/)
    // Its requests are no part of the run.
    const { sent_count: sent } = summaryOf(resultsOf(folder))
    expect(Number(sent)).toBeLessThan(60)
    expect(readFileSync(join(resultsOf(folder).path, 'summary.json'), 'utf8')).toContain(
      'generator_ceiling_rps',
    )
  })
})
