import { describe, expect, it } from 'vitest'
import { runEngine, type EngineRun, type EngineRunOptions } from '../support/engine-run.ts'
import type { PlainScript } from '../support/plain-script.ts'

const MS = 1_000
const SECOND = 1_000_000

const EXECUTORS = {
  'constant-arrival-rate': { executor: 'constant-arrival-rate', rate: 1, preAllocatedVUs: 1 },
  'constant-vus': { executor: 'constant-vus', vus: 1 },
}

type Name = keyof typeof EXECUTORS
const NAMES = Object.keys(EXECUTORS) as Name[]

/** One iteration, begun at 0 in a load of 1 s with 2 s of grace. */
function run(name: Name, script: PlainScript, more: Partial<EngineRunOptions> = {}): Promise<EngineRun> {
  const scenario = { ...EXECUTORS[name], duration: '1s', gracefulStop: '2s' }
  return runEngine({ options: { scenarios: { s: scenario } }, script, ...more })
}

const PROGRESS = { startedCount: 1, completedCount: 0, interruptedCount: 0, exceptionCount: 0 }

describe.each(NAMES)('gracefulStop of %s', (name) => {
  it('counts an iteration that ends within it whole', async () => {
    const result = await run(name, ({ http }) => ({ default: () => http.get('http://target/') }), {
      answer: () => ({ afterUs: 3 * SECOND - 1 }),
    })
    expect(result.last.progress).toMatchObject({ ...PROGRESS, completedCount: 1 })
    expect(result.all).toMatchObject({ sentCount: 1, outcomeCounts: { accepted: 1, aborted: 0 } })
    expect(result.last.nowUs).toBe(3 * SECOND - 1)
  })

  it('interrupts an iteration that does not: its request is aborted once, a late reply changes nothing', async () => {
    let cameBack = false
    const script: PlainScript = ({ http, sleep }) => ({
      default: async () => {
        await http.get('http://target/')
        cameBack = true
      },
      // Long enough for the late reply to come.
      teardown: () => sleep(5),
    })
    const result = await run(name, script, {
      answer: () => ({ afterUs: 4 * SECOND }),
      exports: ['default', 'teardown'],
    })
    expect(result.last.progress).toMatchObject({ ...PROGRESS, interruptedCount: 1 })
    expect(result.last.nowUs).toBe(3 * SECOND)
    expect(result.all).toMatchObject({
      sentCount: 1,
      outcomeCounts: { accepted: 0, aborted: 1 },
      operationsCount: 1,
      operationsFailedCount: 1,
    })
    expect(result.all.responseTimeAccepted.count).toBe(0)
    expect(cameBack).toBe(false)
  })

  it('counts a request that had not left as sent when it was interrupted', async () => {
    const script: PlainScript = ({ http, sleep }) => ({
      default: () => http.get('http://target/'),
      teardown: () => sleep(5),
    })
    const result = await run(name, script, {
      answer: () => ({ sentAfterUs: 3.5 * SECOND, afterUs: 4 * SECOND }),
      exports: ['default', 'teardown'],
    })
    expect(result.all).toMatchObject({ sentCount: 1, outcomeCounts: { aborted: 1 } })
    const sentIn = result.rows.filter(({ name, sentCount }) => name === '_all' && sentCount > 0)
    expect(sentIn.map(({ second }) => second)).toEqual([3])
  })

  it('interrupts a sleep', async () => {
    let cameBack = false
    const script: PlainScript = ({ sleep }) => ({
      default: async () => {
        await sleep(10)
        cameBack = true
      },
      teardown: () => sleep(20),
    })
    const result = await run(name, script, { exports: ['default', 'teardown'] })
    expect(result.last.progress).toMatchObject({ ...PROGRESS, interruptedCount: 1 })
    expect(cameBack).toBe(false)
  })

  it('interrupts what waits for nothing of ours', async () => {
    const result = await run(name, () => ({ default: () => new Promise(() => {}) }))
    expect(result.last.progress).toMatchObject({ ...PROGRESS, interruptedCount: 1 })
    expect(result.last.nowUs).toBe(3 * SECOND)
  })

  it('does not count what an interrupted iteration still does', async () => {
    let release: (() => void) | undefined
    const script: PlainScript = ({ http, check, sleep }) => ({
      default: async () => {
        await new Promise<void>((resolve) => {
          release = resolve
        })
        check(1, { late: false })
        await http.get('http://target/late')
      },
      teardown: async () => {
        release?.()
        await sleep(1)
      },
    })
    const result = await run(name, script, { exports: ['default', 'teardown'] })
    expect(result.last.progress).toMatchObject({ ...PROGRESS, interruptedCount: 1 })
    expect(result.seen).toEqual([])
    expect(result.checks).toEqual([])
    expect(result.log).toEqual([])
  })
})

it('a gracefulStop of 0 interrupts at the end of the load', async () => {
  const scenario = { ...EXECUTORS['constant-vus'], vus: 2, duration: '1s', gracefulStop: '0s' }
  const result = await runEngine({
    options: { scenarios: { s: scenario } },
    script: ({ http }) => ({ default: () => http.get('http://target/') }),
    answer: () => ({ afterUs: 300 * MS }),
  })
  expect(result.last.nowUs).toBe(SECOND)
  expect(result.last.progress).toMatchObject({ startedCount: 8, completedCount: 6, interruptedCount: 2 })
})

it('each scenario has its own', async () => {
  const scenario = { ...EXECUTORS['constant-vus'], duration: '1s' }
  const result = await runEngine({
    options: {
      scenarios: { short: { ...scenario, gracefulStop: '1s' }, long: { ...scenario, gracefulStop: '5s' } },
    },
    script: ({ sleep }) => ({ default: () => sleep(4) }),
  })
  expect(result.last.progress).toMatchObject({ completedCount: 1, interruptedCount: 1 })
  expect(result.last.nowUs).toBe(4 * SECOND)
})
