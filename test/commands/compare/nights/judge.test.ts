import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { familyOf, type Night } from '../../../../src/commands/compare/nights/family.ts'
import { judge } from '../../../../src/commands/compare/nights/judge.ts'
import type { Figures } from '../../../../src/run-files/runs-reader.ts'

/** Response times and shares of a night in which some names are slower by a factor. */
function night(index: number, factors: readonly number[]): Night {
  const names = factors.map((factor, i): [string, Figures] => [`name ${i}`, figuresOf(factor, 1_000 - i)])
  return {
    runId: `n${index}`,
    startedAt: '',
    commit: '',
    figures: new Map([['_all', { ...figuresOf(1, 5_000), accepted_to_cap_ratio: 0.9 }], ...names]),
  }
}

function figuresOf(factor: number, sentCount: number): Figures {
  return {
    response_time_accepted_p50_ms: 40 * factor,
    response_time_accepted_p99_ms: 240 * factor,
    throttled_ratio: 0.2,
    sent_count: sentCount,
  }
}

const FACTOR = fc.double({ min: 0.7, max: 1.6, noNaN: true })
const FACTORS = fc.array(FACTOR, { minLength: 2, maxLength: 2 })
const PAST = fc.array(
  fc.array(fc.double({ min: 0.95, max: 1.05, noNaN: true }), { minLength: 2, maxLength: 2 }),
  {
    maxLength: 20,
  },
)

describe('the gate', () => {
  it('never fails a night by itself, and confirms nothing but what regressed twice', () => {
    fc.assert(
      fc.property(PAST, FACTORS, FACTORS, (past, tonight, again) => {
        const nights = past.map((factors, index) => night(index, factors))
        const regressedIn = (factors: readonly number[]): string[] => {
          const { members } = familyOf(nights, night(99, factors))
          const { state, metrics } = judge(members, undefined, {})
          expect(['passed', 'learning', 'candidate']).toContain(state)
          expect(metrics.every(({ isConfirmed }) => isConfirmed === undefined)).toBe(true)
          return metrics.flatMap(({ comparison: { verdict, metric, name } }) =>
            verdict === 'regressed' ? [`${metric.column} of ${name}`] : [],
          )
        }
        const first = regressedIn(tonight)
        const { members } = familyOf(nights, night(99, tonight))
        const { state, metrics } = judge(members, night(100, again), {})
        const confirmed = metrics.flatMap(({ comparison: { metric, name }, isConfirmed }) =>
          isConfirmed === true ? [`${metric.column} of ${name}`] : [],
        )
        expect(first).toEqual(expect.arrayContaining(confirmed))
        const isWorse = (name: string): boolean => (again[Number(name.at(-1))] ?? 0) > 1
        expect(confirmed.every(isWorse)).toBe(true)
        const expected = confirmed.length > 0 ? 'confirmed' : 'cleared'
        expect(state).toBe(first.length > 0 ? expected : nights.length < 10 ? 'learning' : state)
        expect(state === 'candidate').toBe(false)
      }),
    )
  })

  it('finds both sides of that among such nights', () => {
    const nights = Array.from({ length: 15 }, (_, index) => night(index, [1 + (index % 5) / 100, 1]))
    const { members } = familyOf(nights, night(99, [1.4, 1]))
    expect(judge(members, undefined, {}).state).toBe('candidate')
    expect(judge(members, night(100, [1.4, 1]), {}).state).toBe('confirmed')
    expect(judge(members, night(100, [1, 1.4]), {}).state).toBe('cleared')
  })
})

describe('a confirmation run', () => {
  /** Past nights whose two names differ by some 3 %. */
  const nights = Array.from({ length: 20 }, (_, index) => {
    return night(index, [Math.exp((((index * 7) % 11) - 5) / 100), Math.exp((((index * 5) % 11) - 5) / 100)])
  })

  it('speaks for itself: an odd night before does not confirm what it made a candidate', () => {
    const past = [...nights, night(98, [1.5, 1])]
    const { members } = familyOf(past, night(99, [1.11, 1]))
    expect(judge(members, undefined, {}).state).toBe('candidate')
    expect(judge(members, night(100, [1.06, 1]), {}).state).toBe('cleared')
    expect(judge(members, night(100, [1.15, 1]), {}).state).toBe('confirmed')
  })

  it('is asked about what regressed, and nothing else', () => {
    const { members } = familyOf(nights, night(99, [1.3, 1]))
    const isConfirmed = (factor: number) => judge(members, night(100, [factor, 1.5]), {}).state
    // 3.9 standard deviations: enough for the two figures that are in question, not for all seven on two nights each.
    expect(isConfirmed(1.14)).toBe('confirmed')
    expect(isConfirmed(1.02)).toBe('cleared')
  })

  it('clears nothing that it has not measured', () => {
    const { members } = familyOf(nights, night(99, [1.3, 1]))
    const again: Night = { ...night(100, [1, 1]), figures: new Map([['_all', figuresOf(1, 5_000)]]) }
    const { state, metrics } = judge(members, again, {})
    expect(state).toBe('candidate')
    expect(metrics.every(({ isConfirmed }) => isConfirmed === undefined)).toBe(true)
  })
})

describe('the family', () => {
  it('has the six names with most requests', () => {
    const { members } = familyOf([], night(0, Array(8).fill(1)))
    const names = [...new Set(members.map(({ name }) => name))]
    expect(names).toEqual(['name 0', 'name 1', 'name 2', 'name 3', 'name 4', 'name 5', '_all'])
    expect(members).toHaveLength(19)
  })

  it('has the whole run in place of its only name', () => {
    const { members } = familyOf([], night(0, [1]))
    expect(new Set(members.map(({ name }) => name))).toEqual(new Set(['_all']))
    expect(members).toHaveLength(4)
  })

  it('has no figure that was never measured, and tells of one that no longer is', () => {
    const none = { ...figuresOf(1, 1_000), throttled_ratio: undefined }
    const tonight: Night = { ...night(9, []), figures: new Map([['_all', none]]) }
    const family = familyOf([night(0, [1])], tonight)
    expect(family.members.map(({ metric }) => metric.column)).toEqual([
      'response_time_accepted_p50_ms',
      'response_time_accepted_p99_ms',
    ])
    expect(family.missing).toEqual(['throttled_ratio of _all', 'accepted_to_cap_ratio of _all'])
    expect(familyOf([], tonight).missing).toEqual([])
  })

  it('has what is left by name when a name is gone, and tells of that', () => {
    const tonight = night(9, [1])
    const { members, missing } = familyOf([night(0, [1, 1])], tonight)
    expect(new Set(members.map(({ name }) => name))).toEqual(new Set(['name 0', '_all']))
    expect(missing).toEqual([
      'response_time_accepted_p50_ms of name 1',
      'response_time_accepted_p99_ms of name 1',
      'throttled_ratio of name 1',
    ])
  })
})
