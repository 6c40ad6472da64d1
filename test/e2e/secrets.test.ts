/** Values given with -e and keys in headers reach no file and no line of output. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runScript, type ScriptParts } from './script.ts'

const KEY = 'f00dfeedf00dfeedf00dfeed'

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

/** Where the key may come from, and how a script may put it where it could be seen. */
const SCRIPTS: readonly (readonly [string, ScriptParts])[] = [
  [
    'in a header',
    {
      body: "http.get(__ENV.TARGET + '/', { headers: { Authorization: 'Bearer ' + __ENV.KEY }, tags: { name: 'a' } })",
    },
  ],
  ['in the query of a URL', { body: "http.get(__ENV.TARGET + '/?key=' + __ENV.KEY)" }],
  ['in a URL that cannot be asked', { body: "http.get('http://' + __ENV.KEY + '.invalid/')" }],
  ['in the message of an exception', { body: "throw new Error('refused: ' + __ENV.KEY)" }],
  [
    'in the message of an exception of setup',
    { module: "export function setup() { throw new Error('no ' + __ENV.KEY) }" },
  ],
  ['in a line of the log', { body: "http.get(__ENV.TARGET); console.log('key', __ENV.KEY)" }],
  ['in a check', { body: "check(http.get(__ENV.TARGET), { ['with ' + __ENV.KEY]: () => false })" }],
  ['in a tag of every sample', { module: 'options.tags = { key: __ENV.KEY }' }],
  ['in the environment of a scenario', { module: 'options.scenarios.main.env = { OTHER: __ENV.KEY }' }],
  [
    'in a threshold',
    { module: "options.thresholds = { ['http_reqs{name:' + __ENV.KEY + '}']: ['count>0'] }" },
  ],
  ['in a threshold that is wrong', { module: "options.thresholds = { ['x' + __ENV.KEY]: ['count>0'] }" }],
]

describe('a value of -e', () => {
  it.each(SCRIPTS)('%s', async (_where, script) => {
    const run = await runScript({ mock: 'custom', ...script }, '--virtual', '-e', `KEY=${KEY}`)
    expect([0, 99, 104, 107]).toContain(run.exitCode)
    expect(run.stderr).not.toContain(KEY)
    const holding = filesBelow(run.folder).filter((file) => readFileSync(file).includes(KEY))
    expect(holding).toEqual([])
  })

  it('is there for the script, and its name in the manifest', async () => {
    const body = `http.get(__ENV.TARGET, { tags: { name: __ENV.KEY === '${KEY}' ? 'given' : 'missing' } })`
    const run = await runScript({ mock: 'custom', body }, '--virtual', '-e', `KEY=${KEY}`, '-e', 'EMPTY=')
    expect(run.stderr).toContain('given')
    const manifest = filesBelow(run.out).find((file) => file.endsWith('manifest.json')) ?? ''
    expect(JSON.parse(readFileSync(manifest, 'utf8'))).toMatchObject({ envNames: ['KEY', 'EMPTY'] })
  })
})
