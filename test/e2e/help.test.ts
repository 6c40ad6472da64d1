/** What `--help` prints, word for word. */
import { describe, expect, it } from 'vitest'
import { golden } from '../support/golden.ts'
import { headroom } from './command.ts'

describe('--help', () => {
  it.each([
    ['help.txt', ['--help']],
    ['help-run.txt', ['run', '--help']],
    ['help-mock.txt', ['mock', '--help']],
    ['help-saturate.txt', ['saturate', '--help']],
    ['help-report.txt', ['report', '--help']],
    ['help-compare.txt', ['compare', '--help']],
    ['help-verify.txt', ['verify', '--help']],
    ['help-import.txt', ['import', '--help']],
  ])('%s', async (name, argv) => {
    const end = await headroom(argv)
    expect(end).toMatchObject({ exitCode: 0, stderr: '' })
    expect(end.stdout).toBe(golden(name, end.stdout))
    for (const line of end.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(110)
  })

  it.each([
    ['help run', 'run --help'],
    ['--verbose run --help', 'run --help'],
    ['--help run', '--help'],
  ])('%s says the same as %s', async (line, same) => {
    expect((await headroom(line.split(' '))).stdout).toBe((await headroom(same.split(' '))).stdout)
  })

  it('without a command is a fault: 2', async () => {
    const end = await headroom([])
    expect(end.exitCode).toBe(2)
    expect(end.stdout).toBe('')
    expect(end.stderr).toContain('Usage: headroom')
  })

  it('--version prints the version of the package', async () => {
    const end = await headroom(['--version'])
    expect(end).toMatchObject({ exitCode: 0, stderr: '' })
    expect(end.stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})
