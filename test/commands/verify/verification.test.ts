import { describe, expect, it } from 'vitest'
import { judgeClaim, type Claim } from '../../../src/commands/verify/claim.ts'
import { completedBy, isInDoubt, type CaseVerdict } from '../../../src/commands/verify/verification.ts'

const CLAIM: Claim = { claim: 'a time', unit: 'ms', truth: 100, measured: 100, allowed: 2 }
const FAILED: Claim = { ...CLAIM, measured: 200 }
const DOUBTED: Claim = { ...CLAIM, doubt: 'the machine was busy' }

function verdict(...claims: readonly Claim[]): CaseVerdict {
  return { name: 'fixed', title: 'every reply after 100 ms', rows: claims.map(judgeClaim) }
}

describe('a case that is run again', () => {
  it.each<[string, readonly Claim[], readonly Claim[], readonly string[]]>([
    ['judges what could not be judged', [DOUBTED, CLAIM], [FAILED, FAILED], ['fail', 'pass']],
    ['takes no failure back', [FAILED, DOUBTED], [CLAIM, CLAIM], ['fail', 'pass']],
    ['may leave the doubt', [DOUBTED], [DOUBTED], ['not_judged']],
    ['may say nothing, when it was interrupted', [DOUBTED], [], ['not_judged']],
  ])('%s', (_story, first, second, results) => {
    const both = completedBy(verdict(...first), verdict(...second))
    expect(both.rows.map(({ result }) => result)).toEqual(results)
  })

  it('keeps the figures of the first time where the second judges no more of them', () => {
    const silent: Claim = { ...DOUBTED, measured: undefined, doubt: 'no sign of life' }
    expect(completedBy(verdict(DOUBTED), verdict(silent))).toEqual(verdict(DOUBTED))
  })

  it.each<[readonly Claim[], boolean]>([
    [[CLAIM, FAILED], false],
    [[CLAIM, DOUBTED], true],
  ])('is one in which something is in doubt', (claims, expected) => {
    expect(isInDoubt(verdict(...claims))).toBe(expected)
  })
})
