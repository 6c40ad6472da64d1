import { describe, expect, it } from 'vitest'
import type { Precision } from '../../src/engine/clock.ts'
import { ClockBench, TURN_US } from '../support/clock-bench.ts'

const MS = 1_000

describe('the SystemClock between exact timers that are near each other, while nothing is expected', () => {
  /** Exact timers every 2 ms from 100 ms on. */
  function quietBench(): ClockBench {
    const bench = new ClockBench()
    bench.isExpecting = false
    bench.loop.lookMs = 0.004
    for (let atUs = 100 * MS; atUs <= 120 * MS; atUs += 2 * MS) bench.add(atUs, 'exact')
    return bench
  }

  /** A loop with turns and looks so short that what is 30 µs apart is told apart. */
  function fineBench(isExpecting = false): ClockBench {
    const bench = new ClockBench()
    bench.isExpecting = isExpecting
    bench.loop.turnMs = 0.002
    bench.loop.lookMs = 0.001
    return bench
  }

  it('turns the loop only at the start and at the end of the time between', () => {
    const bench = quietBench()
    expect(Math.max(...bench.lateness())).toBeLessThanOrEqual(2 * TURN_US)
    const turnsPerTimer = bench.loop.turnCount / bench.fired.length
    expect(turnsPerTimer).toBeGreaterThan(1)
    expect(turnsPerTimer).toBeLessThanOrEqual(3)
  })

  it('turns it once more shortly before a timer, however short a turn is', () => {
    const bench = quietBench()
    bench.loop.turnMs = 0.002
    bench.loop.lookMs = 0.000_8
    let turnCount = NaN
    bench.clock.schedule(110 * MS, () => (turnCount = bench.loop.turnCount), 'exact')
    bench.clock.schedule(112 * MS, () => (turnCount = bench.loop.turnCount - turnCount), 'exact')
    bench.loop.run()
    expect(turnCount).toBeGreaterThan(0)
    expect(turnCount).toBeLessThanOrEqual(3)
  })

  it.each([
    { gapUs: 200, turnsPerTimer: 1 },
    { gapUs: 400, turnsPerTimer: 2 },
  ])(
    'turns it $turnsPerTimer times in $gapUs µs: a turn shortly before will do',
    ({ gapUs, turnsPerTimer }) => {
      const bench = fineBench()
      const turns: number[] = []
      for (let atUs = 20 * MS; atUs <= 40 * MS; atUs += gapUs) {
        bench.clock.schedule(atUs, () => turns.push(bench.loop.turnCount), 'exact')
      }
      bench.loop.run()
      const counts = turns.slice(1).map((count, index) => count - (turns[index] ?? NaN))
      expect(new Set(counts)).toEqual(new Set([turnsPerTimer]))
    },
  )

  it.each<Precision>(['coarse', 'spare'])('is on time for a %s timer between them', (precision) => {
    const bench = quietBench()
    bench.add(111 * MS, precision)
    bench.lateness()
    const { firedUs = NaN } = bench.fired.find((fired) => fired.precision === precision) ?? {}
    expect(firedUs).toBeGreaterThanOrEqual(111 * MS)
    expect(firedUs).toBeLessThanOrEqual(111 * MS + 2 * TURN_US)
  })

  /** How much ahead a timer is fired that is made so shortly before or behind the time of the last one. */
  function aheadUs(gapUs: number, isExpecting: boolean): number {
    const bench = fineBench()
    const { loop, clock } = bench
    let firedMs = NaN
    const first = (): void => {
      clock.catchUp()
      bench.isExpecting = isExpecting
      clock.schedule(20 * MS + gapUs, () => (firedMs = loop.nowMs - 0.3), 'exact')
    }
    clock.schedule(20 * MS, first, 'exact')
    loop.run()
    return 20 * MS + gapUs - firedMs * MS
  }

  it.each([
    { gapUs: 2_000, leadUs: 150 },
    { gapUs: 225, leadUs: 150 },
    { gapUs: 90, leadUs: 60 },
  ])('fires $leadUs µs ahead what is $gapUs µs behind the last', ({ gapUs, leadUs }) => {
    expect(aheadUs(gapUs, false)).toBeLessThanOrEqual(leadUs)
    expect(aheadUs(gapUs, false)).toBeGreaterThan(leadUs - 10)
    expect(aheadUs(gapUs, true)).toBeLessThanOrEqual(0)
  })

  it('does not hold back what is due already', () => {
    expect(aheadUs(-500, false)).toBeGreaterThan(-500 - 20)
  })

  it.each([
    { isExpecting: false, beforeUs: 50, order: ['exact', 'coarse'] },
    { isExpecting: true, beforeUs: 50, order: ['coarse', 'exact'] },
    { isExpecting: false, beforeUs: 200, order: ['coarse', 'exact'] },
    { isExpecting: true, beforeUs: 200, order: ['coarse', 'exact'] },
  ])(
    'fires $order where the coarse one is due $beforeUs µs before, and expecting a reply is $isExpecting',
    ({ isExpecting, beforeUs, order }) => {
      const bench = fineBench(isExpecting)
      for (const atUs of [19_500, 20_000]) bench.add(atUs, 'exact')
      bench.add(20_000 - beforeUs, 'coarse')
      const latenessUs = bench.lateness()
      expect(bench.fired.slice(1).map(({ precision }) => precision)).toEqual(order)
      expect(Math.max(...latenessUs)).toBeLessThanOrEqual(beforeUs + 20)
    },
  )

  it('fires a coarse timer though there is always an exact one that is near', () => {
    const bench = fineBench()
    for (let atUs = 20_000; atUs <= 30_000; atUs += 40) bench.add(atUs, 'exact')
    bench.add(25_010, 'coarse')
    bench.loop.run()
    const { firedUs } = bench.fired.find(({ precision }) => precision === 'coarse') ?? {}
    expect(firedUs).toBeLessThanOrEqual(25_010 + 100)
  })

  it('turns the loop for a host operation', () => {
    const bench = quietBench()
    bench.clock.beginHostOperation()
    bench.loop.run()
    expect(bench.loop.turnCount / bench.fired.length).toBeGreaterThan(10)
    bench.clock.endHostOperation()
    const turnCount = bench.loop.turnCount
    const again = quietBench()
    again.loop.run()
    expect(again.loop.turnCount).toBeLessThan(turnCount / 2)
  })

  it('counts what it passes as polling', () => {
    const bench = quietBench()
    bench.loop.run()
    expect(bench.clock.polledUs).toBeGreaterThan(10 * 1_800)
  })
})
