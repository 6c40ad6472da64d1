import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RevolvingSet } from '../../src/core/revolving-set.ts'

describe('RevolvingSet', () => {
  it('has the members of a set whatever comes and goes', () => {
    const moves = fc.array(fc.nat({ max: 7 }), { maxLength: 60 })
    fc.assert(
      fc.property(moves, (members) => {
        const revolving = new RevolvingSet<number>()
        const oracle = new Set<number>()
        for (const member of members) {
          if (oracle.delete(member)) revolving.delete(member)
          else {
            oracle.add(member)
            revolving.add(member)
          }
          expect(revolving.size).toBe(oracle.size)
          expect(new Set(revolving.members())).toEqual(oracle)
        }
      }),
    )
  })

  it('gives its members as of now', () => {
    const revolving = new RevolvingSet<string>()
    for (const member of ['a', 'b', 'c']) revolving.add(member)
    const members = revolving.members()
    for (const member of members) revolving.delete(member)
    expect(members).toEqual(['a', 'b', 'c'])
    expect(revolving.size).toBe(0)
  })
})
