/** What an editor says of a script's options: the compiler is asked. */
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'

const ROOT = resolve(import.meta.dirname, '../..')

/** The compiler's complaints about a script with these options. */
async function complaints(options: string): Promise<string[]> {
  // Inside the repository, so that k6's types are found; where its own programs do not look.
  const fixtures = join(import.meta.dirname, 'fixtures')
  mkdirSync(fixtures, { recursive: true })
  const folder = mkdtempSync(join(fixtures, 'script-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const types = join(ROOT, 'src/script/headroom-types.ts')
  const script = `import type { Options } from 'k6/options'
import type { WithHeadroom } from ${JSON.stringify(types)}
export const options: WithHeadroom<Options> = ${options}
export default function (): void {}
`
  writeFileSync(join(folder, 'script.ts'), script)
  const config = { extends: join(ROOT, 'scenarios/tsconfig.json'), include: ['script.ts'], exclude: [] }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc')
  const run = promisify(execFile)(process.execPath, [compiler, '-p', folder, '--pretty', 'false'])
  const output = await run.then(
    ({ stdout }) => stdout,
    (error: { readonly stdout: string }) => error.stdout,
  )
  return output.split('\n').filter((line) => line.includes('error'))
}

describe('the type of options', () => {
  it('takes what headroom knows, beside all of k6', async () => {
    const options = `{
      vus: 2,
      duration: '1s',
      thresholds: { checks: ['rate>0.9'] },
      ext: {
        loadimpact: { projectID: 1 },
        headroom: {
          mock: 'custom,tps=5',
          throttled: [503],
          cap: { rps: 5 },
          thresholds: { http_req_throttled: ['rate<0.01', { threshold: 'rate<0.5', abortOnFail: true }] },
          arrival: { s: 'poisson' },
          warmup: '10s',
          clients: 2,
          connections: 'per-vu',
          seed: 7,
        },
      },
    }`
    expect(await complaints(options)).toEqual([])
  })

  it.each([
    ['a key that nobody knows', `{ ext: { headroom: { warmUp: '10s' } } }`, "'warmUp' does not exist"],
    ['a key inside', `{ ext: { headroom: { cap: { rsp: 5 } } } }`, "'rsp' does not exist"],
    [
      'a word that is none',
      `{ ext: { headroom: { arrival: { s: 'bursty' } } } }`,
      `'"bursty"' is not assignable`,
    ],
    ['a key of k6 that nobody knows', `{ vsu: 3 }`, "'vsu' does not exist"],
  ])('refuses %s', async (_, options, complaint) => {
    expect(await complaints(options)).toEqual([expect.stringContaining(complaint)])
  })
})
