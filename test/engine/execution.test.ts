import { describe, expect, it } from 'vitest'
import type { Clock } from '../../src/engine/clock.ts'
import { createExecutionModule } from '../../src/script/modules/execution.ts'
import { EPOCH_MS, runEngine, type EngineRun, type EngineRunOptions } from '../support/engine-run.ts'
import type { PlainScript, ScriptFunctions, ScriptKit } from '../support/plain-script.ts'

const SECOND = 1_000_000

// oxlint-disable-next-line typescript/no-explicit-any -- as scripts without types see it
type Exec = any

function run(
  scenarios: Readonly<Record<string, unknown>>,
  script: (kit: ScriptKit, exec: Exec) => ScriptFunctions,
  more: Partial<EngineRunOptions> = {},
): Promise<EngineRun> {
  const plain: PlainScript = (kit) => script(kit, createExecutionModule(kit.host))
  return runEngine({ options: { scenarios }, script: plain, ...more })
}

const SHARED = { executor: 'shared-iterations', vus: 2, iterations: 6 }

describe('what an iteration can learn of its run', () => {
  it('numbers iterations in the scenario and in the VU', async () => {
    const seen: unknown[] = []
    await run({ s: SHARED, other: { executor: 'per-vu-iterations' } }, ({ sleep }, { scenario, vu }) => ({
      default: () => {
        seen.push([scenario.name, scenario.iterationInTest, vu.idInTest, vu.iterationInScenario])
        return sleep(vu.idInTest)
      },
    }))
    expect(seen).toEqual([
      ['s', 0, 1, 0],
      ['s', 1, 2, 0],
      ['other', 0, 3, 0],
      ['s', 2, 1, 1],
      ['s', 3, 2, 1],
      ['s', 4, 1, 2],
      ['s', 5, 1, 3],
    ])
  })

  it('says when the scenario began and how far it is', async () => {
    const seen: unknown[] = []
    const vus = { executor: 'constant-vus', vus: 1, duration: '4s', startTime: '2s' }
    await run({ vus }, ({ sleep }, { scenario }) => ({
      default: () => {
        seen.push([scenario.executor, scenario.startTime - EPOCH_MS, scenario.progress])
        return sleep(2)
      },
    }))
    expect(seen).toEqual([
      ['constant-vus', 2000, 0],
      ['constant-vus', 2000, 0.5],
    ])
  })

  it('counts the VUs and iterations of all scenarios', async () => {
    const seen: unknown[] = []
    const late = { executor: 'per-vu-iterations', startTime: '1500ms' }
    await run({ s: { executor: 'shared-iterations', vus: 2, iterations: 3 }, late }, ({ sleep }, exec) => ({
      default: () => {
        if (exec.scenario.name === 'late') seen.push({ ...exec.instance })
        return sleep(1)
      },
    }))
    expect(seen).toEqual([
      {
        iterationsInterrupted: 0,
        iterationsCompleted: 2,
        vusActive: 2,
        vusInitialized: 3,
        currentTestRunDuration: 1500,
      },
    ])
  })

  it('shows the options, frozen', async () => {
    const seen: unknown[] = []
    await run({ s: SHARED }, (_, { test }) => ({
      default: () => {
        seen.push(test.options.scenarios.s.iterations)
        expect(() => {
          test.options.scenarios.s.iterations = 1
        }).toThrow(TypeError)
      },
    }))
    expect(seen).toEqual([6, 6, 6, 6, 6, 6])
  })
})

describe('tags of a VU', () => {
  it('go to all of its samples, from one iteration to the next', async () => {
    const result = await run(
      { s: { executor: 'per-vu-iterations', vus: 2, iterations: 2 } },
      ({ check, vuId }, { vu }) => ({
        default: () => {
          check(null, { is: () => true })
          vu.metrics.tags.kind = `vu${vuId}`
        },
      }),
      { selectors: [{ metric: 'checks', tags: [['kind', 'vu1']] }] as never },
    )
    const selector = { metric: 'checks', tags: [['kind', 'vu1']] } as never
    expect(result.metrics.observe(selector, { method: 'rate', percent: undefined }, result.last.nowUs)).toBe(
      1,
    )
  })
})

describe('exec.test.abort', () => {
  const abortAt =
    (seconds: number): ((kit: ScriptKit, exec: Exec) => ScriptFunctions) =>
    ({ sleep, vuId }, exec) => ({
      default: async () => {
        await sleep(vuId === 1 ? seconds : 100)
        try {
          exec.test.abort('enough')
        } catch {
          // A script cannot hold it up.
        }
        await sleep(50)
      },
    })

  it('ends all iterations at once', async () => {
    const vus = { executor: 'constant-vus', vus: 3, duration: '1m' }
    const result = await run({ vus }, abortAt(2))
    expect(result.result).toMatchObject({ stopReason: 'abort', loadEndUs: 2 * SECOND })
    expect(result.last.nowUs).toBe(2 * SECOND)
    expect(result.last.progress).toMatchObject({ completedCount: 0, interruptedCount: 3, exceptionCount: 0 })
    expect(result.log).toEqual(['error: test aborted: enough'])
  })

  it('runs teardown', async () => {
    let hasRun = false
    await run(
      { vus: { executor: 'constant-vus', vus: 1, duration: '1m' } },
      (kit, exec) => ({
        ...abortAt(1)(kit, exec),
        teardown: () => {
          hasRun = true
        },
      }),
      { exports: ['default', 'teardown'] },
    )
    expect(hasRun).toBe(true)
  })

  it('in setup keeps the load from beginning, and teardown from running', async () => {
    const calls: string[] = []
    const result = await run(
      { s: SHARED },
      (_, exec) => ({
        setup: () => exec.test.abort(),
        default: () => void calls.push('default'),
        teardown: () => void calls.push('teardown'),
      }),
      { exports: ['default', 'setup', 'teardown'] },
    )
    expect(result.result.stopReason).toBe('abort')
    expect(result.log).toEqual(['error: test aborted'])
    expect(calls).toEqual([])
  })

  it('in teardown counts as well', async () => {
    const result = await run(
      { s: SHARED },
      (_, exec) => ({ default: () => {}, teardown: () => exec.test.abort('late') }),
      { exports: ['default', 'teardown'] },
    )
    expect(result.result.stopReason).toBe('abort')
    expect(result.last.progress.completedCount).toBe(6)
    expect(result.log).toEqual(['error: test aborted: late'])
  })

  it('gives way to what ended the run before', async () => {
    const result = await run({ vus: { executor: 'constant-vus', vus: 1, duration: '1m' } }, abortAt(2), {
      before: (engine, clock: Clock) => void clock.schedule(SECOND, () => engine.stop('interrupt'), 'exact'),
    })
    expect(result.result.stopReason).toBe('interrupt')
  })
})

describe('exec.test.fail', () => {
  it('lets everything go on', async () => {
    const result = await run({ s: SHARED }, (_, exec) => ({ default: () => exec.test.fail('bad data') }))
    expect(result.result).toMatchObject({ stopReason: undefined, isMarkedFailed: true })
    expect(result.last.progress.completedCount).toBe(6)
    expect(result.log).toContain('error: test marked as failed: bad data')
  })

  it('is not said by a run that nobody failed', async () => {
    const result = await run({ s: SHARED }, () => ({ default: () => {} }))
    expect(result.result.isMarkedFailed).toBe(false)
  })
})
