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
    { core: 'one five times as fast', stepsPerUs: 3_750, lateUs: 1 },
  ])('learns the pace of the core, then looks a few times in 150 µs, and is hardly late, on $core', (on) => {
    const wait = waitsOn(on.stepsPerUs)
    expect(wait().lookCount).toBeLessThanOrEqual(12)
    const { lateUs, lookCount } = wait()
    expect(lookCount).toBeLessThanOrEqual(8)
    expect(lateUs).toBeLessThan(on.lateUs)
  })

  it('is not late on a core that has become a fifth slower', () => {
    const wait = waitsOn(750)
    wait()
    core.stepsPerUs = 600
    expect(wait().lateUs).toBeLessThan(1.5)
  })

  it('looks more often, not later, after a wait in which the core was another’s', () => {
    const wait = waitsOn(750)
    wait()
    core.stepsPerUs = 1
    expect(wait().lateUs).toBeGreaterThan(1_000)
    core.stepsPerUs = 750
    const { lateUs, lookCount } = wait()
    expect(lateUs).toBeLessThan(1)
    expect(lookCount).toBeLessThanOrEqual(16)
  })
})

/** Waits of 150 µs, one after the other, of a watcher on such a core: how late each ended, and how often it looked. */
function waitsOn(stepsPerUs: number): () => { readonly lateUs: number; readonly lookCount: number } {
  core.nowUs = 1_000
  core.stepsPerUs = stepsPerUs
  let lookCount = 0
  const watcher = new ClockWatcher(() => {
    lookCount++
    return core.nowUs
  })
  return () => {
    lookCount = 0
    const untilUs = core.nowUs + 150
    return { lateUs: watcher.waitUntil(untilUs, core.nowUs) - untilUs, lookCount }
  }
}
