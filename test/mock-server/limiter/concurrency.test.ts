import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ConcurrencyGate } from '../../../mock-server/limiter/concurrency.ts'

describe('concurrency gate', () => {
  test('the slot of a request that ends now is free now', () => {
    const gate = new ConcurrencyGate(1)
    gate.enter(0, 50)
    expect(gate.waitUs(49)).toBe(1)
    expect(gate.waitUs(50)).toBe(0)
  })

  test('ends may come in any order; the wait is for the earliest', () => {
    const gate = new ConcurrencyGate(3)
    gate.enter(0, 300)
    gate.enter(0, 100)
    gate.enter(0, 200)
    expect(gate.waitUs(10)).toBe(90)
    expect([100, 200, 300].map((atUs) => gate.inFlightCount(atUs))).toEqual([2, 1, 0])
    expect(gate.peakCount).toBe(3)
  })

  test('without a cap it only counts', () => {
    const gate = new ConcurrencyGate(Infinity)
    for (let i = 0; i < 1_000; i++) gate.enter(0, 10)
    expect(gate.waitUs(5)).toBe(0)
    expect(gate.peakCount).toBe(1_000)
  })

  test('a lowered cap lets those in flight finish, and waits for as many as are too many', () => {
    const gate = new ConcurrencyGate(3)
    for (const endUs of [100, 200, 300]) gate.enter(0, endUs)
    gate.capacity = 1
    expect(gate.waitUs(0)).toBe(300)
    expect(gate.waitUs(200)).toBe(100)
    expect(gate.waitUs(300)).toBe(0)
  })
})

describe('a queue before the gate', () => {
  test('starts are those of a line that is served in order', () => {
    const gate = new ConcurrencyGate(2, { size: 3 })
    gate.enter(0, 100)
    gate.enter(0, 250)
    expect(gate.waitUs(10)).toBe(90)
    gate.enter(10, 100 + 70)
    expect(gate.waitUs(20)).toBe(150)
    gate.enter(20, 170 + 500)
    expect(gate.waitUs(20)).toBe(230)
    expect([gate.waitingCount(20), gate.waitingCount(100), gate.waitingCount(170)]).toEqual([2, 1, 0])
    expect([gate.inFlightCount(170), gate.peakCount]).toEqual([2, 2])
  })

  test('has so many places and no more; the next is free when the first in line starts', () => {
    const gate = new ConcurrencyGate(1, { size: 1 })
    gate.enter(0, 100)
    expect(gate.hasPlace(10)).toBe(true)
    gate.enter(10, 200)
    expect(gate.hasPlace(20)).toBe(false)
    expect(gate.placeWaitUs(20)).toBe(80)
    expect(gate.hasPlace(100)).toBe(true)
  })

  test('who gives up holds a place until then, and never a slot', () => {
    const gate = new ConcurrencyGate(1, { size: 1 })
    gate.enter(0, 100)
    gate.waitInVain(50)
    expect([gate.hasPlace(49), gate.hasPlace(50)]).toEqual([false, true])
    expect(gate.waitUs(50)).toBe(50)
  })

  test('as a simulation of the line, second by second', () => {
    const customers = fc.array(
      fc.record({ gapUs: fc.integer({ min: 0, max: 9 }), serviceUs: fc.integer({ min: 1, max: 30 }) }),
      { maxLength: 50 },
    )
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), customers, (capacity, line) => {
        const gate = new ConcurrencyGate(capacity, { size: 1_000 })
        const starts: number[] = []
        const arrivals: number[] = []
        let atUs = 0
        for (const { gapUs, serviceUs } of line) {
          atUs += gapUs
          const startUs = atUs + gate.waitUs(atUs)
          gate.enter(atUs, startUs + serviceUs)
          arrivals.push(atUs)
          starts.push(startUs)
        }
        expect(starts).toEqual(
          startsOf(
            arrivals,
            line.map(({ serviceUs }) => serviceUs),
            capacity,
          ),
        )
      }),
    )
  })
})

/** Moves through time in steps of 1 µs, freeing slots and letting the first in line in. */
function startsOf(arrivals: readonly number[], servicesUs: readonly number[], capacity: number): number[] {
  const starts: number[] = []
  let busyUntilUs: number[] = []
  for (let nowUs = 0; starts.length < arrivals.length; nowUs++) {
    busyUntilUs = busyUntilUs.filter((endUs) => endUs > nowUs)
    while (busyUntilUs.length < capacity && arrivals[starts.length]! <= nowUs) {
      busyUntilUs.push(nowUs + servicesUs[starts.length]!)
      starts.push(nowUs)
    }
  }
  return starts
}

test('a queue with fewer places has one when as many as are too many have started', () => {
  const gate = new ConcurrencyGate(1, { size: 2 })
  for (const endUs of [100, 200, 300]) gate.enter(0, endUs)
  gate.queue = { size: 1 }
  expect([gate.hasPlace(150), gate.placeWaitUs(50)]).toEqual([false, 150])
  expect(gate.hasPlace(200)).toBe(true)
})
