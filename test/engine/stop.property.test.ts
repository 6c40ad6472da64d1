import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runEngine } from '../support/engine-run.ts'

const MS = 1_000
const SECOND = 1_000_000

describe('stopping at any moment', () => {
  const stops = fc.record({
    atMs: fc.nat({ max: 14_000 }),
    reason: fc.constantFrom('interrupt', 'threshold'),
    maxRequests: fc.integer({ min: 1, max: 60 }),
    setupMs: fc.nat({ max: 7_000 }),
    serviceMs: fc.nat({ max: 9_000 }),
  })

  it('loses and doubles nothing', async () => {
    await fc.assert(
      fc.asyncProperty(stops, async ({ atMs, reason, maxRequests, setupMs, serviceMs }) => {
        const open = {
          executor: 'constant-arrival-rate',
          rate: 5,
          preAllocatedVUs: 2,
          maxVUs: 6,
          duration: '3s',
        }
        const closed = {
          executor: 'constant-vus',
          vus: 2,
          startTime: '1s',
          duration: '3s',
          gracefulStop: '2s',
        }
        const { result, last, all, iterations, seen, log } = await runEngine({
          options: { scenarios: { open, closed } },
          exports: ['default', 'setup', 'teardown'],
          script: ({ http, sleep }) => ({
            setup: () => sleep(setupMs / 1_000),
            default: async () => {
              await http.get('http://target/a')
              await http.get('http://target/b')
            },
            teardown: () => http.get('http://target/c'),
          }),
          answer: () => ({ afterUs: serviceMs * MS }),
          maxRequests,
          before: (engine, clock) => void clock.schedule(atMs * MS, () => engine.stop(reason), 'exact'),
        })
        const { startedCount, completedCount, interruptedCount, activeVus } = last.progress
        expect(activeVus).toBe(0)
        expect(startedCount).toBe(completedCount + interruptedCount)
        expect(iterations.startedCount).toBe(startedCount)
        expect(iterations.dueCount).toBe(startedCount + iterations.droppedCount)
        expect(seen.length).toBe(all.sentCount + result.unmeasuredRequestCount)
        expect(seen.length).toBeLessThanOrEqual(maxRequests)
        expect(Object.values(all.outcomeCounts).reduce((sum, count) => sum + count, 0)).toBe(all.sentCount)
        expect(all.offeredCount).toBe(all.sentCount)
        // 30 s of grace after the plan's end, 5 s after the stop.
        const graceUs = result.stopReason === undefined ? 30 * SECOND : 5 * SECOND
        expect(last.nowUs).toBeLessThanOrEqual(Math.max(result.loadEndUs, atMs * MS) + graceUs)
        expect(log.filter((line) => line.startsWith('error'))).toEqual([])
      }),
      { numRuns: 80 },
    )
  })
})
