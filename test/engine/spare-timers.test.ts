import { describe, expect, it } from 'vitest'
import { ClockBench, TURN_US } from '../support/clock-bench.ts'

const MS = 1_000

describe('a spare timer of the SystemClock', () => {
  /** Exact timers at an even distance around a spare one at 100 ms; when the spare one fired. */
  function spareAmong(everyUs: number): number {
    const bench = new ClockBench()
    for (let atUs = 80 * MS; atUs <= 140 * MS; atUs += everyUs) bench.add(atUs, 'exact')
    bench.add(100 * MS, 'spare')
    bench.loop.run()
    return bench.fired.find(({ precision }) => precision === 'spare')?.firedUs ?? NaN
  }

  it.each([1_000, 1_500, 20_000])('fires right after an exact one that is due every %i µs', (everyUs) => {
    const lateUs = spareAmong(everyUs) - 100 * MS
    const sinceExactUs = (lateUs + 20 * MS) % everyUs
    expect(sinceExactUs).toBeLessThanOrEqual(everyUs - 600)
    expect(lateUs).toBeLessThanOrEqual(everyUs)
  })

  it('waits for the exact one that is near', () => {
    const bench = new ClockBench()
    bench.add(100_300, 'exact')
    bench.add(100_000, 'spare')
    bench.loop.run()
    expect(bench.fired.map(({ precision }) => precision)).toEqual(['exact', 'spare'])
  })

  it('has waited long enough after 5 ms', () => {
    const firedUs = spareAmong(200)
    expect(firedUs).toBeGreaterThanOrEqual(105 * MS)
    expect(firedUs).toBeLessThanOrEqual(105 * MS + 2 * TURN_US)
  })

  it('fires behind the next exact one when it has waited so long', () => {
    const bench = new ClockBench()
    for (let atUs = 80 * MS; atUs <= 140 * MS; atUs += 500) bench.add(atUs, 'exact')
    bench.add(100_100, 'spare')
    bench.loop.run()
    const index = bench.fired.findIndex(({ precision }) => precision === 'spare')
    const [before, spare] = bench.fired.slice(index - 1, index + 1)
    expect(before).toMatchObject({ atUs: 105_500, precision: 'exact' })
    expect(spare?.firedUs).toBe(before?.firedUs)
  })

  it('lets the loop turn only when what it has made late has fired', () => {
    const bench = new ClockBench()
    bench.add(100 * MS, 'exact')
    bench.clock.schedule(99_700, () => (bench.loop.nowMs += 5), 'spare')
    bench.add(101 * MS, 'exact')
    let turnCount = NaN
    bench.clock.schedule(100 * MS, () => (turnCount = bench.loop.turnCount), 'exact')
    bench.clock.schedule(101 * MS, () => (turnCount = bench.loop.turnCount - turnCount), 'exact')
    bench.loop.run()
    expect(turnCount).toBe(0)
  })

  it('has the room behind an exact one that it became due with', () => {
    const bench = new ClockBench()
    bench.isExpecting = false
    bench.loop.lookMs = 0.004
    bench.add(99 * MS, 'exact')
    bench.clock.schedule(100 * MS, () => (bench.loop.nowMs += 0.2), 'exact')
    bench.add(100_100, 'spare')
    bench.add(101_900, 'exact')
    bench.loop.run()
    expect(bench.fired.map(({ atUs }) => atUs)).toEqual([99 * MS, 100_100, 101_900])
  })

  it('turns the loop no more often while it waits for room', () => {
    const turnsBetween = (spareUs: number): number => {
      const bench = new ClockBench()
      bench.isExpecting = false
      bench.loop.lookMs = 0.004
      for (let atUs = 100 * MS; atUs <= 115 * MS; atUs += 500) bench.add(atUs, 'exact')
      bench.add(spareUs, 'spare')
      let turnCount = NaN
      bench.clock.schedule(101 * MS, () => (turnCount = bench.loop.turnCount), 'exact')
      bench.clock.schedule(114 * MS, () => (turnCount = bench.loop.turnCount - turnCount), 'exact')
      bench.loop.run()
      return turnCount
    }
    const waiting = turnsBetween(100_100)
    expect(waiting).toBeGreaterThan(0)
    expect(waiting).toBeLessThanOrEqual(turnsBetween(200 * MS))
  })

  it('costs no polling', () => {
    const bench = new ClockBench()
    bench.add(100 * MS, 'spare')
    expect(bench.lateness()[0]).toBeLessThanOrEqual(1_000 + TURN_US)
    expect(bench.loop.turnCount).toBe(0)
  })
})
