/** `headroom saturate`: the closed-model ceiling, with the files of any other run. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { headroom, startHeadroom, temporaryFolder } from './command.ts'
import { expectToAddUp, figure, readRun, runDirectories, summaryOf } from './run-output.ts'
import { runScript } from './script.ts'
import { mockTarget } from './target.ts'

describe('headroom saturate', () => {
  it('counts what the server counts, by status', async () => {
    const mock = await mockTarget('custom,tps=50,latency=5ms')
    const folder = temporaryFolder()
    const url = `${mock.url}/any?key=hush-hush`
    const argv = [
      'saturate',
      url,
      '-c',
      '4',
      '-d',
      '2s',
      '-H',
      'Authorization: Bearer hush-hush',
      '-b',
      'hush-hush',
      '-m',
      'post',
    ]
    const end = await headroom(argv, { cwd: folder })
    expect(end.exitCode).toBe(0)
    const files = readRun(join(folder, 'results'))
    expectToAddUp(files)
    const { requestCount, statusCounts } = mock.state().resources[0]?.operations['request'] ?? {}
    const all = summaryOf(files)
    // What is under way when it stops has no reply, and may not have come to the server.
    const unanswered = figure(all, 'aborted_count')
    expect(figure(all, 'inflight_max_count')).toBe(4)
    expect(unanswered).toBeLessThanOrEqual(4)
    expect(figure(all, 'sent_count') - (requestCount ?? 0)).toBeLessThanOrEqual(unanswered)
    expect(figure(all, 'sent_count') - (requestCount ?? 0)).toBeGreaterThanOrEqual(0)
    expect(Math.abs(figure(all, 'accepted_count') - (statusCounts?.['200'] ?? 0))).toBeLessThanOrEqual(
      unanswered,
    )
    expect(Math.abs(figure(all, 'throttled_count') - (statusCounts?.['429'] ?? 0))).toBeLessThanOrEqual(
      unanswered,
    )
    expect(end.stderr).toContain(`200 × ${all['accepted_count']}, 429 × ${all['throttled_count']}`)
    expect(end.stderr).toContain('closed model')
    expect(all['scenario']).toBe('saturate-closed-model')
    expect(end.stderr + end.stdout).not.toContain('hush')
    const [path = ''] = runDirectories(join(folder, 'results'))
    for (const file of ['manifest.json', 'summary.csv', 'summary.json', 'timeseries.csv', 'histogram.csv']) {
      expect(readFileSync(join(path, file), 'utf8')).not.toContain('hush')
    }
  })

  it('has the columns of a run', async () => {
    const mock = await mockTarget('custom')
    const folder = temporaryFolder()
    const end = await headroom(['saturate', mock.url, '-d', '1s', '--quiet'], { cwd: folder })
    expect(end).toMatchObject({ exitCode: 0, stderr: '' })
    expect(end.stdout).toMatch(/^results\/\d{8}T\d{6}Z-saturate-closed-model-[0-9a-f]{7}\/\n$/)
    const run = await runScript({ mock: 'custom' }, '--virtual')
    expect(Object.keys(summaryOf(readRun(join(folder, 'results'))))).toEqual(
      Object.keys(summaryOf(readRun(run.out))),
    )
  })

  it('Ctrl-C saves what there is: 105', async () => {
    const mock = await mockTarget('custom,latency=5ms')
    const folder = temporaryFolder()
    const command = startHeadroom(['saturate', mock.url, '-d', '60s'], { cwd: folder })
    await expect.poll(() => mock.state().resources[0]?.inFlightCount).toBeGreaterThan(0)
    command.interrupt()
    expect((await command.end).exitCode).toBe(105)
    const files = readRun(join(folder, 'results'))
    expectToAddUp(files)
    expect(files.manifest.exitCode).toBe(105)
    expect(figure(summaryOf(files), 'duration_s')).toBeLessThan(30)
  })
})
