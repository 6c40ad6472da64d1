import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Clock } from '../../src/engine/clock.ts'
import { runEngine, type EngineRun, type EngineRunOptions } from '../support/engine-run.ts'
import type { PlainScript } from '../support/plain-script.ts'
import { vusAt } from '../load/vu-oracle.ts'

const MS = 1_000
const SECOND = 1_000_000

type Stage = readonly [seconds: number, target: number]

function run(
  stages: readonly Stage[],
  changes: Readonly<Record<string, unknown>>,
  more: Partial<EngineRunOptions>,
): Promise<EngineRun> {
  const ramp = stages.map(([seconds, target]) => ({ duration: seconds * 1_000, target }))
  const scenario = { executor: 'ramping-vus', stages: ramp, startVUs: 0, ...changes }
  return runEngine({
    options: { scenarios: { s: scenario } },
    script: () => ({ default: () => {} }),
    ...more,
  })
}

/** Runs a script whose iterations sleep so long, and gives `time in ms: VU/iteration` of each. */
async function startsOf(
  stages: readonly Stage[],
  changes: Readonly<Record<string, unknown>>,
  sleepS: number,
): Promise<{ readonly starts: readonly string[]; readonly result: EngineRun }> {
  const starts: string[] = []
  let now = (): number => 0
  const script: PlainScript = ({ sleep, vuId, iteration }) => ({
    default: () => {
      starts.push(`${now() / MS}: ${vuId}/${iteration()}`)
      return sleep(sleepS)
    },
  })
  const before = (_: unknown, clock: Clock): void => {
    now = () => clock.nowUs()
  }
  const result = await run(stages, changes, { script, before })
  return { starts, result }
}

describe('ramping-vus', () => {
  it('starts a VU when the ramp has reached it', async () => {
    const { starts, result } = await startsOf([[3, 3]], {}, 10)
    expect(starts).toEqual(['1000: 1/0', '2000: 2/0'])
    expect(result.last.progress).toMatchObject({ initializedVus: 3, startedCount: 2 })
    expect(result.result.loadEndUs).toBe(3 * SECOND)
  })

  it('lets each go on until the ramp takes it away', async () => {
    const { starts } = await startsOf(
      [
        [0, 2],
        [1, 2],
        [1, 0],
      ],
      {},
      0.4,
    )
    expect(starts).toEqual([
      '0: 1/0',
      '0: 2/0',
      '400: 1/1',
      '400: 2/1',
      '800: 1/2',
      '800: 2/2',
      '1200: 1/3',
      '1200: 2/3',
      '1600: 1/4',
    ])
  })

  it('begins at startTime', async () => {
    const { starts, result } = await startsOf([[1, 1]], { startTime: '5s', startVUs: 1 }, 0.6)
    expect(starts).toEqual(['5000: 1/0', '5600: 1/1'])
    expect(result.result.loadEndUs).toBe(6 * SECOND)
  })

  const DOWN_AND_LEVEL: readonly Stage[] = [
    [1, 1],
    [0, 0],
    [9, 0],
  ]

  it('lets the iteration of a VU that was taken away end in its time', async () => {
    const { result } = await startsOf(DOWN_AND_LEVEL, { startVUs: 1, gracefulRampDown: '2s' }, 2.9)
    expect(result.last.progress).toMatchObject({ completedCount: 1, interruptedCount: 0 })
  })

  it('interrupts it when its time is over', async () => {
    const { result } = await startsOf(DOWN_AND_LEVEL, { startVUs: 1, gracefulRampDown: '2s' }, 3.1)
    expect(result.last.progress).toMatchObject({ completedCount: 0, interruptedCount: 1 })
  })

  it('interrupts it at once without such a time', async () => {
    const { result } = await startsOf(DOWN_AND_LEVEL, { startVUs: 1, gracefulRampDown: 0 }, 1.1)
    expect(result.last.progress).toMatchObject({ completedCount: 0, interruptedCount: 1 })
  })

  it('lets a VU go on that is wanted again in time', async () => {
    const { starts, result } = await startsOf(
      [
        [1, 1],
        [0, 0],
        [1, 0],
        [0, 1],
        [4, 1],
      ],
      { startVUs: 1, gracefulRampDown: '2s' },
      3.5,
    )
    expect(starts).toEqual(['0: 1/0', '3500: 1/1'])
    expect(result.last.progress).toMatchObject({ completedCount: 2, interruptedCount: 0 })
  })

  it('wakes a VU that is wanted again after its iteration has ended', async () => {
    const { starts } = await startsOf(
      [
        [1, 1],
        [0, 0],
        [2, 0],
        [0, 1],
        [1, 1],
      ],
      { startVUs: 1 },
      1.5,
    )
    expect(starts).toEqual(['0: 1/0', '3000: 1/1'])
  })

  it('has another VU take the place of one that was interrupted', async () => {
    const { starts, result } = await startsOf(
      [
        [1, 1],
        [0, 0],
        [1, 0],
        [0, 1],
        [2, 1],
      ],
      { startVUs: 1, gracefulRampDown: 0 },
      1.5,
    )
    expect(starts).toEqual(['0: 1/0', '2000: 2/0', '3500: 2/1'])
    expect(result.last.progress).toMatchObject({ completedCount: 2, interruptedCount: 1 })
  })

  it('interrupts what still runs when gracefulStop is over', async () => {
    const { result } = await startsOf([[1, 2]], { startVUs: 2, gracefulStop: '3s' }, 10)
    expect(result.last.progress.interruptedCount).toBe(2)
    expect(result.last.nowUs).toBe(4 * SECOND)
  })

  it('ends on demand', async () => {
    const result = await run(
      [[10, 5]],
      { startVUs: 5 },
      {
        script: ({ sleep }) => ({ default: () => sleep(100) }),
        before: (engine, clock) => void clock.schedule(2 * SECOND, () => engine.stop('interrupt'), 'exact'),
      },
    )
    expect(result.result).toMatchObject({ stopReason: 'interrupt', loadEndUs: 2 * SECOND })
    expect(result.last.progress.interruptedCount).toBe(5)
  })

  const stage = fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 6 }))

  it('has at every time as many VUs busy as the ramp plans', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 6 }),
        fc.array(stage, { minLength: 1, maxLength: 5 }),
        async (startVUs, stages) => {
          fc.pre(stages.some(([seconds]) => seconds > 0))
          const planned = stages.map(([seconds, target]) => ({ durationUs: seconds * SECOND, target }))
          // So that no change falls on a whole second, when it is looked.
          const startTimeUs = 123_457
          const { snapshots, result } = await run(
            stages,
            { startVUs, gracefulRampDown: 0, gracefulStop: 0, startTime: startTimeUs / MS },
            { script: ({ sleep }) => ({ default: () => sleep(1000) }) },
          )
          const looks = snapshots.filter(({ nowUs }) => nowUs % SECOND === 0 && nowUs < result.loadEndUs)
          for (const { nowUs, progress } of looks) {
            const timeUs = nowUs - startTimeUs
            const expected = [vusAt(startVUs, planned, timeUs), vusAt(startVUs, planned, timeUs - 1)]
            expect(expected).toContain(progress.activeVus)
          }
        },
      ),
      { numRuns: 60 },
    )
  })
})
