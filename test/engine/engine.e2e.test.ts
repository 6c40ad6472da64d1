import { describe, expect, it } from 'vitest'
import { SystemClock } from '../../src/engine/system-clock.ts'
import { runEngine } from '../support/engine-run.ts'

const MS = 1_000
const SECOND = 1_000_000

describe('on the real clock', () => {
  it('arrivals start at their due time or after it, none is lost', async () => {
    const { iterations, all, last, snapshots } = await runEngine({
      clock: new SystemClock(),
      options: {
        scenarios: {
          s: { executor: 'constant-arrival-rate', rate: 200, duration: '1s', preAllocatedVUs: 50 },
        },
      },
      script: ({ http }) => ({ default: () => http.get('http://target/') }),
      answer: () => ({ afterUs: 5 * MS }),
    })
    // The recorder throws for an iteration that starts before it is due.
    expect(iterations).toEqual({ dueCount: 200, droppedCount: 0, startedCount: 200 })
    expect(all.sentCount).toBe(200)
    expect(last.progress).toMatchObject({ completedCount: 200, exceptionCount: 0 })
    // A snapshot that follows another at once has none: over so short a time it would say nothing.
    const ratios = snapshots.flatMap(({ loopUtilizationRatio: ratio }) =>
      ratio === undefined ? [] : [ratio],
    )
    expect(ratios.length).toBeGreaterThan(0)
    for (const ratio of ratios) {
      expect(ratio).toBeGreaterThan(0)
      expect(ratio).toBeLessThanOrEqual(1)
    }
  })

  it('iterations that wait for nothing leave room for everything else', async () => {
    let turnCount = 0
    const turning = setInterval(() => turnCount++, 5)
    const { result, last } = await runEngine({
      clock: new SystemClock(),
      options: { scenarios: { s: { executor: 'constant-vus', vus: 2, duration: '1s' } } },
      script: () => ({ default: () => {} }),
    })
    clearInterval(turning)
    expect(last.progress.completedCount).toBeGreaterThan(100)
    expect(turnCount).toBeGreaterThan(10)
    expect(result.loadEndUs).toBe(SECOND)
    expect(last.nowUs).toBeGreaterThanOrEqual(SECOND)
    expect(last.nowUs).toBeLessThan(2 * SECOND)
  })
})
