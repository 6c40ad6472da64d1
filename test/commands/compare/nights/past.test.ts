import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pastOf, type DatedRun } from '../../../../src/commands/compare/nights/past.ts'
import type { GateEntry } from '../../../../src/run-files/gate-journal.ts'
import type { LoggedNight } from '../../../../src/run-files/nights-reader.ts'

const RUN: LoggedNight = {
  runId: 'run',
  startedAt: '2026-11-21T02:17:00.000Z',
  scenario: 'rank',
  scriptSha256: 'script',
  optionsSha256: 'options',
  targetKind: 'mock',
  target: 'mock:custom',
  nodeVersion: '20.19.0',
  host: 'runner',
  commit: 'c0ffee1',
  exitCode: 0,
  figures: {},
  names: undefined,
}
const ENTRY: GateEntry = {
  runId: 'run',
  event: 'noisy',
  metric: '',
  name: '',
  who: '',
  reason: '',
  commit: '',
}

function run(runId: string, day: number, parts: Partial<LoggedNight> = {}): LoggedNight {
  const startedAt = new Date(Date.UTC(2026, 10, day, 2, 17)).toISOString()
  return { ...RUN, runId, startedAt, ...parts }
}

function idsOf(runs: readonly LoggedNight[], tonight: DatedRun, journal: readonly GateEntry[] = []): string {
  return pastOf(runs, tonight, journal, [])
    .nights.map(({ runId }) => runId)
    .join(' ')
}

describe('the past of a night', () => {
  it('is in the order of time, whatever the order of the lines', () => {
    expect(idsOf([run('c', 3), run('a', 1), run('b', 2)], run('tonight', 4))).toBe('a b c')
  })

  it('ends before the night, whether that has a line or not', () => {
    const runs = [run('a', 1), run('b', 2), run('c', 3)]
    expect(idsOf(runs, run('b', 2))).toBe('a')
    expect(idsOf(runs, run('elsewhere', 2))).toBe('a b')
  })

  it('is of the scenario alone, which is not worth a word', () => {
    const past = pastOf([run('a', 1), run('b', 2, { scenario: 'other' })], run('c', 3), [], [])
    expect(past.nights).toHaveLength(1)
    expect(past.leftOut).toEqual(new Map())
  })

  it('begins at the last run that was accepted before it', () => {
    const runs = [run('a', 1), run('b', 2), run('c', 3), run('d', 4), run('e', 5)]
    const accepted = ['b', 'c', 'e'].map((runId): GateEntry => ({ ...ENTRY, runId, event: 'accepted' }))
    expect(idsOf(runs, run('d', 4), accepted)).toBe('c')
    expect(idsOf(runs, run('f', 6), accepted)).toBe('e')
    expect(idsOf(runs, run('c', 3), accepted)).toBe('')
    expect(pastOf(runs, run('d', 4), accepted, []).leftOut).toEqual(
      new Map([['from before the accepted level', 2]]),
    )
  })

  it('is that of another scenario where nothing was accepted in this one', () => {
    const accepted: GateEntry = { ...ENTRY, runId: 'x', event: 'accepted' }
    expect(idsOf([run('a', 1), run('x', 2, { scenario: 'other' })], run('c', 3), [accepted])).toBe('a')
  })

  it('holds what can be compared, and nothing else', () => {
    const runs = fc.array(
      fc.record({
        exitCode: fc.constantFrom(0, 3, 4, 99, 105, 110, undefined),
        scriptSha256: fc.constantFrom('script', 'other'),
        targetKind: fc.constantFrom('mock', 'remote'),
        scenario: fc.constantFrom('rank', 'other'),
        isNoisy: fc.boolean(),
        isAccepted: fc.boolean(),
      }),
      { maxLength: 20 },
    )
    fc.assert(
      fc.property(runs, fc.nat(20), (cases, tonightIndex) => {
        const lines = cases.map((parts, index) => run(`r${index}`, index + 1, parts))
        const entries = cases.flatMap(({ isNoisy, isAccepted }, index): GateEntry[] => [
          ...(isNoisy ? [{ ...ENTRY, runId: `r${index}` }] : []),
          ...(isAccepted ? [{ ...ENTRY, runId: `r${index}`, event: 'accepted' as const }] : []),
        ])
        const tonight = run('tonight', tonightIndex + 1)
        const expected = expectedIds(cases.slice(0, tonightIndex + 1))
        const past = pastOf(lines, tonight, entries, [])
        expect(past.nights.map(({ runId }) => runId)).toEqual(expected)
        const related = cases.slice(0, tonightIndex + 1).filter(({ scenario }) => scenario === 'rank')
        const leftOutCount = [...past.leftOut.values()].reduce((sum, n) => sum + n, 0)
        expect(leftOutCount).toBe(related.length - expected.length)
      }),
    )
  })
})

interface Case {
  readonly exitCode: number | undefined
  readonly scriptSha256: string
  readonly targetKind: string
  readonly scenario: string
  readonly isNoisy: boolean
  readonly isAccepted: boolean
}

/** One after the other, forgetting everything at an accepted run. */
function expectedIds(cases: readonly Case[]): string[] {
  let ids: string[] = []
  cases.forEach((each, index) => {
    if (each.scenario !== 'rank') return
    if (each.isAccepted) ids = []
    const isWhole = [0, 4, 99, 110].includes(each.exitCode ?? -1)
    if (isWhole && each.scriptSha256 === 'script' && each.targetKind === 'mock' && !each.isNoisy) {
      ids.push(`r${index}`)
    }
  })
  return ids
}
