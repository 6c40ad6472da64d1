import { describe, expect, test } from 'vitest'
import { CapMean } from '../../src/measure/cap-mean.ts'
import { CapTimeline, throughputRps } from '../../src/measure/cap-timeline.ts'
import { RunTotals } from '../../src/measure/run-totals.ts'
import type { SecondRow } from '../../src/measure/summary.ts'
import { replay, SECOND, sent, summaryOf } from './replay.ts'

describe('a cap over time', () => {
  test('holds from its second on; of several in one second the last', () => {
    const caps = new CapTimeline({ rps: 10 })
    caps.set({ rps: 20 }, 2 * SECOND)
    caps.set({ rps: 30 }, 2 * SECOND + 999_999)
    caps.set({}, 4 * SECOND)
    expect([0, 1, 2, 3, 4, 9].map((second) => caps.at(second).rps)).toEqual([
      10,
      10,
      30,
      30,
      undefined,
      undefined,
    ])
  })

  test('that is not known until later', () => {
    const caps = new CapTimeline({})
    caps.set({ rps: 5 }, 3 * SECOND)
    expect([2, 3].map((second) => caps.at(second))).toEqual([{}, { rps: 5 }])
    expect(caps.latest).toEqual({ rps: 5 })
  })

  test('is what the workers get done where that is less', () => {
    expect([{}, { rps: 50 }, { rps: 50, capacityRps: 40 }, { capacityRps: 40 }].map(throughputRps)).toEqual([
      undefined,
      50,
      40,
      40,
    ])
  })
})

describe('the mean of a cap', () => {
  test('one that does not change is exactly what it is', () => {
    for (const rps of [1_000 / 60, 0.1, 3, 174.931_542_9]) {
      const mean = new CapMean()
      for (const lengthUs of [1_000_000, 1_000_000, 370_001]) mean.add(rps, lengthUs)
      expect(mean.rps).toBe(rps)
    }
  })

  test('weighs by time', () => {
    const mean = new CapMean()
    mean.add(10, 1_000_000)
    mean.add(40, 500_000)
    expect(mean.rps).toBeCloseTo(20, 12)
  })

  test('with a time without a cap there is none', () => {
    const mean = new CapMean()
    mean.add(10, 1_000_000)
    mean.add(undefined, 1_000_000)
    mean.add(10, 1_000_000)
    expect(mean.rps).toBeUndefined()
  })
})

describe('a run under a cap that moves', () => {
  /** 10 requests a second for six seconds, under 4, 4, 8, 8, 20 and 2 a second. */
  function moving(warmupUs = 0): { rows: SecondRow[]; totals: RunTotals } {
    const rows: SecondRow[] = []
    const loadEndUs = 6 * SECOND
    const totals = new RunTotals({
      warmupUs,
      loadEndUs,
      capRps: 4,
      onSecond: (second) => void rows.push(...second),
    })
    for (const [rps, second] of [
      [8, 2],
      [20, 4],
      [2, 5],
    ] as const) {
      totals.setCap({ rps }, second * SECOND)
    }
    replay(
      Array.from({ length: 60 }, (_, i) => sent('a', i * 100_000)),
      totals,
      loadEndUs,
    )
    return { rows, totals }
  }

  test('has the cap of each second, its mean, and what is expected of the sum over the seconds', () => {
    const { rows, totals } = moving()
    const all = rows.filter(({ name }) => name === '_all')
    expect(all.map(({ capRps }) => capRps)).toEqual([4, 4, 8, 8, 20, 2])
    const figures = totals.finish({ loadEndUs: 6 * SECOND })
    const summary = summaryOf({ rows, figures }, '_all')
    expect(summary.capRps).toBeCloseTo(46 / 6, 12)
    expect(summary.expectedThrottledRatio).toBe((6 + 6 + 2 + 2 + 0 + 8) / 60)
    expect(totals.capRps).toBe(2)
  })

  test('does not count the warm-up', () => {
    const { rows, totals } = moving(4 * SECOND)
    const summary = summaryOf({ rows, figures: totals.finish({ loadEndUs: 6 * SECOND }) }, '_all')
    expect([summary.capRps, summary.expectedThrottledRatio]).toEqual([11, 8 / 20])
  })

  test('expects no refusal where only the workers bound it', () => {
    const totals = new RunTotals({ warmupUs: 0, loadEndUs: SECOND, capRps: undefined, onSecond: () => {} })
    totals.setCap({ capacityRps: 5 }, 0)
    replay(
      Array.from({ length: 10 }, (_, i) => sent('a', i * 100_000)),
      totals,
      SECOND,
    )
    const summary = totals.all()
    expect([summary.capRps, summary.expectedThrottledRatio]).toEqual([5, undefined])
  })
})
