/** What is refused before anything runs. */
import { describe, expect, it } from 'vitest'
import { headroom } from './command.ts'

describe('headroom verify refuses', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['an unknown case', ['--only', 'fixd'], ['--only: there is no case "fixd"', 'fixed, bimodal, lognormal']],
    ['an unknown engine', ['--engine', 'wrk'], ['headroom, autocannon, k6']],
    [
      'loads of its own',
      ['--rate', '5', '--duration', '2s'],
      ['--rate: ', '--duration: ', 'give --target URL'],
    ],
    [
      'a target with what is about the mock',
      ['--target', 'http://127.0.0.1:1/', '--quick', '--engine', 'autocannon', '--only', 'fixed'],
      ['3 faults', '--quick: ', '--engine: ', '--only: '],
    ],
    ['a part of a second', ['--target', 'http://127.0.0.1:1/', '--duration', '1500ms'], ['whole seconds']],
    ['a CSV file without a folder', ['--out', 'no/such/folder.csv'], ['--out: cannot write into']],
    ['a folder for a CSV file', ['--out', '/'], ['--out: / is a folder', 'give a file']],
    ['an engine that is not installed', ['--engine', 'k6'], ['there is no k6 on PATH']],
  ])('%s: 2', async (_story, flags, parts) => {
    const end = await headroom(['verify', ...flags], { env: { PATH: '/nowhere' } })
    expect(end).toMatchObject({ exitCode: 2, stdout: '' })
    for (const part of parts) expect(end.stderr).toContain(part)
  })

  it('a target that does not answer: 5', async () => {
    const end = await headroom(['verify', '--target', 'http://127.0.0.1:1/', '--quiet'])
    expect(end).toMatchObject({ exitCode: 5, stdout: '' })
    expect(end.stderr).toContain('nothing answers at http://127.0.0.1:1')
  })
})
