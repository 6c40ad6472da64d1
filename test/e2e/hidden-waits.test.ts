/**
 * Waits in places where they are hard to see. On k6 each call simply takes its time; here the run either goes on in
 * the same order, or ends and says where and how to rewrite it. It never goes on in another order.
 */
import { describe, expect, it } from 'vitest'
import { figure, readRun, summaryOf } from './run-output.ts'
import { runScript } from './script.ts'

/** Two lines, so that the script's own begin at line 3. */
const HEAD = `import { fail, sleep } from 'k6'; import http from 'k6/http'; const URL = __ENV.TARGET + '/'
export const options = { vus: 1, duration: '1s', ext: { headroom: { mock: 'custom,latency=20ms' } } }
`

/** What iterations do; each asks twice, one after the other, so 25 fit into the second. */
const FOLLOWED: readonly (readonly [string, string])[] = [
  [
    'calls through a table',
    `const calls = { get: () => http.get(URL).status }
     export default () => {
       for (const name of ['get', 'get']) if (calls[name]() !== 200) fail('another order')
     }`,
  ],
  [
    'calls inside .map',
    `export default () => {
       const codes = [1, 2].map((id) => http.get(URL + id).status)
       if (codes.join() !== '200,200') fail('another order')
     }`,
  ],
  [
    'calls inside .forEach',
    `export default () => {
       const codes = []
       ;[1, 2].forEach((id) => codes.push(http.get(URL + id).status))
       if (codes.join() !== '200,200') fail('another order')
     }`,
  ],
]

/** The wait stands in the line that holds "http.". */
const REFUSED: readonly (readonly [string, string, RegExp])[] = [
  [
    'a getter',
    `const page = { get status() { return http.get(URL).status } }
     export default () => { if (page.status !== 200) fail('another order') }`,
    /move it into a function/,
  ],
  [
    'a constructor',
    `class Page {
       constructor() { this.status = http.get(URL).status }
     }
     export default () => { if (new Page().status !== 200) fail('another order') }`,
    /move it into a function/,
  ],
  [
    'a comparison',
    `export default () => {
       [1, 2].sort((a, b) => http.get(URL + a).status - http.get(URL + b).status)
     }`,
    /first, then sort/,
  ],
  [
    'a replacement',
    `export default () => {
       if ('ab'.replace(/./g, () => String(http.get(URL).status)) !== '200200') fail('another order')
     }`,
    /move it into a function/,
  ],
  [
    'a conversion to JSON',
    `export default () => {
       JSON.stringify({ toJSON: () => http.get(URL).status })
     }`,
    /move it into a function/,
  ],
]

describe('a wait that is hard to see', () => {
  it.each(FOLLOWED)('%s: is waited for', async (_what, text) => {
    const run = await runScript(HEAD + text, '--virtual')
    expect(run.stderr).not.toContain('another order')
    expect(run.exitCode).toBe(0)
    const all = summaryOf(readRun(run.out))
    expect(figure(all, 'accepted_count')).toBe(50)
    expect(figure(all, 'inflight_max_count')).toBe(1)
  })

  it.each(REFUSED)('%s: ends the run with file, line and the rewrite', async (_what, text, rewrite) => {
    const run = await runScript(HEAD + text, '--virtual')
    expect(run.exitCode).toBe(107)
    const line = (HEAD + text).split('\n').findIndex((each, index) => index > 1 && each.includes('http.')) + 1
    const [what = '', todo = ''] = run.stderr.slice(run.stderr.indexOf('script.ts:')).split('\n')
    expect(what).toMatch(new RegExp(`^script\\.ts:${line}(:\\d+)?: http\\.get is inside`))
    expect(todo).toMatch(rewrite)
    expect(run.stderr).not.toContain('another order')
    expect(run.stderr).not.toMatch(/^ +at /m)
    // What was recorded is kept, marked for what it is.
    expect(readRun(run.out).manifest.exitCode).toBe(107)
    expect(run.stderr).toContain('do not use the figures')
  })

  it.each([
    [
      'an async function of the script’s own',
      'async function visit() { http.get(URL) }\nexport default () => { visit() }',
      /script\.ts:\d+: visit is called without await, .*\n +write await visit\(…\)/,
    ],
    [
      'a promise',
      'export default () => { Promise.resolve().then(() => sleep(1)) }',
      /the iteration ended while sleep was still waiting\n +await /,
    ],
  ])('%s that is not awaited ends the run', async (_what, text, message) => {
    const run = await runScript(HEAD + text, '--virtual')
    expect(run.exitCode).toBe(107)
    expect(run.stderr).toMatch(message)
  })
})
