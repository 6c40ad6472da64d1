import { describe, expect, it } from 'vitest'
import { runAccept } from '../../../../src/commands/compare/nights/run-accept.ts'
import { EXIT } from '../../../../src/core/errors.ts'
import { FACTS } from '../../../support/summary-fixture.ts'
import {
  idOf,
  INVALID,
  journalOf,
  judged,
  newFolder,
  refusal,
  terminal,
  writeNight,
  writeNights,
} from './nights-folder.ts'

describe('an accepted run', () => {
  const acceptance = { reason: 'payload doubled', by: 'ann', results: undefined }

  it('cuts the past: nights before it are no base', async () => {
    const folder = newFolder()
    await writeNights(folder, 12)
    const run = await writeNight(folder, 12, { factor: 1.5 })
    const io = terminal()
    expect(await runAccept({ run, ...acceptance }, io)).toBe(EXIT.pass)
    expect(io.err()).toContain(`accepted by ann: run ${idOf(12)}`)
    expect(journalOf(folder)).toEqual([
      { run_id: idOf(12), event: 'accepted', who: 'ann', reason: 'payload doubled', commit: FACTS.commit },
    ])
    const night = await judged(await writeNight(folder, 13, { factor: 1.5 }))
    expect(night).toMatchObject({ state: 'learning' })
    expect(night.comparisons[0]?.past.map(({ runId }) => runId)).toEqual([idOf(12)])
    expect(night.notes).toContain(
      `the past begins with run ${idOf(12)}, whose level ann accepted: payload doubled`,
    )
  })

  it('says nothing of nights before it', async () => {
    const folder = newFolder()
    await writeNights(folder, 12)
    const head = await writeNight(folder, 12)
    await runAccept({ run: await writeNight(folder, 13, { factor: 1.5 }), ...acceptance }, terminal())
    expect((await judged(head)).state).toBe('passed')
  })

  it('stands once in gate.csv however often it is accepted for the same reason', async () => {
    const folder = newFolder()
    const run = await writeNight(folder, 0)
    for (let i = 0; i < 3; i++) await runAccept({ run, ...acceptance }, terminal())
    expect(journalOf(folder)).toHaveLength(1)
  })

  it('must stand in runs.csv, and be VALID', async () => {
    const [folder, elsewhere] = [newFolder(), newFolder()]
    await writeNight(folder, 0)
    const run = await writeNight(elsewhere, 1)
    const missing = await refusal(runAccept({ run, ...acceptance, results: folder }, terminal()))
    expect(missing).toMatchObject({ exitCode: EXIT.usage })
    expect(missing.message).toContain(`is not in the runs.csv of ${folder}`)
    const invalid = await writeNight(folder, 2, INVALID)
    expect(await refusal(runAccept({ run: invalid, ...acceptance }, terminal()))).toMatchObject({
      exitCode: EXIT.invalidRun,
    })
  })

  it('has somebody who says so', async () => {
    const folder = newFolder()
    const run = await writeNight(folder, 0)
    const request = { run, ...acceptance, by: undefined }
    const error = await refusal(runAccept(request, { ...terminal({ PATH: '' }), cwd: folder }))
    expect(error.message).toContain('--by NAME')
    await runAccept(request, terminal({ PATH: '', USER: 'bob' }))
    await runAccept(request, terminal({ PATH: '', USER: 'bob', GITHUB_ACTOR: 'octocat' }))
    expect(journalOf(folder).map(({ who }) => who)).toEqual(['bob', 'octocat'])
  })
})
