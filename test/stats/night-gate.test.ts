import { describe, expect, test } from 'vitest'
import { Rng } from '../../src/core/rng.ts'
import { detectionRate, falseNights, steadyMetric, type NightHistory } from '../../src/stats/calibration.ts'
import { compareSeconds } from '../../src/stats/compare-seconds.ts'
import type { Metric } from '../../src/stats/metric.ts'
import type { NightFigure, NightSeries } from '../../src/stats/night-base.ts'
import { judgeConfirmation, judgeNight, type NightComparison } from '../../src/stats/night-gate.ts'
import { simulateNights, type SteadyMetric } from '../../src/stats/simulated-nights.ts'
import { studentCdf } from '../../src/stats/student.ts'
import { autoregression } from './autoregression.ts'
import { ACCEPTED_TO_CAP, MODEL, P50, P99, simulateRun, THROTTLED, type RunModel } from './simulated-run.ts'

const NIGHTLY = process.env['NIGHTLY'] === '1'

/** Ten nights around 100 whose logarithms have a standard deviation of about 2 %. */
const CALM = [100, 102, 98, 101, 99, 103, 97, 100, 102, 98]

function figures(values: readonly number[]): NightFigure[] {
  return values.map((value) => ({ value, requestCount: 10_000 }))
}

function series(metric: Metric, past: readonly number[], tonight: number, name = '_all'): NightSeries {
  return { metric, name, past: figures(past), tonight: { value: tonight, requestCount: 10_000 } }
}

function judgeOne(metric: Metric, past: readonly number[], tonight: number): NightComparison {
  const [result] = judgeNight([series(metric, past, tonight)])
  if (result === undefined) throw new Error('no result')
  return result
}

describe('tonight', () => {
  test.each<[string, Metric, number, string]>([
    ['25 % slower', P99, 125, 'regressed'],
    ['25 % faster', P99, 75, 'improved'],
    ['as ever', P99, 100, 'equivalent'],
    ['7 % slower, certain, but less than matters', P99, 107, 'inconclusive'],
    ['12 % slower where 5 % matter', P50, 112, 'regressed'],
    ['less accepted', ACCEPTED_TO_CAP, 80, 'regressed'],
    ['more accepted', ACCEPTED_TO_CAP, 125, 'improved'],
    ['nothing accepted', ACCEPTED_TO_CAP, 0, 'regressed'],
  ])('%s', (_story, metric, tonight, verdict) => {
    expect(judgeOne(metric, CALM, tonight).verdict).toBe(verdict)
  })

  test.each<[number, string]>([
    [0.26, 'regressed'],
    [0.218, 'inconclusive'],
    [0.2, 'equivalent'],
    [0.14, 'improved'],
  ])('a throttled share of %f after some 20 %%: %s', (tonight, verdict) => {
    expect(
      judgeOne(
        THROTTLED,
        CALM.map((value) => value / 500),
        tonight,
      ).verdict,
    ).toBe(verdict)
  })

  test('is shown beside the nights, with their prediction interval', () => {
    const result = judgeOne(P99, CALM, 125)
    // The base is the nine nights before the last one.
    const logs = CALM.slice(0, 9).map((value) => Math.log(value))
    const centre = logs.reduce((sum, log) => sum + log, 0) / 9
    const deviation = Math.sqrt(logs.reduce((sum, log) => sum + (log - centre) ** 2, 0) / 8)
    // 2.306004… is the 0.975-quantile of t with 8 degrees.
    const halfWidth = 2.306004135204166 * deviation * Math.sqrt(1 + 1 / 9)
    expect(result).toMatchObject({
      head: 125,
      baseCount: 9,
      basis: 'between runs',
      warnings: [],
      changes: [],
    })
    expect(result.base).toBeCloseTo(Math.exp(centre), 9)
    expect(result.change).toBeCloseTo(125 / Math.exp(centre), 9)
    expect(result.interval?.low).toBeCloseTo((125 / Math.exp(centre)) * Math.exp(-halfWidth), 9)
    expect(result.interval?.high).toBeCloseTo((125 / Math.exp(centre)) * Math.exp(halfWidth), 9)
  })

  test('counts less, the more metrics are judged beside it', () => {
    const alone = judgeOne(P99, CALM, 112)
    const family = judgeNight([
      series(P99, CALM, 112),
      ...Array.from({ length: 5 }, (_, index) => series(P99, CALM, 100, `name ${index}`)),
    ])
    expect(family[0]?.pValue).toBe(alone.pValue)
    expect(alone.adjustedPValue).toBe(alone.pValue)
    expect(family[0]?.adjustedPValue).toBeCloseTo(6 * (alone.pValue ?? NaN), 12)
  })

  test('a step too small for one night is found with the second', () => {
    const noisy = CALM.map((value) => 100 * (value / 100) ** 3)
    expect(judgeOne(P99, noisy, 120).verdict).toBe('inconclusive')
    expect(judgeOne(P99, [...noisy, 120], 120).verdict).toBe('regressed')
  })

  test('is not blamed for the night before', () => {
    expect(judgeOne(P99, [...CALM, 160], 103).verdict).not.toBe('regressed')
  })

  test('after nights without any noise, regressed by whatever matters', () => {
    const same = CALM.map(() => 100)
    expect(judgeOne(P99, same, 100)).toMatchObject({ verdict: 'equivalent', pValue: 1 })
    expect(judgeOne(P99, same, 111)).toMatchObject({ verdict: 'regressed', pValue: 0 })
    expect(judgeOne(P99, same, 109).verdict).toBe('equivalent')
    expect(
      judgeOne(
        THROTTLED,
        same.map(() => 0),
        0.05,
      ).verdict,
    ).toBe('regressed')
  })
})

describe('the past', () => {
  test('of fewer than ten nights says nothing, and does not count in the family', () => {
    const [young, old] = judgeNight([series(P99, CALM.slice(0, 9), 300, 'young'), series(P99, CALM, 125)])
    expect(young).toMatchObject({
      verdict: 'inconclusive',
      basis: 'no interval',
      pValue: undefined,
      warnings: ['learning: 9 of 10 valid nights'],
      learning: { nightCount: 9, neededCount: 10, isSinceChange: false },
    })
    expect(old).not.toHaveProperty('learning')
    expect(old?.adjustedPValue).toBe(old?.pValue)
  })

  test('begins anew after a lasting change', () => {
    const after = CALM.map((value) => value * 1.5)
    const result = judgeOne(P99, [...CALM, ...CALM, ...after], 150)
    expect(result.verdict).toBe('equivalent')
    expect(result.baseCount).toBe(9)
    expect(result.changes).toHaveLength(1)
    expect(result.changes[0]).toMatchObject({ index: 20 })
    expect(result.changes[0]?.before).toBeCloseTo(100, 0)
    expect(result.changes[0]?.after).toBeCloseTo(150, 0)
    const soon = judgeOne(P99, [...CALM, ...CALM, ...after.slice(0, 5)], 150)
    expect(soon).toMatchObject({
      verdict: 'inconclusive',
      warnings: ['learning: 5 of 6 valid nights since the last change'],
      learning: { nightCount: 5, neededCount: 6, isSinceChange: true },
    })
  })

  test('reaches back twenty nights at most, or as many as are asked for', () => {
    const past = [...CALM, ...CALM, ...CALM]
    expect(judgeOne(P99, past, 100).baseCount).toBe(20)
    const baseCountOf = (maxBaseCount: number): number | undefined =>
      judgeNight([series(P99, past, 100)], { maxBaseCount })[0]?.baseCount
    expect(baseCountOf(10)).toBe(10)
    expect(baseCountOf(60)).toBe(29)
  })

  test.each([
    [20, 'inconclusive'],
    [5_000, 'equivalent'],
  ])('in which none of %d requests was throttled, as in no night before, is %s', (requestCount, verdict) => {
    const night = { value: 0, requestCount }
    const past = Array.from({ length: 12 }, () => night)
    const [result] = judgeNight([{ metric: THROTTLED, name: '_all', past, tonight: night }])
    expect(result?.verdict).toBe(verdict)
    expect(result?.interval?.low).toBeLessThan(0)
  })

  test('in which nothing was throttled has a share of 0', () => {
    const result = judgeOne(
      THROTTLED,
      CALM.map(() => 0),
      0.1,
    )
    expect(result.base).toBeCloseTo(0, 12)
    expect(result.change).toBeCloseTo(0.1, 12)
  })

  test('leaves out nights that have no logarithm, and keeps count of them', () => {
    const after = CALM.map((value) => value * 1.5)
    const result = judgeOne(P99, [0, 0, ...CALM, ...after], 150)
    expect(result.changes.map(({ index }) => index)).toEqual([12])
  })

  test('in which nights resemble the one before is warned about', () => {
    const drifting = autoregression(60, 0.7, new Rng(3)).map((value) => 100 * Math.exp(0.02 * value))
    const level = judgeOne(P99, drifting, 100)
    expect(level.warnings.join('\n')).toMatch(/^nights resemble the one before \(correlation 0\.\d\d\)/)
    expect(judgeOne(P99, CALM, 100).warnings).toEqual([])
  })

  test('gives the same bytes for the same nights', () => {
    expect(JSON.stringify(judgeOne(P99, CALM, 111))).toBe(JSON.stringify(judgeOne(P99, CALM, 111)))
  })
})

describe('a confirmation', () => {
  /** Nights that differ by 5 %, and last night, which was 40 % slower. */
  const PAST = [...[...CALM, ...CALM].map((value) => 100 * (value / 100) ** 2.5), 140]

  test.each([
    ['what only last night made a candidate: none', 111, 'inconclusive'],
    ['what is slow by itself', 116, 'regressed'],
  ])('of %s', (_story, slow, verdict) => {
    expect(judgeOne(P99, PAST, slow).verdict).toBe('regressed')
    expect(judgeConfirmation([series(P99, PAST, slow)])[0]?.verdict).toBe(verdict)
  })

  test('has the p-value of one new value of a sample', () => {
    const [result] = judgeConfirmation([series(P99, CALM, 110), series(P50, CALM, 100)])
    const logs = CALM.slice(0, -1).map((value) => Math.log(value))
    const centre = logs.reduce((sum, log) => sum + log, 0) / logs.length
    const deviation = Math.sqrt(logs.reduce((sum, log) => sum + (log - centre) ** 2, 0) / (logs.length - 1))
    const t = (Math.log(110) - centre) / (deviation * Math.sqrt(1 + 1 / logs.length))
    expect(result?.pValue).toBeCloseTo(studentCdf(-t, logs.length - 1), 12)
    expect(result?.adjustedPValue).toBeCloseTo(2 * studentCdf(-t, logs.length - 1), 12)
  })
})

/** p50 and p99 of two names, accepted to cap and the throttled share, the p99 of "rank" first. */
function family(deviation: number): SteadyMetric[] {
  const steady = (metric: Metric, name: string, level: number, spread: number): SteadyMetric => {
    return { metric, name, level, deviation: spread, requestCount: 20_000 }
  }
  return [
    steady(P99, 'rank', 200, deviation),
    steady(P50, 'rank', 40, deviation),
    steady(P99, 'reward', 300, deviation),
    steady(P50, 'reward', 60, deviation),
    steady(ACCEPTED_TO_CAP, '_all', 0.97, 0.01),
    steady(THROTTLED, '_all', 0.2, deviation),
  ]
}

describe('the gate, measured', () => {
  test('finds +20 % p99 at 5 % night noise after 20 nights within two nights, at least 85 times in 100', () => {
    const trialCount = NIGHTLY ? 4_000 : 300
    const options = { pastCount: 20, withinCount: 2, trialCount }
    const { ratio, totalCount } = detectionRate(family(0.05), 1.2, options, new Rng(1))
    expect(totalCount).toBe(trialCount)
    expect(ratio).toBeGreaterThanOrEqual(NIGHTLY ? 0.85 : 0.8)
  }, 300_000)

  test('finds less where nights differ more, and next to nothing where nothing changed', () => {
    const options = { pastCount: 20, withinCount: 1, trialCount: 150 }
    const calm = detectionRate(family(0.03), 1.2, options, new Rng(2)).ratio ?? NaN
    const noisy = detectionRate(family(0.1), 1.2, options, new Rng(2)).ratio ?? NaN
    expect(calm).toBeGreaterThan(0.9)
    expect(noisy).toBeLessThan(0.3)
    expect(detectionRate(family(0.05), 1, options, new Rng(2)).ratio).toBeLessThan(0.05)
  }, 120_000)

  test('raises false alarms in at most 2 % of normal nights', () => {
    const rng = new Rng(5)
    const histories = family(0.05).map((steady): NightHistory => ({
      ...steady,
      nights: simulateNights(steady, NIGHTLY ? 400 : 120, rng),
    }))
    const rate = falseNights(histories)
    expect(rate.totalCount).toBeGreaterThanOrEqual(NIGHTLY ? 380 : 100)
    expect(rate.interval?.low).toBeLessThanOrEqual(0.02)
  }, 300_000)

  test('counts nights in which it would have alarmed, of those that it judged', () => {
    const nights = figures([...CALM, 100, 200, 100])
    const rate = falseNights([{ metric: P99, name: '_all', nights }])
    expect(rate).toMatchObject({ count: 1, totalCount: 3 })
    expect(rate.ratio).toBeCloseTo(1 / 3, 12)
    expect(falseNights([])).toEqual({ count: 0, totalCount: 0, ratio: undefined, interval: undefined })
  })

  test('judges each night by those before it that have the metric', () => {
    const nights = figures([...CALM, 100, 200, 100])
    const gaps = [undefined, ...nights.slice(0, 12), undefined, ...nights.slice(12)]
    const histories: NightHistory[] = [
      { metric: P99, name: '_all', nights: gaps },
      { metric: P50, name: 'young', nights: [...gaps.slice(0, -1).map(() => undefined), nights[0]] },
    ]
    expect(falseNights(histories)).toEqual(falseNights([{ metric: P99, name: '_all', nights }]))
  })
})

describe('what a metric has been like', () => {
  test('is the level and spread since the last change', () => {
    const nights = figures([...CALM, ...CALM, ...CALM.map((value) => value * 1.5)])
    const steady = steadyMetric({ metric: P99, name: 'rank', nights: [undefined, ...nights] })
    expect(steady).toMatchObject({ metric: P99, name: 'rank', requestCount: 10_000 })
    expect(steady?.level).toBeCloseTo(150, 0)
    expect(steady?.deviation).toBeCloseTo(0.019, 2)
  })

  test('is not known of too few nights', () => {
    expect(steadyMetric({ metric: P99, name: 'rank', nights: [] })).toBeUndefined()
    expect(steadyMetric({ metric: P99, name: 'rank', nights: figures(CALM.slice(1)) })).toBeUndefined()
  })
})

const NIGHT: RunModel = { ...MODEL, names: ['rank', 'reward'], secondCount: 60, levelDeviation: 0.1 }
const NIGHTS_A_SERIES = 35

/** Nights of whole runs, request by request: noise within each and a factor of 5 % between them. */
function simulatedHistories(rng: Rng): NightHistory[] {
  const histories = new Map<string, { metric: Metric; name: string; nights: NightFigure[] }>()
  for (let night = 0; night < NIGHTS_A_SERIES; night++) {
    const sentRps = 55 * Math.exp(0.02 * rng.normal())
    const run = simulateRun({ ...NIGHT, sentRps }, `${night}`, rng, Math.exp(0.05 * rng.normal()))
    const once = new Uint32Array(run.secondCount).fill(1)
    for (const { metric, name, statistic } of run.statistics) {
      const key = `${metric.column} ${name}`
      const history = histories.get(key) ?? { metric, name, nights: [] }
      histories.set(key, history)
      history.nights.push({ value: statistic.of(once), requestCount: statistic.share?.totalCount ?? 0 })
    }
  }
  return [...histories.values()].filter(({ metric }) => metric.column !== 'accepted_rps').slice(0, 6)
}

describe('false nights of whole simulated runs, with noise within and between them', () => {
  test('are at most 2 %', () => {
    const rng = new Rng('whole runs')
    const seriesCount = NIGHTLY ? 200 : 3
    let falseCount = 0
    let judgedCount = 0
    for (let i = 0; i < seriesCount; i++) {
      const rate = falseNights(simulatedHistories(rng.fork(`${i}`)))
      falseCount += rate.count
      judgedCount += rate.totalCount
    }
    expect(judgedCount).toBe(seriesCount * (NIGHTS_A_SERIES - 10))
    expect(falseCount / judgedCount).toBeLessThanOrEqual(0.02)
  }, 600_000)
})

test('ten minutes of six names are compared in seconds', () => {
  const names = Array.from({ length: 6 }, (_, index) => `name ${index}`)
  const model = { ...MODEL, secondCount: 600, names }
  const [base, head] = ['a', 'b'].map((runId) => simulateRun(model, runId, new Rng(runId)))
  if (base === undefined || head === undefined) throw new Error('no runs')
  const startMs = performance.now()
  expect(compareSeconds(base, head)).toHaveLength(30)
  // Some two seconds on an idle core; the limit allows for a busy one.
  expect(performance.now() - startMs).toBeLessThan(30_000)
}, 120_000)
