/** What people look at of an import says what is known and nothing else. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { headroom } from './command.ts'
import { imported } from './imported.ts'
import { readRun } from './run-output.ts'

const LOCUST = ['locust_stats.csv', 'locust_stats_history.csv']

describe('headroom import', () => {
  it.each<[files: readonly string[], outcome: string]>([
    [['k6.csv'], 'accepted 3 (50 %, 1.4/s)'],
    [['k6-seconds.csv'], 'accepted 3 (50 %, '],
    [['k6.json'], 'accepted 3 (50 %, 1.4/s)'],
    [['jmeter.jtl'], 'accepted 3 (42.9 %, 1.4/s)'],
    [[...LOCUST, 'locust_failures.csv'], 'accepted 540 (90 %, 135.0/s) &nbsp; throttled 50 (8.3 %)'],
    [LOCUST, 'accepted 540 (90 %, 135.0/s) &nbsp; not accepted 60 (10 %): the source does not say why'],
  ])('of %j leaves reports, and headroom report makes them again', async (files, outcome) => {
    const { out, folder, exitCode, stderr } = await imported(files)
    expect(exitCode).toBe(0)
    expect(stderr).not.toContain('there is no ')
    const { path } = readRun(out)
    const text = (name: string): string => readFileSync(join(path, name), 'utf8')
    expect(text('summary.md')).toContain(outcome)
    expect(text('summary.md')).toContain('Load generator **SUSPECT**')
    expect(text('summary.md')).not.toMatch(/NaN|undefined|schedule delay|- B/)
    const page = text('report.html').replaceAll(/<(script|style)[^]*?<\/\1>/g, '')
    expect(page).not.toMatch(/NaN|undefined/)
    const before = ['report.html', 'summary.md', 'junit.xml'].map(text)
    const again = await headroom(['report', path, '--format', 'html,markdown,junit,openmetrics'], {
      cwd: folder,
    })
    expect(again.exitCode).toBe(0)
    expect(['report.html', 'summary.md', 'junit.xml'].map(text)).toEqual(before)
    expect(text('metrics.txt')).not.toContain('NaN')
  })
})
