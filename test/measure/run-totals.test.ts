import { describe, expect, test } from 'vitest'
import { Recorder } from '../../src/measure/recorder.ts'
import { RunTotals } from '../../src/measure/run-totals.ts'
import type { SecondRow } from '../../src/measure/summary.ts'
import { SECOND, facts, replay, run, sent, summaryOf, type Sent } from './replay.ts'

/** 10 requests a second, every 100 ms, for so many seconds. */
function steady(name: string, seconds: number): Sent[] {
  return Array.from({ length: 10 * seconds }, (_, i) => sent(name, i * 100_000))
}

describe('a steady run', () => {
  const requests = [
    ...steady('rank', 10),
    sent('rank', 4_550_000, { outcome: 'throttled', doneUs: 4_552_000 }),
    sent('reward', 4_560_000, { attempt: 2, plannedUs: 4_500_000 }),
    sent('reward', 4_570_000, { outcome: 'server_error' }),
  ]
  const steadyRun = run(requests, 10 * SECOND, { capRps: 9 })

  test('has a row of every second and every name known so far, active or not', () => {
    const seconds = steadyRun.rows.map(({ second, name }) => `${second} ${name}`)
    expect(seconds.slice(0, 2)).toEqual(['0 _all', '0 rank'])
    expect(seconds.slice(8, 14)).toEqual(['4 _all', '4 rank', '4 reward', '5 _all', '5 rank', '5 reward'])
    expect(steadyRun.rows.at(-1)).toMatchObject({
      second: 9,
      name: 'reward',
      sentCount: 0,
      inflightMaxCount: 0,
    })
    expect(steadyRun.rows.at(-1)?.responseTimeAccepted).toEqual({ count: 0 })
  })

  test('has totals by name and over all', () => {
    expect(steadyRun.figures.names.map(({ name }) => name)).toEqual(['_all', 'rank', 'reward'])
    expect(summaryOf(steadyRun, '_all')).toMatchObject({
      durationS: 10,
      offeredCount: 102,
      retryCount: 1,
      sentCount: 103,
      offeredRps: 10.2,
      sentRps: 10.3,
      acceptedRps: 10.1,
      throttledRatio: 1 / 103,
      errorRatio: 1 / 103,
      retryAmplificationRatio: 103 / 102,
      operationsCount: 103,
      operationsFailedCount: 2,
      sentBytes: 309,
      receivedBytes: 515,
    })
    expect(summaryOf(steadyRun, 'rank')).toMatchObject({
      sentCount: 101,
      throttledRatio: 1 / 101,
      errorRatio: 0,
    })
  })

  test('holds all traffic, and no single name, against the cap', () => {
    expect(summaryOf(steadyRun, '_all')).toMatchObject({
      capRps: 9,
      acceptedToCapRatio: 10.1 / 9,
      // One above the cap in nine seconds, four in the fifth.
      expectedThrottledRatio: 13 / 103,
    })
    expect(summaryOf(steadyRun, 'rank').capRps).toBeUndefined()
    expect(steadyRun.rows.map(({ capRps }) => capRps).slice(0, 2)).toEqual([9, undefined])
  })

  test('keeps throttled replies out of the latency of accepted ones', () => {
    const rank = summaryOf(steadyRun, 'rank')
    expect(rank.responseTimeAccepted).toMatchObject({
      count: 100,
      minUs: 20_000,
      p50Us: 20_000,
      maxUs: 20_000,
    })
    expect(rank.responseTimeThrottled).toMatchObject({ count: 1, p50Us: 2_000 })
    expect(rank.operationDuration).toMatchObject({ count: 100, minUs: 20_000 })
    expect(rank.retryAfter).toMatchObject({ count: 1, p50Us: 2 * SECOND, maxUs: 2 * SECOND })
    expect(summaryOf(steadyRun, 'reward').responseTimeAccepted.p50Us).toBe(80_000)
  })

  test('has its mean in flight by Little’s law', () => {
    // 102 · 20 ms and one of 2 ms in 10 s.
    expect(summaryOf(steadyRun, '_all').inflightMeanCount).toBeCloseTo(0.2042, 12)
  })

  test('has peaks over windows', () => {
    const { peak1s } = summaryOf(steadyRun, '_all')
    expect(peak1s.sent).toMatchObject({ peakRps: 13, meanRps: 10.3, peakToAverageRatio: 13 / 10.3 })
    expect(summaryOf(steadyRun, 'reward').peak1s.sent).toMatchObject({ peakRps: 2, meanRps: 0.2 })
    expect(steadyRun.figures.burst).toHaveLength(3 * 3 * 4)
  })
})

describe('iterations', () => {
  test('count in the rows and totals of all, not in those of a name', () => {
    const rows: SecondRow[] = []
    const totals = new RunTotals({
      warmupUs: SECOND,
      loadEndUs: 3 * SECOND,
      capRps: undefined,
      onSecond: (second) => void rows.push(...second),
    })
    const recorder = new Recorder()
    for (const dueUs of [500_000, 1_500_000, 1_600_000, 2_500_000]) recorder.iterationDue(dueUs)
    recorder.iterationStarted(500_000, 600_000)
    recorder.iterationStarted(1_500_000, 1_500_007)
    recorder.iterationDropped(1_600_000)
    recorder.iterationStarted(2_500_000, 2_500_001)
    totals.add(recorder.close(3 * SECOND).closed)
    expect(totals.iterations).toEqual({ dueCount: 3, droppedCount: 1, startedCount: 2 })
    expect(totals.all()).toMatchObject({
      iterationsDueCount: 3,
      iterationsDroppedCount: 1,
      scheduleDelay: { count: 2, minUs: 1, maxUs: 7 },
    })
    expect(rows.map((row) => [row.phase, row.iterationsDueCount, row.scheduleDelayMaxUs])).toEqual([
      ['warmup', 1, 100_000],
      ['measure', 2, 7],
      ['measure', 1, 1],
    ])
  })
})

describe('phases', () => {
  test('the warm-up is shown and counts nowhere; what drains counts, but is no burst', () => {
    const result = run(steady('rank', 5), 5 * SECOND, { warmupUs: 2 * SECOND, loadEndUs: 4 * SECOND })
    const phases = result.rows.filter(({ name }) => name === '_all').map(({ phase }) => phase)
    expect(phases).toEqual(['warmup', 'warmup', 'measure', 'measure', 'drain'])
    expect(summaryOf(result, '_all')).toMatchObject({ durationS: 2, sentCount: 30, sentRps: 15 })
    expect(summaryOf(result, '_all').peak1s.sent).toMatchObject({ peakRps: 10, meanRps: 10 })
  })

  test('a load that ends early ends its last whole window there', () => {
    const totals = new RunTotals({
      warmupUs: 0,
      loadEndUs: 60 * SECOND,
      capRps: undefined,
      onSecond: () => {},
    })
    totals.endLoad(2_350_000)
    replay(steady('rank', 5), totals, 5 * SECOND)
    const { names, burst } = totals.finish({ loadEndUs: 2_350_000 })
    expect(names[0]).toMatchObject({ durationS: 2.35, sentCount: 50 })
    const sentRows = burst.filter(({ name, traffic }) => name === '_all' && traffic === 'sent')
    expect(sentRows.map(({ windowMs, peakRps }) => [windowMs, peakRps])).toEqual([
      [100, 10],
      [1_000, 10],
      [10_000, undefined],
      [60_000, undefined],
    ])
  })

  test('a run that ends in its warm-up has no rates', () => {
    const result = run(steady('rank', 1), SECOND, { warmupUs: 5 * SECOND })
    expect(summaryOf(result, '_all')).toMatchObject({
      durationS: 0,
      sentCount: 0,
      sentRps: 0,
      inflightMeanCount: 0,
    })
    expect(summaryOf(result, '_all').throttledRatio).toBeUndefined()
  })

  test('a warm-up of broken seconds is refused', () => {
    expect(() => run([], SECOND, { warmupUs: 1_500_000 })).toThrow(RangeError)
  })
})

test('when a worker dies, what had no outcome was aborted', () => {
  const rows: SecondRow[] = []
  const totals = new RunTotals({
    warmupUs: 0,
    loadEndUs: 2 * SECOND,
    capRps: undefined,
    onSecond: (second) => void rows.push(...second),
  })
  const recorder = new Recorder()
  const rank = recorder.nameId('rank')
  for (const sentUs of [0, 100_000, 1_100_000]) recorder.sent(rank, sentUs, 1)
  recorder.done(rank, facts(sent('rank', 0)))
  const { closed, open } = recorder.snapshot(1_500_000, Infinity)
  totals.add(closed)
  totals.adoptOpen(open)
  expect(totals.all()).toMatchObject({ sentCount: 3, outcomeCounts: { accepted: 1, aborted: 2 } })
  expect(rows.filter(({ name }) => name === 'rank').map((row) => row.outcomeCounts.aborted)).toEqual([1, 1])
})
