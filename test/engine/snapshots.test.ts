import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OUTCOMES } from '../../src/measure/outcome.ts'
import type { SecondRow } from '../../src/measure/summary.ts'
import { observe, runEngine } from '../support/engine-run.ts'
import type { PlainScript } from '../support/plain-script.ts'

const MS = 1_000
const SECOND = 1_000_000

const rate = (ratePerS: number, duration: string): object => ({
  scenarios: {
    s: { executor: 'constant-arrival-rate', rate: ratePerS, duration, preAllocatedVUs: 5, maxVUs: 50 },
  },
})

const askOnce: PlainScript = ({ http }) => ({ default: () => http.get('http://target/') })

describe('snapshots', () => {
  it('are posted every second and at the end', async () => {
    const result = await runEngine({
      options: { ...rate(2, '3500ms') },
      script: askOnce,
      answer: () => ({ afterUs: 700 * MS }),
    })
    expect(result.snapshots.map(({ nowUs }) => nowUs)).toEqual([
      SECOND,
      2 * SECOND,
      3 * SECOND,
      3500 * MS + 200 * MS,
    ])
    expect(result.snapshots.map(({ progress }) => progress.activeVus)).toEqual([1, 1, 1, 0])
    expect(result.snapshots.map(({ progress }) => progress.startedCount)).toEqual([2, 4, 6, 7])
    expect(result.last.recorder.open).toEqual([])
    expect(result.last.loopUtilizationRatio).toBeUndefined()
  })

  it('count everything once, whenever their steps are taken', async () => {
    const run = {
      options: { ...rate(20, '3500ms') },
      script: askOnce,
      answer: () => ({ afterUs: 70 * MS }),
    }
    const atOnce = await runEngine(run)
    const late = await runEngine({ ...run, takesLate: true })
    expect(late.snapshots.map(({ nowUs }) => nowUs)).toEqual(atOnce.snapshots.map(({ nowUs }) => nowUs))
    expect(late.rows).toEqual(atOnce.rows)
    expect(late.figures).toEqual(atOnce.figures)
    expect(observe(late, 'http_reqs')).toBe(70)
    expect(late.metrics.summaries(late.last.nowUs)).toEqual(atOnce.metrics.summaries(atOnce.last.nowUs))
  })

  it('give out a second once it is over and all that belongs to it has ended', async () => {
    const result = await runEngine({
      options: { ...rate(1, '4900ms') },
      script: askOnce,
      answer: (_request, _nowUs, index) => ({ afterUs: index === 1 ? 3500 * MS : 10 * MS }),
    })
    const closed = result.snapshots.map(({ recorder }) => recorder.closed.map(({ second }) => second))
    // Second 0 waits for what may come late; second 1 has a request under way until 4.5 s.
    expect(closed).toEqual([[], [0], [], [], [1, 2, 3, 4]])
  })

  it('keep a second until its iteration has asked for its first request', async () => {
    let release: (() => void) | undefined
    const result = await runEngine({
      options: { ...rate(1, '1s') },
      script: ({ http }) => ({
        default: async () => {
          await new Promise<void>((resolve) => {
            release = resolve
          })
          await http.get('http://target/')
        },
      }),
      before: (_engine, clock) => {
        clock.schedule(3200 * MS, () => release?.(), 'exact')
      },
    })
    const rows = result.rows.filter(({ name }) => name === '_all')
    expect(rows.map(({ offeredCount }) => offeredCount)).toEqual([1, 0, 0, 0])
    expect(rows.map(({ sentCount }) => sentCount)).toEqual([0, 0, 0, 1])
    expect(result.all.responseTimeAccepted.maxUs).toBe(3210 * MS)
  })

  it('hold the clock until they were taken in', async () => {
    const times: number[][] = []
    await runEngine({
      options: { ...rate(100, '2500ms') },
      script: askOnce,
      onPost: async (_snapshot, clock) => {
        const beforeUs = clock.nowUs()
        for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate)
        times.push([beforeUs, clock.nowUs()])
      },
    })
    expect(times).toEqual([
      [SECOND, SECOND],
      [2 * SECOND, 2 * SECOND],
      [2500 * MS, 2500 * MS],
    ])
  })

  it('tell how many VUs there are', async () => {
    const result = await runEngine({
      options: { ...rate(10, '2s') },
      script: askOnce,
      answer: () => ({ afterUs: 950 * MS }),
    })
    expect(result.snapshots.map(({ progress }) => progress.initializedVus)).toEqual([10, 10, 10])
    expect(observe(result, 'vus_max', 'value')).toBe(10)
    // The last sample is of the load, as in k6: at the end none is active.
    expect(observe(result, 'vus', 'value')).toBe(9)
    expect(result.last.progress.activeVus).toBe(0)
  })

  const runs = fc.record({
    ratePerS: fc.integer({ min: 1, max: 40 }),
    seconds: fc.integer({ min: 1, max: 4 }),
    servicesMs: fc.array(fc.nat({ max: 3_000 }), { minLength: 1, maxLength: 9 }),
    statuses: fc.array(fc.constantFrom(200, 404, 429, 503), { minLength: 1, maxLength: 5 }),
    sleepMs: fc.nat({ max: 1_500 }),
  })

  it('add up to the final totals', async () => {
    const sum = (rows: readonly SecondRow[], count: (row: SecondRow) => number): number =>
      rows.reduce((total, row) => total + count(row), 0)
    await fc.assert(
      fc.asyncProperty(runs, async ({ ratePerS, seconds, servicesMs, statuses, sleepMs }) => {
        const result = await runEngine({
          options: { ...rate(ratePerS, `${seconds}s`) },
          script: ({ http, sleep }) => ({
            default: async () => {
              await http.get('http://target/a')
              await sleep(sleepMs / 1_000)
              await http.get('http://target/b')
            },
          }),
          answer: (_request, _nowUs, index) => ({
            afterUs: (servicesMs[index % servicesMs.length] ?? 0) * MS,
            status: statuses[index % statuses.length] ?? 200,
          }),
        })
        const { figures, rows, iterations, seen } = result
        for (const summary of figures.names) {
          const own = rows.filter(({ name }) => name === summary.name)
          expect(sum(own, (row) => row.offeredCount)).toBe(summary.offeredCount)
          expect(sum(own, (row) => row.sentCount)).toBe(summary.sentCount)
          for (const outcome of OUTCOMES) {
            expect(sum(own, (row) => row.outcomeCounts[outcome])).toBe(summary.outcomeCounts[outcome])
          }
        }
        expect(result.all.sentCount).toBe(seen.length)
        expect(observe(result, 'http_reqs')).toBe(seen.length)
        const everyRow = rows.filter(({ name }) => name === '_all')
        expect(sum(everyRow, (row) => row.iterationsDueCount ?? 0)).toBe(iterations.dueCount)
        expect(everyRow.map(({ second }) => second)).toEqual(everyRow.map((_row, index) => index))
      }),
      { numRuns: 40 },
    )
  })
})

it('the same seed gives the same snapshots', async () => {
  const once = async (): Promise<unknown> => {
    const options = { ...rate(30, '3s'), ext: { headroom: { arrival: { s: 'poisson' } } } }
    return (await runEngine({ options, script: askOnce })).snapshots
  }
  expect(await once()).toEqual(await once())
})
