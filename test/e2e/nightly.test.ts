/** scenarios/nightly.sh: nights in virtual time, and what it makes of each exit code. */
import { chmodSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readCsvRows } from '../support/csv-reader.ts'
import { headroom, temporaryFolder } from './command.ts'
import { nightly, type ShellEnd } from './nightly.ts'
import { runDirectories } from './run-output.ts'
import { EVEN_LOAD, scriptText } from './script.ts'

const LATENCY = 'latency=lognormal:20ms:60ms'
const SLOWER = '--target mock:custom,latency=lognormal:26ms:78ms'
/** As many as the gate needs to have learnt. */
const NIGHT_COUNT = 10

const SCRIPT = scriptText({
  mock: `custom,${LATENCY}`,
  scenario: { ...EVEN_LOAD, rate: 60, duration: '6s' },
})

function eventsIn(results: string): string[] {
  const rows = readCsvRows(readFileSync(join(results, 'gate.csv'), 'utf8'))
  return [...new Set(rows.map(({ event }) => event ?? ''))]
}

// Each night starts the command several times: seconds on an idle machine, many more on a busy one.
describe('nights in virtual time', { timeout: 180_000 }, () => {
  let past = ''

  beforeAll(async () => {
    past = mkdtempSync(join(tmpdir(), 'headroom-test-'))
    writeFileSync(join(past, 'script.ts'), SCRIPT)
    for (let seed = 1; seed <= NIGHT_COUNT; seed++) {
      const flags = ['--virtual', '--seed', String(seed), '--quiet']
      const { exitCode, stderr } = await headroom(['run', 'script.ts', ...flags], { cwd: past })
      if (exitCode !== 0) throw new Error(stderr)
    }
  }, 180_000)

  afterAll(() => rmSync(past, { recursive: true, force: true }))

  /** The night after those, in a folder of its own. */
  function tonight(): { cwd: string; results: string; job: typeof job } {
    const cwd = temporaryFolder()
    cpSync(past, cwd, { recursive: true })
    const job = (args: readonly string[], variables: Readonly<Record<string, string>>): Promise<ShellEnd> =>
      nightly(args, cwd, { SCRIPT: 'script.ts', CONTROL: 'none', ...variables })
    return { cwd, results: join(cwd, 'results'), job }
  }

  it('pass when nothing has changed', async () => {
    const { results, job } = tonight()
    const end = await job([], { RUN_ARGS: '--virtual --seed 100' })
    expect(end).toMatchObject({ exitCode: 0, stdout: '' })
    expect(eventsIn(results)).toEqual(['passed'])
    expect(readFileSync(join(results, 'nightly.md'), 'utf8')).toMatch(/^## /)
    expect(existsSync(join(results, 'confirm'))).toBe(false)
  })

  it('fail with 4 for a mock that is 30 % slower, when a second run shows it too', async () => {
    const { results, job } = tonight()
    const end = await job([], { RUN_ARGS: `--virtual --seed 100 ${SLOWER}`, CONFIRM_ARGS: '--seed 101' })
    expect(end.exitCode).toBe(4)
    expect(end.stdout).toMatch(
      /^::warning title=candidate%3A .*\n(?:.*\n)*::error title=regression%2C confirmed%3A /,
    )
    expect(eventsIn(results)).toEqual(['candidate', 'confirmed'])
    expect(runDirectories(join(results, 'confirm'))).toHaveLength(1)
    expect(readCsvRows(readFileSync(join(results, 'runs.csv'), 'utf8'))).toHaveLength(NIGHT_COUNT + 1)
  })

  it('are cleared or confirmed by another job on GitHub, as the second run shows it or not', async () => {
    const { cwd, results, job } = tonight()
    const files = { GITHUB_OUTPUT: join(cwd, 'output'), GITHUB_STEP_SUMMARY: join(cwd, 'summary.md') }
    const variables = { RUN_ARGS: `--virtual --seed 100 ${SLOWER}`, CONFIRM_ARGS: '--seed 101', ...files }
    expect(await job(['night'], variables)).toMatchObject({ exitCode: 0 })
    const [, night = ''] =
      /^candidate=true\nnight=(.*)\n$/.exec(readFileSync(files.GITHUB_OUTPUT, 'utf8')) ?? []
    expect(readFileSync(join(cwd, night, 'manifest.json'), 'utf8')).toContain('latency=lognormal:26ms:78ms')

    const usual = `--seed 101 --target mock:custom,${LATENCY}`
    expect(await job(['confirm', night], { ...variables, CONFIRM_ARGS: usual })).toMatchObject({
      exitCode: 0,
    })
    expect(eventsIn(results)).toEqual(['candidate', 'cleared'])
    expect(await job(['confirm', night], variables)).toMatchObject({ exitCode: 4 })
    expect(readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8').match(/^## /gm)).toHaveLength(3)
    expect(existsSync(join(results, 'nightly.md'))).toBe(false)
  })
})

/** Plays `headroom`: each run ends as CODES says, in order, and every comparison says the same. */
const STUB = `#!/bin/bash
echo "$*" >>calls
if [[ $1 == run ]]; then
  number=$(grep -c ^run calls)
  codes=($CODES)
  echo 'from handleSummary'
  echo "results/run$number/"
  exit "\${codes[number - 1]}"
fi
echo "candidate=$CANDIDATE" >>"$GITHUB_OUTPUT"
echo '## verdict' >>"$GITHUB_STEP_SUMMARY"
exit "$VERDICT"
`

interface StubbedEnd extends ShellEnd {
  readonly calls: readonly string[]
}

async function stubbed(
  args: readonly string[],
  variables: Readonly<Record<string, string>>,
): Promise<StubbedEnd> {
  const cwd = temporaryFolder()
  writeFileSync(join(cwd, 'stub'), STUB)
  chmodSync(join(cwd, 'stub'), 0o755)
  const end = await nightly(args, cwd, {
    HEADROOM: './stub',
    SCRIPT: 's.ts',
    CONTROL: 'none',
    CODES: '0 0 0 0',
    CANDIDATE: 'false',
    VERDICT: '0',
    RESULTS: '.',
    ...variables,
  })
  const calls = existsSync(join(cwd, 'calls'))
    ? readFileSync(join(cwd, 'calls'), 'utf8').trim().split('\n')
    : []
  return { ...end, calls }
}

describe('what nightly.sh runs', () => {
  it('is a control before and after, with flags of their own', async () => {
    const variables = {
      CONTROL: 'c.ts',
      CONTROL_ARGS: '-e SECONDS=2',
      RUN_ARGS: '-e A=* --raw',
      NIGHTS: '30',
    }
    const end = await stubbed([], { ...variables, COMPARE_ARGS: '--allow script' })
    expect(end.exitCode).toBe(0)
    expect(end.calls).toEqual([
      'run c.ts --out . -e SECONDS=2',
      'run s.ts -e A=* --raw --out .',
      'run c.ts --out . -e SECONDS=2',
      'compare nights:30 results/run2 --github --control results/run1 --control results/run3 --allow script',
    ])
  })

  it('is the confirmation of a candidate, in a folder beside the nights', async () => {
    const end = await stubbed([], { CANDIDATE: 'true', CONFIRM_ARGS: '--seed 2' })
    expect(end.exitCode).toBe(0)
    expect(end.calls).toEqual([
      'run s.ts --out .',
      'compare nights:20 results/run1 --github',
      'run s.ts --out ./confirm --seed 2',
      'compare nights:20 results/run1 --github --confirm results/run2',
    ])
  })

  it('is by default the control beside it', async () => {
    const end = await stubbed(['night'], { CONTROL: '' })
    expect(end.calls[0]).toMatch(/^run \/.*\/scenarios\/control\.ts --out \.$/)
  })
})

describe('exit codes of nightly.sh', () => {
  it.each([
    ['an INVALID night is repeated', { CODES: '3 0' }, 0, 3],
    ['twice INVALID is no verdict', { CODES: '3 3' }, 3, 2],
    ['failed thresholds are judged, and come before a regression', { CODES: '99', VERDICT: '4' }, 99, 2],
    ['a run that broke off is not judged', { CODES: '107' }, 107, 1],
    ['nor one that never began', { CODES: '5' }, 5, 1],
    ['a comparison that was refused', { VERDICT: '2', CANDIDATE: 'true' }, 2, 2],
    ['an INVALID confirmation is repeated too', { CODES: '0 3 0', CANDIDATE: 'true' }, 0, 5],
    ['a noisy control is for the comparison to judge', { CONTROL: 'c.ts', CODES: '3 0 99' }, 0, 4],
    ['a control that cannot run ends the job', { CONTROL: 'c.ts', CODES: '104' }, 104, 1],
  ])('%s: %j', async (_, variables, exitCode, callCount) => {
    const end = await stubbed([], variables)
    expect(end.exitCode).toBe(exitCode)
    expect(end.calls).toHaveLength(callCount)
  })

  it.each([
    [[], { SCRIPT: '' }],
    [['confirm'], {}],
    [['nights'], {}],
  ])('2 for what is not understood: %j %j', async (args, variables) => {
    const end = await stubbed(args, variables)
    expect(end).toMatchObject({ exitCode: 2, calls: [] })
    expect(end.stderr).toMatch(/nightly: .*\nnightly: usage: /)
  })
})
