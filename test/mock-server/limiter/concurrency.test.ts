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

  test('a lowered cap lets those in flight finish', () => {
    const gate = new ConcurrencyGate(2)
    gate.enter(0, 100)
    gate.enter(0, 200)
    gate.capacity = 1
    expect(gate.waitUs(100)).toBe(100)
    expect(gate.waitUs(200)).toBe(0)
  })
})
