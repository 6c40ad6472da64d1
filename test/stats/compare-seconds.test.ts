import { describe, expect, test } from 'vitest'
import { Rng } from '../../src/core/rng.ts'
import { compareSeconds, type RunSeconds } from '../../src/stats/compare-seconds.ts'
import type { Comparison } from '../../src/stats/comparison.ts'
import { shareOfSums } from '../../src/stats/second-statistic.ts'
import type { Verdict } from '../../src/stats/verdict.ts'
import { MODEL, P50, P99, simulateRun, THROTTLED, type RunModel } from './simulated-run.ts'

const LONG: RunModel = { ...MODEL, secondCount: 300, levelCorrelation: 0.2, levelDeviation: 0.05 }
const FEW = { resampleCount: 400 }

const known = new Map<string, RunSeconds>()

function run(runId: string, slowdown = 1, model = LONG): RunSeconds {
  const key = JSON.stringify([runId, slowdown, model])
  const found = known.get(key) ?? simulateRun(model, runId, new Rng(runId), slowdown)
  known.set(key, found)
  return found
}

function verdicts(comparisons: readonly Comparison[], column: string): Verdict[] {
  return comparisons.filter(({ metric }) => metric.column === column).map(({ verdict }) => verdict)
}

const MIRRORED: Readonly<Record<Verdict, Verdict>> = {
  improved: 'regressed',
  regressed: 'improved',
  equivalent: 'equivalent',
  inconclusive: 'inconclusive',
}

/** What must come out with the sides swapped. */
function mirrored(comparison: Comparison): unknown {
  const { metric, base, head, change = NaN, interval, verdict } = comparison
  const swap = (value: number) => expect.closeTo(metric.kind === 'ratio' ? 1 / value : -value, 12)
  return {
    ...comparison,
    base: head,
    head: base,
    change: swap(change),
    interval: interval === undefined ? undefined : { low: swap(interval.high), high: swap(interval.low) },
    verdict: MIRRORED[verdict],
  }
}

describe('two runs, second by second', () => {
  test('a run compared with itself is equivalent in everything', () => {
    const base = run('a')
    for (const comparison of compareSeconds(base, base, FEW)) {
      expect(comparison.verdict).toBe('equivalent')
      expect(comparison.change).toBe(comparison.metric.kind === 'ratio' ? 1 : 0)
      expect(comparison.interval).toEqual({ low: comparison.change, high: comparison.change })
    }
  })

  test('a slower run regressed in its latencies and in nothing else', () => {
    const comparisons = compareSeconds(run('a'), run('b', 1.3), FEW)
    expect(verdicts(comparisons, P50.column)).toEqual(['regressed'])
    expect(verdicts(comparisons, P99.column)).toEqual(['regressed'])
    expect(verdicts(comparisons, THROTTLED.column)).toEqual(['equivalent'])
    expect(comparisons.every(({ basis }) => basis === 'within-run only')).toBe(true)
  })

  test('runs of the same thing are equivalent when they are long enough to tell', () => {
    const comparisons = compareSeconds(run('a'), run('b'), FEW)
    expect(verdicts(comparisons, P50.column)).toEqual(['equivalent'])
    const short = { ...LONG, secondCount: 60, levelDeviation: 0.3 }
    const inShort = compareSeconds(run('a', 1, short), run('b', 1, short), FEW)
    expect(verdicts(inShort, P50.column)).toEqual(['inconclusive'])
  })

  test.each([1, 1.04, 1.3])('swapped sides mirror everything, at a factor of %f', (slowdown) => {
    const one = run('one')
    const other = run('other', slowdown, { ...LONG, sentRps: 52 })
    const forth = compareSeconds(one, other, FEW)
    const back = compareSeconds(other, one, FEW)
    expect(forth).toHaveLength(5)
    expect(back).toEqual(forth.map(mirrored))
  })

  test('the same input gives the same bytes', () => {
    const text = () => JSON.stringify(compareSeconds(run('a'), run('b', 1.1), FEW))
    expect(text()).toBe(text())
  })

  test('what only one side has is left out', () => {
    const head = run('b', 1, { ...LONG, names: ['rank', 'reward'] })
    expect(new Set(compareSeconds(run('a'), head, FEW).map(({ name }) => name))).toEqual(new Set(['rank']))
  })
})

/** A run that throttled `perSecond` of 2 requests in each of 100 seconds. */
function throttling(runId: string, perSecond: number, sentPerSecond: number): RunSeconds {
  const seconds = Array.from({ length: 100 }, () => 0)
  const statistic = shareOfSums(
    seconds.map(() => perSecond),
    seconds.map(() => sentPerSecond),
  )
  return { runId, secondCount: 100, statistics: [{ metric: THROTTLED, name: 'rank', statistic }] }
}

describe('what the data cannot say', () => {
  test('a p99 of few values has no interval', () => {
    const sparse = { ...LONG, secondCount: 60, sentRps: 5, sentDeviation: 0 }
    const comparisons = compareSeconds(run('a', 1, sparse), run('b', 2, sparse), FEW)
    const p99 = comparisons.find(({ metric }) => metric === P99)
    expect(p99).toMatchObject({ verdict: 'inconclusive', basis: 'no interval', interval: undefined })
    expect(p99?.change).toBeGreaterThan(1.5)
    expect(p99?.warnings).toEqual(['p99 of 300 values; an interval needs 1000'])
    expect(verdicts(comparisons, P50.column)).toEqual(['regressed'])
  })

  test('a metric that a run has no values of is inconclusive', () => {
    const silent = { ...LONG, sentRps: 0, sentDeviation: 0 }
    for (const comparison of compareSeconds(run('a'), run('b', 1, silent), FEW)) {
      expect(comparison.verdict === 'inconclusive' || comparison.head !== undefined).toBe(true)
    }
    const [p50] = compareSeconds(run('a'), run('b', 1, silent), FEW)
    expect(p50).toMatchObject({ head: undefined, change: undefined, verdict: 'inconclusive' })
  })

  test('short runs, and seconds that hang together over long stretches, decide nothing', () => {
    const short = { ...LONG, secondCount: 45 }
    const [first] = compareSeconds(run('a', 1, short), run('b', 1.3), FEW)
    expect(first?.interval?.low).toBeGreaterThan(1.1)
    expect(first?.verdict).toBe('inconclusive')
    expect(first?.warnings).toEqual(['interval unreliable: run a has 45 s, measure 60 s or more'])
    const [windowed] = compareSeconds(run('a'), run('b'), { ...FEW, leastBlockSeconds: 60 })
    expect(windowed?.warnings[0]).toBe(
      'interval unreliable: seconds of run a hang together over 60 s, measure 600 s or more',
    )
  })

  test.each([4, 10, 19])('a run of %d s has no interval, which would have no width', (secondCount) => {
    const brief = { ...LONG, secondCount }
    for (const comparison of compareSeconds(run('a', 1, brief), run('b', 1.3, brief), FEW)) {
      expect(comparison).toMatchObject({ interval: undefined, verdict: 'inconclusive' })
      expect(comparison.warnings.length).toBeGreaterThan(0)
    }
  })

  test('no throttled reply among few requests is not the same as none among many', () => {
    const [few] = compareSeconds(throttling('a', 0, 1), throttling('b', 0, 1), FEW)
    expect(few?.verdict).toBe('inconclusive')
    expect(few?.interval?.high).toBeGreaterThan(0.03)
    const [many] = compareSeconds(throttling('a', 0, 50), throttling('b', 0, 50), FEW)
    expect(many?.verdict).toBe('equivalent')
    const [all] = compareSeconds(throttling('a', 0, 50), throttling('b', 50, 50), FEW)
    expect(all?.verdict).toBe('regressed')
  })
})

describe('with the spread between runs known', () => {
  const spreadOf = (deviation: number) => ({ ...FEW, spreadOf: () => ({ deviation, degrees: 19 }) })

  test('a difference within it is no regression any more', () => {
    const [narrow] = compareSeconds(run('a'), run('b', 1.15), FEW)
    expect(narrow?.verdict).toBe('regressed')
    const [wide] = compareSeconds(run('a'), run('b', 1.15), spreadOf(0.05))
    expect(wide).toMatchObject({ verdict: 'inconclusive', basis: 'within and between runs' })
  })

  test('the interval is t times the root of both variances', () => {
    const [comparison] = compareSeconds(run('a'), run('b'), spreadOf(10))
    // 2.093024 is the 0.975-quantile of t with 19 degrees; what varies within the runs is nothing beside 10.
    const halfWidth = Math.log(comparison?.interval?.high ?? NaN) - Math.log(comparison?.change ?? NaN)
    expect(halfWidth / (2.0930240544083 * Math.sqrt(2) * 10)).toBeCloseTo(1, 4)
  })
})

describe('no failure in any of the past runs', () => {
  /** Runs of 100 s without any failure, beside others that had none either. */
  function compared(sentPerSecond: number): Comparison | undefined {
    const [base, head] = ['a', 'b'].map((runId) => throttling(runId, 0, sentPerSecond))
    if (base === undefined || head === undefined) throw new Error('no runs')
    const options = { ...FEW, spreadOf: () => ({ deviation: 0, degrees: 9 }) }
    return compareSeconds(base, head, options)[0]
  }

  test('is no proof that few requests show as much', () => {
    expect(compared(1)).toMatchObject({ verdict: 'inconclusive', basis: 'within and between runs' })
    expect(compared(1)?.interval?.high).toBeGreaterThan(0.03)
    expect(compared(50)?.verdict).toBe('equivalent')
  })
})

/** Share of pairs of the same thing whose 95 % interval for the p50 leaves out 1. */
function falseAlarmRatio(pairCount: number, model: RunModel): number {
  let alarms = 0
  for (let pair = 0; pair < pairCount; pair++) {
    const sides = [run(`${pair}a`, 1, model), run(`${pair}b`, 1, model)] as const
    const p50 = compareSeconds(...sides, FEW).find(({ metric }) => metric === P50)
    if (p50?.interval === undefined || p50.interval.low > 1 || p50.interval.high < 1) alarms++
  }
  return alarms / pairCount
}

describe('false alarms of the interval itself', () => {
  test('stay near 5 % where seconds are independent', () => {
    expect(falseAlarmRatio(60, { ...MODEL, levelCorrelation: 0 })).toBeLessThan(0.17)
  })

  test.runIf(process.env['NIGHTLY'] === '1')(
    'over many pairs, with correlated seconds too',
    () => {
      expect(falseAlarmRatio(600, { ...MODEL, levelCorrelation: 0 })).toBeLessThan(0.1)
      expect(falseAlarmRatio(600, { ...MODEL, secondCount: 300, levelCorrelation: 0.5 })).toBeLessThan(0.13)
    },
    600_000,
  )
})
