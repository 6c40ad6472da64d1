import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runEngine, type EngineRun, type EngineRunOptions } from '../support/engine-run.ts'
import type { PlainScript } from '../support/plain-script.ts'

const MS = 1_000
const SECOND = 1_000_000

const askOnce: PlainScript = ({ http }) => ({ default: () => http.get('http://target/rank') })

type Scenario = Readonly<Record<string, unknown>>

const RATE: Scenario = { executor: 'constant-arrival-rate', rate: 4, duration: '2s', preAllocatedVUs: 1 }

function run(changes: Scenario, more: Partial<EngineRunOptions> = {}): Promise<EngineRun> {
  return runEngine({ options: { scenarios: { s: { ...RATE, ...changes } } }, script: askOnce, ...more })
}

function ramp(startRate: number, stages: readonly Scenario[]): Promise<EngineRun> {
  const scenario = { executor: 'ramping-arrival-rate', preAllocatedVUs: 1, startRate, stages }
  return runEngine({ options: { scenarios: { s: scenario } }, script: askOnce })
}

function askedAt({ seen }: EngineRun): number[] {
  return seen.map(({ atUs }) => atUs)
}

describe('constant-arrival-rate', () => {
  it('starts every arrival at its due time', async () => {
    const result = await run({})
    expect(askedAt(result)).toEqual([0, 250, 500, 750, 1000, 1250, 1500, 1750].map((ms) => ms * MS))
    expect(result.all.scheduleDelay).toMatchObject({ count: 8, maxUs: 0 })
    expect(result.iterations).toEqual({ dueCount: 8, droppedCount: 0, startedCount: 8 })
    expect(result.last.progress).toMatchObject({ startedCount: 8, completedCount: 8, interruptedCount: 0 })
    expect(result.result).toEqual({
      stopReason: undefined,
      loadEndUs: 2 * SECOND,
      fatal: undefined,
      isMarkedFailed: false,
      unmeasuredRequestCount: 0,
    })
  })

  it('rounds due times down to whole µs and does not drift', async () => {
    const result = await run({ rate: 3, duration: '2s' })
    expect(askedAt(result)).toEqual([0, 333_333, 666_666, 1_000_000, 1_333_333, 1_666_666])
  })

  it('begins at startTime', async () => {
    const result = await run({ rate: 2, duration: '1s', startTime: '3s' })
    expect(askedAt(result)).toEqual([3 * SECOND, 3.5 * SECOND])
    expect(result.result.loadEndUs).toBe(4 * SECOND)
  })

  it('drops arrivals that find every VU busy', async () => {
    // The one VU is busy for 600 ms: of the arrivals at 0, 250, 500, 750, … those at 250 and 500 find it so.
    const result = await run({}, { answer: () => ({ afterUs: 600 * MS }) })
    expect(askedAt(result)).toEqual([0, 750 * MS, 1500 * MS])
    expect(result.iterations).toEqual({ dueCount: 8, droppedCount: 5, startedCount: 3 })
    expect(result.last.progress.initializedVus).toBe(1)
  })

  it('finds a VU free at the very moment its iteration ends, not a microsecond before', async () => {
    const onTime = await run({ rate: 2 }, { answer: () => ({ afterUs: 500 * MS }) })
    expect(onTime.iterations.droppedCount).toBe(0)
    const late = await run({ rate: 2 }, { answer: () => ({ afterUs: 500 * MS + 1 }) })
    expect(askedAt(late)).toEqual([0, 1000 * MS])
  })

  it('makes VUs on demand up to maxVUs, and then drops', async () => {
    const loaded: number[] = []
    const result = await run(
      { rate: 10, duration: '1s', preAllocatedVUs: 2, maxVUs: 4 },
      {
        answer: () => ({ afterUs: 850 * MS }),
        script: (kit) => {
          loaded.push(kit.vuId)
          return askOnce(kit)
        },
      },
    )
    expect(loaded).toEqual([1, 2, 3, 4])
    // Busy until 850, 950, … ms: the arrivals from 400 to 800 ms find nobody, the one at 900 ms finds the first.
    expect(askedAt(result)).toEqual([0, 100, 200, 300, 900].map((ms) => ms * MS))
    expect(result.iterations).toEqual({ dueCount: 10, droppedCount: 5, startedCount: 5 })
    expect(result.last.progress).toMatchObject({ initializedVus: 4, activeVus: 0 })
  })

  it('does not take the time to load a VU for time that passes', async () => {
    const result = await run(
      { rate: 10, duration: '1s', preAllocatedVUs: 1, maxVUs: 10 },
      {
        answer: () => ({ afterUs: 2000 * MS }),
        script: async ({ http }) => {
          for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate)
          return { default: () => http.get('http://target/') }
        },
      },
    )
    expect(askedAt(result)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => n * 100 * MS))
    expect(result.all.scheduleDelay).toMatchObject({ count: 10, maxUs: 0 })
  })

  it('uses the VU that was free last', async () => {
    const used: number[] = []
    await run(
      { rate: 10, duration: '1s', preAllocatedVUs: 5 },
      {
        // The first iteration takes longer than the interval, the others do not.
        answer: (_request, _nowUs, index) => ({ afterUs: index === 0 ? 250 * MS : 10 * MS }),
        script: ({ http, vuId }) => ({
          default: () => {
            used.push(vuId)
            return http.get('http://target/')
          },
        }),
      },
    )
    expect(used).toEqual([1, 2, 2, 1, 1, 1, 1, 1, 1, 1])
  })

  it('gives each VU an iteration count of its own', async () => {
    const seen: string[] = []
    await run(
      { preAllocatedVUs: 2 },
      {
        answer: () => ({ afterUs: 300 * MS }),
        script: ({ http, vuId, iteration }) => ({
          default: () => {
            seen.push(`${vuId}/${iteration()}`)
            return http.get('http://target/')
          },
        }),
      },
    )
    expect(seen).toEqual(['1/0', '2/0', '1/1', '2/1', '1/2', '2/2', '1/3', '2/3'])
  })
})

describe('ramping-arrival-rate', () => {
  it('follows the integral of the rate', async () => {
    // 0 → 4 per second in 2 s: t² arrivals after t seconds, so number n is due at √n.
    const result = await ramp(0, [{ duration: '2s', target: 4 }])
    expect(askedAt(result)).toEqual([0, 1_000_000, 1_414_213, 1_732_050])
    expect(result.all.scheduleDelay).toMatchObject({ count: 4, maxUs: 0 })
  })

  it('chains stages, and sends nothing at rate 0', async () => {
    const result = await ramp(2, [
      { duration: '1s', target: 2 },
      { duration: '0s', target: 0 },
      { duration: '5s', target: 0 },
      { duration: '0s', target: 2 },
      { duration: '1s', target: 2 },
    ])
    expect(askedAt(result)).toEqual([0, 500 * MS, 6000 * MS, 6500 * MS])
    expect(result.result.loadEndUs).toBe(7 * SECOND)
  })
})

describe('poisson arrivals', () => {
  it('are the same for the same seed, and not evenly spread', async () => {
    const options = {
      scenarios: { s: { ...RATE, rate: 50, duration: '4s', preAllocatedVUs: 20 } },
      ext: { headroom: { arrival: { s: 'poisson' } } },
    }
    const [first, second] = [
      await runEngine({ options, script: askOnce }),
      await runEngine({ options, script: askOnce }),
    ]
    expect(askedAt(first)).toEqual(askedAt(second))
    const gaps = new Set(askedAt(first).map((atUs, index, all) => atUs - (all[index - 1] ?? 0)))
    expect(gaps.size).toBeGreaterThan(100)
  })
})

describe('several scenarios', () => {
  it('run side by side, each with its VUs, its function, its env and its tags', async () => {
    const options = {
      scenarios: {
        ranks: { ...RATE, rate: 2, exec: 'rank', env: { WHO: 'first' } },
        rewards: { ...RATE, rate: 1, startTime: '500ms', exec: 'reward', tags: { kind: 'late' } },
      },
    }
    const exports = ['rank', 'reward']
    const seen: string[] = []
    const selectors = [
      { metric: 'http_reqs', tags: [['scenario', 'ranks']] },
      { metric: 'http_reqs', tags: [['kind', 'late']] },
      { metric: 'iterations', tags: [['scenario', 'rewards']] },
    ] as const
    const script: PlainScript = ({ http, vuId, env }) => ({
      rank: () => {
        seen.push(`${vuId} ${env['WHO']} ${env['TARGET']}`)
        return http.get('http://target/rank')
      },
      reward: () => {
        seen.push(`${vuId} ${env['WHO']} ${env['TARGET']}`)
        return http.get('http://target/reward')
      },
    })
    const result = await runEngine({ options, exports, script, selectors })
    expect(seen).toEqual([
      '1 first http://target',
      '2 undefined http://target',
      '1 first http://target',
      '1 first http://target',
      '2 undefined http://target',
      '1 first http://target',
    ])
    expect(askedAt(result)).toEqual([0, 500, 500, 1000, 1500, 1500].map((ms) => ms * MS))
    const count = (selector: (typeof selectors)[number]): number | undefined =>
      result.metrics.observe(selector, { method: 'count', percent: undefined }, SECOND)
    expect(selectors.map(count)).toEqual([4, 2, 2])
  })

  it('share connections by client process, or have one set for each VU', async () => {
    const groups = async (headroom: object): Promise<number[]> => {
      const scenario = { ...RATE, rate: 5, duration: '1s', preAllocatedVUs: 5 }
      const result = await runEngine({
        options: { scenarios: { s: scenario }, ext: { headroom } },
        script: askOnce,
        answer: () => ({ afterUs: SECOND }),
      })
      return result.seen.map(({ request }) => request.group)
    }
    expect(await groups({})).toEqual([0, 0, 0, 0, 0])
    expect(await groups({ clients: 2 })).toEqual([0, 1, 0, 1, 0])
    expect(await groups({ connections: 'per-vu' })).toEqual([1, 2, 3, 4, 5])
  })
})

describe('the open model', () => {
  it('does not slow down with the target: a stall shows in response times', async () => {
    const STALL_FROM = 10 * SECOND
    const STALL_TO = 11 * SECOND
    const result = await run(
      { rate: 100, duration: '20s', preAllocatedVUs: 20, maxVUs: 60 },
      {
        // 5 ms a reply, but nothing leaves the server between 10 s and 11 s.
        answer: (_request, nowUs) => {
          const endUs = nowUs + 5 * MS
          const stalled = endUs > STALL_FROM && endUs < STALL_TO
          return { afterUs: (stalled ? STALL_TO : endUs) - nowUs }
        },
      },
    )
    const { all, iterations } = result
    expect(iterations.dueCount).toBe(2_000)
    // 100 arrivals fall into the stall, 60 VUs can wait in it.
    expect(iterations.droppedCount).toBe(40)
    expect(all.sentCount + iterations.droppedCount).toBe(2_000)
    // Quantiles are upper bounds of buckets, 0.1 % wide.
    expect(all.responseTimeAccepted.p50Us).toBe(5_003)
    expect(all.responseTimeAccepted.p99Us).toBeGreaterThan(500 * MS)
    expect(all.responseTimeAccepted.maxUs).toBe(SECOND)
    const after = result.rows.filter(({ name, second }) => name === '_all' && second >= 11 && second < 20)
    expect(after.map(({ responseTimeAccepted }) => responseTimeAccepted.maxUs)).toEqual(Array(9).fill(5 * MS))
    expect(after.map(({ sentCount }) => sentCount)).toEqual(Array(9).fill(100))
  })

  const plans = fc.record({
    rate: fc.integer({ min: 1, max: 60 }),
    durationMs: fc.integer({ min: 1_000, max: 4_000 }),
    preAllocatedVUs: fc.integer({ min: 1, max: 5 }),
    moreVUs: fc.nat({ max: 10 }),
    gracefulStopMs: fc.nat({ max: 1_500 }),
    arrival: fc.constantFrom('even', 'poisson'),
    servicesMs: fc.array(fc.nat({ max: 2_500 }), { minLength: 1, maxLength: 20 }),
  })

  it('sends every planned arrival or counts it as dropped', async () => {
    await fc.assert(
      fc.asyncProperty(
        plans,
        async ({ durationMs, moreVUs, gracefulStopMs, servicesMs, arrival, ...plan }) => {
          const scenario = {
            ...plan,
            executor: 'constant-arrival-rate',
            duration: durationMs,
            maxVUs: plan.preAllocatedVUs + moreVUs,
            gracefulStop: gracefulStopMs,
          }
          const result = await runEngine({
            options: { scenarios: { s: scenario }, ext: { headroom: { arrival: { s: arrival } } } },
            script: askOnce,
            answer: (_request, _nowUs, index) => ({
              afterUs: (servicesMs[index % servicesMs.length] ?? 0) * MS,
            }),
          })
          const { iterations, all, last, seen } = result
          const evenCount = Math.ceil((plan.rate * durationMs) / 1_000)
          expect(iterations.dueCount).toBe(
            arrival === 'even' ? evenCount : seen.length + iterations.droppedCount,
          )
          expect(iterations.startedCount + iterations.droppedCount).toBe(iterations.dueCount)
          expect(all.sentCount).toBe(iterations.startedCount)
          expect(all.offeredCount).toBe(all.sentCount)
          expect(last.progress.completedCount + last.progress.interruptedCount).toBe(all.sentCount)
          expect(all.outcomeCounts.aborted).toBe(last.progress.interruptedCount)
          expect(all.outcomeCounts.accepted).toBe(last.progress.completedCount)
          expect(all.scheduleDelay?.maxUs ?? 0).toBe(0)
          expect(last.nowUs).toBeLessThanOrEqual((durationMs + gracefulStopMs) * MS)
        },
      ),
      { numRuns: 60 },
    )
  })
})
