import { describe, expect, it } from 'vitest'
import { runSeconds } from '../../../src/commands/compare/run-seconds.ts'
import type { LatencyInterval } from '../../../src/run-files/latency-reader.ts'
import type { RunSeconds } from '../../../src/stats/compare-seconds.ts'
import { IDENTITY } from '../../support/identity-fixture.ts'
import type { NameSummary } from '../../../src/measure/summary.ts'
import { IDLE_NAME, outcomeCounts, SUMMARY } from '../../support/summary-fixture.ts'

/** A run with as many seconds after a warm-up of 5 s as each column has values. */
interface Source {
  readonly durationS: number
  readonly columns: Readonly<Record<string, readonly number[]>>
  readonly intervals?: readonly LatencyInterval[]
  /** What summary.csv has that the seconds do not add up to. */
  readonly summary?: Partial<NameSummary>
  /** Of which figures are wanted; there are no seconds of any but `_all`. */
  readonly names?: readonly string[]
}

const WARMUP_S = 5

async function read(source: Source): Promise<RunSeconds> {
  const { run, notes } = await readWithNotes(source)
  expect(notes).toEqual([])
  return run
}

function readWithNotes({
  durationS,
  columns,
  intervals = [],
  summary = {},
  names = ['_all'],
}: Source): ReturnType<typeof runSeconds> {
  const series = Object.values(columns)
  const zeros = series[0]?.map(() => 0) ?? []
  const totalOf = (column: string): number => (columns[column] ?? zeros).reduce((sum, each) => sum + each, 0)
  const all: NameSummary = {
    ...IDLE_NAME,
    name: '_all',
    sentCount: totalOf('sent_count'),
    outcomeCounts: outcomeCounts({
      accepted: totalOf('accepted_count'),
      throttled: totalOf('throttled_count'),
    }),
    ...summary,
  }
  return runSeconds(
    {
      identity: IDENTITY,
      summary: { ...SUMMARY, durationS, names: [all, { ...IDLE_NAME, name: 'rank', sentCount: 3 }] },
      latencyByName: async () => new Map([['_all', intervals]]),
      secondColumns: async (names) => ({
        firstSecond: WARMUP_S,
        secondCount: zeros.length,
        names: new Map([['_all', new Map(names.map((name) => [name, columns[name] ?? zeros]))]]),
      }),
    },
    names,
  )
}

/** The figure of the whole run. */
function figureOf({ statistics, secondCount }: RunSeconds, column: string): number | undefined {
  const found = statistics.find(({ metric }) => metric.column === column)
  return found?.statistic.of(new Uint32Array(secondCount).fill(1))
}

function interval(startS: number, lengthS: number, us: number): LatencyInterval {
  return { startS, lengthS, histogram: { lowUs: [us], counts: [4] } }
}

describe('runSeconds', () => {
  it('counts what was sent while the load drained, and no rate in that time', async () => {
    const run = await read({
      durationS: 4,
      columns: {
        sent_count: [10, 10, 10, 10, 5, 0, 0],
        accepted_count: [10, 10, 8, 8, 4, 0, 0],
        throttled_count: [0, 0, 2, 2, 1, 0, 0],
        cap_rps: [8, 8, 8, 8, 8, 8, 8],
      },
    })
    expect(run.secondCount).toBe(5)
    expect(figureOf(run, 'throttled_ratio')).toBeCloseTo(5 / 45, 12)
    expect(figureOf(run, 'accepted_rps')).toBeCloseTo(40 / 4, 12)
    expect(figureOf(run, 'accepted_to_cap_ratio')).toBeCloseTo(40 / 32, 12)
  })

  it('takes the last second for as long as it was', async () => {
    const run = await read({ durationS: 1.5, columns: { sent_count: [10, 5], accepted_count: [10, 5] } })
    expect(figureOf(run, 'accepted_rps')).toBeCloseTo(10, 12)
  })

  it('leaves out what the files do not tell', async () => {
    const columns = { sent_count: [10, 10], timeout_count: [NaN, NaN], cap_rps: [NaN, NaN] }
    const run = await read({ durationS: 2, columns })
    expect(figureOf(run, 'timeout_ratio')).toBeUndefined()
    expect(figureOf(run, 'error_ratio')).toBeUndefined()
    expect(figureOf(run, 'accepted_to_cap_ratio')).toBeUndefined()
    expect(figureOf(run, 'throttled_ratio')).toBe(0)
  })

  it('has latencies second by second, in milliseconds', async () => {
    const sent = Array.from({ length: 60 }, () => 4)
    const intervals = sent.map((_, i) => interval(WARMUP_S + i, 1, i < 31 ? 40_000 : 80_000))
    const run = await read({ durationS: 60, columns: { sent_count: sent }, intervals })
    // The bucket of 40,000 µs is 32 µs wide.
    expect(figureOf(run, 'response_time_accepted_p50_ms')).toBe(40.031)
    const onlyLast = new Uint32Array(60)
    onlyLast[59] = 1
    const p50 = run.statistics.find(({ metric }) => metric.column === 'response_time_accepted_p50_ms')
    expect(p50?.statistic.of(onlyLast)).toBe(80.063)
  })

  it('puts seconds together where the log of a long run has them together', async () => {
    const sent = Array.from({ length: 181 }, (_, second) => second)
    const intervals = Array.from({ length: 61 }, (_, i) =>
      interval(WARMUP_S + 3 * i, i < 60 ? 3 : 1, 1_000 + i),
    )
    const run = await read({
      durationS: 181,
      columns: { sent_count: sent, throttled_count: sent, accepted_count: sent },
      intervals,
    })
    expect(run.secondCount).toBe(61)
    const second = new Uint32Array(61)
    second[1] = 1
    const of = (column: string): number | undefined =>
      run.statistics.find(({ metric }) => metric.column === column)?.statistic.of(second)
    expect(of('response_time_accepted_p99_ms')).toBe(1.001)
    // Seconds 3, 4 and 5.
    expect(of('accepted_rps')).toBe(4)
    expect(figureOf(run, 'accepted_rps')).toBe(90)
  })

  it('does without a log that is one interval', async () => {
    const sent = Array.from({ length: 90 }, () => 4)
    const run = await read({
      durationS: 90,
      columns: { sent_count: sent },
      intervals: [interval(WARMUP_S, 90, 7)],
    })
    expect(run.secondCount).toBe(90)
    expect(figureOf(run, 'response_time_accepted_p50_ms')).toBeNaN()
  })

  it('does not take what is left of a file for the whole run', async () => {
    const { run, notes } = await readWithNotes({
      durationS: 4,
      columns: { sent_count: [10, 10], accepted_count: [10, 8], throttled_count: [0, 2] },
      summary: { sentCount: 40 },
    })
    expect(run.statistics).toEqual([])
    expect(notes).toEqual([
      `run ${IDENTITY.runId}: sent_count of timeseries.csv adds up to 20, that of summary.csv is 40; its seconds are not used`,
    ])
  })

  it('leaves out names that have no seconds, as after an import of Locust’s files', async () => {
    const { run, notes } = await readWithNotes({
      durationS: 2,
      columns: { sent_count: [10, 10], accepted_count: [10, 10], throttled_count: [NaN, NaN] },
      summary: { outcomeCounts: outcomeCounts({ accepted: 20, throttled: 7 }) },
      names: ['_all', 'rank'],
    })
    expect(new Set(run.statistics.map(({ name }) => name))).toEqual(new Set(['_all']))
    expect(notes).toEqual([
      `run ${IDENTITY.runId}: timeseries.csv does not have all requests of rank; their seconds are not used`,
    ])
  })
})
