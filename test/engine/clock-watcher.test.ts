import { describe, expect, it, vi } from 'vitest'
import { ClockWatcher } from '../../src/engine/clock-watcher.ts'

/** Its time goes on with the steps of idling, and with nothing else. */
const core = vi.hoisted(() => ({ nowUs: 0, stepsPerUs: 750 }))

vi.mock('../../src/engine/pause.ts', () => ({
  idle(state: number, steps: number): number {
    core.nowUs += steps / core.stepsPerUs
    return state
  },
}))

/** A watcher from 1,000 µs on whose clock goes on by so much from look to look; the times it saw. */
function watch(lookUs: number): { readonly watcher: ClockWatcher; readonly seenUs: number[] } {
  const seenUs: number[] = []
  let nowUs = 1_000
  const watcher = new ClockWatcher(() => {
    nowUs += lookUs
    seenUs.push(nowUs)
    return nowUs
  })
  return { watcher, seenUs }
}

describe('ClockWatcher', () => {
  it('looks until it is time, and tells what time it is then', () => {
    const { watcher, seenUs } = watch(30)
    expect(watcher.waitUntil(1_100, 1_000)).toBe(1_120)
    expect(seenUs).toEqual([1_030, 1_060, 1_090, 1_120])
  })

  it('looks at no clock when it is too late already', () => {
    const { watcher, seenUs } = watch(1)
    expect([watcher.waitUntil(999, 1_000), watcher.pollUntil(1_000, 1_000)]).toEqual([1_000, 1_000])
    expect(seenUs).toEqual([])
  })

  it.each([
    { untilUs: 1_041, lookUs: 8, seenUs: [1_008] },
    { untilUs: 1_040, lookUs: 1, seenUs: [1, 2, 3, 4, 5, 6, 7, 8, 9].map((us) => 1_000 + us) },
    { untilUs: 1_004, lookUs: 1, seenUs: [1_001, 1_002, 1_003, 1_004] },
    { untilUs: 1_004, lookUs: 3, seenUs: [1_003, 1_006] },
  ])('polls for a short while, with more than one look where $untilUs is near', (poll) => {
    const { watcher, seenUs } = watch(poll.lookUs)
    expect(watcher.pollUntil(poll.untilUs, 1_000)).toBe(poll.seenUs.at(-1))
    expect(seenUs).toEqual(poll.seenUs)
  })

  it.each([
    { core: 'one that was measured on', stepsPerUs: 750, lateUs: 1 },
    { core: 'one a third as fast', stepsPerUs: 250, lateUs: 3 },
  ])('makes no more than some 30 looks in 150 µs, and is hardly late, on $core', (on) => {
    core.nowUs = 1_000
    core.stepsPerUs = on.stepsPerUs
    let lookCount = 0
    const watcher = new ClockWatcher(() => {
      lookCount++
      return core.nowUs
    })
    const endUs = watcher.waitUntil(1_150, 1_000)
    expect(endUs).toBeGreaterThanOrEqual(1_150)
    expect(endUs).toBeLessThan(1_150 + on.lateUs)
    expect(lookCount).toBeLessThanOrEqual(40)
  })
})
