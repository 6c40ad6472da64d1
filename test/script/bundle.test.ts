import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { EXIT, formatFault } from '../../src/core/errors.ts'
import { bundleScript } from '../../src/script/bundle.ts'
import { bundleFiles, rejection, runIteration, writeFiles } from './script-fixture.ts'

async function faultsOf(files: Readonly<Record<string, string>>): Promise<string[]> {
  const error = await rejection(bundleFiles(files))
  expect(error.exitCode).toBe(EXIT.script)
  return error.faults.map(formatFault)
}

describe('bundleScript', () => {
  it('runs a script of several files', async () => {
    const bundle = await bundleFiles({
      'script.ts': `#!/usr/bin/env k6
import http from 'k6/http'
import { pause, type Pause } from './lib/pause.ts'
import data from './data.json'
interface Reply { x: string }
export const options = { vus: 1 }
export function rank(u: string): Reply { return http.get(u).json() as Reply }
export default () => { pause({ s: 2 } satisfies Pause); return rank('a').x + data.n + more().x }
const more = () => { pause(); return rank('b') }
`,
      'lib/pause.ts': `import { sleep } from 'k6'
export interface Pause { s: number }
export function pause({ s }: Pause = { s: 1 }) { sleep(s) }
`,
      'data.json': '{ "n": 5 }',
    })
    const { trace, result, violation } = await runIteration(bundle)
    expect(violation).toBeUndefined()
    expect(trace).toEqual(['sleep 2', 'get a', 'sleep 1', 'get b'])
    expect(result).toBe('x of a5x of b')
    expect(bundle.file).toBe('script.ts')
    expect(bundle.sites.filter(({ kind }) => kind === 'call')).toEqual([])
  })

  it('takes packages from node_modules, CommonJS too', async () => {
    const bundle = await bundleFiles({
      'script.js': '',
      'script.ts': `import { double } from 'twice'; export default () => double(4)`,
      'node_modules/twice/package.json': '{ "name": "twice", "main": "lib.cjs" }',
      'node_modules/twice/lib.cjs': `let fs; try { fs = require('fs') } catch { fs = undefined }
exports.double = (x) => 2 * x + (fs === undefined ? 0 : 1)`,
    })
    expect((await runIteration(bundle)).result).toBe(8)
  })

  it('knows the functions of other files, and where their waits are out of sight', async () => {
    const bundle = await bundleFiles({
      'script.ts': `import * as lib from './lib.ts'
import { rank } from './lib.ts'
import { sleep } from 'k6'
const main = () => lib.rank() + rank() + twice(other) + new lib.Api().id
function other() { sleep(3); return 'o' }
function twice(f: () => string) { return f() + f() }
export default main
export { main as again }
`,
      'lib.ts': `import { sleep } from 'k6'
interface Unused { a: string }
export function rank() { other(); return 'r' }
function other() { sleep(1) }
export class Api { id = 1; constructor() { other() } }
`,
    })
    expect(bundle.sites.filter(({ kind }) => kind === 'call')).toEqual([
      {
        kind: 'call',
        file: 'lib.ts',
        line: 5,
        column: 44,
        what: 'other',
        why: 'inside a constructor',
        rewrite: 'move it into a function that is declared by name, and call that function by its name',
      },
    ])
    const { trace, violation } = await runIteration(bundle)
    expect(trace).toEqual(['sleep 1', 'sleep 1', 'sleep 3', 'sleep 3', 'sleep 1'])
    expect(violation?.fault.where).toBe('lib.ts:5')
  })

  it('makes CommonJS helpers wait, with the k6 modules that they require', async () => {
    const bundle = await bundleFiles({
      'script.ts': `import helper from './helper.cjs'
import { go } from './more.cjs'
export default () => helper.rank('a') + go('b') + require('./more.cjs').go('c')`,
      'helper.cjs': `const http = require('k6/http')
const { sleep } = require('k6')
exports.rank = function (u) { sleep(1); return http.get(u).body }`,
      'more.cjs': `var k6_http = require('k6/http')
var __importDefault = (m) => (m && m.__esModule ? m : { default: m })
const http = __importDefault(k6_http)
module.exports = { go: (u) => [u].map((x) => http.default.post(x).body)[0] }`,
    })
    const { trace, result, violation } = await runIteration(bundle)
    expect(violation).toBeUndefined()
    expect(trace).toEqual(['sleep 1', 'get a', 'post b', 'post c'])
    expect(result).toBe('body of abody of bbody of c')
  })

  it('is plain data', async () => {
    const bundle = await bundleFiles({ 'script.ts': 'export default () => 1' })
    expect(structuredClone(bundle)).toEqual(bundle)
  })

  it('has the same hash wherever the script lies, and another for another script', async () => {
    const files = {
      'script.ts': `import { n } from './n.ts'; export default () => n`,
      'n.ts': 'export const n = 1',
    }
    const [first, second, other] = await Promise.all([
      bundleFiles(files),
      bundleFiles(files),
      bundleFiles({ ...files, 'n.ts': 'export const n = 2' }),
    ])
    expect(first.sha256).toMatch(/^[0-9a-f]{64}$/)
    expect(second).toEqual({ ...first, folder: second.folder })
    expect(other.sha256).not.toBe(first.sha256)
    expect(first.sha256).not.toBe(createHash('sha256').update(first.code).digest('hex'))
  })

  it('names files relative to the base folder', async () => {
    const folder = writeFiles({
      'load/script.ts': `export const t = { f: (g) => g() }`,
      'load/bad.ts': 'let 1',
    })
    expect((await bundleScript('load/script.ts', folder)).maps.bundled.sources).toEqual(['load/script.ts'])
    expect((await rejection(bundleScript('load/bad.ts', folder))).message).toContain('load/bad.ts:1:5: ')
  })

  it.each(['nowhere.ts', 'folder'])('calls a missing script a usage error: %s', async (name) => {
    const folder = writeFiles({ 'folder/x.ts': '' })
    const error = await rejection(bundleScript(name, folder))
    expect(error.exitCode).toBe(EXIT.usage)
    expect(error.message).toContain(name)
  })
})

describe('a script that cannot be loaded', () => {
  it('names file, line, column and source line of a syntax error', async () => {
    const faults = await faultsOf({
      'script.ts': `import './lib.ts'\nimport 'k6/ws'`,
      'lib.ts': 'const a = 1\n  let y = ;\n',
    })
    expect(faults).toHaveLength(2)
    expect(faults[0]).toContain('script.ts:2: k6/ws is not supported\n')
    expect(faults[1]).toMatch(/^lib\.ts:2:11: Unexpected ";"\n\s+let y = ;$/)
  })

  it.each([
    ['k6/ws', 'k6/ws is not supported', 'run it with k6'],
    ['k6/websockets', 'k6/websockets is not supported', 'run it with k6'],
    ['k6/net/grpc', 'k6/net/grpc is not supported', 'run it with k6'],
    ['k6/browser', 'k6/browser is not supported', 'run it with k6'],
    ['k6/secrets', 'k6/secrets is not supported', 'read the value from __ENV'],
    ['k6/experimental/csv', 'k6/experimental/csv is not supported', 'read the file with open(…)'],
    ['k6/experimental/timers', 'k6/experimental/timers is not supported', "import 'k6/timers'"],
    ['k6/experimental/webcrypto', 'k6/experimental/webcrypto is not supported', 'use the global crypto'],
    ['k6/htpp', 'k6 has no module k6/htpp', 'did you mean "k6/http"?'],
    ['k6/toString', 'k6 has no module k6/toString', 'there are k6, k6/crypto'],
    ['k6/x/sql', 'k6/x/sql is an extension of k6', 'run it with a k6 that has the extension built in'],
    ['node:fs', 'node:fs is a module of Node, which k6 scripts do not have', 'remove the import'],
    ['fs', 'fs is a module of Node, which k6 scripts do not have', 'remove the import'],
    [
      'no-such-package',
      'package no-such-package was not found',
      'install it beside the script: npm install no-such-package',
    ],
    ['./gone.ts', './gone.ts was not found', 'correct the path'],
  ])('refuses an import of %s', async (module, what, todo) => {
    const [fault, ...others] = await faultsOf({
      'script.ts': `\nimport x from '${module}'\nexport default () => x`,
    })
    expect(fault).toContain(`script.ts:2: ${what}\n  ${todo}`)
    expect(others).toEqual([])
  })

  it('refuses them when they are required, too', async () => {
    const faults = await faultsOf({
      'script.ts': `import './lib.cjs'`,
      'lib.cjs': `const ws = require('k6/ws')`,
    })
    expect(faults).toEqual([
      expect.stringMatching(/^lib\.cjs:1: k6\/ws is not supported\n {2}run it with k6/),
    ])
  })

  it.each([
    [`import { trace } from 'k6/http'\nexport default () => trace('u')`, 1, 'trace of k6/http'],
    [`import http from 'k6/http'\nexport default () => http.trace('u')`, 2, 'trace of k6/http'],
    [`import http from 'k6/http'\nexport default () => http['trace']('u')`, 2, 'trace of k6/http'],
    [
      `import * as http from 'k6/http'\nexport default () => http.asyncTrace('u')`,
      2,
      'asyncTrace of k6/http',
    ],
    [
      `import { Trend, Histogram } from 'k6/metrics'\nexport default () => [Trend, Histogram]`,
      1,
      'Histogram of k6/metrics',
    ],
    [`import k6 from 'k6'\nexport default () => k6.randomSeeds(1)`, 2, 'randomSeeds of k6'],
    [`export { randomSeeds } from 'k6'`, 1, 'randomSeeds of k6'],
  ])('refuses what headroom does not have of k6: %s', async (source, line, what) => {
    const [fault, ...others] = await faultsOf({ 'script.ts': source })
    expect(fault).toContain(`script.ts:${line}: ${what} is not supported\n  run it with k6`)
    expect(others).toEqual([])
  })

  it.each([
    [`export default () =>\n  import('./x.ts')`, 2, 'import(…) at run time is not supported'],
    [`export default (name) =>\n  import(name)`, 2, 'import(…) at run time is not supported'],
    [`export * from 'k6/http'`, 1, `export * from 'k6/http'`],
    [`export const url = import.meta.url`, 1, 'import.meta has nothing but resolve(…), as on k6'],
    [`export const meta = import.meta`, 1, 'import.meta has nothing but resolve(…), as on k6'],
  ])('refuses a form that hides what is called: %s', async (source, line, what) => {
    const [fault, ...others] = await faultsOf({ 'script.ts': source, 'x.ts': '' })
    expect(fault).toContain(`script.ts:${line}: ${what}`)
    expect(others).toEqual([])
  })

  it('reports everything at once', async () => {
    const faults = await faultsOf({
      'script.ts': `import http from 'k6/http'
import ws from 'k6/ws'
import { a } from './lib.ts'
export default () => { http.trace(a); ws.connect(); http.connect() }`,
      'lib.ts': `import fs from 'fs'\nexport const a = fs`,
    })
    expect(faults.map((fault) => fault.split(': ')[0])).toEqual([
      'lib.ts:1',
      'script.ts:2',
      'script.ts:4',
      'script.ts:4',
    ])
  })

  it('lets a type of an unsupported name pass, since nothing of it is left to run', async () => {
    const bundle = await bundleFiles({
      'script.ts': `import http, { type Response, Params } from 'k6/http'
export default (): string => { const p: Params = {}; const r: Response = http.get('a', p); return r.body }`,
    })
    expect((await runIteration(bundle)).result).toBe('body of a')
  })
})
