/** Ctrl-C, and the mock that must not outlive the command: real processes, real sockets. */
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { isAlive, mockOf, spawnHeadroom } from './process.ts'
import {
  expectOracleAgrees,
  expectToAddUp,
  figure,
  readRun,
  runDirectories,
  summaryOf,
} from './run-output.ts'
import { EVEN_LOAD, RANK_REWARD, workplace, type ScriptParts } from './script.ts'

const LONG: ScriptParts = {
  ...RANK_REWARD,
  mock: 'personalizer-s0,tps=40,latency=30ms',
  scenario: { ...EVEN_LOAD, rate: 40, duration: '60s' },
}

describe('Ctrl-C', () => {
  it('saves everything once the replies under way have come: 105', async () => {
    const place = workplace(LONG)
    const command = await spawnHeadroom(['run', 'script.ts', '--out', place.out], place.folder)
    await command.sees(() => runDirectories(place.out).length === 1)
    const mock = await mockOf(command.pid)
    await wait(2_300)
    command.interrupt()
    const end = await command.end
    expect(end.exitCode).toBe(105)
    expect(end.stderr).toContain('stopping')
    expect(end.stderr).not.toContain(String.fromCodePoint(27))
    const files = readRun(place.out)
    expectToAddUp(files)
    expectOracleAgrees(files, files.manifest.mock?.counters)
    expect(files.manifest).toMatchObject({ exitCode: 105, wallFinishedAt: expect.any(String) as string })
    const all = summaryOf(files)
    expect(figure(all, 'duration_s')).toBeGreaterThan(2)
    expect(figure(all, 'duration_s')).toBeLessThan(4)
    // A rate above the plan would mean that the time after the last full second was forgotten.
    expect(Math.abs(figure(all, 'iterations_due_count') - 40 * figure(all, 'duration_s'))).toBeLessThan(3)
    expect(isAlive(mock)).toBe(false)
  })

  it('a second time quits at once: 105', async () => {
    const place = workplace({ ...LONG, mock: 'personalizer-s0,latency=30s' })
    const command = await spawnHeadroom(['run', 'script.ts', '--out', place.out], place.folder)
    await command.sees(() => runDirectories(place.out).length === 1)
    const mock = await mockOf(command.pid)
    command.interrupt()
    await command.sees((stderr) => stderr.includes('stopping'))
    const startMs = performance.now()
    command.interrupt()
    expect((await command.end).exitCode).toBe(105)
    expect(performance.now() - startMs).toBeLessThan(1_000)
    await expect.poll(() => isAlive(mock)).toBe(false)
  })

  it('before the traffic writes nothing: 105', async () => {
    const place = workplace({ mock: 'custom', module: 'export function setup() { sleep(2) }' })
    const command = await spawnHeadroom(['run', 'script.ts', '--out', place.out], place.folder)
    await mockOf(command.pid)
    await wait(600)
    command.interrupt()
    expect((await command.end).exitCode).toBe(105)
    expect(runDirectories(place.out)).toEqual([])
  })
})

describe('a command that is killed', () => {
  it('takes its mock with it', async () => {
    const place = workplace(LONG)
    const command = await spawnHeadroom(['run', 'script.ts', '--out', place.out], place.folder)
    await command.sees(() => runDirectories(place.out).length === 1)
    const mock = await mockOf(command.pid)
    expect(isAlive(mock)).toBe(true)
    command.kill()
    await command.end
    await expect.poll(() => isAlive(mock), { timeout: 3_000 }).toBe(false)
  })
})
