import { afterEach, expect, it, vi } from 'vitest'
import type { Timer } from '../../src/engine/clock.ts'
import { VitalsWatch } from '../../src/engine/vitals-watch.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

/** The delays seen in a stretch of 126 ms: the loop was active all the time, the CPU for 60 ms of it. */
function delaysUs(nappedUs: number) {
  const active = vi.spyOn(performance, 'eventLoopUtilization')
  const cpu = vi.spyOn(process, 'cpuUsage')
  const now = vi.spyOn(performance, 'now')
  const at = (nowMs: number, cpuMs: number): void => {
    active.mockReturnValue({ active: nowMs, idle: 0, utilization: 1 })
    cpu.mockReturnValue({ user: cpuMs * 1_000, system: 0 })
    now.mockReturnValue(nowMs)
  }
  const clock = { nappedUs: 0, nowUs: () => 0, schedule: () => ({ cancel: () => undefined }) }
  const watch = new VitalsWatch(() => ({ waitUs: 0, shortageCount: 0 }), clock)
  at(0, 0)
  watch.begin()
  at(126, 60)
  clock.nappedUs = nappedUs
  const vitals = watch.take()
  watch.end()
  return { loopUs: vitals?.loopDelay.maxUs, cpuUs: vitals?.cpuDelay.maxUs }
}

it('takes time without CPU for a lack of it, but not what the thread slept of its own will', () => {
  expect(delaysUs(0)).toEqual({ loopUs: 0, cpuUs: 116_000 })
  expect(delaysUs(66_000)).toEqual({ loopUs: 116_000, cpuUs: 0 })
})

/** A watch, and how many of its timers wait. */
function watched() {
  const waiting = new Set<Timer>()
  const schedule = (): Timer => {
    const timer = { cancel: () => waiting.delete(timer) }
    waiting.add(timer)
    return timer
  }
  const clock = { nappedUs: 0, nowUs: () => 0, schedule }
  return { waiting, watch: new VitalsWatch(() => ({ waitUs: 0, shortageCount: 0 }), clock) }
}

it('rehearses without leaving anything behind', () => {
  const { waiting, watch } = watched()
  expect(watch.rehearse(20)).toBeGreaterThan(10)
  expect(waiting.size).toBe(0)
  expect(watch.take()).toBeUndefined()
})

it('takes one reading after the other, also when it is begun again', () => {
  const { waiting, watch } = watched()
  watch.begin()
  watch.rehearse(5)
  watch.begin()
  watch.begin()
  expect(waiting.size).toBe(1)
  watch.end()
  expect(waiting.size).toBe(0)
})
