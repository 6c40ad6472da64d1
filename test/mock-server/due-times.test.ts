import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { DueTimes } from '../../mock-server/due-times.ts'

test('gives back what was put in, earliest first', () => {
  const batches = fc.array(fc.array(fc.nat(50), { minLength: 1, maxLength: 8 }))
  fc.assert(
    fc.property(batches, (steps) => {
      const times = new DueTimes()
      const waiting: number[] = []
      for (const batch of steps) {
        for (const dueUs of batch) times.push(dueUs)
        waiting.push(...batch)
        waiting.sort((a, b) => a - b)
        expect(times.nextUs).toBe(waiting[0])
        expect(times.pop()).toBe(waiting.shift())
        expect(times.size).toBe(waiting.length)
      }
      expect(waiting.map(() => times.pop())).toEqual(waiting)
    }),
  )
})

test('drops what is due, the instant included', () => {
  const times = new DueTimes()
  for (const dueUs of [30, 10, 20]) times.push(dueUs)
  times.dropUntil(9)
  expect(times.size).toBe(3)
  times.dropUntil(20)
  expect([times.size, times.nextUs]).toEqual([1, 30])
})

test('when it is empty nothing is due and there is nothing to take', () => {
  const times = new DueTimes()
  expect(times.nextUs).toBe(Infinity)
  expect(() => times.pop()).toThrow(RangeError)
})

test('the n-th can be looked at and taken out; the others stay', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(50), { minLength: 1, maxLength: 12 }), fc.nat(11), (list, index) => {
      const n = index % list.length
      const times = new DueTimes()
      for (const dueUs of list) times.push(dueUs)
      const sorted = [...list].sort((a, b) => a - b)
      expect(times.nthUs(n)).toBe(sorted[n])
      expect(times.size).toBe(list.length)
      expect(times.takeNth(n)).toBe(sorted[n])
      expect(sorted.toSpliced(n, 1).map(() => times.pop())).toEqual(sorted.toSpliced(n, 1))
    }),
  )
})
