import { describe, expect, it } from 'vitest'
import { EXIT } from '../../../../src/core/errors.ts'
import { idOf, INVALID, journalOf, judged, newFolder, writeNight, writeNights } from './nights-folder.ts'

describe('control runs', () => {
  const control = { scenario: 'control' }

  it('that are as ever change nothing', async () => {
    const folder = newFolder()
    await writeNights(folder, 12)
    for (let run = 20; run < 34; run++) await writeNight(folder, run, { facts: control })
    const controls = [
      await writeNight(folder, 34, { facts: control }),
      await writeNight(folder, 35, { facts: control }),
    ]
    const night = await judged(await writeNight(folder, 12), { controls })
    expect(night).toMatchObject({ state: 'passed', noise: [], notes: [] })
  })

  it.each([
    [
      'slower',
      { factor: 1.25 },
      /response time p50, accepted 58 ms, of a machine that is as ever 4\d ms to \d\d ms/,
    ],
    ['faster', { factor: 0.8 }, /response time p99, accepted 273 ms, of a machine/],
    ['INVALID', INVALID, /control run .* is INVALID: arrivals were dropped/],
  ])('that are %s make the night noisy: no verdict, and no past night', async (_story, parts, noise) => {
    const [folder, elsewhere] = [newFolder(), newFolder()]
    await writeNights(folder, 12)
    for (let run = 0; run < 14; run++) await writeNight(elsewhere, run, { facts: control })
    const controls = [await writeNight(elsewhere, 14, { facts: control, ...parts })]
    const night = await judged(await writeNight(folder, 12, { factor: 2 }), { controls })
    expect(night).toMatchObject({ state: 'noisy', exitCode: EXIT.pass, comparisons: [] })
    expect(night.noise.join('\n')).toMatch(noise)
    expect(journalOf(folder)).toMatchObject([{ run_id: idOf(12), event: 'noisy' }])
    const next = await judged(await writeNight(folder, 13))
    expect(next.comparisons[0]?.past.map(({ runId }) => runId)).not.toContain(idOf(12))
    expect(next.notes).toContain('runs that are no past nights: 1 noisy')
  })

  it('judge nothing while they are learning, not even each other', async () => {
    const folder = newFolder()
    await writeNights(folder, 12)
    for (let run = 20; run < 29; run++) await writeNight(folder, run, { facts: control })
    const controls = [
      await writeNight(folder, 29, { factor: 2, facts: control }),
      await writeNight(folder, 30, { factor: 2, facts: control }),
    ]
    const night = await judged(await writeNight(folder, 12), { controls })
    expect(night.state).toBe('passed')
    expect(night.notes).toEqual(
      controls.map((path) => `control run ${path} judges nothing yet: learning, 9/10 past control runs`),
    )
  })
})
