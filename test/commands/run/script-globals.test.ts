import { describe, expect, it } from 'vitest'
import { seededMath, virtualDate, VIRTUAL_EPOCH_MS } from '../../../src/commands/run/script-globals.ts'
import { Rng } from '../../../src/core/rng.ts'
import { VirtualClock } from '../../../src/engine/virtual-clock.ts'

describe('seededMath', () => {
  it('gives the same numbers for the same stream, others for another', () => {
    const numbers = (label: string): number[] => {
      const math = seededMath(new Rng(1).fork(label))
      return Array.from({ length: 5 }, () => math.random())
    }
    expect(numbers('vu/1')).toEqual(numbers('vu/1'))
    expect(numbers('vu/1')).not.toEqual(numbers('vu/2'))
    for (const number of numbers('vu/1')) {
      expect(number).toBeGreaterThanOrEqual(0)
      expect(number).toBeLessThan(1)
    }
  })

  it('is Math otherwise, and leaves the real one alone', () => {
    const math = seededMath(new Rng(1))
    expect(math.max(1, 2)).toBe(2)
    expect(math.PI).toBe(Math.PI)
    expect(Math.random).not.toBe(math.random)
  })
})

describe('virtualDate', () => {
  /** A Date 90.5 s into a virtual run. */
  async function dateAfter90s(): Promise<DateConstructor> {
    const clock = new VirtualClock()
    await new Promise<void>((resolve) => void clock.schedule(90_500_999, resolve, 'exact'))
    return virtualDate(clock)
  }

  it('begins in the year 2000 and follows the clock in whole milliseconds', async () => {
    expect(virtualDate(new VirtualClock()).now()).toBe(VIRTUAL_EPOCH_MS)
    const VirtualDate = await dateAfter90s()
    expect(VirtualDate.now()).toBe(VIRTUAL_EPOCH_MS + 90_500)
    expect(new VirtualDate().toISOString()).toBe('2000-01-01T00:01:30.500Z')
    expect(+new VirtualDate()).toBe(VirtualDate.now())
  })

  it('called as a function gives the virtual time as text', async () => {
    const VirtualDate = await dateAfter90s()
    expect(VirtualDate()).toBe(new Date(VIRTUAL_EPOCH_MS + 90_500).toString())
  })

  it.each([
    [(D: DateConstructor) => new D(2020, 1).getTime(), new Date(2020, 1).getTime()],
    [(D: DateConstructor) => new D('2020-02-03T04:05:06Z').getTime(), Date.UTC(2020, 1, 3, 4, 5, 6)],
    [(D: DateConstructor) => new D(0).getTime(), 0],
    [(D: DateConstructor) => new D(new D(7)).getTime(), 7],
    [(D: DateConstructor) => D.UTC(2020, 1), Date.UTC(2020, 1)],
    [(D: DateConstructor) => D.parse('2020-01-01T00:00:00Z'), Date.UTC(2020, 0)],
    [(D: DateConstructor) => String(new D(Number.NaN)), 'Invalid Date'],
    [(D: DateConstructor) => D.name, 'Date'],
    [(D: DateConstructor) => D.length, 7],
  ])('with arguments it is the language’s: %s', async (read, expected) => {
    expect(read(await dateAfter90s())).toBe(expected)
  })

  it('makes dates: of both classes, and of classes below it', async () => {
    const VirtualDate = await dateAfter90s()
    const now = new VirtualDate()
    expect(now instanceof VirtualDate).toBe(true)
    expect(now instanceof Date).toBe(true)
    expect(new Date() instanceof VirtualDate).toBe(true)
    class Deadline extends VirtualDate {}
    const deadline = new Deadline()
    expect(deadline instanceof Deadline).toBe(true)
    expect(deadline.getTime()).toBe(VirtualDate.now())
  })
})
