/** What report.html shows of the run before. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runDirectories } from './run-output.ts'
import { EVEN_LOAD, runAgain, workplace, type Workplace } from './script.ts'

const SCRIPT = {
  mock: 'custom,tps=40,latency=lognormal:20ms:60ms',
  scenario: { ...EVEN_LOAD, duration: '70s' },
  module: "import exec from 'k6/execution'",
  body: `
    if (__ENV.ABORT !== undefined) exec.test.abort()
    http.get(\`\${__ENV.TARGET}/a\`, { tags: { name: 'a' } })`,
}

/** Simulates the script and gives the new run's directory. */
async function run(place: Workplace, seed: number, ...flags: readonly string[]): Promise<string> {
  const before = new Set(runDirectories(place.out))
  await runAgain(place, '--virtual', '--seed', String(seed), ...flags)
  const [directory = ''] = runDirectories(place.out).filter((path) => !before.has(path))
  return directory
}

function reportOf(directory: string): string {
  return readFileSync(join(directory, 'report.html'), 'utf8')
}

/** Section of the comparison with the run before; empty without one. */
function baselineIn(html: string): string {
  return /<section id="baseline">.*?<\/section>/s.exec(html)?.[0] ?? ''
}

describe('report.html', () => {
  it('holds a run against the one before it, in all requests together', async () => {
    const place = workplace(SCRIPT)
    const first = await run(place, 1)
    const second = await run(place, 2)
    expect(baselineIn(reportOf(first))).toBe('')
    const section = baselineIn(reportOf(second))
    expect(section).toContain(basename(first))
    expect(section).toContain('within-run only')
    expect(section).toContain('all: response time p50, accepted')
    expect(section).not.toContain('regressed')
    expect(reportOf(second)).toContain('accepted, run before: response time')
  })

  it('takes the latest run that is still there and whose figures count', async () => {
    const place = workplace(SCRIPT)
    const first = await run(place, 1)
    const gone = await run(place, 2)
    rmSync(gone, { recursive: true })
    const aborted = await run(place, 3, '-e', 'ABORT=1')
    expect(baselineIn(reportOf(aborted))).toBe('')
    const section = baselineIn(reportOf(await run(place, 4)))
    expect(section).toContain(basename(first))
    expect(section).not.toContain(basename(aborted))
  })

  it('does not hold a simulation against itself', async () => {
    const place = workplace(SCRIPT)
    await run(place, 1)
    expect(baselineIn(reportOf(await run(place, 1)))).toBe('')
  })

  it('is made all the same when the run before cannot be read', async () => {
    const place = workplace(SCRIPT)
    const first = await run(place, 1)
    writeFileSync(join(first, 'histogram.csv'), 'schema_version\r\n99\r\n')
    const html = reportOf(await run(place, 2))
    expect(baselineIn(html)).toBe('')
    expect(html).toContain(`Left out: the run before, ${basename(first)}, cannot be compared: `)
  })
})
