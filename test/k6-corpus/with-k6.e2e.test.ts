/** The comparison as `npm run test:k6` starts it, with a stand-in for k6. */
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../e2e/command.ts'

const SCRIPT = fileURLToPath(new URL('./with-k6.ts', import.meta.url))

/** Does by itself what k6 does with `methods.js`, and writes the summary that k6 leaves. */
const STAND_IN = `#!${process.execPath}
const { writeFileSync } = require('node:fs')
const flags = process.argv.slice(2)
const after = (flag) => flags[flags.indexOf(flag) + 1]
const url = after('-e').replace('TARGET=', '') + '/echo'
const names = ['head', 'options', 'request', 'del']
async function main() {
  await fetch(url, { method: 'HEAD' })
  await fetch(url, { method: 'OPTIONS', headers: { origin: 'https://shop.example' } })
  await fetch(url, { method: 'REPORT', body: 'depth=1', headers: { 'content-type': '' } })
  await fetch(url, { method: 'DELETE', body: 'why=old', headers: { 'content-type': '' } })
  const check = (name) => {
    const passes = process.env.STAND_IN_FAILS === name ? 0 : 1
    return [name + ' works', { name: name + ' works', path: '::' + name + ' works', passes, fails: 1 - passes }]
  }
  const root_group = { name: '', path: '', groups: {}, checks: Object.fromEntries(names.map(check)) }
  const metrics = { iterations: { count: 1, rate: 1 }, http_reqs: { count: 4, rate: 4 } }
  writeFileSync(after('--summary-export'), JSON.stringify({ root_group, metrics }))
}
main()
`

interface End {
  readonly exitCode: number | null
  readonly output: string
}

/** @param path of the environment. */
function withK6(path: string, variables: Readonly<Record<string, string>> = {}): Promise<End> {
  return new Promise((resolve) => {
    const argv = ['--import', 'tsx', SCRIPT, 'methods', 'remote-utils']
    const child = spawn(process.execPath, argv, { env: { ...process.env, ...variables, PATH: path } })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text))
    child.once('close', (exitCode) => resolve({ exitCode, output }))
  })
}

function folderWithK6(): string {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'k6'), STAND_IN, { mode: 0o755 })
  return folder
}

it('says so and passes where there is no k6', async () => {
  expect(await withK6(temporaryFolder())).toEqual({
    exitCode: 0,
    output: 'no k6 on PATH: nothing is compared\n',
  })
})

it('passes where both do the same', async () => {
  const { exitCode, output } = await withK6(folderWithK6())
  expect(output.split('\n')).toEqual([
    'left out: remote-utils: k6 imports modules over https alone',
    'script   requests  checks  metrics  thresholds  exit code',
    'methods  same      same    same     same        same',
    '1 of 1 scripts do the same with headroom as with k6',
    '',
  ])
  expect(exitCode).toBe(0)
})

it('fails where they differ, and says in what', async () => {
  const { exitCode, output } = await withK6(folderWithK6(), { STAND_IN_FAILS: 'del' })
  expect(output).toContain('check ::del works: [1,0], expected [0,1]')
  expect(output).toContain('0 of 1 scripts do the same')
  expect(exitCode).toBe(1)
})
