import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Precision } from '../../src/engine/clock.ts'
import { SystemClock } from '../../src/engine/system-clock.ts'
import { ClockBench, TURN_US } from '../support/clock-bench.ts'
import { FakeEventLoop } from '../support/event-loop.ts'

const MS = 1_000

describe('SystemClock', () => {
  it('counts whole µs from its creation', () => {
    const loop = new FakeEventLoop()
    const clock = new SystemClock()
    expect(clock.nowUs()).toBe(0)
    loop.nowMs += 12.345_67
    expect([clock.nowUs(), clock.uptimeUs()]).toEqual([12_345, 12_345])
  })

  it('keeps timers and uptime when it is rebased', () => {
    const bench = new ClockBench()
    bench.add(30 * MS, 'exact')
    bench.loop.nowMs += 20
    bench.clock.rebase()
    expect([bench.clock.nowUs(), bench.clock.uptimeUs()]).toEqual([0, 20 * MS])
    bench.add(15 * MS, 'exact')
    bench.loop.run()
    // The first was planned for 30 ms of uptime.
    expect(bench.fired.map(({ firedUs }) => Math.floor(firedUs / MS))).toEqual([10, 15])
  })

  it.each([0, 300, 999, 1_000, 2_000, 2_001, 7_777, 100_000])('hits an exact timer in %i µs', (atUs) => {
    const bench = new ClockBench()
    bench.add(atUs, 'exact')
    const [lateUs] = bench.lateness()
    expect(lateUs).toBeGreaterThanOrEqual(0)
    expect(lateUs).toBeLessThanOrEqual(TURN_US)
  })

  it('polls only over the last stretch before an exact timer', () => {
    const bench = new ClockBench()
    bench.add(100 * MS, 'exact')
    bench.loop.run()
    expect(bench.loop.turnCount).toBeGreaterThan(0)
    expect(bench.loop.turnCount).toBeLessThanOrEqual(2_100 / 50)
  })

  it('looks at the time twice a turn while it polls, since every look leaves garbage, and more often only where it is due', () => {
    const bench = new ClockBench()
    bench.loop.lookMs = 0.000_8
    bench.add(100 * MS, 'exact')
    const before = bench.loop.lookCount
    bench.loop.run()
    const lookCount = bench.loop.lookCount - before
    expect(bench.loop.turnCount).toBeGreaterThan(20)
    expect(lookCount).toBeGreaterThan(2 * bench.loop.turnCount)
    expect(lookCount).toBeLessThan(2.5 * bench.loop.turnCount + 20)
  })

  describe('while nothing is expected before an exact timer that is far from the last', () => {
    function restingBench(): ClockBench {
      const bench = new ClockBench()
      bench.isExpecting = false
      bench.loop.lookMs = 0.000_5
      return bench
    }

    it('naps, but not shortly before it', () => {
      const bench = restingBench()
      bench.add(100 * MS, 'exact')
      expect(bench.lateness()).toEqual([0])
      const { napsMs, turnCount } = bench.loop
      expect(napsMs.length).toBeGreaterThan(1)
      expect(Math.max(...napsMs)).toBeLessThanOrEqual(0.8)
      expect(turnCount).toBeGreaterThan(napsMs.length)
      const polledAwakeUs = bench.clock.polledUs - bench.clock.nappedUs
      expect(polledAwakeUs).toBeGreaterThan(200)
      expect(polledAwakeUs).toBeLessThan(700)
    })

    it('tells how much of its polling it napped', () => {
      const bench = restingBench()
      bench.add(100 * MS, 'exact')
      bench.loop.run()
      const { napsMs } = bench.loop
      const meantUs = napsMs.reduce((sum, ms) => sum + ms * MS, 0)
      expect(Math.abs(bench.clock.nappedUs - meantUs - napsMs.length * 100)).toBeLessThan(2 * napsMs.length)
    })

    it('fires ahead of a coarse timer that would come in between', () => {
      const bench = restingBench()
      bench.add(20 * MS - 100, 'coarse')
      bench.add(20 * MS, 'exact')
      bench.add(40 * MS - 1_000, 'coarse')
      bench.add(40 * MS, 'exact')
      bench.loop.run()
      expect(bench.fired.map(({ atUs }) => atUs)).toEqual([20 * MS, 20 * MS - 100, 39 * MS, 40 * MS])
    })

    it('fires ahead, tells the time of the timer and waits for it when asked to', () => {
      const { loop, clock } = restingBench()
      const times: number[] = []
      const realUs = (): number => Math.floor((loop.nowMs - 0.3) * MS)
      const run = (): void => {
        times.push(realUs(), clock.nowUs(), clock.uptimeUs())
        clock.catchUp()
        times.push(realUs(), clock.nowUs())
      }
      clock.schedule(100 * MS, run, 'exact')
      loop.run()
      const [firedUs = NaN, ...others] = times
      expect(firedUs).toBeGreaterThanOrEqual(100 * MS - 400)
      expect(firedUs).toBeLessThan(100 * MS - 300)
      expect(others).toEqual([100 * MS, 100 * MS, 100 * MS, 100 * MS])
    })

    it('has caught up before anything else is run', () => {
      const { loop, clock } = restingBench()
      let hasRun = false
      clock.schedule(100 * MS, () => setImmediate(() => (hasRun = loop.nowMs - 0.3 >= 100)), 'exact')
      loop.run()
      expect(hasRun).toBe(true)
    })

    it.each<Precision>(['coarse', 'spare'])('is awake for a %s timer', (precision) => {
      const bench = restingBench()
      bench.add(100 * MS, 'exact')
      bench.add(98_000, precision)
      bench.lateness()
      expect(bench.fired.map(({ atUs }) => atUs)).toEqual([98_000, 100 * MS])
      const { firedUs = NaN } = bench.fired[0] ?? {}
      expect(firedUs - 98_000).toBeGreaterThanOrEqual(0)
      // A nap takes longer than it is meant to.
      expect(firedUs - 98_000).toBeLessThanOrEqual(150 + TURN_US)
    })

    it.each([
      ['a reply is expected', (bench: ClockBench) => (bench.isExpecting = true)],
      ['a host operation is under way', (bench: ClockBench) => bench.clock.beginHostOperation()],
    ])('neither naps nor fires ahead while %s', (_, disturb) => {
      const bench = restingBench()
      disturb(bench)
      let realMs = NaN
      bench.clock.schedule(100 * MS, () => (realMs = bench.loop.nowMs - 0.3), 'exact')
      bench.loop.run()
      expect(bench.loop.napsMs).toEqual([])
      expect(realMs).toBeGreaterThanOrEqual(100)
    })
  })

  it.each([1_000, 1_500, 2_000, 7_777, 100_000, 100_999])(
    'does not poll for a coarse timer in %i µs',
    (atUs) => {
      const bench = new ClockBench()
      bench.add(atUs, 'coarse')
      const [lateUs] = bench.lateness()
      expect(lateUs).toBeGreaterThanOrEqual(0)
      expect(lateUs).toBeLessThanOrEqual(1_000 + TURN_US)
      expect(bench.loop.turnCount).toBe(0)
    },
  )

  it('fires in order of time, whatever the precision', () => {
    const bench = new ClockBench()
    bench.add(5_400, 'exact')
    bench.add(5_100, 'coarse')
    bench.add(5_000, 'exact')
    bench.add(5_000, 'exact')
    // Late for everything: all are due at once.
    bench.loop.nowMs += 20
    bench.loop.run()
    expect(bench.fired.map(({ atUs }) => atUs)).toEqual([5_000, 5_000, 5_100, 5_400])
  })

  it('takes an earlier timer that comes later', () => {
    const bench = new ClockBench()
    bench.add(500 * MS, 'coarse')
    bench.add(50 * MS, 'coarse')
    bench.lateness()
    expect(bench.fired.map(({ firedUs }) => Math.round(firedUs / (10 * MS)))).toEqual([5, 50])
  })

  it('never fires a cancelled timer', () => {
    const bench = new ClockBench()
    const timers = (['exact', 'coarse'] as const).map((precision) =>
      bench.clock.schedule(10 * MS, () => bench.fired.push({ atUs: 0, firedUs: 0, precision }), precision),
    )
    bench.add(20 * MS, 'coarse')
    for (const timer of timers) timer.cancel()
    bench.loop.run()
    expect(bench.fired.map(({ atUs }) => atUs)).toEqual([20 * MS])
  })

  it('lets other work run before timers that a timer made', () => {
    const { loop, clock } = new ClockBench()
    const trace: string[] = []
    const again = (round: number) => (): void => {
      trace.push(`timer ${round}`)
      if (round < 3) clock.schedule(clock.nowUs() + 1, again(round + 1), 'exact')
      if (round === 1) setImmediate(() => trace.push('socket'))
    }
    clock.schedule(0, again(1), 'exact')
    loop.run()
    expect(trace).toEqual(['timer 1', 'socket', 'timer 2', 'timer 3'])
  })

  it.each([
    { costUs: 0, perTurn: [9] },
    { costUs: 40, perTurn: [3, 3, 3] },
    { costUs: 300, perTurn: [1, 1, 1, 1, 1, 1, 1, 1, 1] },
  ])('turns the loop after 100 µs of timers that take $costUs µs each, so that replies are read', (costs) => {
    const { loop, clock } = new ClockBench()
    const turns: number[] = []
    for (let index = 0; index < 9; index++) {
      const run = (): void => {
        turns.push(loop.turnCount)
        loop.nowMs += costs.costUs / MS
      }
      clock.schedule(2 * MS, run, 'exact')
    }
    loop.run()
    const counts = [...new Set(turns)].map((turn) => turns.filter((other) => other === turn).length)
    expect(counts).toEqual(costs.perTurn)
  })

  it('fires a coarse timer though more exact ones are left than fit into a turn', () => {
    const { loop, clock } = new ClockBench()
    const fired: string[] = []
    const slowly = (name: string) => (): void => {
      fired.push(name)
      loop.nowMs += 0.3
    }
    for (let index = 0; index < 4; index++) clock.schedule(2 * MS, slowly('exact'), 'exact')
    clock.schedule(2 * MS + 200, slowly('coarse'), 'coarse')
    loop.run()
    expect(fired).toEqual(['exact', 'exact', 'coarse', 'exact', 'exact'])
  })

  it('goes on after a timer that threw', () => {
    const { loop, clock } = new ClockBench()
    let hasFired = false
    const fail = (): void => {
      throw new Error('of a timer')
    }
    clock.schedule(1 * MS, fail, 'exact')
    clock.schedule(5 * MS, () => (hasFired = true), 'exact')
    expect(() => loop.run()).toThrow('of a timer')
    loop.run()
    expect(hasFired).toBe(true)
  })

  it('waits for weeks', () => {
    const bench = new ClockBench()
    const thirtyDaysUs = 30 * 24 * 3_600 * 1_000_000
    bench.add(thirtyDaysUs, 'coarse')
    expect(bench.lateness()[0]).toBeLessThanOrEqual(1_000 + TURN_US)
    expect(bench.fired).toHaveLength(1)
  })

  it('leaves host operations alone: real time does not stand still', () => {
    const bench = new ClockBench()
    bench.clock.beginHostOperation()
    bench.add(5 * MS, 'exact')
    bench.loop.run()
    bench.clock.endHostOperation()
    expect(bench.fired).toHaveLength(1)
  })

  it('is never early and hardly late, for any timers', () => {
    const timer = fc.record({
      atUs: fc.oneof(fc.nat({ max: 5_000 }), fc.nat({ max: 300_000 })),
      precision: fc.constantFrom<Precision>('exact', 'coarse'),
    })
    fc.assert(
      fc.property(fc.array(timer, { minLength: 1, maxLength: 12 }), fc.boolean(), (timers, isExpecting) => {
        const bench = new ClockBench()
        bench.isExpecting = isExpecting
        bench.loop.lookMs = 0.000_5
        for (const { atUs, precision } of timers) bench.add(atUs, precision)
        bench.loop.run()
        // Each look takes its time, too.
        const turnUs = isExpecting ? TURN_US + 5 : 2 * TURN_US
        expect(bench.fired).toHaveLength(timers.length)
        for (const { atUs, firedUs, precision } of bench.fired) {
          expect(firedUs).toBeGreaterThanOrEqual(atUs)
          expect(firedUs - atUs).toBeLessThanOrEqual((precision === 'exact' ? 0 : 1_000) + turnUs)
        }
        // Nothing is fired ahead of what it might overtake while replies are expected.
        for (const kinds of isExpecting ? [['exact', 'coarse']] : [['exact'], ['coarse']]) {
          const order = bench.fired
            .filter(({ precision }) => kinds.includes(precision))
            .map(({ atUs }) => atUs)
          expect(order).toEqual(order.toSorted((a, b) => a - b))
        }
      }),
      { numRuns: 200 },
    )
  })
})
