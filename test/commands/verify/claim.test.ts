import { describe, expect, it } from 'vitest'
import { exact, judgeClaim, judgeRun, type Claim } from '../../../src/commands/verify/claim.ts'
import { expectation, observation } from './fixture.ts'

const CLAIM: Claim = { claim: 'a time', unit: 'ms', truth: 100, measured: 101, allowed: 2 }

describe('judgeClaim', () => {
  it.each<[string, Partial<Claim>, string, number | undefined]>([
    ['near enough', {}, 'pass', 1],
    ['just near enough', { measured: 98 }, 'pass', -2],
    ['too far above', { measured: 102.1 }, 'fail', expect.closeTo(2.1)],
    ['too far below', { measured: 97.9 }, 'fail', expect.closeTo(-2.1)],
    ['in doubt though right', { doubt: 'busy' }, 'not_judged', 1],
    ['in doubt though wrong', { measured: 500, doubt: 'busy' }, 'not_judged', 400],
    ['a truth that nobody knows', { truth: undefined }, 'not_judged', undefined],
    ['no such figure', { measured: undefined }, 'no_figure', undefined],
    ['in doubt, without a figure', { measured: undefined, doubt: 'busy' }, 'not_judged', undefined],
  ])('%s', (_story, overrides, result, error) => {
    expect(judgeClaim({ ...CLAIM, ...overrides })).toMatchObject({ result, error })
  })

  it.each<[string, number, number, number, string]>([
    ['right, and less of it than is allowed', 101, 2, 90, 'pass'],
    ['right, but it may hide an error the other way', 101, 4, 4, 'not_judged'],
    ['too much, of which it explains enough', 104, 3, 3, 'not_judged'],
    ['too much, of which the most of it explains enough', 109, 3, 7, 'not_judged'],
    ['too much, of which not even that explains enough', 110, 3, 7, 'fail'],
    ['too little: it only adds', 97, 500, 500, 'fail'],
  ])('with noise: %s', (_story, measured, usual, most, result) => {
    const row = judgeClaim({ ...CLAIM, measured, noise: { usual, most, why: 'busy' } })
    expect(row.result).toBe(result)
    expect(row.doubt).toBe(result === 'not_judged' ? 'busy' : undefined)
  })

  it('fractions of binary numbers are no difference', () => {
    expect(judgeClaim(exact('a ratio', 'ratio', 0.3, 0.1 + 0.2)).result).toBe('pass')
    expect(judgeClaim(exact('a count', 'count', 20, 21)).result).toBe('fail')
  })
})

describe('judgeRun', () => {
  const makers = [() => [CLAIM], () => [{ ...CLAIM, measured: 200 }]]

  it('judges every claim of every maker', () => {
    const rows = judgeRun(makers, expectation(), observation())
    expect(rows.map(({ result }) => result)).toEqual(['pass', 'fail'])
  })

  it('judges nothing of what the engine itself calls invalid', () => {
    const rows = judgeRun(makers, expectation(), observation({ invalidity: 'the run was INVALID' }))
    expect(rows.map(({ result, doubt }) => [result, doubt])).toEqual([
      ['not_judged', 'the run was INVALID'],
      ['not_judged', 'the run was INVALID'],
    ])
  })
})
