import { describe, expect, it } from 'vitest'
import type { Engine } from '../../src/engine/engine.ts'
import { ScriptError } from '../../src/script/script-error.ts'
import { runEngine, type EngineRun, type EngineRunOptions } from '../support/engine-run.ts'
import type { PlainScript } from '../support/plain-script.ts'

const MS = 1_000
const SECOND = 1_000_000

const SCENARIOS = {
  'constant-arrival-rate': { executor: 'constant-arrival-rate', rate: 1, preAllocatedVUs: 2 },
  'constant-vus': { executor: 'constant-vus', vus: 2 },
}

type Name = keyof typeof SCENARIOS
const NAMES = Object.keys(SCENARIOS) as Name[]

/** 60 s of load. */
function run(name: Name, more: Partial<EngineRunOptions> = {}): Promise<EngineRun> {
  return runEngine({
    options: { scenarios: { s: { ...SCENARIOS[name], duration: '60s' } } },
    script: ({ http }) => ({ default: () => http.get('http://target/') }),
    ...more,
  })
}

function stopAt(atUs: number, reason: 'interrupt' | 'threshold'): Pick<EngineRunOptions, 'before'> {
  return { before: (engine, clock) => void clock.schedule(atUs, () => engine.stop(reason), 'exact') }
}

describe.each(NAMES)('stopping %s', (name) => {
  it('starts nothing more, and waits for what is under way', async () => {
    const result = await run(name, {
      ...stopAt(1500 * MS, 'interrupt'),
      answer: () => ({ afterUs: 5 * SECOND }),
    })
    expect(result.result).toMatchObject({ stopReason: 'interrupt', loadEndUs: 1500 * MS })
    expect(result.last.progress).toMatchObject({ startedCount: 2, completedCount: 2, interruptedCount: 0 })
    expect(result.last.nowUs).toBeLessThanOrEqual(6 * SECOND)
  })

  it('waits 5 s at most', async () => {
    const result = await run(name, {
      ...stopAt(1500 * MS, 'interrupt'),
      answer: () => ({ afterUs: 20 * SECOND }),
    })
    expect(result.last.progress).toMatchObject({ startedCount: 2, completedCount: 0, interruptedCount: 2 })
    expect(result.all.outcomeCounts.aborted).toBe(2)
    expect(result.last.nowUs).toBe(6500 * MS)
  })

  it('does not make a shorter gracefulStop longer', async () => {
    const result = await run(name, {
      options: { scenarios: { s: { ...SCENARIOS[name], duration: '2s', gracefulStop: '1s' } } },
      ...stopAt(2500 * MS, 'interrupt'),
      answer: () => ({ afterUs: 20 * SECOND }),
    })
    expect(result.last.nowUs).toBe(3 * SECOND)
    expect(result.result.loadEndUs).toBe(2 * SECOND)
  })

  it('keeps the first reason', async () => {
    const result = await run(name, {
      before: (engine, clock) => {
        clock.schedule(10, () => engine.stop('threshold'), 'exact')
        clock.schedule(20, () => engine.stop('interrupt'), 'exact')
      },
    })
    expect(result.result).toMatchObject({ stopReason: 'threshold', loadEndUs: 10 })
  })

  it('starts nothing when it comes before the scenario does', async () => {
    const result = await run(name, {
      options: { scenarios: { s: { ...SCENARIOS[name], duration: '60s', startTime: '10s' } } },
      ...stopAt(SECOND, 'interrupt'),
    })
    expect(result.last.progress.startedCount).toBe(0)
    expect(result.last.nowUs).toBe(SECOND)
  })

  it('sends exactly as many requests as are allowed', async () => {
    const result = await run(name, { maxRequests: 7, answer: () => ({ afterUs: 400 * MS }) })
    expect(result.seen).toHaveLength(7)
    expect(result.all).toMatchObject({ sentCount: 7, outcomeCounts: { accepted: 7, aborted: 0 } })
    expect(result.result.stopReason).toBe('max-requests')
    const { startedCount, completedCount, interruptedCount } = result.last.progress
    expect(completedCount).toBe(7)
    expect(startedCount).toBe(completedCount + interruptedCount)
    expect(interruptedCount).toBeGreaterThan(0)
  })

  it('ends at once after an error that spoils the numbers', async () => {
    const result = await run(name, {
      script: ({ http, vuId }) => ({
        default: async () => {
          await http.get('http://target/')
          if (vuId === 1) throw new ScriptError({ where: 'script.ts:3', what: 'waits wrongly' })
        },
      }),
      answer: (_request, _nowUs, index) => ({ afterUs: index === 0 ? 1200 * MS : 10 * SECOND }),
    })
    expect(result.result).toMatchObject({
      stopReason: 'script-error',
      fatal: 'script.ts:3: waits wrongly',
      loadEndUs: 1200 * MS,
    })
    expect(result.last.progress).toMatchObject({ interruptedCount: 1, exceptionCount: 0 })
    expect(result.last.nowUs).toBe(1200 * MS)
  })

  it('ends at such an error, too, when the script throws something else after it', async () => {
    const result = await run(name, {
      script: ({ http, sleep }) => ({
        default: () => {
          void http.get('http://target/')
          try {
            void sleep(1)
          } catch {
            throw new TypeError('of the script')
          }
        },
      }),
    })
    expect(result.result.stopReason).toBe('script-error')
    expect(result.result.fatal).toContain('sleep was called while http.get was still waiting')
  })

  it('goes on after an exception of the script', async () => {
    const result = await run(name, {
      options: { scenarios: { s: { ...SCENARIOS[name], duration: '3s' } } },
      script: ({ sleep }) => ({
        default: async () => {
          await sleep(1)
          throw new TypeError('of the script')
        },
      }),
    })
    const { startedCount, completedCount, exceptionCount } = result.last.progress
    expect([completedCount, exceptionCount]).toEqual([startedCount, startedCount])
    expect(result.log).toEqual(Array(startedCount).fill('error: of the script'))
    expect(result.result).toMatchObject({ stopReason: undefined, fatal: undefined })
  })
})

describe('stopping before the load', () => {
  const exports = ['default', 'setup', 'teardown']

  /** What ran, in order; set-up takes 3 s. */
  async function traceOf(
    more: Partial<EngineRunOptions>,
    setupS = 3,
  ): Promise<{ run: EngineRun; trace: string[] }> {
    const trace: string[] = []
    const script: PlainScript = ({ http, sleep }) => ({
      setup: async () => {
        trace.push('setup')
        await sleep(setupS)
        trace.push('set up')
      },
      default: async () => {
        trace.push('iteration')
        await http.get('http://target/')
      },
      teardown: () => {
        trace.push('teardown')
      },
    })
    return { run: await run('constant-vus', { script, exports, ...more }), trace }
  }

  function nothingRan({ result, last, rows }: EngineRun): void {
    expect(result).toMatchObject({ stopReason: 'interrupt', loadEndUs: 0, unmeasuredRequestCount: 0 })
    expect(last).toMatchObject({ nowUs: 0, progress: { startedCount: 0 } })
    expect(rows).toEqual([])
  }

  it('while the VUs load: neither set-up nor teardown run', async () => {
    const { run, trace } = await traceOf({ before: (engine) => engine.stop('interrupt') })
    expect(trace).toEqual([])
    nothingRan(run)
    expect(run.transport.isClosed).toBe(true)
  })

  it('during set-up: it may end within 5 s, teardown clears up after it, no load', async () => {
    const { run, trace } = await traceOf(stopAt(SECOND, 'interrupt'))
    expect(trace).toEqual(['setup', 'set up', 'teardown'])
    nothingRan(run)
  })

  it('during a set-up that takes longer: it is cut short, and teardown has nothing to clear up', async () => {
    const { run, trace } = await traceOf(stopAt(SECOND, 'interrupt'), 30)
    expect(trace).toEqual(['setup'])
    nothingRan(run)
  })

  it('between set-up and load, while files are opened', async () => {
    const { run, trace } = await traceOf({
      onStart: async (engine: Engine) => {
        await new Promise(setImmediate)
        engine.stop('interrupt')
      },
    })
    expect(trace).toEqual(['setup', 'set up', 'teardown'])
    nothingRan(run)
  })

  it('by a broken promise in set-up that nobody awaits', async () => {
    const { run, trace } = await traceOf({
      before: (engine, clock) => {
        const error = new ScriptError({ where: 'script.ts:1', what: 'not awaited' })
        clock.schedule(SECOND, () => engine.promiseFailed(error), 'exact')
      },
    })
    expect(trace).toEqual(['setup'])
    expect(run.result).toMatchObject({ stopReason: 'script-error', fatal: 'script.ts:1: not awaited' })
  })

  it('by the limit of requests in set-up', async () => {
    const { result, seen, last } = await run('constant-vus', {
      script: ({ http }) => ({
        setup: async () => {
          for (let i = 0; i < 3; i++) await http.get('http://target/')
        },
        default: () => http.get('http://target/'),
        teardown: () => http.get('http://target/'),
      }),
      exports,
      maxRequests: 2,
    })
    expect(seen).toHaveLength(2)
    expect(result).toMatchObject({ stopReason: 'max-requests', unmeasuredRequestCount: 2 })
    expect(last.progress.startedCount).toBe(0)
  })
})

describe('stopping in teardown', () => {
  const script: PlainScript = ({ http }) => ({
    default: () => http.get('http://target/'),
    teardown: () => http.get('http://target/'),
  })
  const options = { scenarios: { s: { ...SCENARIOS['constant-vus'], vus: 1, duration: '1s' } } }
  const exports = ['default', 'teardown']

  it('by the limit of requests: it is cut short, and the user is told', async () => {
    const result = await run('constant-vus', { script, exports, maxRequests: 3 })
    expect(result.seen).toHaveLength(3)
    expect(result.result).toMatchObject({ stopReason: 'max-requests', unmeasuredRequestCount: 0 })
    expect(result.log).toEqual([
      'warn: teardown() was cut short: it asked for more requests than may be sent',
    ])
  })

  it('does not end it', async () => {
    const result = await run('constant-vus', {
      script,
      exports,
      options,
      answer: () => ({ afterUs: 400 * MS }),
      ...stopAt(1300 * MS, 'interrupt'),
    })
    expect(result.result).toMatchObject({
      stopReason: 'interrupt',
      loadEndUs: SECOND,
      unmeasuredRequestCount: 1,
    })
  })
})

describe('a promise of the script that fails and that nobody awaits', () => {
  it('is counted as an exception', async () => {
    const result = await run('constant-vus', {
      before: (engine, clock) => {
        clock.schedule(10, () => engine.promiseFailed(new Error('let go')), 'exact')
        clock.schedule(20, () => engine.stop('interrupt'), 'exact')
      },
    })
    expect(result.last.progress.exceptionCount).toBe(1)
    expect(result.log).toEqual(['error: let go'])
  })
})

describe('a VU that cannot be loaded in the middle of the run', () => {
  it('ends it, and its arrival counts as dropped', async () => {
    const result = await run('constant-arrival-rate', {
      options: {
        scenarios: {
          s: { ...SCENARIOS['constant-arrival-rate'], preAllocatedVUs: 1, maxVUs: 9, duration: '60s' },
        },
      },
      answer: () => ({ afterUs: 1500 * MS }),
      script: ({ http, vuId }) => {
        if (vuId === 2) throw new Error('no memory')
        return { default: () => http.get('http://target/') }
      },
    })
    expect(result.result).toMatchObject({ stopReason: 'script-error', fatal: 'no memory', loadEndUs: SECOND })
    expect(result.iterations).toEqual({ dueCount: 2, droppedCount: 1, startedCount: 1 })
    expect(result.last.progress).toMatchObject({ interruptedCount: 1, initializedVus: 0 })
  })
})
