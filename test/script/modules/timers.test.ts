import { describe, expect, it } from 'vitest'
import { EventLoop } from '../../../src/script/event-loop.ts'
import { createTimersModule } from '../../../src/script/modules/timers.ts'
import type { TimersModule } from '../../../src/script/modules/timers.ts'
import { FakeHost } from './fake-host.ts'

function setUp(): { readonly host: FakeHost; readonly loop: EventLoop; readonly timers: TimersModule } {
  const host = new FakeHost()
  const loop = new EventLoop(host.clock, host, host)
  return { host, loop, timers: createTimersModule(host, loop) }
}

describe('setTimeout', () => {
  it.each([
    [1_500, 1_500_000],
    [0.25, 250],
    ['20', 20_000],
    [0, 1],
    [-5, 1],
    [undefined, 1],
    [Number.NaN, 1],
    [Infinity, 1],
    ['soon', 1],
  ])('of %j ms fires after %i µs', async (delayMs, us) => {
    const { host, loop, timers } = setUp()
    let firedUs: number | undefined
    timers.setTimeout(() => {
      firedUs = host.clock.nowUs()
    }, delayMs)
    await loop.idle()
    expect(firedUs).toBe(us)
  })

  it('hands its further arguments on', async () => {
    const { loop, timers } = setUp()
    let given: unknown[] = []
    timers.setTimeout((...args: unknown[]) => (given = args), 1, 'a', 2)
    await loop.idle()
    expect(given).toEqual(['a', 2])
  })

  it.each([undefined, null, 'code()', 7])('of %j is an exception', (callback) => {
    const { loop, timers } = setUp()
    expect(() => timers.setTimeout(callback, 1)).toThrow('setTimeout() takes a function, not ')
    expect(loop.idle()).toBeUndefined()
  })
})

it('each of the clearing functions clears every kind of timer', async () => {
  const { host, loop, timers } = setUp()
  let count = 0
  const call = (): number => ++count
  timers.clearInterval(timers.setTimeout(call, 1))
  timers.clearTimeout(timers.setInterval(call, 1))
  const id = timers.setInterval(call, 2)
  timers.setTimeout(() => timers.clearInterval(id), 7)
  timers.clearTimeout()
  await loop.idle()
  expect(count).toBe(3)
  expect(host.clock.nowUs()).toBe(7_000)
})

it('there are no timers while the script loads', () => {
  const { host, timers } = setUp()
  host.mayWait = false
  expect(() => timers.setTimeout(() => 1, 1)).toThrow('setTimeout() cannot be called while the script loads')
  expect(() => timers.setInterval(() => 1, 1)).toThrow('setInterval() cannot be called while the script')
})
