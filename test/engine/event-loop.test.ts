/** What an iteration lasts for, and how timers end it. */
import { describe, expect, it } from 'vitest'
import { observe, runEngine, type EngineRun } from '../support/engine-run.ts'
import type { PlainScript, ScriptKit } from '../support/plain-script.ts'

const ONE_VU = { vus: 1, duration: '1s' }

function run(script: PlainScript, exports = ['default']): Promise<EngineRun> {
  return runEngine({
    options: ONE_VU,
    script,
    exports,
    selectors: [{ metric: 'iteration_duration', tags: [] }],
  })
}

/** `await pause(ms)`, made of a timer as scripts do it. */
function pause({ loop }: ScriptKit, ms: number): Promise<void> {
  return new Promise((resolve) => void loop.setTimer(resolve, ms * 1_000, false))
}

describe('an iteration', () => {
  it('lasts until its timers have fired', async () => {
    const done = await run(({ loop, host }) => ({
      default: () => void loop.setTimer(() => host.check('fired', true, undefined), 100_000, false),
    }))
    expect(done.checks).toEqual([expect.objectContaining({ name: 'fired', passes: 10 })])
    expect(done.last.progress.completedCount).toBe(10)
    expect(observe(done, 'iteration_duration', 'max')).toBe(100)
  })

  it('whose timer throws has failed, and the next one begins', async () => {
    const { last, log } = await run((kit) => ({
      default: async () => {
        kit.loop.setTimer(
          () => {
            throw new Error('broken timer')
          },
          100_000,
          false,
        )
        await pause(kit, 5_000)
      },
    }))
    expect(last.progress.exceptionCount).toBe(10)
    expect(last.progress.completedCount).toBe(10)
    expect(log).toEqual(expect.arrayContaining([expect.stringContaining('broken timer')]))
  })

  it('that throws ends at once, with what it has under way', async () => {
    const { last, checks } = await run(({ loop, host, fail, sleep }) => ({
      default: async () => {
        loop.setTimer(() => host.check('fired', true, undefined), 500_000, false)
        await sleep(0.1)
        fail('no')
      },
    }))
    expect(last.progress.exceptionCount).toBe(10)
    expect(checks).toEqual([])
  })

  it('that is interrupted takes its timers with it', async () => {
    const { last, checks } = await runEngine({
      options: { scenarios: { main: { executor: 'constant-vus', ...ONE_VU, gracefulStop: '0s' } } },
      script: ({ loop, host }) => ({
        default: () => void loop.setTimer(() => host.check('fired', true, undefined), 600_000, true),
      }),
    })
    expect(last.progress.interruptedCount).toBe(1)
    expect(checks).toEqual([expect.objectContaining({ passes: 1 })])
  })

  it('plans its first request for the end of a pause, like that of a sleep', async () => {
    const { all } = await run((kit) => ({
      default: async () => {
        await pause(kit, 190)
        await kit.http.get('http://target/a')
      },
    }))
    expect(all.outcomeCounts.accepted).toBe(5)
    expect(all.responseTimeAccepted?.maxUs).toBe(10_000)
  })
})

describe('set-up', () => {
  it('waits for its timers, too', async () => {
    const { log } = await run(
      (kit) => ({
        setup: () => void kit.loop.setTimer(() => kit.host.warnOnce('timer of setup'), 100_000, false),
        default: () => kit.sleep(0.5),
      }),
      ['default', 'setup'],
    )
    expect(log).toEqual([expect.stringContaining('timer of setup')])
  })

  it('fails with what a timer throws', async () => {
    const failing = run(
      (kit) => ({
        setup: async () => {
          kit.loop.setTimer(() => kit.fail('timer of setup'), 100_000, false)
          await pause(kit, 500)
        },
        default: () => kit.sleep(0.5),
      }),
      ['default', 'setup'],
    )
    await expect(failing).rejects.toThrow('setup() failed: timer of setup')
  })
})
