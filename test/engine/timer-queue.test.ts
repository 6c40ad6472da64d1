import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Timer } from '../../src/engine/clock.ts'
import { TimerQueue } from '../../src/engine/timer-queue.ts'

describe('TimerQueue', () => {
  it('gives what is due, and nothing else', () => {
    const queue = new TimerQueue()
    const seen: string[] = []
    queue.add(20, () => seen.push('b'))
    queue.add(10, () => seen.push('a'))
    expect(queue.nextUs()).toBe(10)
    expect(queue.takeDue(9)).toBeUndefined()
    queue.takeDue(10)?.()
    expect(queue.takeDue(19)).toBeUndefined()
    expect(seen).toEqual(['a'])
    expect(queue.nextUs()).toBe(20)
    queue.takeDue(1_000)?.()
    expect(seen).toEqual(['a', 'b'])
    expect(queue.nextUs()).toBeUndefined()
    expect(queue.takeDue(1_000)).toBeUndefined()
  })

  it('passes over cancelled timers', () => {
    const queue = new TimerQueue()
    const first = queue.add(10, () => {})
    queue.add(20, () => {})
    first.cancel()
    first.cancel()
    expect(queue.nextUs()).toBe(20)
    expect(queue.takeDue(15)).toBeUndefined()
  })

  /** A timer is added, the one with this number is cancelled, or everything due is taken. */
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('add'), us: fc.nat({ max: 40 }) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('cancel'), us: fc.nat({ max: 20 }) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('take'), us: fc.nat({ max: 40 }) }) },
  )

  it('is a list sorted by time, then by order of adding', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const queue = new TimerQueue()
        const timers: Timer[] = []
        const taken: number[] = []
        const expected: number[] = []
        let waiting: { atUs: number; id: number }[] = []
        for (const { kind, us } of steps) {
          if (kind === 'add') {
            const id = timers.length
            waiting.push({ atUs: us, id })
            timers.push(queue.add(us, () => taken.push(id)))
          } else if (kind === 'cancel') {
            timers[us]?.cancel()
            waiting = waiting.filter(({ id }) => id !== us)
          } else {
            const due = waiting.filter(({ atUs }) => atUs <= us)
            expected.push(...due.toSorted((a, b) => a.atUs - b.atUs || a.id - b.id).map(({ id }) => id))
            waiting = waiting.filter(({ atUs }) => atUs > us)
            for (let run = queue.takeDue(us); run !== undefined; run = queue.takeDue(us)) run()
          }
          const earliestUs = Math.min(...waiting.map(({ atUs }) => atUs))
          expect(queue.nextUs()).toBe(waiting.length === 0 ? undefined : earliestUs)
        }
        expect(taken).toEqual(expected)
      }),
    )
  })
})
