import { describe, expect, it } from 'vitest'
import { EXIT, UserError } from '../../src/core/errors.ts'
import { VirtualClock } from '../../src/engine/virtual-clock.ts'
import type { MetricSelector } from '../../src/measure/metric-types.ts'
import { observe, runEngine, type EngineRun, type EngineRunOptions } from '../support/engine-run.ts'
import type { PlainScript, ScriptFunctions, ScriptKit } from '../support/plain-script.ts'

const SECOND = 1_000_000

const OPTIONS = { scenarios: { s: { executor: 'constant-vus', vus: 2, duration: '2s' } } }
const EXPORTS = ['default', 'setup', 'teardown']

function run(script: PlainScript, more: Partial<EngineRunOptions> = {}): Promise<EngineRun> {
  return runEngine({ options: OPTIONS, exports: EXPORTS, script, ...more })
}

async function failureOf(script: PlainScript, options: object = OPTIONS): Promise<UserError> {
  const error: unknown = await run(script, { options: { ...options } }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof UserError)) throw new Error(`expected a UserError, got ${String(error)}`)
  return error
}

/** A script whose iterations take a second, with `setup` and `teardown` of the test. */
function withCalls(calls: (kit: ScriptKit) => ScriptFunctions): PlainScript {
  return (kit) => ({ default: () => kit.sleep(1), setup: () => {}, teardown: () => {}, ...calls(kit) })
}

describe('setup and teardown', () => {
  it('run once each around the load, on VU 0; the run begins after setup', async () => {
    const trace: string[] = []
    const result = await run(({ sleep, vuId }) => ({
      setup: async () => {
        trace.push(`setup of ${vuId}`)
        await sleep(3)
      },
      default: async () => {
        trace.push(`iteration of ${vuId}`)
        await sleep(2)
      },
      teardown: async () => {
        trace.push(`teardown of ${vuId}`)
        await sleep(5)
      },
    }))
    expect(trace).toEqual(['setup of 0', 'iteration of 1', 'iteration of 2', 'teardown of 0'])
    expect(result.rows.filter(({ name }) => name === '_all')).toHaveLength(2)
    expect(result.last.nowUs).toBe(2 * SECOND)
    expect(result.transport.isClosed).toBe(true)
  })

  it('may be left out', async () => {
    const result = await run(({ sleep }) => ({ default: () => sleep(1) }), { exports: ['default'] })
    expect(result.last.progress.completedCount).toBe(4)
  })

  it('leave no timer behind', async () => {
    const clock = new VirtualClock()
    const script = withCalls(({ http }) => ({ teardown: () => http.get('http://target/') }))
    await run(script, { clock, maxRequests: 0 })
    await new Promise(setImmediate)
    expect(clock.uptimeUs()).toBe(2 * SECOND)
  })

  it('leave none behind when they are stopped either', async () => {
    const clock = new VirtualClock()
    const script = withCalls(({ sleep }) => ({ setup: () => sleep(1) }))
    await run(script, {
      clock,
      before: (engine) => void clock.schedule(0.5 * SECOND, () => engine.stop('interrupt'), 'exact'),
    })
    await new Promise(setImmediate)
    expect(clock.uptimeUs()).toBe(SECOND)
  })

  it('give their data to every VU, each its own copy, which nobody can change', async () => {
    const seen: unknown[] = []
    const copies = new Set<unknown>()
    await run(({ sleep }) => ({
      setup: () => ({ users: [{ name: 'a' }], at: undefined }),
      default: async (data: { users: { name: string }[] }) => {
        copies.add(data)
        expect(() => data.users.push({ name: 'b' })).toThrow(TypeError)
        expect(() => Object.assign(data.users[0] ?? {}, { name: 'b' })).toThrow(TypeError)
        seen.push(data)
        await sleep(1)
      },
      teardown: (data: unknown) => {
        copies.add(data)
        seen.push(data)
      },
    }))
    const data = { users: [{ name: 'a' }] }
    expect(seen).toEqual([data, data, data, data, data])
    expect(copies.size).toBe(3)
  })

  it('are left out on demand', async () => {
    const calls: string[] = []
    const script: PlainScript = () => ({
      setup: () => void calls.push('setup'),
      default: () => void calls.push('default'),
      teardown: () => void calls.push('teardown'),
    })
    const once = { executor: 'per-vu-iterations' }
    for (const options of [{ noSetup: true }, { noTeardown: true }]) {
      await runEngine({
        options: { scenarios: { once }, ...options },
        exports: ['default', 'setup', 'teardown'],
        script,
      })
    }
    expect(calls).toEqual(['default', 'teardown', 'setup', 'default'])
  })

  it.each([
    [undefined, undefined],
    [null, null],
    [0, 0],
    ['', ''],
    [
      [1, { two: 2 }],
      [1, { two: 2 }],
    ],
    [new Date(0), '1970-01-01T00:00:00.000Z'],
    [() => 1, undefined],
  ])('setup that returns %j: iterations get %j', async (returned, received) => {
    const seen: unknown[] = []
    await run(
      withCalls(({ sleep }) => ({
        setup: () => returned,
        default: async (data: unknown) => {
          seen.push(data)
          await sleep(2)
        },
      })),
    )
    expect(seen).toEqual([received, received])
  })

  it('setup that returns what is no JSON ends the run with 107', async () => {
    const error = await failureOf(withCalls(() => ({ setup: () => ({ big: 1n }) })))
    expect(error.exitCode).toBe(EXIT.script)
    expect(error.message).toContain('what setup() returned cannot be handed to the VUs as JSON')
  })

  const asks: PlainScript = ({ http }) => ({
    setup: async () => {
      await http.get('http://target/setup')
      await http.get('http://target/setup')
    },
    default: () => http.get('http://target/load'),
    teardown: () => http.get('http://target/teardown'),
  })
  const tagged = (metric: string, group: string): MetricSelector => ({ metric, tags: [['group', group]] })

  it('their requests are no part of the load, but told', async () => {
    const result = await run(asks, { answer: () => ({ afterUs: SECOND }) })
    expect(result.result.unmeasuredRequestCount).toBe(3)
    expect(result.figures.names.map(({ name }) => name)).toEqual(['_all', 'http://target/load'])
    expect(result.all.sentCount).toBe(4)
    expect(observe(result, 'operations_failed', 'rate')).toBe(0)
  })

  it('k6’s metrics have their requests, headroom’s own do not', async () => {
    const phases = ['blocked', 'connecting', 'tls_handshaking', 'sending', 'waiting', 'receiving']
    const trends = ['http_req_duration', ...phases.map((phase) => `http_req_${phase}`)]
    const own = ['http_req_throttled', 'http_req_response_time', 'operations_failed', 'operation_duration']
    const metrics = ['http_reqs', 'http_req_failed', ...trends, 'data_sent', 'data_received', ...own]
    const groups = ['::setup', '', '::teardown']
    const result = await run(asks, {
      answer: ({ path }) => ({ status: path === '/load' ? 200 : 429, afterUs: SECOND }),
      selectors: metrics.flatMap((metric) => groups.map((group) => tagged(metric, group))),
    })
    expect(observe(result, 'http_reqs')).toBe(7)
    expect(observe(result, 'http_req_failed', 'rate')).toBe(3 / 7)
    expect(observe(result, 'data_sent')).toBe(700)
    const [setup, load, teardown] = groups.map((group) =>
      metrics.filter((metric) => result.metrics.hasSamples(tagged(metric, group))),
    )
    const ofK6 = metrics.filter((metric) => !own.includes(metric))
    expect(setup).toEqual(ofK6)
    expect(load).toEqual(metrics)
    expect(teardown).toEqual(ofK6)
    expect(observe(result, 'http_reqs', 'count', [['group', '::setup']])).toBe(2)
    expect(observe(result, 'http_req_duration', 'max', [['group', '::setup']])).toBe(1000)
  })

  it('requests of setup count as sent when the load begins: in a warm-up, hence not', async () => {
    const result = await run(asks, {
      options: {
        scenarios: { s: { executor: 'constant-arrival-rate', rate: 2, duration: '2s', preAllocatedVUs: 2 } },
        ext: { headroom: { warmup: '1s' } },
      },
    })
    expect(observe(result, 'http_reqs')).toBe(2 + 1)
  })
})

describe('what goes wrong in setup and teardown', () => {
  it.each(['setup', 'teardown'] as const)('an exception of %s: 107', async (name) => {
    const script = withCalls(({ fail }) => ({ [name]: () => fail('no users') }))
    const error = await failureOf(script)
    expect(error.exitCode).toBe(EXIT.script)
    expect(error.message).toBe(`${name}() failed: no users`)
  })

  it.each([
    ['setup', EXIT.setupTimeout],
    ['teardown', EXIT.teardownTimeout],
  ] as const)('%s that takes too long: %i', async (name, exitCode) => {
    const trace: string[] = []
    const script = withCalls(({ http }) => ({
      [name]: async () => {
        await http.get('http://target/')
        trace.push('came back')
      },
    }))
    const error = await run(script, {
      options: { ...OPTIONS, [`${name}Timeout`]: '2500ms' },
      answer: () => ({ afterUs: 20 * SECOND }),
    }).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ exitCode })
    expect(String(error)).toContain(`${name}() did not end within 2.5s\n  raise options.${name}Timeout`)
    expect(trace).toEqual([])
  })

  it('nothing that was measured is lost when teardown fails', async () => {
    let sentCount = 0
    const script: PlainScript = ({ http, fail }) => ({
      default: () => http.get('http://target/'),
      teardown: () => fail('cannot delete'),
    })
    const failed = runEngine({
      options: OPTIONS,
      exports: ['default', 'teardown'],
      script,
      answer: () => ({ afterUs: 0.4 * SECOND }),
      onPost: ({ recorder }) => {
        for (const name of recorder.closed.flatMap(({ names }) => names)) sentCount += name.sentCount
      },
    })
    await expect(failed).rejects.toMatchObject({ exitCode: EXIT.script })
    expect(sentCount).toBe(10)
  })

  it('60 s are given by default', async () => {
    const takes = (seconds: number): PlainScript =>
      withCalls(({ sleep }) => ({ setup: () => sleep(seconds) }))
    expect((await failureOf(takes(60.001))).exitCode).toBe(EXIT.setupTimeout)
    expect((await run(takes(59.999))).last.progress.completedCount).toBe(4)
  })

  it('a wait that setup leaves behind: 107', async () => {
    const script = withCalls(({ http }) => ({
      setup: () => {
        void http.get('http://target/')
      },
    }))
    const error = await failureOf(script)
    expect(error.exitCode).toBe(EXIT.script)
    expect(error.message).toContain('ended while http.get was still waiting')
  })
})

describe('samples of setup and teardown', () => {
  const script: PlainScript = ({ Gauge, Counter, check, group, sleep }) => {
    const level = new Gauge('level')
    const calls = new Counter('calls')
    const sample = (value: number): void => {
      level.add(value)
      calls.add(1)
      check(value, { [`level ${value}`]: () => true })
    }
    return {
      setup: () =>
        group('users', async () => {
          await sleep(10)
          sample(1)
        }),
      default: async () => {
        sample(2)
        await sleep(2)
      },
      teardown: () => group('users', () => sample(3)),
    }
  }

  it('count, those of setup as of the moment when the load begins', async () => {
    const valuesSeen: unknown[] = []
    const result = await run(script, {
      onPost: ({ metrics }) => {
        for (const { key, data } of metrics.sinks) {
          if (key === 'level' && data.kind === 'gauge') valuesSeen.push(data.value)
        }
      },
    })
    // Set-up took 10 s of a clock of its own: its value is older all the same.
    expect(valuesSeen).toEqual([2, 3])
    expect(observe(result, 'calls')).toBe(4)
    expect(result.checks).toEqual([
      { name: 'level 1', passes: 1, fails: 0 },
      { name: 'level 2', passes: 2, fails: 0 },
      { name: 'level 3', passes: 1, fails: 0 },
    ])
  })

  it('are in the groups ::setup and ::teardown', async () => {
    const groups = ['::setup::users', '::teardown::users', '']
    const selectors = groups.map((group) => ({ metric: 'calls', tags: [['group', group]] as const }))
    const result = await run(script, { selectors })
    const counts = groups.map((group) => observe(result, 'calls', 'count', [['group', group]]))
    expect(counts).toEqual([1, 1, 2])
  })

  it('of setup and the warm-up count nowhere', async () => {
    const options = { ...OPTIONS, ext: { headroom: { warmup: '1s' } } }
    const result = await run(script, { options })
    expect(observe(result, 'calls')).toBe(1)
    expect(result.checks).toEqual([{ name: 'level 3', passes: 1, fails: 0 }])
  })
})
