/** `handleSummary`, k6's own summary and its files, as a run of the built command leaves them. */
import { copyFileSync, existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { K6Data } from '../../src/report/k6-data.ts'
import { figure, readRun, summaryOf } from './run-output.ts'
import { runAgain, runScript, workplace, type ScriptParts, type ScriptRun, type Workplace } from './script.ts'

const CHECKED = `
  const reply = group('shop', () => http.get(__ENV.TARGET + '/a', { tags: { name: 'a' } }))
  check(reply, { 'is 200': (r) => r.status === 200 })`

const BASE: ScriptParts = {
  mock: 'custom,latency=20ms',
  body: "group('shop', () => { check(http.get(__ENV.TARGET + '/a'), { 'is 200': (r) => r.status === 200 }) })",
}

const DUMP = "export function handleSummary(data) { return { 'data.json': JSON.stringify(data) } }"

function withModule(module: string, more: ScriptParts = {}): ScriptParts {
  return { ...BASE, ...more, module }
}

function text({ folder }: Workplace, file: string): string {
  return readFileSync(join(folder, file), 'utf8')
}

function dumped(run: Workplace, file = 'data.json'): K6Data & { readonly setup_data?: unknown } {
  return JSON.parse(text(run, file)) as K6Data
}

/** The path of the run's directory: the last line of stdout. */
function directoryLine({ stdout }: ScriptRun): string {
  return stdout.trimEnd().split('\n').at(-1) ?? ''
}

describe('handleSummary', () => {
  it("gets k6's data", async () => {
    const run = await runScript(
      withModule(`${DUMP}\nexport function setup() { return { user: 'ann', token: 'abc' } }`, {
        options: { thresholds: { 'http_req_duration{status:200}': ['p(95)<1', 'max<900'] } },
      }),
      '--virtual',
    )
    expect(run.exitCode).toBe(99)
    const data = dumped(run)
    expect(Object.keys(data)).toEqual(['root_group', 'options', 'state', 'metrics', 'setup_data'])
    expect(data.root_group).toMatchObject({
      groups: [{ name: 'shop', path: '::shop', checks: [{ path: '::shop::is 200', passes: 40, fails: 0 }] }],
    })
    expect(data.state).toMatchObject({ isStdOutTTY: false, isStdErrTTY: false })
    expect(data.state.testRunDurationMs).toBeGreaterThanOrEqual(2_000)
    expect(data.metrics['http_reqs']?.values['count']).toBe(40)
    expect(data.metrics['http_req_duration']?.values).toMatchObject({ avg: 20, 'p(95)': 20 })
    expect(data.metrics['http_req_duration{expected_response:true}']?.values['max']).toBe(20)
    expect(data.metrics['http_req_duration{status:200}']?.thresholds).toEqual({
      'p(95)<1': { ok: false },
      'max<900': { ok: true },
    })
    expect(data.metrics['vus']).toMatchObject({ type: 'gauge', contains: 'default' })
    expect(data.setup_data).toEqual({ user: 'ann', token: '[redacted]' })
  })

  it('shows and writes what it returns; the verdict and the path stay', async () => {
    const module = `export function handleSummary() {
      return { stdout: 'said on stdout', stderr: 'said on stderr', 'a.bin': new Uint8Array([1, 2]).buffer }
    }`
    const run = await runScript(withModule(module), '--virtual')
    expect(run.exitCode).toBe(0)
    expect(run.stdout).toBe(`said on stdout\n${directoryLine(run)}\n`)
    expect(existsSync(join(run.folder, directoryLine(run), 'summary.csv'))).toBe(true)
    expect(run.stderr).toContain('said on stderr\n')
    expect(run.stderr).toMatch(/^ok {4}script: no thresholds were set/m)
    expect([...readFileSync(join(run.folder, 'a.bin'))]).toEqual([1, 2])
  })

  it('may send its report itself, which is in no figure', async () => {
    const module = `export function handleSummary(data) {
      const reply = http.post(__ENV.TARGET + '/report', JSON.stringify(data.state))
      return { stdout: 'report: ' + reply.status + ', set-up: ' + data.setup_data.status }
    }
    export function setup() { return { status: http.get(__ENV.TARGET + '/').status } }`
    const run = await runScript(withModule(module), '--virtual')
    expect(run.stdout).toContain('report: 200, set-up: 200')
    expect(figure(summaryOf(readRun(run.out)), 'sent_count')).toBe(40)
  })

  it.each([
    ['an exception', "throw new Error('out of order')", 'handleSummary() failed: Error: out of order'],
    ['taking too long', 'sleep(121)', 'handleSummary() did not end within 2m'],
    ['a wrong value', "return { 'a.json': {} }", 'handleSummary() gave no text or ArrayBuffer for "a.json"'],
  ])('after %s there is a message, and the run ends as it would', async (_what, body, message) => {
    const run = await runScript(withModule(`export function handleSummary() { ${body} }`), '--virtual')
    expect(run.exitCode).toBe(0)
    expect(run.stderr).toContain(`error: ${message}`)
    expect(run.stderr).toContain('ok    script')
    expect(existsSync(join(run.folder, 'a.json'))).toBe(false)
  })

  it('is called when iterations failed, a threshold ended the run, or teardown failed', async () => {
    const failing = await runScript(withModule(DUMP, { body: "fail('each time')" }), '--virtual')
    expect(dumped(failing).metrics['iterations']?.values['count']).toBe(40)
    const options = { thresholds: { http_reqs: [{ threshold: 'count<10', abortOnFail: true }] } }
    const aborted = await runScript(withModule(DUMP, { options }), '--virtual')
    expect(aborted.exitCode).toBe(99)
    expect(dumped(aborted).metrics['http_reqs']?.thresholds).toEqual({ 'count<10': { ok: false } })
    const torn = await runScript(
      withModule(`${DUMP}\nexport function teardown() { fail('no') }`),
      '--virtual',
    )
    expect(torn.exitCode).toBe(107)
    expect(dumped(torn).metrics['http_reqs']?.values['count']).toBe(40)
  })

  it('is not called with --no-summary, which leaves the files of the run', async () => {
    const run = await runScript(withModule(DUMP), '--virtual', '--no-summary')
    expect(run.exitCode).toBe(0)
    expect(existsSync(join(run.folder, 'data.json'))).toBe(false)
    expect(run.stderr).not.toContain('ok    script')
    expect(run.stdout).toBe(`${directoryLine(run)}\n`)
    expect(figure(summaryOf(readRun(run.out)), 'sent_count')).toBe(40)
  })

  it('is the last a script that hangs hears of', async () => {
    const module = 'export function handleSummary() { for (;;); }'
    const run = await runScript(withModule(module), '--virtual')
    expect(run.exitCode).toBe(0)
    expect(run.stderr).toContain(
      'error: handleSummary() was not carried out: the script gave no sign of life',
    )
    expect(figure(summaryOf(readRun(run.out)), 'sent_count')).toBe(40)
  })

  it('lets no value of -e out', async () => {
    const module = `export function handleSummary() {
      return { stdout: 'key ' + __ENV.KEY, 'key.txt': __ENV.KEY, [__ENV.REPORT]: 'named by -e' }
    }`
    const run = await runScript(
      withModule(module),
      '--virtual',
      '-e',
      'KEY=a-secret-of-mine',
      '-e',
      'REPORT=my-report.txt',
    )
    expect(run.stdout).toContain('key [redacted]')
    expect(text(run, 'key.txt')).toBe('[redacted]')
    expect(text(run, 'my-report.txt')).toBe('named by -e')
  })

  it('works with modules that turn the data into text', async () => {
    const place = workplace(
      withModule(
        `import { jUnit, textSummary } from './text-summary.js'
         export function handleSummary(data) {
           delete data.metrics['http_req_duration{expected_response:true}']
           for (const key in data.metrics) if (key.startsWith('iteration')) delete data.metrics[key]
           return { stdout: textSummary(data, { indent: '> ' }), 'junit.xml': jUnit(data) }
         }`,
        {
          body: CHECKED,
          options: {
            summaryTrendStats: ['med', 'p(99)', 'count'],
            thresholds: { http_req_duration: ['p(95)<1'], checks: ['rate>0.9'] },
          },
        },
      ),
    )
    copyFileSync(
      fileURLToPath(new URL('./text-summary.js', import.meta.url)),
      join(place.folder, 'text-summary.js'),
    )
    const run = await runAgain(place, '--virtual')
    expect(run.exitCode).toBe(99)
    expect(run.stdout).toContain('> ok ::is 200 40/40 32\n> # shop\n')
    expect(run.stdout).toMatch(/^> - http_req_duration\.*: med=20 p\(99\)=20 count=40$/m)
    expect(run.stdout).toMatch(/^> \+ checks\.*: 100% 40 0$/m)
    expect(run.stdout).not.toMatch(/iterations|expected_response/)
    expect(text(place, 'junit.xml')).toContain('tests="2" failures="1"')
  })
})

describe("k6's summary", () => {
  it('is printed in its modes, with the verdict below', async () => {
    const place = workplace(BASE)
    const compact = await runAgain(place, '--virtual', '--summary-mode', 'k6')
    expect(compact.exitCode).toBe(0)
    expect(compact.stderr).toMatch(/█ TOTAL RESULTS[^]*http_reqs\.+: 40 [^]*\nok {4}script: no thresholds/)
    expect(compact.stderr).toMatch(/^VALID/m)
    expect(compact.stderr).not.toContain('http_req_waiting')
    const full = await runAgain(place, '--virtual', '--summary-mode', 'full')
    expect(full.stderr).toMatch(/█ SCENARIO: main[^]*↳ GROUP: shop[^]*http_reqs\.+: 40 /)
    const legacy = await runAgain(place, '--virtual', '--summary-mode', 'legacy', '--summary-time-unit', 's')
    expect(legacy.stderr).toMatch(/ {5}http_req_duration\.+: avg=0\.02s /)
  })

  it('refuses a mode that there is not', async () => {
    const run = await runScript(BASE, '--virtual', '--summary-mode', 'short')
    expect(run.exitCode).toBe(2)
    expect(run.stderr).toContain('--summary-mode: there is no mode "short"')
  })

  it('is exported as JSON', async () => {
    const options = { thresholds: { http_req_duration: ['p(95)<1'], http_reqs: ['count>9'] } }
    const run = await runScript({ ...BASE, options }, '--virtual', '--summary-export', 'export.json')
    expect(run.exitCode).toBe(99)
    expect(JSON.parse(text(run, 'export.json'))).toMatchObject({
      root_group: { groups: { shop: { checks: { 'is 200': { passes: 40 } } } } },
      metrics: {
        http_req_duration: { avg: 20, thresholds: { 'p(95)<1': true } },
        http_reqs: { count: 40, thresholds: { 'count>9': false } },
        http_req_failed: { value: 0, passes: 0, fails: 40 },
      },
    })
    expect(run.stderr).toContain('FAIL  script: 1 of 2 thresholds failed')
  })

  it('is not begun when its file has no folder to go to', async () => {
    const run = await runScript(BASE, '--virtual', '--summary-export', 'no/folder/export.json')
    expect(run.exitCode).toBe(2)
    expect(run.stderr).toContain('--summary-export: there is no folder no/folder\n  create it')
    expect(run.stdout).toBe('')
  })

  it('sees no tag that systemTags leaves out', async () => {
    const thresholds = { 'http_reqs{status:200}': ['count<1'], 'http_reqs{method:GET}': ['count>9'] }
    const options = { thresholds, systemTags: ['method', 'group'] }
    const run = await runScript({ ...BASE, options }, '--virtual', '--summary-export', 'export.json')
    expect(run.exitCode).toBe(0)
    const { metrics } = JSON.parse(text(run, 'export.json')) as { metrics: Record<string, { count: number }> }
    expect(metrics['http_reqs{status:200}']?.count).toBe(0)
    expect(metrics['http_reqs{method:GET}']?.count).toBe(40)
    expect(metrics).not.toHaveProperty(['http_req_duration{expected_response:true}'])
  })
})
