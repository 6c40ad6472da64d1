/** `headroom report`, and the page that every run leaves. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { headroom, startHeadroom } from './command.ts'
import { runDirectories } from './run-output.ts'
import { EVEN_LOAD, runScript, workplace, type ScriptRun } from './script.ts'

const SCRIPT = { mock: 'custom,tps=15,latency=20ms', scenario: { ...EVEN_LOAD, duration: '3s' } }

async function shortRun(): Promise<ScriptRun & { readonly directory: string }> {
  const run = await runScript(SCRIPT, '--virtual')
  const [directory = ''] = runDirectories(run.out)
  return { ...run, directory }
}

describe('every run leaves report.html', () => {
  it('in virtual time', async () => {
    const { directory, exitCode } = await shortRun()
    expect(exitCode).toBe(0)
    const html = readFileSync(join(directory, 'report.html'), 'utf8')
    expect(html).toContain('<title>script – headroom</title>')
    expect(html).not.toContain('class="absent"')
  })

  it('when it is interrupted: 105', async () => {
    const place = workplace({ ...SCRIPT, scenario: { ...EVEN_LOAD, duration: '60s' } })
    const command = startHeadroom(['run', 'script.ts', '--out', place.out], { cwd: place.folder })
    await expect.poll(() => runDirectories(place.out).length, { timeout: 10_000 }).toBe(1)
    command.interrupt()
    expect((await command.end).exitCode).toBe(105)
    const [directory = ''] = runDirectories(place.out)
    const html = readFileSync(join(directory, 'report.html'), 'utf8')
    expect(html).toContain('interrupted: the figures cover what ran (exit code 105)')
  })
})

describe('headroom report', () => {
  it('makes the same page from the files of the run', async () => {
    const run = await shortRun()
    const path = join(run.directory, 'report.html')
    const before = readFileSync(path, 'utf8')
    rmSync(path)
    const end = await headroom(['report', run.directory], { cwd: run.folder })
    expect(end).toEqual({ exitCode: 0, stdout: `out/${basename(run.directory)}/report.html\n`, stderr: '' })
    expect(readFileSync(path, 'utf8')).toBe(before)
  })

  it('puts it elsewhere when told to', async () => {
    const run = await shortRun()
    const end = await headroom(['report', run.directory, '--out', 'public/nightly'], { cwd: run.folder })
    expect(end).toMatchObject({ exitCode: 0, stdout: 'public/nightly/report.html\n' })
    expect(existsSync(join(run.folder, 'public/nightly/report.html'))).toBe(true)
  })

  it('refuses a format that there is not, and names those that there are: 2', async () => {
    const run = await shortRun()
    const end = await headroom(['report', run.directory, '--format', 'html,pdf'], { cwd: run.folder })
    expect(end.exitCode).toBe(2)
    expect(end.stderr).toMatch(/there is no pdf; there is html, /)
  })

  it('refuses a folder that is no run: 2', async () => {
    const run = await shortRun()
    const end = await headroom(['report', run.out], { cwd: run.folder })
    expect(end.exitCode).toBe(2)
    expect(end.stderr).toContain('give the directory of one of them')
  })

  it('refuses a place that cannot hold it: 2', async () => {
    const run = await shortRun()
    writeFileSync(join(run.folder, 'file'), '')
    const end = await headroom(['report', run.directory, '--out', 'file'], { cwd: run.folder })
    expect(end.exitCode).toBe(2)
    expect(end.stderr).toContain('Choose another place with --out DIR.')
  })
})
