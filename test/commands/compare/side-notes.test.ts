import { describe, expect, it } from 'vitest'
import {
  assertNotEmpty,
  commonNames,
  nameNotes,
  surroundingNotes,
  validRuns,
} from '../../../src/commands/compare/side-notes.ts'
import type { SideRun } from '../../../src/commands/compare/side-run.ts'
import { UserError } from '../../../src/core/errors.ts'
import type { ComparedRun } from '../../../src/report/comparison/comparison-data.ts'
import { CsvRow } from '../../../src/run-files/csv-reader.ts'
import { RUN } from '../../support/comparison-fixture.ts'

/** A run of a CSV file with these names, and what was sent under each. */
function run(shown: Partial<ComparedRun>, sentCounts: Readonly<Record<string, number>> = {}): SideRun {
  const header = new Map([['sent_count', 0]])
  return {
    shown: { ...RUN, ...shown },
    setup: {
      scenario: '',
      scriptSha256: '',
      optionsSha256: '',
      options: undefined,
      targetKind: '',
      time: '',
    },
    exitCode: undefined,
    reasons: [],
    lines: new Map(
      Object.entries(sentCounts).map(([name, count]) => [name, new CsvRow(header, [String(count)])]),
    ),
    reader: undefined,
  }
}

describe('validRuns', () => {
  it('leaves out INVALID runs and second mentions, and says so', () => {
    const { runs, notes } = validRuns([run({}), run({}), run({ runId: 'x', verdict: 'INVALID' })])
    expect(runs).toHaveLength(1)
    expect(notes).toEqual([
      'runs that one side has twice count once',
      'left out: run x is INVALID (its file says no more)',
      expect.stringContaining('has no seconds'),
    ])
  })

  it('tells of doubtful and of cut runs', () => {
    const doubtful = { ...run({ verdict: 'SUSPECT' }), reasons: ['late; rest'], exitCode: 105 }
    expect(validRuns([doubtful]).notes).toEqual([
      `run ${RUN.runId} is SUSPECT: late; rest`,
      `run ${RUN.runId} ended with exit code 105: its figures cover what ran`,
      expect.any(String),
    ])
  })

  it('a side without any that counts is refused', () => {
    const all = [run({ verdict: 'INVALID' })]
    const check = (): void => assertNotEmpty([[validRuns(all), all]])
    expect(check).toThrow(UserError)
    expect(check).toThrow(/INVALID runs never count/)
    expect(() => assertNotEmpty([[validRuns([run({})]), all]])).not.toThrow()
  })
})

describe('names', () => {
  const base = [run({}, { _all: 9, few: 2, many: 7, gone: 1 })]
  const head = [run({}, { _all: 9, new: 1, many: 6, few: 2 })]

  it('are those of both sides: all together, then the ones with most requests, whichever side comes first', () => {
    expect(commonNames(base, head)).toEqual(['_all', 'many', 'few'])
    expect(commonNames(head, base)).toEqual(['_all', 'many', 'few'])
  })

  it('of one side are told', () => {
    expect(nameNotes(base, head, ['a', 'b'])).toEqual([
      'only base has gone',
      'only head has new',
      '2 names with fewer requests are left out',
    ])
    expect(nameNotes(base, base, ['a'])).toEqual(['1 name with fewer requests is left out'])
    expect(nameNotes(base, base, [])).toEqual([])
  })
})

it('what differs around the runs is told, where both sides say it', () => {
  const base = [run({ host: 'a', target: '' }), run({ host: 'b', target: '' })]
  expect(surroundingNotes(base, [run({ host: 'b' })])).toEqual(['host: a, b against b'])
  expect(surroundingNotes(base, base)).toEqual([])
})
