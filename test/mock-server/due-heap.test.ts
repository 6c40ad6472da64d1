import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { DueHeap } from '../../mock-server/due-heap.ts'

test('gives back what was put in, by due time', () => {
  const batches = fc.array(fc.array(fc.nat(50), { minLength: 1, maxLength: 8 }))
  fc.assert(
    fc.property(batches, (steps) => {
      const heap = new DueHeap<string>()
      const waiting: number[] = []
      for (const batch of steps) {
        for (const dueUs of batch) heap.push(dueUs, `item ${dueUs}`)
        waiting.push(...batch)
        waiting.sort((a, b) => a - b)
        expect(heap.nextUs).toBe(waiting[0])
        expect(heap.pop()).toBe(`item ${waiting.shift()}`)
        expect(heap.size).toBe(waiting.length)
      }
      expect(waiting.map(() => heap.pop())).toEqual(waiting.map((dueUs) => `item ${dueUs}`))
    }),
  )
})

test('an empty heap is due never and has nothing to take', () => {
  const heap = new DueHeap<string>()
  expect(heap.nextUs).toBe(Infinity)
  expect(() => heap.pop()).toThrow(RangeError)
})
