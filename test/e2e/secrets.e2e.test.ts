/** Keys, tokens and cookies of real requests reach no file and no line of output, whatever becomes of the requests. */
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterEach, expect, it, vi } from 'vitest'
import { headroom } from './command.ts'
import { figure, readRun, runDirectories, summaryOf } from './run-output.ts'
import { runScript } from './script.ts'
import { httpTarget } from './target.ts'

/** Each where a secret may stand; all of them are found by this mark. */
const MARK = /s3cr3t/

const SCRIPT = `
  import http from 'k6/http'
  import { check } from 'k6'
  export const options = {
    scenarios: { main: { executor: 'per-vu-iterations', vus: 1, iterations: 1 } },
    ext: { headroom: { thresholds: { http_req_throttled: ['rate<2'] } } },
  }
  const KEY = 'literal-s3cr3t-key'
  export function setup() {
    return { token: http.get(__ENV.TARGET + '/token').json('token') }
  }
  export default function ({ token }) {
    const headers = { 'Ocp-Apim-Subscription-Key': KEY, Authorization: 'Bearer ' + token, Cookie: 'id=' + __ENV.COOKIE }
    const host = __ENV.TARGET.replace('http://', '')
    http.post(__ENV.TARGET + '/200?key=' + KEY + '&token=' + token, JSON.stringify({ password: KEY }), { headers })
    http.get('http://user:s3cr3t-password@' + host + '/200')
    for (const path of ['/429', '/500', '/reset', '/malformed']) {
      const reply = http.get(__ENV.TARGET + path + '?key=' + __ENV.KEY, { headers })
      check(reply, { 'came back': (r) => r.status > 0 })
    }
    http.get('http://127.0.0.1:1/?key=' + KEY, { headers })
    http.get('https://' + host + '/?key=' + KEY, { headers })
    http.get(__ENV.TARGET + '/slow?key=' + KEY, { headers, timeout: '100ms' })
  }`

/** Every way in which a run is told of: each file of its directory, and the log of all runs. */
const FILES = [
  'burst.csv',
  'export.json',
  'histogram.csv',
  'junit.xml',
  'latency.hlog',
  'manifest.json',
  'metrics.txt',
  'report.html',
  'requests.csv.gz',
  'results.jtl',
  'runs.csv',
  'summary.csv',
  'summary.json',
  'summary.md',
  'summary.schema.json',
  'thresholds.csv',
  'timeseries.csv',
]

it('no secret of a run is in its files, its output or its live metrics', async () => {
  vi.stubEnv('OTEL_EXPORTER_OTLP_HEADERS', 'Authorization=Bearer s3cr3t-of-the-receiver')
  let pushed = ''
  const receiver = await httpTarget((request, response) => {
    request.setEncoding('utf8').on('data', (text: string) => (pushed += text))
    request.on('end', () => response.end('{}'))
  })
  const target = await httpTarget((request, response) => {
    const [path = ''] = (request.url ?? '').split('?')
    response.setHeader('Set-Cookie', 'session=s3cr3t-session')
    if (path === '/token') return response.end('{"token":"s3cr3t-token"}')
    if (path === '/reset') return request.socket.resetAndDestroy()
    if (path === '/malformed') return request.socket.end('s3cr3t in the first line\r\n\r\n')
    if (path === '/slow') return setTimeout(() => response.end(), 1_000)
    return response.writeHead(Number(path.slice(1)) || 200).end('s3cr3t body')
  })
  const values = ['-e', 'KEY=s3cr3t-of-the-flag', '-e', 'COOKIE=s3cr3t-cookie']
  const outputs = ['--raw', '--otlp', receiver, '--summary-mode', 'full', '--summary-export', 'export.json']
  const run = await runScript(SCRIPT, '--target', target, ...outputs, ...values)
  expect([0, 3]).toContain(run.exitCode)
  const all = summaryOf(readRun(run.out))
  // Every outcome, so that every way to tell of a request was gone.
  for (const outcome of ['accepted', 'throttled', 'server_error', 'network_error', 'timeout']) {
    expect(figure(all, `${outcome}_count`)).toBeGreaterThan(0)
  }
  const [path = ''] = runDirectories(run.out)
  const report = await headroom([
    'report',
    path,
    '--format',
    'html,markdown,junit,hlog,openmetrics,jtl,schema',
  ])
  expect(report.exitCode).toBe(0)
  const files = filesBelow(run.folder).filter((file) => !file.endsWith('script.ts'))
  expect(files.map((file) => basename(file)).sort()).toEqual(FILES)
  expect(files.filter((file) => MARK.test(textOf(file)))).toEqual([])
  expect(run.stdout + run.stderr + report.stdout + report.stderr).not.toMatch(MARK)
  expect(pushed).toContain('headroom.requests.sent')
  expect(pushed).not.toMatch(MARK)
})

afterEach(() => vi.unstubAllEnvs())

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

function textOf(path: string): string {
  const bytes = readFileSync(path)
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('latin1')
}
