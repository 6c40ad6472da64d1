import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type CapacityConfig, WorkerPool } from '../../mock-server/capacity.ts'
import { Rng } from '../../src/core/rng.ts'

interface Job {
  readonly atUs: number
  readonly serviceUs: number
}

/** When each job is done; `undefined`: there was no room. */
type Ends = readonly (number | undefined)[]

function analytic(config: CapacityConfig, jobs: readonly Job[]): Ends {
  const pool = new WorkerPool(config)
  return jobs.map(({ atUs, serviceUs }) =>
    pool.waitUs(atUs) > 0 ? undefined : pool.serve(atUs, atUs, serviceUs),
  )
}

/** The same, one microsecond after the other: free the workers, give them what waits, let in what comes. */
function stepwise({ workers, backlog = Infinity }: CapacityConfig, jobs: readonly Job[]): Ends {
  const ends: (number | undefined)[] = jobs.map(() => undefined)
  const busyUntilUs: number[] = []
  const waiting: number[] = []
  const lastUs = jobs.reduce((sum, job) => sum + job.serviceUs, jobs.at(-1)?.atUs ?? 0)
  const start = (index: number, nowUs: number): void => {
    const endUs = nowUs + jobs[index]!.serviceUs
    ends[index] = endUs
    busyUntilUs.push(endUs)
  }
  const freeWorkers = (nowUs: number): number => workers - busyUntilUs.filter((endUs) => endUs > nowUs).length
  for (let nowUs = 0; nowUs <= lastUs; nowUs++) {
    while (waiting.length > 0 && freeWorkers(nowUs) > 0) start(waiting.shift()!, nowUs)
    for (const [index, job] of jobs.entries()) {
      if (job.atUs !== nowUs) continue
      if (freeWorkers(nowUs) > 0) start(index, nowUs)
      else if (waiting.length < backlog) waiting.push(index)
    }
  }
  return ends
}

test('two workers and a backlog of one, instant by instant', () => {
  const pool = new WorkerPool({ workers: 2, backlog: 1 })
  const table: readonly (readonly [
    atUs: number,
    serviceUs: number,
    expected: number | { waitUs: number },
  ])[] = [
    [0, 100, 100],
    [10, 200, 210],
    // Waits for the first worker.
    [20, 50, 150],
    // Until the one that waits starts.
    [30, 50, { waitUs: 70 }],
    [99, 50, { waitUs: 1 }],
    // The first worker is free at 100, and has the waiting one; now there is room to wait until 150.
    [100, 10, 160],
    [149, 10, { waitUs: 1 }],
    [210, 5, 215],
  ]
  for (const [atUs, serviceUs, expected] of table) {
    const waitUs = pool.waitUs(atUs)
    expect(waitUs > 0 ? { waitUs } : pool.serve(atUs, atUs, serviceUs)).toEqual(expected)
  }
})

test('without a backlog what finds no worker has to come again when the first is free', () => {
  const pool = new WorkerPool({ workers: 1, backlog: 0 })
  pool.serve(0, 0, 100)
  expect([pool.waitUs(0), pool.waitUs(40), pool.waitUs(99), pool.waitUs(100)]).toEqual([100, 60, 1, 0])
})

test('a request that is held back on its way starts when it is there', () => {
  const pool = new WorkerPool({ workers: 1 })
  expect(pool.serve(0, 50, 10)).toBe(60)
  expect(pool.serve(0, 50, 10)).toBe(70)
  expect(pool.serve(20, 100, 10)).toBe(110)
})

test('says who is busy and who waits', () => {
  const pool = new WorkerPool({ workers: 2, backlog: 5 })
  for (let i = 0; i < 4; i++) pool.serve(0, 0, 100)
  expect(pool.state(99)).toEqual({ workers: 2, backlog: 5, busyCount: 2, backlogCount: 2 })
  expect(pool.state(100)).toEqual({ workers: 2, backlog: 5, busyCount: 2, backlogCount: 0 })
  expect(pool.state(200)).toEqual({ workers: 2, backlog: 5, busyCount: 0, backlogCount: 0 })
  expect(new WorkerPool({ workers: 2 }).state(0).backlog).toBeNull()
})

test('is what a simulation in steps of a microsecond says', () => {
  const job = fc.record({ gapUs: fc.nat(12), serviceUs: fc.nat(30) })
  const config = fc.record(
    { workers: fc.integer({ min: 1, max: 4 }), backlog: fc.nat(4) },
    { requiredKeys: ['workers'] },
  )
  fc.assert(
    fc.property(fc.array(job, { maxLength: 25 }), config, (gaps, capacity) => {
      let atUs = 0
      const jobs = gaps.map(({ gapUs, serviceUs }) => ({ atUs: (atUs += gapUs), serviceUs }))
      expect(analytic(capacity, jobs)).toEqual(stepwise(capacity, jobs))
    }),
    { numRuns: 300 },
  )
})

describe('Poisson arrivals and exponential service', () => {
  /** Erlang's C: the probability of having to wait at `load` Erlang before `workers` workers. */
  function erlangC(workers: number, load: number): number {
    let term = 1
    let sum = 1
    for (let k = 1; k < workers; k++) {
      term *= load / k
      sum += term
    }
    const last = ((term * load) / workers) * (workers / (workers - load))
    return last / (sum + last)
  }

  test.each([
    [1, 0.5],
    [4, 0.8],
    [20, 0.8],
  ])(
    '%d workers at a utilisation of %d keep waiting as many, and as long, as Erlang-C says',
    (workers, utilisation) => {
      const rng = new Rng(`erlang ${workers}`)
      const pool = new WorkerPool({ workers })
      const meanServiceUs = 100_000
      const meanGapUs = meanServiceUs / (workers * utilisation)
      const count = 400_000
      let exactUs = 0
      let waitedCount = 0
      let waitSumUs = 0
      for (let i = 0; i < count; i++) {
        exactUs += rng.exponential() * meanGapUs
        const atUs = Math.floor(exactUs)
        const serviceUs = Math.round(rng.exponential() * meanServiceUs)
        const waitUs = pool.serve(atUs, atUs, serviceUs) - atUs - serviceUs
        if (waitUs > 0) waitedCount++
        waitSumUs += waitUs
      }
      const expected = erlangC(workers, workers * utilisation)
      expect(Math.abs(waitedCount / count - expected)).toBeLessThan(0.02)
      const expectedWaitUs = (expected * meanServiceUs) / (workers * (1 - utilisation))
      expect(Math.abs(waitSumUs / count / expectedWaitUs - 1)).toBeLessThan(0.08)
    },
  )
})
