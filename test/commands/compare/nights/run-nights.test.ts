import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runNights } from '../../../../src/commands/compare/nights/run-nights.ts'
import { EXIT } from '../../../../src/core/errors.ts'
import { FACTS, NO_DURATION, SUMMARY } from '../../../support/summary-fixture.ts'
import {
  found,
  idOf,
  INVALID,
  journalOf,
  judged,
  newFolder,
  refusal,
  REQUEST,
  terminal,
  writeNight,
  writeNights,
} from './nights-folder.ts'

const P50 = 'response_time_accepted_p50_ms'
const P99 = 'response_time_accepted_p99_ms'
describe('a night', () => {
  it('passes when it is as ever, judged by every name and the cap', async () => {
    const folder = newFolder()
    await writeNights(folder, 12)
    const night = await judged(await writeNight(folder, 12))
    expect(night).toMatchObject({ state: 'passed', exitCode: EXIT.pass, noise: [], notes: [] })
    expect(night.comparisons.map(({ name, metric }) => `${name} ${metric}`)).toEqual([
      `rank ${P50}`,
      `rank ${P99}`,
      'rank throttled_ratio',
      `reward ${P50}`,
      `reward ${P99}`,
      'reward throttled_ratio',
      '_all accepted_to_cap_ratio',
    ])
    expect(journalOf(folder)).toEqual([{ run_id: idOf(12), event: 'passed', commit: FACTS.commit }])
  })

  it.each([0, 1, 5, 9])('after %d nights is learning', async (count) => {
    const folder = newFolder()
    await writeNights(folder, count)
    const head = await writeNight(folder, count, { factor: 3 })
    const night = await judged(head)
    expect(night).toMatchObject({ state: 'learning', exitCode: EXIT.pass })
    expect(night.comparisons.map(({ learning }) => learning?.nightCount)).toEqual(Array(7).fill(count))
    const io = terminal()
    await runNights({ ...REQUEST, head, format: 'text' }, io)
    expect(io.err()).toMatch(new RegExp(`^learning, ${count}/10  personalizer-rank-reward: `))
    expect(journalOf(folder)).toEqual([{ run_id: idOf(count), event: 'learning', commit: FACTS.commit }])
  })

  it('is judged by the last N nights', async () => {
    const folder = newFolder()
    await writeNights(folder, 25)
    const head = await writeNight(folder, 25)
    const countsOf = async (nightCount: number): Promise<Set<number>> =>
      new Set((await judged(head, { nightCount })).comparisons.map(({ baseCount }) => baseCount))
    expect(await countsOf(10)).toEqual(new Set([10]))
    expect(await countsOf(60)).toEqual(new Set([24]))
  })

  it('gives the same bytes whenever it is judged, and one line each in gate.csv', async () => {
    const folder = newFolder()
    await writeNights(folder, 12)
    const head = await writeNight(folder, 12, { factorOf: { rank: 1.3 } })
    const first = await judged(head)
    const journal = readFileSync(join(folder, 'gate.csv'), 'utf8')
    await writeNight(folder, 13)
    await writeNight(folder, 14)
    expect((await judged(head)).json).toBe(first.json)
    expect(readFileSync(join(folder, 'gate.csv'), 'utf8')).toBe(journal)
  })

  it('has its past in another folder where that is said', async () => {
    const [folder, elsewhere] = [newFolder(), newFolder()]
    await writeNights(folder, 12)
    const head = await writeNight(elsewhere, 12)
    expect((await judged(head)).state).toBe('learning')
    expect(await judged(head, { results: folder })).toMatchObject({ state: 'passed' })
    expect(journalOf(folder)).toHaveLength(1)
  })

  it('that measured nothing of a figure says so', async () => {
    const folder = newFolder()
    await writeNights(folder, 12)
    const names = SUMMARY.names.map((row) =>
      row.name === 'rank'
        ? { ...row, responseTimeAccepted: { ...row.responseTimeAccepted, p99Us: undefined } }
        : row,
    )
    const night = await judged(await writeNight(folder, 12, { summary: { names } }))
    expect(night.notes.join('\n')).toContain(`${P99} of rank was not measured tonight`)
    expect(night.comparisons).toHaveLength(6)
  })
})

describe('a step on GitHub', () => {
  it.each([
    [1, 'candidate=false', '## passed: '],
    [1.3, 'candidate=true', '## candidate: '],
  ])('is told of a night with times of %d times the usual', async (factor, output, summary) => {
    const folder = newFolder()
    await writeNights(folder, 12)
    const [summaryPath, outputPath] = [join(folder, 'summary'), join(folder, 'output')]
    const io = terminal({ GITHUB_STEP_SUMMARY: summaryPath, GITHUB_OUTPUT: outputPath })
    const head = await writeNight(folder, 12, { factor })
    await runNights({ ...REQUEST, head, format: 'text', github: true }, io)
    expect(readFileSync(outputPath, 'utf8')).toBe(`${output}\n`)
    expect(readFileSync(summaryPath, 'utf8').startsWith(summary)).toBe(true)
    expect(io.out().includes('::warning title=candidate')).toBe(factor > 1)
  })
})

describe('a regression', () => {
  it('is a candidate, which fails nothing and says what to do', async () => {
    const folder = newFolder()
    await writeNights(folder, 12)
    const head = await writeNight(folder, 12, { factorOf: { rank: 1.3 } })
    const night = await judged(head)
    expect(night).toMatchObject({ state: 'candidate', exitCode: EXIT.pass })
    expect(found(night, 'regressed')).toEqual([`rank ${P50}`, `rank ${P99}`])
    expect(night.notes[0]).toContain(`headroom run ${FACTS.scriptPath} --target ${FACTS.target} --out `)
    expect(night.notes[0]).toContain(`headroom compare nights:20 ${head} --confirm RUN`)
    expect(journalOf(folder)).toEqual([
      { run_id: idOf(12), event: 'candidate', metric: P50, name: 'rank', commit: FACTS.commit },
      { run_id: idOf(12), event: 'candidate', metric: P99, name: 'rank', commit: FACTS.commit },
    ])
  })

  it.each([
    ['the same name is as bad', { rank: 1.3 }, 'confirmed', EXIT.regression, ['confirmed', 'confirmed']],
    ['another name is', { reward: 1.3 }, 'cleared', EXIT.pass, ['cleared', 'cleared']],
    ['nothing is', {}, 'cleared', EXIT.pass, ['cleared', 'cleared']],
  ] as const)('is held against a second run: %s', async (_story, factorOf, state, exitCode, events) => {
    const folder = newFolder()
    await writeNights(folder, 12)
    const head = await writeNight(folder, 12, { factorOf: { rank: 1.3 } })
    const confirmation = await writeNight(newFolder(), 13, { factorOf })
    expect(await judged(head, { confirmation })).toMatchObject({ state, exitCode })
    expect(journalOf(folder).map(({ event }) => event)).toEqual(events)
  })

  it('stays a candidate when the second run is INVALID', async () => {
    const folder = newFolder()
    await writeNights(folder, 12)
    const head = await writeNight(folder, 12, { factor: 1.3 })
    const confirmation = await writeNight(newFolder(), 13, { factor: 1.3, ...INVALID })
    const night = await judged(head, { confirmation })
    expect(night).toMatchObject({ state: 'candidate', exitCode: EXIT.pass })
    expect(night.notes.join('\n')).toMatch(
      /confirmation run .* is INVALID: arrivals were dropped; raise maxVUs/,
    )
  })

  it('is not confirmed by a run of something else, or by itself', async () => {
    const folder = newFolder()
    await writeNights(folder, 10)
    const head = await writeNight(folder, 10, { factor: 1.3 })
    const facts = {
      scriptSha256: 'c'.repeat(64),
      optionsSha256: 'd'.repeat(64),
      targetKind: 'remote',
    } as const
    const options = { scenarios: {} }
    const confirmation = await writeNight(newFolder(), 13, { factor: 1.3, facts: { ...facts, options } })
    const error = await refusal(judged(head, { confirmation }))
    expect(error.exitCode).toBe(EXIT.usage)
    expect(error.faults.map(({ where }) => where.split(' ')[0])).toEqual(['script', 'options', 'target'])
    const allowed = ['script', 'options', 'target'] as const
    expect(await judged(head, { confirmation, allowed })).toMatchObject({ state: 'confirmed' })
    expect((await refusal(judged(head, { confirmation: head }))).message).toContain(
      'is the night’s run itself',
    )
  })

  it('of a lasting kind is told with its night, and fails nothing by itself', async () => {
    const folder = newFolder()
    await writeNights(folder, 15)
    for (let night = 15; night < 27; night++) await writeNight(folder, night, { factor: 1.5 + night / 1_000 })
    const io = terminal()
    const head = await writeNight(folder, 27, { factor: 1.52 })
    expect(await runNights({ ...REQUEST, head, format: 'text' }, io)).toBe(EXIT.pass)
    const flat = io.err().replaceAll(/\s+/g, ' ')
    expect(flat).toContain(
      `warning lasting change since 2026-12-06T02:17:00.000Z (run ${idOf(15)}, commit c0ffee1)`,
    )
  })
})

describe('what cannot be judged is refused', () => {
  it('with exit code 3 when the night is INVALID, and counts nowhere', async () => {
    const folder = newFolder()
    await writeNights(folder, 12)
    const error = await refusal(judged(await writeNight(folder, 12, INVALID)))
    expect(error).toMatchObject({ exitCode: EXIT.invalidRun })
    expect(error.message).toMatch(/is INVALID: arrivals were dropped; raise maxVUs/)
    expect(readdirSync(folder)).not.toContain('gate.csv')
  })

  it('when nothing was accepted, unlike in past nights', async () => {
    const folder = newFolder()
    await writeNights(folder, 12)
    const names = SUMMARY.names.map((row) => ({ ...row, responseTimeAccepted: NO_DURATION }))
    const error = await refusal(judged(await writeNight(folder, 12, { summary: { names } })))
    expect(error).toMatchObject({ exitCode: EXIT.usage })
    expect(error.message).toContain('has no accepted reply, as past nights have')
  })

  it('when the night was cut short', async () => {
    const folder = newFolder()
    const head = await writeNight(folder, 0, { end: { exitCode: EXIT.interrupted } })
    expect(await refusal(judged(head))).toMatchObject({ exitCode: EXIT.usage })
  })

  it('with the faults of all paths at once', async () => {
    const folder = newFolder()
    const head = await writeNight(folder, 0)
    const runs = join(folder, 'runs.csv')
    const error = await refusal(
      judged(head, { confirmation: join(folder, 'nowhere'), controls: [join(folder, 'neither')] }),
    )
    expect(error.faults.map(({ where }) => where)).toEqual([join(folder, 'neither'), join(folder, 'nowhere')])
    const file = await refusal(judged(head, { confirmation: runs }))
    expect(file.message).toContain('is a file')
    await writeNight(folder, 1)
    expect((await refusal(judged(runs))).faults).toHaveLength(1)
  })

  it('without a runs.csv', async () => {
    const folder = newFolder()
    const head = await writeNight(folder, 0)
    const empty = join(folder, 'empty')
    mkdirSync(empty)
    const error = await refusal(judged(head, { results: empty }))
    expect(error.message).toContain('--results DIR')
  })
})

it('an old gate.csv with other columns is kept, and that is said', async () => {
  const folder = newFolder()
  await writeNights(folder, 1)
  writeFileSync(join(folder, 'gate.csv'), 'schema_version,run_id,event\r\n1,x,noisy\r\n')
  const io = terminal()
  await runNights({ ...REQUEST, head: await writeNight(folder, 1) }, io)
  expect(io.err()).toMatch(/gate\.csv had other columns and is kept as .*gate\.csv\.old-1/)
  expect(journalOf(folder)).toHaveLength(1)
})
