/** `headroom compare` on runs in real time, on sockets. */
import { describe, expect, it } from 'vitest'
import { EXIT } from '../../src/core/errors.ts'
import { headroom } from './command.ts'
import { EVEN_LOAD, runAgain, workplace, type Workplace } from './script.ts'

/** Several of them are one side, so they may be short. */
const SCRIPT = {
  scenario: { ...EVEN_LOAD, rate: 50, duration: '2s' },
  headroom: { arrival: { main: 'poisson' } },
}

/** Three runs; none: the machine was too busy for one of them to count. */
async function side(place: Workplace, latency: string, seeds: readonly number[]): Promise<string[]> {
  const paths: string[] = []
  for (const seed of seeds) {
    const flags = ['--quiet', '--seed', String(seed), '--target', `mock:custom,latency=${latency}`]
    const end = await runAgain(place, ...flags)
    expect([EXIT.pass, EXIT.invalidRun]).toContain(end.exitCode)
    if (end.exitCode === EXIT.invalidRun) return []
    paths.push(end.stdout.trim())
  }
  return paths
}

describe('three runs a side', () => {
  it('of the same thing are not called worse, those of 30 % more latency are', async ({ skip }) => {
    const place = workplace(SCRIPT)
    const base = await side(place, '200ms', [1, 2, 3])
    const again = await side(place, '200ms', [4, 5, 6])
    const slower = await side(place, '260ms', [7, 8, 9])
    if ([base, again, slower].some((paths) => paths.length === 0)) skip('the machine is too busy')
    const compare = (head: readonly string[]): ReturnType<typeof headroom> => {
      const more = [1, 2].flatMap((i) => ['--base', base[i] ?? '', '--head', head[i] ?? ''])
      return headroom(['compare', base[0] ?? '', head[0] ?? '', ...more], { cwd: place.folder })
    }
    const same = await compare(again)
    expect(same.stderr).not.toMatch(/regressed +response time p50/)
    const worse = await compare(slower)
    expect(worse.exitCode).toBe(EXIT.regression)
    expect(worse.stderr).toMatch(/regressed +response time p50, accepted .*\+\d/)
    expect(worse.stderr).not.toMatch(/regressed +(?:throttled|errors|server errors|timeouts|sent)/)
  })
})
