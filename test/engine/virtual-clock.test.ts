import { describe, expect, it } from 'vitest'
import { VirtualClock } from '../../src/engine/virtual-clock.ts'

/** Resolves once the clock has nothing left to do. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

describe('VirtualClock', () => {
  it('jumps from timer to timer in order of time, then of scheduling', async () => {
    const clock = new VirtualClock()
    const seen: string[] = []
    const at = (us: number, name: string): void => {
      clock.schedule(us, () => seen.push(`${name}@${clock.nowUs()}`), 'exact')
    }
    at(30, 'c')
    at(10, 'a1')
    at(10, 'a2')
    at(20, 'b')
    await settled()
    expect(seen).toEqual(['a1@10', 'a2@10', 'b@20', 'c@30'])
  })

  it('runs every chained microtask before it advances', async () => {
    const clock = new VirtualClock()
    const seen: string[] = []
    clock.schedule(
      10,
      () => {
        void (async () => {
          for (let i = 0; i < 20; i++) await Promise.resolve()
          seen.push(`chain@${clock.nowUs()}`)
          clock.schedule(15, () => seen.push(`between@${clock.nowUs()}`), 'coarse')
        })()
      },
      'exact',
    )
    clock.schedule(20, () => seen.push(`next@${clock.nowUs()}`), 'exact')
    await settled()
    expect(seen).toEqual(['chain@10', 'between@15', 'next@20'])
  })

  it('stands still while a host operation is under way', async () => {
    const clock = new VirtualClock()
    const seen: number[] = []
    clock.beginHostOperation()
    clock.schedule(5, () => seen.push(clock.nowUs()), 'exact')
    await settled()
    expect(seen).toEqual([])
    clock.endHostOperation()
    await settled()
    expect(seen).toEqual([5])
  })

  it('never fires a cancelled timer, nor waits for it', async () => {
    const clock = new VirtualClock()
    const seen: number[] = []
    const timer = clock.schedule(1_000_000, () => seen.push(1), 'exact')
    clock.schedule(5, () => seen.push(clock.nowUs()), 'exact')
    timer.cancel()
    timer.cancel()
    await settled()
    expect(seen).toEqual([5])
    expect(clock.nowUs()).toBe(5)
  })

  it('keeps timers and uptime when it is rebased', async () => {
    const clock = new VirtualClock()
    const seen: string[] = []
    clock.schedule(100, () => clock.rebase(), 'exact')
    clock.schedule(150, () => seen.push(`${clock.nowUs()}/${clock.uptimeUs()}`), 'exact')
    await settled()
    expect(seen).toEqual(['50/150'])
    clock.schedule(60, () => seen.push(`${clock.nowUs()}/${clock.uptimeUs()}`), 'exact')
    await settled()
    expect(seen).toEqual(['50/150', '60/160'])
  })

  it('treats an instant that has passed as now', async () => {
    const clock = new VirtualClock()
    clock.schedule(100, () => {}, 'exact')
    await settled()
    const seen: number[] = []
    clock.schedule(40, () => seen.push(clock.nowUs()), 'exact')
    await settled()
    expect(seen).toEqual([100])
  })
})
