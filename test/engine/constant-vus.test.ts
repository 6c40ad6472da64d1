import { describe, expect, it } from 'vitest'
import type { Precision, Timer } from '../../src/engine/clock.ts'
import { VirtualClock } from '../../src/engine/virtual-clock.ts'
import { runEngine, type EngineRun, type EngineRunOptions } from '../support/engine-run.ts'
import type { PlainScript } from '../support/plain-script.ts'

const MS = 1_000
const SECOND = 1_000_000

const askOnce: PlainScript = ({ http }) => ({ default: () => http.get('http://target/rank') })

function run(
  changes: Readonly<Record<string, unknown>>,
  more: Partial<EngineRunOptions> = {},
): Promise<EngineRun> {
  const scenario = { executor: 'constant-vus', vus: 1, duration: '1s', ...changes }
  return runEngine({ options: { scenarios: { s: scenario } }, script: askOnce, ...more })
}

describe('constant-vus', () => {
  it('starts an iteration when the last one has ended', async () => {
    const result = await run({}, { answer: () => ({ afterUs: 300 * MS }) })
    expect(result.seen.map(({ atUs }) => atUs)).toEqual([0, 300 * MS, 600 * MS, 900 * MS])
    expect(result.iterations).toEqual({ dueCount: 4, droppedCount: 0, startedCount: 4 })
    expect(result.all.scheduleDelay).toMatchObject({ count: 4, maxUs: 0 })
    expect(result.last.nowUs).toBe(1200 * MS)
    expect(result.result.loadEndUs).toBe(SECOND)
  })

  it('starts nothing at or after the end of its duration', async () => {
    const result = await run({}, { answer: () => ({ afterUs: 500 * MS }) })
    expect(result.seen.map(({ atUs }) => atUs)).toEqual([0, 500 * MS])
    expect(result.last.nowUs).toBe(SECOND)
  })

  it('not even if the timer of the end is late', async () => {
    class LateClock extends VirtualClock {
      override schedule(atUs: number, run: () => void, precision: Precision): Timer {
        return super.schedule(precision === 'coarse' ? atUs + 900 : atUs, run, precision)
      }
    }
    const result = await run({}, { clock: new LateClock(), answer: () => ({ afterUs: 250 * MS }) })
    expect(result.seen.map(({ atUs }) => atUs)).toEqual([0, 250 * MS, 500 * MS, 750 * MS])
    expect(result.iterations.dueCount).toBe(4)
  })

  it('runs its VUs side by side', async () => {
    const users: string[] = []
    await run(
      { vus: 3 },
      {
        script: ({ sleep, vuId, iteration }) => ({
          default: () => {
            users.push(`${vuId}/${iteration()}`)
            return sleep(0.4)
          },
        }),
      },
    )
    expect(users).toEqual(['1/0', '2/0', '3/0', '1/1', '2/1', '3/1', '1/2', '2/2', '3/2'])
  })

  it('begins at startTime', async () => {
    const result = await run({ startTime: '2s' }, { answer: () => ({ afterUs: 600 * MS }) })
    expect(result.seen.map(({ atUs }) => atUs)).toEqual([2000 * MS, 2600 * MS])
    expect(result.result.loadEndUs).toBe(3 * SECOND)
  })

  // 1 µs apart: enough for time to go on, and more than any script could do on a real clock.
  const timeless: readonly (readonly [string, PlainScript])[] = [
    ['iterations that wait for nothing', () => ({ default: () => {} })],
    ['iterations that sleep for no time', ({ sleep }) => ({ default: () => sleep(0) })],
    ['iterations that fail at once', ({ fail }) => ({ default: () => fail('at once') })],
    ['replies that take no time', askOnce],
  ]

  it.each(timeless)('%s do not stop virtual time', async (_name, script) => {
    let startedCount = 0
    const result = await run(
      { duration: '1s' },
      {
        script,
        answer: () => ({ afterUs: 0 }),
        before: (engine, clock) => {
          clock.schedule(50, () => engine.stop('interrupt'), 'exact')
        },
        onPost: ({ progress }) => {
          startedCount = progress.startedCount
        },
      },
    )
    expect(startedCount).toBe(50)
    expect(result.result).toMatchObject({ stopReason: 'interrupt', loadEndUs: 50 })
  })
})
