import { expect, it, vi } from 'vitest'
import { SystemClock } from '../../src/engine/system-clock.ts'

/** Resolves with the time at which the clock fired. */
function fired(clock: SystemClock, atUs: number, precision: 'exact' | 'coarse'): Promise<number> {
  return new Promise((resolve) => {
    clock.schedule(atUs, () => resolve(clock.nowUs()), precision)
  })
}

it('exact timers are never early, and the best of them hit within a fifth of a millisecond', async () => {
  const clock = new SystemClock()
  const plannedUs = Array.from({ length: 40 }, (_, n) => 10_000 + n * 5_321)
  const firedUs = await Promise.all(plannedUs.map((atUs) => fired(clock, atUs, 'exact')))
  const lateUs = firedUs.map((us, n) => us - (plannedUs[n] ?? 0))
  expect(Math.min(...lateUs)).toBeGreaterThanOrEqual(0)
  expect(Math.min(...lateUs)).toBeLessThan(200)
})

it('a coarse timer costs no polling', async () => {
  const clock = new SystemClock()
  const poll = vi.spyOn(globalThis, 'setImmediate')
  const firedUs = await fired(clock, 100_000, 'coarse')
  expect(poll.mock.calls.length).toBeLessThanOrEqual(1)
  poll.mockRestore()
  expect(firedUs).toBeGreaterThanOrEqual(100_000)
  expect(clock.polledUs).toBe(0)
})

it('what it polls is told, so that nobody takes it for work', async () => {
  const clock = new SystemClock()
  const { active: beforeMs } = performance.eventLoopUtilization()
  await Promise.all(Array.from({ length: 100 }, (_, n) => fired(clock, n * 1_000, 'exact')))
  const activeMs = performance.eventLoopUtilization().active - beforeMs
  expect(clock.polledUs / 1_000).toBeGreaterThan(activeMs / 2)
  expect(clock.polledUs / 1_000).toBeLessThanOrEqual(activeMs)
})
