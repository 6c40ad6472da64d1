/** Eleven nights in virtual time, then slower ones: what `headroom compare nights:N` says of them. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readCsvRows } from '../support/csv-reader.ts'
import { headroom, temporaryFolder, type CommandEnd } from './command.ts'

const SCRIPT = `
import http from 'k6/http'
export const options = {
  scenarios: { main: { executor: 'constant-arrival-rate', rate: 40, duration: '5s', preAllocatedVUs: 20 } },
}
export default function () {
  http.get(\`\${__ENV.TARGET}/a\`, { tags: { name: 'a' } })
  http.get(\`\${__ENV.TARGET}/b\`, { tags: { name: 'b' } })
}
`
const MOCK = 'mock:custom,tps=none,latency=lognormal:20ms:60ms'
const SLOWER = 'mock:custom,tps=none,latency=lognormal:26ms:78ms'
const NIGHT_COUNT = 11

it('nights that differ by chance pass, and a slower one fails once it is confirmed', async () => {
  const cwd = temporaryFolder()
  writeFileSync(join(cwd, 'script.ts'), SCRIPT)
  const night = async (seed: number, target: string, out = 'results'): Promise<string> => {
    const argv = [
      'run',
      'script.ts',
      '--virtual',
      '--seed',
      `${seed}`,
      '--target',
      target,
      '--out',
      out,
      '--quiet',
    ]
    const { exitCode, stdout } = await headroom(argv, { cwd })
    expect(exitCode).toBe(0)
    return stdout.trim()
  }
  const compare = (...argv: readonly string[]): Promise<CommandEnd> => headroom(['compare', ...argv], { cwd })

  const first: string[] = []
  for (let seed = 1; seed <= NIGHT_COUNT; seed++) first.push(await night(seed, MOCK))

  const learning = await compare('nights:20', first[6] ?? '')
  expect(learning).toMatchObject({ exitCode: 0, stdout: '' })
  expect(learning.stderr).toMatch(/^learning, 6\/10 {2}script: too few valid nights/)

  const calm = await compare('nights:20', first.at(-1) ?? '', '--format', 'csv')
  expect(calm.exitCode).toBe(0)
  const rows = readCsvRows(calm.stdout)
  expect(rows.map(({ name, metric }) => `${name} ${metric}`)).toContain('a response_time_accepted_p50_ms')
  expect(rows.every(({ state, verdict }) => state === 'passed' && verdict !== 'regressed')).toBe(true)

  const slower = await night(91, SLOWER)
  const candidate = await compare('nights:20', slower)
  expect(candidate).toMatchObject({ exitCode: 0 })
  expect(candidate.stderr).toMatch(/^candidate /)
  expect(candidate.stderr).toMatch(/^regressed +a: response time p50, accepted/m)

  const cleared = await compare('nights:20', slower, '--confirm', await night(92, MOCK, 'confirm'))
  expect(cleared).toMatchObject({ exitCode: 0 })
  expect(cleared.stderr).toMatch(/^cleared /)
  const confirmed = await compare('nights:20', slower, '--confirm', await night(93, SLOWER, 'confirm'))
  expect(confirmed).toMatchObject({ exitCode: 4 })
  expect(confirmed.stderr).toMatch(/^FAIL .*confirmed/)

  const itself = await compare('nights:20', slower, '--confirm', slower)
  expect(itself).toMatchObject({ exitCode: 2 })

  const accepted = await compare('--accept', slower, '--reason', 'a slower tier', '--by', 'ann')
  expect(accepted).toMatchObject({ exitCode: 0 })
  const anew = await compare('nights:20', await night(94, SLOWER))
  expect(anew).toMatchObject({ exitCode: 0 })
  expect(anew.stderr).toMatch(/^learning, 1\/10/)

  const journal = readCsvRows(readFileSync(join(cwd, 'results', 'gate.csv'), 'utf8'))
  const events = journal.filter(({ metric }) => ['', 'response_time_accepted_p50_ms'].includes(metric ?? ''))
  expect([...new Set(events.map(({ event }) => event))]).toEqual([
    'learning',
    'passed',
    'candidate',
    'cleared',
    'confirmed',
    'accepted',
  ])
}, 180_000)
