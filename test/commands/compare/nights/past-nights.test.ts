import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { EXIT } from '../../../../src/core/errors.ts'
import { FACTS } from '../../../support/summary-fixture.ts'
import { idOf, INVALID, judged, newFolder, writeNight, writeNights } from './nights-folder.ts'

describe('what is no past night', () => {
  it.each([
    ['an INVALID run', INVALID, '12 INVALID or cut short'],
    ['an interrupted run', { end: { exitCode: EXIT.interrupted } }, '12 INVALID or cut short'],
    ['a run of another script', { facts: { scriptSha256: 'c'.repeat(64) } }, '12 of another script'],
    ['a run with other options', { facts: { optionsSha256: 'd'.repeat(64) } }, '12 with other options'],
    [
      'a run against a real service',
      { facts: { targetKind: 'remote' } },
      '12 against another kind of target',
    ],
  ] as const)('%s', async (_story, parts, reason) => {
    const folder = newFolder()
    await writeNights(folder, 12, parts)
    const night = await judged(await writeNight(folder, 12))
    expect(night.state).toBe('learning')
    expect(night.comparisons.every(({ past }) => past.length === 0)).toBe(true)
    expect(night.notes).toContain(`runs that are no past nights: ${reason}`)
  })

  it('counts when that may differ, and is told', async () => {
    const folder = newFolder()
    await writeNights(folder, 12, { facts: { scriptSha256: 'c'.repeat(64) } })
    const night = await judged(await writeNight(folder, 12), { allowed: ['script'] })
    expect(night).toMatchObject({ state: 'passed' })
    expect(night.notes).toContain('past nights that differ, as allowed: 12 of another script')
  })

  it.each([EXIT.regression, EXIT.thresholds, EXIT.markedFailed])(
    'is not one that ended with exit code %d',
    async (exitCode) => {
      const folder = newFolder()
      await writeNights(folder, 12, { end: { exitCode } })
      expect((await judged(await writeNight(folder, 12))).state).toBe('passed')
    },
  )

  it('is a night of which nothing is left but its line, as far as names are concerned', async () => {
    const folder = newFolder()
    await writeNights(folder, 12)
    const directories = readdirSync(folder).filter((name) => name !== 'runs.csv')
    for (const name of directories.slice(0, 4)) rmSync(join(folder, name), { recursive: true })
    const night = await judged(await writeNight(folder, 12))
    const counts = night.comparisons.map(({ name, past }) => `${name} ${past.length}`)
    expect(new Set(counts)).toEqual(new Set(['rank 8', 'reward 8', '_all 12']))
    expect(night.state).toBe('passed')
    expect(night.notes.join('\n')).toContain('figures by request name are of 8 of 12 past nights')
  })

  it('is a second line of the same run, and what came later', async () => {
    const folder = newFolder()
    await writeNights(folder, 12)
    const head = await writeNight(folder, 12)
    await writeNight(folder, 13)
    const path = join(folder, 'runs.csv')
    const lines = readFileSync(path, 'utf8').split('\r\n')
    writeFileSync(path, [...lines.slice(0, 3), ...lines.slice(1)].join('\r\n'))
    const night = await judged(head)
    expect(night.comparisons[0]?.past.map(({ runId }) => runId)).toEqual(
      Array.from({ length: 12 }, (_, index) => idOf(index)),
    )
  })

  it('is told of machines and versions', async () => {
    const folder = newFolder()
    await writeNights(folder, 12, { facts: { host: 'other', nodeVersion: '22.0.0', target: 'mock:custom' } })
    const night = await judged(await writeNight(folder, 12))
    expect(night.notes).toEqual([
      'the nights are from 2 hosts',
      `the nights are from several versions of Node: 22.0.0, ${FACTS.nodeVersion}`,
      `12 of 12 past nights had another target than ${FACTS.target}`,
    ])
  })
})

describe('nights in virtual time', () => {
  it('are ordered by their lines, and no real ones are among them', async () => {
    const folder = newFolder()
    const virtual = { time: 'virtual', epochMs: Date.UTC(2000, 0, 1) } as const
    for (let night = 0; night < 12; night++) await writeNight(folder, night, { facts: virtual })
    await writeNight(folder, 12, { factor: 9 })
    const night = await judged(await writeNight(folder, 13, { facts: virtual }))
    expect(night.state).toBe('passed')
    expect(night.comparisons[0]?.past.map(({ runId }) => runId)).toEqual(
      Array.from({ length: 12 }, (_, index) => idOf(index)),
    )
  })
})
