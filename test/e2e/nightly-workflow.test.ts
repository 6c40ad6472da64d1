/** The workflow for GitHub Actions, as far as it can be tried without GitHub. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { parseDocument } from 'yaml'
import { headroom, temporaryFolder } from './command.ts'
import { bash, NIGHTLY_SCRIPT, WORKFLOW } from './nightly.ts'
import { workplace } from './script.ts'

const README = fileURLToPath(new URL('../../README.md', import.meta.url))

interface Step {
  readonly id?: string
  readonly name?: string
  readonly if?: string
  readonly uses?: string
  readonly run?: string
  readonly with?: Readonly<Record<string, string | number>>
}

interface Workflow {
  readonly env: Readonly<Record<string, string>>
  readonly jobs: Readonly<
    Record<string, { readonly outputs?: Readonly<Record<string, string>>; readonly steps: readonly Step[] }>
  >
}

const document = parseDocument(readFileSync(WORKFLOW, 'utf8'))
const workflow = document.toJS() as Workflow
const steps = Object.values(workflow.jobs).flatMap((job) => job.steps)

function stepOf(id: string): Step {
  const step = steps.find((each) => each.id === id)
  if (step === undefined) throw new Error(`the workflow has no step ${id}`)
  return step
}

function flagsIn(text: string): string[] {
  return [...new Set(text.match(/(?<![\w-])--[a-z][\w-]*/g))]
}

describe('nightly.yml', () => {
  it('is YAML without faults', () => {
    expect([...document.errors, ...document.warnings]).toEqual([])
    expect(Object.keys(workflow.jobs)).toEqual(['measure', 'confirm', 'slow-tests'])
  })

  it('has commands that bash can read, and pastes nothing into them', async () => {
    const commands = steps.flatMap(({ run }) => run ?? [])
    expect(commands.length).toBeGreaterThan(5)
    for (const command of commands) {
      expect(command).not.toContain('${{')
      const end = await bash(['-n'], { cwd: '/' }, command)
      expect([command, end.exitCode, end.stderr]).toEqual([command, 0, ''])
    }
  })

  it('refers to steps, outputs and jobs that are there', () => {
    const text = readFileSync(WORKFLOW, 'utf8')
    const stepIds = [...text.matchAll(/\bsteps\.([\w-]+)\./g)].map(([, id]) => id)
    expect(stepIds.length).toBeGreaterThan(3)
    expect(steps.map(({ id }) => id)).toEqual(expect.arrayContaining(stepIds))
    const outputs = Object.entries(workflow.jobs).flatMap(([job, { outputs = {} }]) =>
      Object.keys(outputs).map((output) => `needs.${job}.outputs.${output}`),
    )
    expect([...new Set(text.match(/\bneeds\.[\w-]+\.outputs\.[\w-]+/g))].sort()).toEqual(outputs.sort())
  })
})

describe('flags of headroom', () => {
  it.each([
    ['nightly.sh', readFileSync(NIGHTLY_SCRIPT, 'utf8')],
    ['the README on nights', /\n## Every night\n(.*?)\n## /s.exec(readFileSync(README, 'utf8'))?.[1] ?? ''],
  ])('in %s are those of its help', async (_, text) => {
    const [run, compare] = await Promise.all([headroom(['run', '--help']), headroom(['compare', '--help'])])
    const flags = flagsIn(text)
    expect(flags.length).toBeGreaterThan(2)
    expect(flagsIn(run.stdout + compare.stdout)).toEqual(expect.arrayContaining(flags))
  })
})

describe('the history of the nights', () => {
  const identity = Object.fromEntries(
    Object.entries(workflow.env).filter(([name]) => name.startsWith('GIT_')),
  )

  async function shell(commands: string, cwd: string): Promise<string> {
    const end = await bash(['-eo', 'pipefail'], { cwd, env: identity }, commands)
    expect(end).toMatchObject({ exitCode: 0 })
    return end.stdout
  }

  async function step(id: string, cwd: string): Promise<void> {
    await shell(stepOf(id).run ?? '', cwd)
  }

  /** A repository with a remote, as the job has checked it out. */
  async function checkout(): Promise<string> {
    const folder = temporaryFolder()
    const commands = `
      git init --quiet --bare origin.git
      git init --quiet work
      cd work
      git remote add origin "file://$PWD/../origin.git"
      git commit --quiet --allow-empty --message first`
    await shell(commands, folder)
    return join(folder, 'work')
  }

  /** Of an artefact, in order. */
  function uploadedPaths(name: string): string[] {
    const inputs = steps.find((each) => each.with?.['name'] === name)?.with
    return String(inputs?.['path']).trim().split('\n').sort()
  }

  const CLONE = 'git clone --quiet --depth 1 --branch perf-data "file://$PWD/../origin.git"'

  it('begins once, and keeps the figures of each run; the artefacts have everything else', async () => {
    const work = await checkout()
    await step('begin', work)
    await shell(`${CLONE} results`, work)
    const results = join(work, 'results')
    const { folder } = workplace({ mock: 'custom' })
    const argv = ['run', 'script.ts', '--virtual', '--raw', '--quiet', '--out', results]
    const { exitCode, stdout } = await headroom(argv, { cwd: folder })
    expect(exitCode).toBe(0)
    writeFileSync(join(results, 'gate.csv'), 'schema_version\r\n')
    await step('keep', results)
    await step('begin', work)
    await step('keep', results)
    expect(await shell('git rev-list --count HEAD', results)).toBe('2\n')

    const kept = (await shell('git ls-tree -r --name-only origin/perf-data', results)).trim().split('\n')
    const run = basename(stdout.trim())
    expect(kept.sort()).toEqual([
      '.gitattributes',
      '.gitignore',
      ...[
        'histogram.csv',
        'latency.hlog',
        'manifest.json',
        'summary.csv',
        'summary.json',
        'timeseries.csv',
      ].map((file) => `${run}/${file}`),
      'gate.csv',
      'runs.csv',
    ])
    const rest = readdirSync(join(results, run)).filter((file) => !kept.includes(`${run}/${file}`))
    expect(uploadedPaths('night')).toEqual(rest.map((file) => `results/*/${file}`).sort())
  })

  it('takes in what somebody else has added meanwhile', async () => {
    const work = await checkout()
    await step('begin', work)
    await shell(`${CLONE} first && ${CLONE} second`, work)
    const [first, second] = [join(work, 'first'), join(work, 'second')]
    writeFileSync(join(first, 'gate.csv'), 'event\r\naccepted\r\n')
    mkdirSync(join(second, 'run'))
    writeFileSync(join(second, 'run', 'summary.csv'), 'name\r\n')
    writeFileSync(join(second, 'gate.csv'), 'event\r\npassed\r\n')
    await step('keep', first)
    await step('keep', second)
    const lines = await shell('git show origin/perf-data:gate.csv', second)
    expect(lines.split('\r\n').sort()).toEqual(['', 'accepted', 'event', 'passed'])
  })
})
