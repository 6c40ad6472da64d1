import { describe, expect, it } from 'vitest'
import type { Engine } from '../../src/engine/engine.ts'
import { runEngine, type EngineRun, type EngineRunOptions } from '../support/engine-run.ts'
import type { ScriptFunctions, ScriptKit } from '../support/plain-script.ts'

const SCENARIO = { executor: 'constant-arrival-rate', rate: 2, duration: '1s', preAllocatedVUs: 1 }

interface SummaryRun {
  readonly run: EngineRun
  readonly engine: Engine
}

async function run(
  functions: (kit: ScriptKit) => ScriptFunctions,
  { options = {}, ...more }: Partial<EngineRunOptions> = {},
): Promise<SummaryRun> {
  const engines: Engine[] = []
  const result = await runEngine({
    options: { scenarios: { s: SCENARIO }, ...options },
    exports: ['default', 'handleSummary', 'setup'],
    script: (kit) => ({ default: () => kit.sleep(0.1), setup: () => ({ id: 7 }), ...functions(kit) }),
    ...more,
    before: (engine) => void engines.push(engine),
  })
  const [engine] = engines
  if (engine === undefined) throw new Error('no engine')
  return { run: result, engine }
}

describe('handleSummary', () => {
  it('gets the data, which it may change, and gives what it returns', async () => {
    const { engine } = await run(() => ({
      handleSummary: (data: { metrics: Record<string, number> }) => {
        delete data.metrics['vus']
        return { stdout: JSON.stringify(data) }
      },
    }))
    expect(await engine.handleSummary({ metrics: { vus: 1, own: 2 } })).toEqual({
      stdout: '{"metrics":{"own":2}}',
    })
    expect(engine.setUpDataJson).toBe('{"id":7}')
  })

  it('may send requests, which are in no figure', async () => {
    const { run: result, engine } = await run(({ http }) => ({
      handleSummary: async () => ({ stdout: String((await http.post('http://target/report', 'x')).status) }),
    }))
    expect(result.seen).toEqual([])
    expect(await engine.handleSummary({})).toEqual({ stdout: '200' })
    expect(result.seen).toHaveLength(1)
    expect(result.all.sentCount).toBe(0)
  })

  it('is told apart when it fails, takes too long, or may send no more', async () => {
    const { engine: failing } = await run(({ fail }) => ({ handleSummary: () => fail('out of order') }))
    await expect(failing.handleSummary({})).rejects.toThrow('handleSummary() failed: out of order')
    const { engine: slow } = await run(({ sleep }) => ({ handleSummary: () => sleep(11) }), {
      options: { handleSummaryTimeout: '10s' },
    })
    await expect(slow.handleSummary({})).rejects.toThrow(
      'handleSummary() did not end within 10s\n  raise options.handleSummaryTimeout',
    )
    const { engine: limited } = await run(
      ({ http }) => ({
        default: () => http.get('http://target/'),
        handleSummary: () => http.get('http://target/'),
      }),
      { maxRequests: 2 },
    )
    await expect(limited.handleSummary({})).rejects.toThrow('asked for more requests than may be sent')
  })
})
