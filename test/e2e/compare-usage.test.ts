/** What `headroom compare` does not compare, and what it says then. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { headroom, type CommandEnd } from './command.ts'
import { EVEN_LOAD, scriptText, workplace, type Workplace } from './script.ts'

const SCRIPT = { mock: 'custom,latency=20ms' }

async function run({ folder, out }: Workplace, ...flags: readonly string[]): Promise<string> {
  const [script = 'script.ts', ...more] = flags
  const end = await headroom(['run', script, '--virtual', '--quiet', '--out', out, ...more], { cwd: folder })
  expect(end.exitCode).toBe(0)
  return end.stdout.trim()
}

function compare({ folder }: Workplace, ...argv: readonly string[]): Promise<CommandEnd> {
  return headroom(['compare', ...argv], { cwd: folder })
}

describe('runs of different things', () => {
  it('are refused with every difference, unless it is allowed: 2', async () => {
    const place = workplace(SCRIPT)
    const scenario = { ...EVEN_LOAD, rate: 30, duration: '3s' }
    writeFileSync(join(place.folder, 'other.ts'), scriptText({ ...SCRIPT, scenario }))
    const [base, head] = [await run(place, 'script.ts'), await run(place, 'other.ts', '--seed', '7')]
    const end = await compare(place, base, head)
    expect(end).toMatchObject({ exitCode: 2, stdout: '' })
    expect(end.stderr).toMatch(/^3 faults:$/m)
    expect(end.stderr).toMatch(/^scenario: script against other$/m)
    expect(end.stderr).toMatch(/^script sha256: \w{12} against \w{12}$/m)
    expect(end.stderr).toMatch(/^options: scenarios\.main\.rate 20 against 30, scenarios\.main\.durationUs /m)
    expect(end.stderr).not.toContain('seed')
    const half = await compare(place, base, head, '--allow', 'script')
    expect(half.exitCode).toBe(2)
    expect(half.stderr).toMatch(/^options: /)
    const allowed = await compare(place, base, head, '--allow', 'script,options', '--format', 'json')
    expect(allowed.exitCode).toBe(0)
    const { differences, comparisons } = JSON.parse(allowed.stdout) as {
      differences: string[]
      comparisons: { verdict: string; warnings: string[] }[]
    }
    expect(differences).toHaveLength(3)
    // A few seconds do not tell how a run varies.
    expect(new Set(comparisons.map(({ verdict }) => verdict))).toEqual(new Set(['inconclusive']))
    expect(comparisons[0]?.warnings[0]).toContain('interval unreliable')
  })

  it('are not those with another seed, or another limit of the mock', async () => {
    const place = workplace(SCRIPT)
    const base = await run(place, 'script.ts', '--target', 'mock:custom,tps=30')
    const head = await run(place, 'script.ts', '--target', 'mock:custom,tps=20', '--seed', '7')
    const end = await compare(place, base, head)
    expect(end.exitCode).toBe(0)
    expect(end.stderr).toMatch(/^note +target: mock:custom,tps=30 against mock:custom,tps=20$/m)
  })

  it('are those against a mock and against a service', async () => {
    const place = workplace(SCRIPT)
    const [base, head] = [await run(place), await run(place, 'script.ts', '--seed', '7')]
    rewriteJson(join(place.folder, head, 'manifest.json'), (manifest) => {
      return { ...manifest, time: 'real', target: { kind: 'remote', address: 'https://service.example' } }
    })
    const end = await compare(place, base, head)
    expect(end.exitCode).toBe(2)
    expect(end.stderr).toMatch(/^target: mock against remote$/m)
    expect(end.stderr).toMatch(/^time: virtual against real$/m)
    expect((await compare(place, base, head, '--allow', 'target')).exitCode).toBe(0)
  })
})

describe('INVALID runs', () => {
  it('never count: 3; among others they are left out', async () => {
    const place = workplace(SCRIPT)
    const base = await run(place)
    const head = await run(place, 'script.ts', '--seed', '2')
    const spoilt = await run(place, 'script.ts', '--seed', '3')
    const reasons = [{ level: 'INVALID', code: 'dropped', what: '9 % were dropped', todo: 'raise maxVUs' }]
    rewriteJson(join(place.folder, spoilt, 'summary.json'), (summary) => {
      return { ...summary, verdict: { level: 'INVALID', reasons } }
    })
    for (const argv of [
      [base, spoilt],
      [spoilt, head],
    ]) {
      const end = await compare(place, ...argv)
      expect(end).toMatchObject({ exitCode: 3, stdout: '' })
      expect(end.stderr).toMatch(/is INVALID \(9 % were dropped; raise maxVUs\)/)
    }
    const beside = await compare(place, base, head, '--head', spoilt)
    expect(beside.exitCode).toBe(0)
    expect(beside.stderr).toMatch(/^note +left out: run \w+ is INVALID/m)
    expect(beside.stderr).toContain('within-run only')
  })
})

function rewriteJson(path: string, by: (json: object) => object): void {
  writeFileSync(path, JSON.stringify(by(JSON.parse(readFileSync(path, 'utf8')) as object)))
}

describe('refused is', () => {
  it('what is no run, on either side, all of it at once: 2', async () => {
    const place = workplace(SCRIPT)
    await run(place)
    const end = await compare(place, 'nowhere', 'out', '--head', 'script.ts')
    expect(end.exitCode).toBe(2)
    expect(end.stderr).toMatch(/^3 faults:$/m)
    expect(end.stderr).toMatch(/nowhere: no such directory/)
    expect(end.stderr).toMatch(/give the directory of one of them/)
    expect(end.stderr).toMatch(/script\.ts: /)
  })

  it.each([
    [[], /there is nothing to compare/],
    [['a'], /not understood: a/],
    [['a', 'b', '--confirm', 'c'], /--confirm: means nothing in headroom compare BASE HEAD/],
    [['nights:9', 'a'], /nights:9: the gate takes a whole number of nights from 10 to 60/],
    [['nights:20', 'a', '--reason', 'x', '--base', 'b'], /^2 faults:\n--reason: [^]*\n--base: /],
    [['--accept', 'a'], /--reason: is missing/],
    [['a', 'b', '--allow', 'host'], /host cannot be allowed; script, options, target can/],
    [['a', 'b', '--github'], /GITHUB_STEP_SUMMARY is not set/],
    [
      ['a', 'b', '--github', '--format', 'json'],
      /--github: writes annotations to stdout, where --format json/,
    ],
  ])('a command line that means nothing, %j: 2', async (argv, message) => {
    const end = await headroom(['compare', ...argv])
    expect(end.exitCode).toBe(2)
    expect(end.stderr).toMatch(message)
  })
})
