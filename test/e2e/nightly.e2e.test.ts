/** One night of scenarios/nightly.sh over sockets, with its controls. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readCsvRows } from '../support/csv-reader.ts'
import { temporaryFolder } from './command.ts'
import { nightly } from './nightly.ts'
import { EVEN_LOAD, scriptText } from './script.ts'

it('a first night learns, with a control before and after', async () => {
  const cwd = temporaryFolder()
  writeFileSync(join(cwd, 'mine.ts'), scriptText({ mock: 'custom,latency=20ms', scenario: EVEN_LOAD }))
  const end = await nightly([], cwd, { SCRIPT: 'mine.ts', CONTROL_ARGS: '-e SECONDS=2' })
  const results = join(cwd, 'results')
  const rows = (file: string): Record<string, string>[] =>
    existsSync(join(results, file)) ? readCsvRows(readFileSync(join(results, file), 'utf8')) : []
  const scenarios = rows('runs.csv').map(({ scenario }) => scenario)
  const [answer = 'no verdict'] = rows('gate.csv').map(({ event }) => event)
  // On a busy machine the night is INVALID, once or twice, and a control that is makes it noisy.
  expect([
    'learning 0: control mine control',
    'learning 0: control mine mine control',
    'noisy 0: control mine control',
    'noisy 0: control mine mine control',
    'no verdict 3: control mine mine',
  ]).toContain(`${answer} ${end.exitCode}: ${scenarios.join(' ')}`)
  expect(end.stderr.toLowerCase()).toContain(answer)
  expect(existsSync(join(results, 'nightly.md'))).toBe(answer !== 'no verdict')
})
