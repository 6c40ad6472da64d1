import { describe, expect, it } from 'vitest'
import { observe, runEngine, type EngineRun, type EngineRunOptions } from '../support/engine-run.ts'
import type { PlainScript } from '../support/plain-script.ts'

const MS = 1_000
const SECOND = 1_000_000

function run(
  scenario: Readonly<Record<string, unknown>>,
  script: PlainScript,
  more: Partial<EngineRunOptions> = {},
): Promise<EngineRun> {
  return runEngine({ options: { scenarios: { s: scenario } }, script, ...more })
}

const SHARED = { executor: 'shared-iterations' }
const EACH = { executor: 'per-vu-iterations' }

/** Counts iterations by VU; VU n sleeps n times so long. */
function counting(sleepS: number): { readonly script: PlainScript; readonly byVu: Map<number, number> } {
  const byVu = new Map<number, number>()
  const script: PlainScript = ({ sleep, vuId }) => ({
    default: () => {
      byVu.set(vuId, (byVu.get(vuId) ?? 0) + 1)
      return sleep(sleepS * vuId)
    },
  })
  return { script, byVu }
}

describe('shared-iterations', () => {
  it('lets the faster VU do more', async () => {
    const { script, byVu } = counting(1)
    await run({ ...SHARED, vus: 2, iterations: 9 }, script)
    expect([...byVu]).toEqual([
      [1, 6],
      [2, 3],
    ])
  })

  it('is over when the last iteration is', async () => {
    const { script } = counting(1)
    const result = await run({ ...SHARED, vus: 2, iterations: 9 }, script)
    expect(result.result).toMatchObject({ stopReason: undefined, loadEndUs: 6 * SECOND })
    expect(result.last.loadEndUs).toBe(6 * SECOND)
    expect(result.all.durationS).toBe(6)
  })
})

describe('per-vu-iterations', () => {
  it('has each VU do the same', async () => {
    const { script, byVu } = counting(1)
    const result = await run({ ...EACH, vus: 3, iterations: 2 }, script)
    expect([...byVu]).toEqual([
      [1, 2],
      [2, 2],
      [3, 2],
    ])
    expect(result.result.loadEndUs).toBe(6 * SECOND)
  })
})

describe.each([
  ['shared-iterations', { ...SHARED, vus: 2, iterations: 10 }],
  ['per-vu-iterations', { ...EACH, vus: 2, iterations: 5 }],
])('%s', (_, scenario) => {
  const sleepy =
    (seconds: number): PlainScript =>
    ({ sleep }) => ({ default: () => sleep(seconds) })

  it('begins at startTime', async () => {
    const result = await run({ ...scenario, startTime: '3s' }, sleepy(0.1))
    expect(result.result.loadEndUs).toBe(3500 * MS)
    expect(result.iterations).toEqual({ dueCount: 10, droppedCount: 0, startedCount: 10 })
  })

  it('counts what had not begun when its time was over, as k6 does', async () => {
    const result = await run({ ...scenario, maxDuration: '3s' }, sleepy(0.7))
    // Each VU begins at 0, 0.7, 1.4, 2.1 and 2.8 s.
    expect(result.last.progress).toMatchObject({ startedCount: 10, completedCount: 10, unbegunCount: 0 })
    const late = await run({ ...scenario, maxDuration: '3s' }, sleepy(1))
    expect(late.last.progress).toMatchObject({ completedCount: 6, interruptedCount: 0, unbegunCount: 4 })
    expect(late.iterations).toEqual({ dueCount: 10, droppedCount: 4, startedCount: 6 })
    expect(observe(late, 'dropped_iterations')).toBe(4)
    expect(late.result).toMatchObject({ stopReason: undefined, loadEndUs: 3 * SECOND })
  })

  it('interrupts what still runs when gracefulStop is over', async () => {
    const result = await run({ ...scenario, maxDuration: '2s', gracefulStop: '1s' }, sleepy(2.5))
    expect(result.last.progress).toMatchObject({ completedCount: 2, interruptedCount: 0, unbegunCount: 8 })
    const cut = await run({ ...scenario, maxDuration: '2s', gracefulStop: '1s' }, sleepy(3.5))
    expect(cut.last.progress).toMatchObject({ completedCount: 0, interruptedCount: 2, unbegunCount: 8 })
    expect(cut.last.nowUs).toBe(3 * SECOND)
  })

  it('counts nothing as dropped when it is stopped', async () => {
    const result = await run(scenario, sleepy(1), {
      before: (engine, clock) => void clock.schedule(1500 * MS, () => engine.stop('interrupt'), 'exact'),
    })
    expect(result.result).toMatchObject({ stopReason: 'interrupt', loadEndUs: 1500 * MS })
    expect(result.last.progress).toMatchObject({ completedCount: 4, unbegunCount: 0 })
    expect(observe(result, 'dropped_iterations')).toBeUndefined()
  })

  it('counts an iteration that throws as done', async () => {
    const result = await run(scenario, ({ fail }) => ({ default: () => fail('always') }))
    expect(result.last.progress).toMatchObject({ completedCount: 10, exceptionCount: 10 })
  })

  it('does iterations that wait for nothing, without stopping virtual time', async () => {
    const result = await run(scenario, () => ({ default: () => {} }))
    expect(result.last.progress.completedCount).toBe(10)
    expect(result.result.loadEndUs).toBeLessThan(MS)
  })

  it('says how much of it is done', async () => {
    const result = await run(scenario, sleepy(0.9))
    const done = result.snapshots.map(({ nowUs, progress }) => [nowUs / MS, progress.doneRatio])
    expect(done).toEqual([
      [1000, 0.2],
      [2000, 0.4],
      [3000, 0.6],
      [4000, 0.8],
      [4500, 1],
    ])
  })
})

describe('scenarios side by side', () => {
  const script: PlainScript = ({ sleep }) => ({ default: () => sleep(0.5) })

  it('last as long as the longest', async () => {
    const vus = { executor: 'constant-vus', vus: 1, duration: '3s' }
    const result = await runEngine({ options: { scenarios: { vus, few: EACH } }, script })
    expect(result.result.loadEndUs).toBe(3 * SECOND)
    const many = { ...EACH, iterations: 10 }
    const longer = await runEngine({ options: { scenarios: { vus, many } }, script })
    expect(longer.result.loadEndUs).toBe(5 * SECOND)
  })

  it('say how much is done only where no time says it', async () => {
    const vus = { executor: 'constant-vus', vus: 1, duration: '3s' }
    const timed = await runEngine({ options: { scenarios: { vus } }, script })
    expect(timed.last.progress.doneRatio).toBeUndefined()
    const mixed = await runEngine({ options: { scenarios: { vus, few: EACH } }, script })
    expect(mixed.snapshots.map(({ progress }) => progress.doneRatio)).toEqual([1 / 3, 2 / 3, 1, 1])
  })
})
