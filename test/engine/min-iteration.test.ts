import { describe, expect, it } from 'vitest'
import { observe, runEngine, type EngineRun, type EngineRunOptions } from '../support/engine-run.ts'

const MS = 1_000
const SECOND = 1_000_000

const VUS = { executor: 'constant-vus', vus: 1, duration: '5s', gracefulStop: '2s' }

function run(
  scenario: Readonly<Record<string, unknown>>,
  sleepS: number,
  more: Partial<EngineRunOptions> = {},
): Promise<EngineRun> {
  return runEngine({
    options: { scenarios: { s: scenario }, minIterationDuration: '2s' },
    script: ({ sleep }) => ({ default: () => (sleepS === 0 ? undefined : sleep(sleepS)) }),
    ...more,
  })
}

describe('minIterationDuration', () => {
  it('keeps a VU from its next iteration until so much time has passed', async () => {
    for (const sleepS of [0, 0.5, 2]) {
      const result = await run(VUS, sleepS)
      expect(result.last.progress).toMatchObject({ startedCount: 3, completedCount: 3, interruptedCount: 0 })
    }
  })

  it('does nothing to a longer iteration', async () => {
    const result = await run(VUS, 2.5)
    expect(result.last.progress.completedCount).toBe(2)
  })

  it('is no part of the iteration: its duration is that of the script', async () => {
    const result = await run(VUS, 0.5, { selectors: [{ metric: 'iteration_duration', tags: [] }] })
    expect(observe(result, 'iteration_duration', 'max')).toBeCloseTo(500, -1)
  })

  it('keeps the VU from arrivals too', async () => {
    const open = { executor: 'constant-arrival-rate', rate: 1, duration: '4s', preAllocatedVUs: 1 }
    const result = await run(open, 0)
    expect(result.iterations).toEqual({ dueCount: 4, droppedCount: 2, startedCount: 2 })
  })

  it('is cut short at the end, where the iteration has long been counted', async () => {
    const result = await run({ ...VUS, duration: '1s', gracefulStop: '100ms' }, 0)
    expect(result.last.progress).toMatchObject({ completedCount: 1, interruptedCount: 0 })
    expect(result.last.nowUs).toBe(SECOND + 100 * MS)
  })

  it('does not hold up setup and teardown', async () => {
    const result = await run({ ...VUS, duration: '2s' }, 0, {
      exports: ['default', 'setup', 'teardown'],
      script: () => ({ default: () => {}, setup: () => {}, teardown: () => {} }),
    })
    expect(result.last.nowUs).toBe(2 * SECOND)
  })
})
