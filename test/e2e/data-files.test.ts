/** A script that lives on data files and cryptography: what it sends belongs to the run's identity. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readRunDirectory, runDirectories, type RunOutput } from './run-output.ts'
import { runAgain, workplace, type Workplace } from './script.ts'

const SCRIPT = {
  mock: 'custom,latency=20ms',
  scenario: { executor: 'per-vu-iterations', vus: 20, iterations: 3 },
  module: `
    import { SharedArray } from 'k6/data'
    const users = new SharedArray('users', () => open('./users.txt').trim().split('\\n'))
    const key = open('key.bin', 'b')`,
  body: `
    const user = users[__VU % users.length]
    return crypto.subtle
      .importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
      .then((imported) => crypto.subtle.sign('HMAC', imported, new TextEncoder().encode(user + crypto.randomUUID())))
      .then((signature) => {
        const delay = new Uint8Array(signature)[0]
        return new Promise((resolve) => setTimeout(resolve, delay))
      })
      .then(() => http.get(\`\${__ENV.TARGET}/\${user}\`, { tags: { name: user } }))`,
}

function place(): Workplace {
  const made = workplace(SCRIPT)
  writeFileSync(join(made.folder, 'users.txt'), 'ann\nbob\n')
  writeFileSync(join(made.folder, 'key.bin'), new Uint8Array([1, 2, 255]))
  return made
}

function sentCounts(run: RunOutput | undefined): Record<string, string | undefined> {
  return Object.fromEntries(run?.summary.map((row) => [row['name'], row['sent_count']]) ?? [])
}

it('is the same run again and again, in virtual time, until a file changes', async () => {
  const { folder, out } = place()
  for (let run = 0; run < 2; run++) {
    expect(await runAgain({ folder, out }, '--virtual')).toMatchObject({ exitCode: 0 })
  }
  writeFileSync(join(folder, 'users.txt'), 'ann\nbob\ncarl\n')
  expect(await runAgain({ folder, out }, '--virtual')).toMatchObject({ exitCode: 0 })

  // Directories are named by the wall clock, in whole seconds, and then by the run.
  const runs = runDirectories(out).map((directory) => readRunDirectory(directory, out))
  const changed = runs.filter((run) => run.summary.some(({ name }) => name === 'carl'))
  const [first, second] = runs.filter((run) => !changed.includes(run))
  expect(changed).toHaveLength(1)
  expect(second?.timeseries).toEqual(first?.timeseries)
  expect(second?.histogram).toEqual(first?.histogram)
  expect(sentCounts(first)).toEqual({ _all: '60', ann: '30', bob: '30' })
  expect(sentCounts(changed[0])).toEqual({ _all: '60', ann: '18', bob: '21', carl: '21' })
  expect(changed[0]?.summary[0]?.['run_id']).not.toBe(first?.summary[0]?.['run_id'])
})

it('ends before the first request when a file is missing', async () => {
  const { folder, out } = place()
  writeFileSync(join(folder, 'script.ts'), `const text = open('./gone.txt')\nexport default () => text\n`)
  const end = await runAgain({ folder, out }, '--virtual')
  expect(end.exitCode).toBe(107)
  expect(end.stderr).toMatch(/script\.ts:1: .*gone\.txt cannot be opened: no such file/)
})
