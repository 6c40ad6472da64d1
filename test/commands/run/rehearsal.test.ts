import { expect, it, vi } from 'vitest'
import { rehearseTelling, rehearseTimers, wantsRehearsal } from '../../../src/commands/run/rehearsal.ts'
import { rehearseIntake } from '../../../src/commands/run/rehearse-intake.ts'
import type { Precision } from '../../../src/engine/clock.ts'
import { VirtualClock } from '../../../src/engine/virtual-clock.ts'

it('goes through the work of many seconds in the time it has', () => {
  const startMs = performance.now()
  expect(rehearseTelling(60)).toBeGreaterThan(10)
  // Two rows of the time series and two lines of the latency log a second, of some hundred bytes each.
  expect(rehearseIntake(120)).toBeGreaterThan(10 * 400)
  expect(performance.now() - startMs).toBeGreaterThanOrEqual(180)
})

it('has timers that are far apart, some that are near, and then dense ones with a coarse one shortly before each', async () => {
  const clock = new VirtualClock()
  const schedule = vi.spyOn(clock, 'schedule')
  const count = await rehearseTimers(clock, 100)
  const timesUs = (wanted: Precision): number[] =>
    schedule.mock.calls.filter(([, , precision]) => precision === wanted).map(([atUs]) => atUs)
  const exactUs = timesUs('exact')
  expect(exactUs).toHaveLength(count)
  const gapsUs = exactUs.slice(1).map((dueUs, index) => dueUs - (exactUs[index] ?? NaN))
  expect(gapsUs.filter((gapUs) => gapUs > 2_000).length).toBeGreaterThan(40)
  expect(gapsUs.filter((gapUs) => gapUs === 300).length).toBeGreaterThanOrEqual(4)
  expect(gapsUs.filter((gapUs) => gapUs === 200).length).toBeGreaterThan(200)
  expect(exactUs.at(-1)).toBeLessThan(150_000)
  // Nearer than what a coarse timer may take.
  const coarseUs = timesUs('coarse')
  expect(coarseUs).toEqual(exactUs.slice(-coarseUs.length).map((dueUs) => dueUs - 30))
  expect(coarseUs.length).toBeGreaterThan(200)
})

it('is left out where the load is over before it pays, and in virtual time', () => {
  const wants = (loadEndUs: number, kind: 'sockets' | 'virtual'): boolean =>
    wantsRehearsal({ world: { kind }, plan: { loadEndUs } })
  expect(wants(4_999_999, 'sockets')).toBe(false)
  expect(wants(5_000_000, 'sockets')).toBe(true)
  expect(wants(Infinity, 'sockets')).toBe(true)
  expect(wants(Infinity, 'virtual')).toBe(false)
})
