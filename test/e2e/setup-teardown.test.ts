/** `setup` and `teardown`: once each, around the load, with the data of the first for all others. */
import { describe, expect, it } from 'vitest'
import { expectToAddUp, figure, readRun, runDirectories, summaryOf } from './run-output.ts'
import { runScript, type ScriptParts } from './script.ts'

const FAILURE = "throw new Error('out of order')"

function script(module: string, more: ScriptParts = {}): ScriptParts {
  return { mock: 'custom', module, ...more }
}

describe('setup and teardown', () => {
  it('hand the data of setup on, to read', async () => {
    const run = await runScript(
      script(
        `export function setup() {
           return { key: http.get(__ENV.TARGET + '/key').json().path, seen: [], skip: undefined }
         }
         export function teardown(data) { console.log('teardown has', data) }`,
        {
          mock: 'custom,latency=200ms',
          body: `
            if (data.key !== '/key' || 'skip' in data) fail('wrong data: ' + JSON.stringify(data))
            try {
              data.seen.push(__VU)
            } catch (error) {
              if (!(error instanceof TypeError)) throw error
            }
            if (data.seen.length > 0) fail('wrong data: ' + JSON.stringify(data))
            http.get(__ENV.TARGET + data.key, { tags: { name: 'used' } })`,
        },
      ),
      '--virtual',
    )
    expect(run.exitCode).toBe(0)
    expect(run.stderr).toContain('teardown has {"key":"/key","seen":[]}')
    expect(run.stderr).not.toContain('wrong data')
    const files = readRun(run.out)
    expect(figure(summaryOf(files, 'used'), 'sent_count')).toBe(40)
    // The request of setup is no part of the load, but the summary says that it was sent.
    expect(figure(summaryOf(files), 'sent_count')).toBe(40)
    expect(run.stderr.replaceAll(/\s+/g, ' ')).toContain(
      'setup() and teardown() count in k6’s metrics, not as load: 1 were sent',
    )
  })

  it('an exception of setup ends the run with 107 before any traffic; no file is written', async () => {
    const run = await runScript(script(`export function setup() {\n  ${FAILURE}\n}`), '--virtual')
    expect(run.exitCode).toBe(107)
    expect(run.stderr).toMatch(/setup\(\) failed: Error: out of order[^]*script\.ts:5/)
    expect(run.stdout).toBe('')
    expect(runDirectories(run.out)).toEqual([])
  })

  it('a setup that takes too long ends the run with 100', async () => {
    const run = await runScript(
      script('export function setup() { sleep(90) }', { options: { setupTimeout: '30s' } }),
      '--virtual',
    )
    expect(run.exitCode).toBe(100)
    expect(run.stderr).toContain('setup() did not end within 30s')
    expect(run.stderr).toContain('options.setupTimeout')
    expect(runDirectories(run.out)).toEqual([])
  })

  it.each([
    ['an exception', FAILURE, 107, 'teardown() failed: Error: out of order'],
    ['taking too long', 'sleep(90)', 101, 'teardown() did not end within 1m'],
  ])('after %s of teardown the figures are kept', async (_what, body, exitCode, message) => {
    const run = await runScript(script(`export function teardown() { ${body} }`), '--virtual')
    expect(run.exitCode).toBe(exitCode)
    expect(run.stderr).toContain(message)
    const files = readRun(run.out)
    expectToAddUp(files)
    expect(figure(summaryOf(files), 'accepted_count')).toBe(40)
    expect(files.manifest.exitCode).toBe(exitCode)
  })
})
