import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compareRuns, type RunFigure } from '../../src/stats/compare-runs.ts'
import { P99, THROTTLED } from './simulated-run.ts'

function figures(side: string, values: readonly number[]): RunFigure[] {
  return values.map((value, index) => ({ runId: `${side}${index}`, value }))
}

describe('several runs a side', () => {
  // Welch's interval for these two samples: SciPy 1.17, ttest_ind(…, equal_var=False).confidence_interval(0.95).
  const FIRST = [27.5, 21, 19, 23.6, 17, 17.9]
  const SECOND = [19.8, 20.4, 19.6, 17.8, 18.5, 18.9, 18.3, 18.9]

  test("have Welch's interval, of shares as they are and of ratios on logarithms", () => {
    const share = compareRuns(THROTTLED, '_all', figures('b', SECOND), figures('h', FIRST))
    expect(share.interval?.low).toBeCloseTo(-2.17628319692575, 9)
    expect(share.interval?.high).toBeCloseTo(6.126283196925753, 9)
    const exponentials = (values: readonly number[]) => values.map((value) => Math.exp(value))
    const ratio = compareRuns(
      P99,
      '_all',
      figures('b', exponentials(SECOND)),
      figures('h', exponentials(FIRST)),
    )
    expect(Math.log(ratio.interval?.low ?? NaN)).toBeCloseTo(-2.17628319692575, 9)
    expect(ratio.basis).toBe('between runs')
  })

  test('a single run against several has the prediction interval', () => {
    const values = [100, 104, 97, 101, 103]
    const { interval, change } = compareRuns(P99, '_all', figures('b', values), figures('h', [120]))
    const logs = values.map((value) => Math.log(value))
    const centre = logs.reduce((sum, log) => sum + log, 0) / 5
    const deviation = Math.sqrt(logs.reduce((sum, log) => sum + (log - centre) ** 2, 0) / 4)
    // 2.776445… is the 0.975-quantile of t with 4 degrees.
    const halfWidth = 2.7764451051977987 * deviation * Math.sqrt(1 + 1 / 5)
    expect(change).toBeCloseTo(120 / Math.exp(centre), 12)
    expect(interval?.low).toBeCloseTo((120 / Math.exp(centre)) * Math.exp(-halfWidth), 9)
  })

  test.each([
    ['regressed', [100, 101, 99, 100], [130, 131, 129]],
    ['improved', [100, 101, 99, 100], [70, 71, 69]],
    ['equivalent', [100, 101, 99, 100], [101, 100, 99]],
    ['inconclusive', [100, 140, 80], [120, 90, 150]],
    ['inconclusive', [100, 101, 99, 100], [110, 111, 109]],
  ])('%s: %o against %o', (verdict, base, head) => {
    expect(compareRuns(P99, 'rank', figures('b', base), figures('h', head)).verdict).toBe(verdict)
  })
})

describe('what one run a side says', () => {
  test('is a ratio without an interval, and never a verdict', () => {
    for (const head of [100, 101, 300]) {
      const comparison = compareRuns(P99, '_all', figures('b', [100]), figures('h', [head]))
      expect(comparison).toMatchObject({ basis: 'no interval', interval: undefined, verdict: 'inconclusive' })
      expect(comparison.change).toBeCloseTo(head / 100, 12)
    }
  })

  test('of the same run is equivalent', () => {
    const one = figures('a', [123])
    expect(compareRuns(P99, '_all', one, one)).toMatchObject({ change: 1, verdict: 'equivalent' })
  })
})

test('runs on both sides cancel', () => {
  const runs = figures('a', [100, 130, 90, 120])
  const same = compareRuns(P99, '_all', runs, runs)
  expect(same.verdict).toBe('equivalent')
  expect(same.interval?.high).toBeCloseTo(1, 6)
})

test('missing figures, and ratios to 0, are inconclusive', () => {
  expect(compareRuns(P99, '_all', [], figures('h', [1, 2]))).toMatchObject({
    base: undefined,
    change: undefined,
    verdict: 'inconclusive',
  })
  expect(compareRuns(P99, '_all', figures('b', [0, 0]), figures('h', [1, 2]))).toMatchObject({
    change: undefined,
    verdict: 'inconclusive',
  })
})

test('swapped sides mirror change, interval and verdict', () => {
  const side = fc.array(fc.double({ min: 1, max: 1_000, noNaN: true }), { minLength: 2, maxLength: 6 })
  const mirror = {
    improved: 'regressed',
    regressed: 'improved',
    equivalent: 'equivalent',
    inconclusive: 'inconclusive',
  }
  fc.assert(
    fc.property(side, side, (base, head) => {
      const forth = compareRuns(P99, '_all', figures('b', base), figures('h', head))
      const back = compareRuns(P99, '_all', figures('h', head), figures('b', base))
      expect(back.verdict).toBe(mirror[forth.verdict])
      expect((back.change ?? NaN) * (forth.change ?? NaN)).toBeCloseTo(1, 9)
      const widest = Math.abs(Math.log(forth.interval?.high ?? NaN))
      fc.pre(widest < 300)
      expect(Math.log(back.interval?.low ?? NaN)).toBeCloseTo(-Math.log(forth.interval?.high ?? NaN), 6)
    }),
  )
})

describe('shares that are 0 in every run', () => {
  function none(side: string, requestCount: number): RunFigure[] {
    return figures(side, [0, 0, 0]).map((figure) => ({ ...figure, requestCount }))
  }

  test('are equivalent only when that many requests say so', () => {
    expect(compareRuns(THROTTLED, '_all', none('b', 10), none('h', 10)).verdict).toBe('inconclusive')
    expect(compareRuns(THROTTLED, '_all', none('b', 5_000), none('h', 5_000)).verdict).toBe('equivalent')
  })

  test('differ from others by what runs and requests say, and mirrored when swapped', () => {
    const some = figures('h', [0.06, 0.05, 0.055]).map((figure) => ({ ...figure, requestCount: 10_000 }))
    const forth = compareRuns(THROTTLED, '_all', none('b', 10_000), some)
    const back = compareRuns(THROTTLED, '_all', some, none('b', 10_000))
    expect(forth.verdict).toBe('regressed')
    expect(back.verdict).toBe('improved')
    expect(back.interval?.low).toBeCloseTo(-(forth.interval?.high ?? NaN), 12)
  })

  test('of the same runs on both sides are equivalent', () => {
    expect(compareRuns(THROTTLED, '_all', none('a', 10), none('a', 10)).verdict).toBe('equivalent')
  })

  test('of sides that share some runs are so only when the requests say so', () => {
    const verdictOf = (requestCount: number) => {
      const runs = none('a', requestCount)
      return compareRuns(THROTTLED, '_all', runs.slice(0, 1), runs).verdict
    }
    expect(verdictOf(10)).toBe('inconclusive')
    expect(verdictOf(5_000)).toBe('equivalent')
  })
})
