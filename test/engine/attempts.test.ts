import { describe, expect, it } from 'vitest'
import type { HttpModule } from '../../src/script/modules/http/module.ts'
import type { Answer, Reply } from '../support/fake-transport.ts'
import { observe, runEngine, summaryOf, type EngineRun } from '../support/engine-run.ts'

const MS = 1_000
const URL = 'http://target/rank'

type Script = (http: HttpModule, sleep: (seconds: number) => Promise<void>) => Promise<unknown>

/** One iteration; each reply takes 10 ms. */
function run(
  script: Script,
  statuses: readonly number[] = [],
  more: Answer = () => ({}),
): Promise<EngineRun> {
  const answer: Answer = (request, nowUs, index): Reply => ({
    status: statuses[index] ?? 200,
    ...more(request, nowUs, index),
  })
  return runEngine({
    options: {
      scenarios: { s: { executor: 'constant-arrival-rate', rate: 1, duration: '1s', preAllocatedVUs: 1 } },
    },
    script: ({ http, sleep }) => ({ default: () => script(http, sleep) }),
    answer,
    selectors: ['operation_duration', 'operations_failed'].map((metric) => ({ metric, tags: [] })),
  })
}

function attempt(http: HttpModule, number: unknown, operation?: string): Promise<unknown> {
  const tags = { name: 'rank', attempt: number, ...(operation === undefined ? {} : { operation }) }
  return http.get(URL, { tags })
}

interface Figures {
  readonly offered: number
  readonly retries: number
  readonly sent: number
  readonly operations: number
  readonly failed: number
  /** Of all operations, in ms. */
  readonly longest: number | undefined
}

function figuresOf(result: EngineRun): Figures {
  const { offeredCount, retryCount, sentCount, operationsCount, operationsFailedCount } = result.all
  expect(sentCount).toBe(offeredCount + retryCount)
  expect(observe(result, 'http_req_retries') ?? 0).toBe(retryCount)
  expect(observe(result, 'operations_failed', 'rate')).toBe(operationsFailedCount / operationsCount)
  return {
    offered: offeredCount,
    retries: retryCount,
    sent: sentCount,
    operations: operationsCount,
    failed: operationsFailedCount,
    longest: observe(result, 'operation_duration', 'max'),
  }
}

describe('the tag attempt', () => {
  it('makes retries of what is not the first, and one operation of all', async () => {
    const result = await run(
      async (http, sleep) => {
        await attempt(http, 1)
        await sleep(0.1)
        await attempt(http, 2)
        await sleep(0.2)
        await attempt(http, 3)
      },
      [429, 503, 200],
    )
    expect(figuresOf(result)).toEqual({
      offered: 1,
      retries: 2,
      sent: 3,
      operations: 1,
      failed: 0,
      longest: 10 + 100 + 10 + 200 + 10,
    })
    expect(result.all.operationDuration.maxUs).toBe(330 * MS)
    expect(summaryOf(result, 'rank').outcomeCounts).toMatchObject({
      accepted: 1,
      throttled: 1,
      server_error: 1,
    })
  })

  it('of the last attempt tells what became of the operation', async () => {
    const result = await run(
      async (http, sleep) => {
        await attempt(http, 1)
        await sleep(0.1)
        await attempt(http, 2)
      },
      [429, 429],
    )
    expect(figuresOf(result)).toMatchObject({ operations: 1, failed: 1, longest: 120 })
  })

  it('that begins anew ends the operation before', async () => {
    const result = await run(
      async (http) => {
        for (const number of [1, 2, 1, 1, 2, 3]) await attempt(http, number)
      },
      [429, 429, 200, 500, 500, 200],
    )
    expect(figuresOf(result)).toMatchObject({ offered: 3, retries: 3, operations: 3, failed: 1, longest: 30 })
  })

  it('keeps operations apart that are tried side by side', async () => {
    const retrying = async (http: HttpModule, operation: string): Promise<void> => {
      for (const number of [1, 2])
        await http.asyncRequest('GET', URL, null, { tags: { attempt: number, operation } })
    }
    const result = await run(
      (http) => Promise.all(['a', 'b', 'c'].map((operation) => retrying(http, operation))),
      [429, 429, 200, 200, 200, 429],
    )
    expect(figuresOf(result)).toMatchObject({ offered: 3, retries: 3, operations: 4, failed: 1 })
  })

  it('holds an operation together whose attempts have other names', async () => {
    const result = await run(
      async (http) => {
        await http.get(URL, { tags: { name: 'east', attempt: 1, operation: 'rank' } })
        await http.get(URL, { tags: { name: 'west', attempt: 2, operation: 'rank' } })
      },
      [429, 200],
    )
    expect(figuresOf(result)).toMatchObject({ operations: 1, failed: 0, longest: 20 })
    expect(summaryOf(result, 'west').operationsCount).toBe(1)
    expect(summaryOf(result, 'east').operationsCount).toBe(0)
  })

  it('counts an operation that is cut off as failed, without a duration', async () => {
    const result = await run(
      async (http) => {
        await attempt(http, 1)
        await attempt(http, 2)
      },
      [429],
      (_request, _nowUs, index) => (index === 1 ? { afterUs: 50_000_000 } : {}),
    )
    expect(result.all.outcomeCounts).toMatchObject({ throttled: 1, aborted: 1 })
    expect(result.all).toMatchObject({ operationsCount: 1, operationsFailedCount: 1, retryCount: 1 })
    expect(observe(result, 'operation_duration', 'max')).toBeUndefined()
  })

  it.each(['0', '-1', '1.5', 'two', '', '1e3'])(
    '%j counts as a first attempt, and is warned about once',
    async (tag) => {
      const result = await run(async (http) => {
        await attempt(http, tag)
        await attempt(http, tag)
      })
      expect(figuresOf(result)).toMatchObject({ offered: 2, retries: 0, operations: 2 })
      expect(result.log).toEqual([expect.stringContaining('tag attempt that is no whole number from 1')])
    },
  )

  it('that is missing makes every request an operation of its own', async () => {
    const result = await run((http) => http.batch([URL, URL]), [429, 200])
    expect(figuresOf(result)).toEqual({
      offered: 2,
      retries: 0,
      sent: 2,
      operations: 2,
      failed: 1,
      longest: 10,
    })
  })
})

describe('requests that the script does not wait for at once', () => {
  it('have the group and the tags in which they were asked', async () => {
    const selectors = [{ metric: 'http_reqs', tags: [['group', '::inner'] as const] }]
    const result = await runEngine({
      options: { iterations: 1 },
      script: ({ http, group }) => ({
        default: async () => {
          let pending: Promise<unknown> = Promise.resolve()
          await group('inner', () => {
            pending = http.asyncRequest('GET', URL)
          })
          await pending
        },
      }),
      selectors,
    })
    expect(observe(result, 'http_reqs', 'count', selectors[0]?.tags)).toBe(1)
  })

  it('belong to the iteration, which lasts until they have ended', async () => {
    const result = await runEngine({
      options: { iterations: 2 },
      script: ({ http }) => ({
        default: () => {
          void http.asyncRequest('GET', URL)
        },
      }),
    })
    expect(result.seen.map(({ atUs }) => atUs)).toEqual([0, 10 * MS])
    expect(result.all.outcomeCounts).toMatchObject({ accepted: 2, aborted: 0 })
  })

  it('are aborted with it', async () => {
    const result = await runEngine({
      options: { scenarios: { s: { executor: 'constant-vus', vus: 1, duration: '1s', gracefulStop: '0s' } } },
      script: ({ http }) => ({
        default: async () => {
          void http.asyncRequest('GET', URL)
          void http.asyncRequest('GET', URL)
          await http.batch([URL, URL])
        },
      }),
      answer: () => ({ afterUs: 5_000_000 }),
    })
    expect(result.all.outcomeCounts).toMatchObject({ accepted: 0, aborted: 4 })
  })

  it('go on while the script waits for another, but what follows them does not', async () => {
    const trace: string[] = []
    const result = await runEngine({
      options: { iterations: 1 },
      script: ({ http, sleep }) => ({
        default: async () => {
          const follow = async (): Promise<void> => {
            await http.asyncRequest('GET', URL)
            trace.push('follows')
            await http.get(`${URL}/2`)
            trace.push('followed')
          }
          const pending = follow()
          await sleep(1)
          trace.push('slept')
          await sleep(1)
          trace.push('slept again')
          await pending
        },
      }),
    })
    expect(trace).toEqual(['slept', 'slept again', 'follows', 'followed'])
    expect(result.result.fatal).toBeUndefined()
    expect(result.seen.map(({ atUs }) => atUs)).toEqual([0, 2_000 * MS])
  })
})
