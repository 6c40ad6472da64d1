import { expect, it } from 'vitest'
import { rehearseIntake, rehearseTelling, wantsRehearsal } from '../../../src/commands/run/rehearsal.ts'

it('goes through the work of many seconds in the time it has', () => {
  const startMs = performance.now()
  expect(rehearseTelling(60)).toBeGreaterThan(10)
  // Two rows of the time series and two lines of the latency log a second, of some hundred bytes each.
  expect(rehearseIntake(120)).toBeGreaterThan(10 * 400)
  expect(performance.now() - startMs).toBeGreaterThanOrEqual(180)
})

it('is left out where the load is over before it pays, and in virtual time', () => {
  const wants = (loadEndUs: number, kind: 'sockets' | 'virtual'): boolean =>
    wantsRehearsal({ world: { kind }, plan: { loadEndUs } })
  expect(wants(4_999_999, 'sockets')).toBe(false)
  expect(wants(5_000_000, 'sockets')).toBe(true)
  expect(wants(Infinity, 'sockets')).toBe(true)
  expect(wants(Infinity, 'virtual')).toBe(false)
})
