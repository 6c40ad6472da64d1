import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { hashOf, IdIndex } from '../../../../mock-server/services/personalizer/id-index.ts'

test('the hash is FNV-1a of 32 bits', () => {
  // From the test vectors of draft-eastlake-fnv.
  expect(['', 'a', 'foobar'].map((id) => hashOf(id) >>> 0)).toEqual([0x811c9dc5, 0xe40c292c, 0xbf9cf968])
})

test('finds what a map finds, however many hashes are alike', () => {
  const step = fc.record({ key: fc.nat(40), isAdded: fc.boolean() })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 41 }), fc.array(step, { maxLength: 200 }), (hashCount, steps) => {
      const index = new IdIndex(16)
      const ids = Array<string>(16).fill('')
      const texts = { is: (position: number, text: string) => ids[position] === text }
      const positionById = new Map<string, number>()
      const hash = (key: number): number => (key % hashCount) - 20
      for (const { key, isAdded } of steps) {
        const id = `e${key}`
        const position = positionById.get(id)
        if (!isAdded && position !== undefined) {
          index.delete(position)
          positionById.delete(id)
        } else if (isAdded && position === undefined && positionById.size < 16) {
          const taken = new Set(positionById.values())
          const free = ids.findIndex((_, one) => !taken.has(one))
          ids[free] = id
          index.add(free, hash(key))
          positionById.set(id, free)
        }
        for (let one = 0; one <= 40; one++) {
          expect(index.find(`e${one}`, hash(one), texts)).toBe(positionById.get(`e${one}`) ?? -1)
        }
      }
    }),
  )
})
