import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Rng } from '../../src/core/rng.ts'
import { blockBootstrap } from '../../src/stats/block-bootstrap.ts'
import { histogramQuantileUs, quantileRatios, type BucketCounts } from '../../src/stats/histogram-quantile.ts'
import { percentileIntervals } from '../../src/stats/interval.ts'
import { variance } from '../../src/stats/sample.ts'
import {
  meanPerSecond,
  quantileUs,
  ratioOfSums,
  shareOfSums,
  type SecondStatistic,
} from '../../src/stats/second-statistic.ts'
import { autoregression } from './autoregression.ts'

function histogramOf(values: readonly number[]): BucketCounts {
  const sorted = values.toSorted((a, b) => a - b)
  return { lowUs: sorted, counts: sorted.map(() => 1) }
}

const seconds = fc.array(fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 6 }), {
  minLength: 1,
  maxLength: 8,
})
const quantiles = fc.constantFrom(0.01, 0.25, 0.5, 0.9, 0.99, 0.999)

/** Smallest value with at least `quantile` of all values up to it; NaN of none. */
function slowQuantile(values: readonly number[], quantile: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted.find((_, index) => (index + 1) / sorted.length >= quantile - 1e-12) ?? NaN
}

describe('a quantile of seconds', () => {
  test('is that of all values, each as often as its second was drawn', () => {
    fc.assert(
      fc.property(
        seconds,
        quantiles,
        fc.array(fc.nat(3), { minLength: 8, maxLength: 8 }),
        (values, quantile, draws) => {
          const weights = Uint32Array.from(values, (_, second) => draws[second] ?? 0)
          const drawn = values.flatMap((each, second) =>
            Array.from({ length: weights[second] ?? 0 }, () => each).flat(),
          )
          expect(quantileUs(values.map(histogramOf), quantile).of(weights)).toBe(
            slowQuantile(drawn, quantile),
          )
        },
      ),
    )
  })

  test('counts in a second what lies above it, less the share that should', () => {
    const { influence } = quantileUs([histogramOf([1, 2, 3, 4]), histogramOf([9, 9, 1, 1])], 0.75)
    // p75 is 4; two of eight are above: 0 − 4/4 and 2 − 4/4.
    expect(influence).toEqual([-1, 1])
  })

  test('says how many values an interval needs', () => {
    const thousand = histogramOf(Array.from({ length: 1_000 }, (_, index) => index))
    expect(quantileUs([thousand], 0.99).doubt).toBeUndefined()
    expect(quantileUs([thousand], 0.999).doubt).toBe('p99.9 of 1000 values; an interval needs 10000')
    expect(quantileUs([thousand], 0.005).doubt).toBe('p0.5 of 1000 values; an interval needs 2000')
    expect(quantileUs([histogramOf([])], 0.5).doubt).toBe('p50 of 0 values; an interval needs 20')
  })
})

describe('sums over seconds', () => {
  test('weigh every second', () => {
    const weights = Uint32Array.of(2, 0, 1)
    expect(ratioOfSums([1, 5, 3], [2, 5, 4]).of(weights)).toBe(5 / 8)
    expect(meanPerSecond([1, 5, 4]).of(weights)).toBe(2)
    expect(shareOfSums([1, 2, 3], [2, 4, 6]).share).toEqual({ count: 6, totalCount: 12, dispersion: 1 })
  })

  test('of nothing are no number, and influence nothing', () => {
    const nothing = ratioOfSums([0, 0], [0, 0])
    expect(nothing.of(Uint32Array.of(1, 1))).toBeNaN()
    expect(nothing.influence).toEqual([0, 0])
  })

  test('influences add up to nothing', () => {
    const { influence } = ratioOfSums([1, 5, 3], [2, 5, 4])
    expect(influence.reduce((sum, each) => sum + each, 0)).toBeCloseTo(0, 12)
  })
})

describe('a histogram', () => {
  test('has the quantiles of its values', () => {
    const histogram = { lowUs: [10, 20, 30], counts: [2, 5, 3] }
    expect([0, 0.2, 0.21, 0.7, 0.71, 1].map((quantile) => histogramQuantileUs(histogram, quantile))).toEqual([
      10, 10, 20, 20, 30, 30,
    ])
    expect(histogramQuantileUs({ lowUs: [], counts: [] }, 0.5)).toBeUndefined()
  })

  test('is compared quantile by quantile', () => {
    const base = { lowUs: [0, 100, 200], counts: [1, 8, 1] }
    const head = { lowUs: [100, 800], counts: [9, 1] }
    expect(quantileRatios(base, head, [0.05, 0.5, 1])).toEqual([
      { quantile: 0.05, ratio: undefined },
      { quantile: 0.5, ratio: 1 },
      { quantile: 1, ratio: 4 },
    ])
  })
})

describe('the block bootstrap', () => {
  const size = { secondCount: 600, resampleCount: 1_000 }

  /** Remembers the weights it is asked about. */
  function spy(): { statistic: SecondStatistic; draws: Uint32Array[] } {
    const draws: Uint32Array[] = []
    return { draws, statistic: { of: (weights) => draws.push(weights.slice()), influence: [] } }
  }

  test('draws as many seconds as there are, each equally often in the long run', () => {
    const { statistic, draws } = spy()
    blockBootstrap([statistic], { secondCount: 20, blockSeconds: 7, resampleCount: 4_000 }, new Rng(1))
    expect(draws.every((weights) => weights.reduce((sum, weight) => sum + weight, 0) === 20)).toBe(true)
    for (let second = 0; second < 20; second++) {
      const average = draws.reduce((sum, weights) => sum + (weights[second] ?? 0), 0) / draws.length
      expect(Math.abs(average - 1)).toBeLessThan(0.1)
    }
  })

  test('keeps neighbours together, round the end too', () => {
    const { statistic, draws } = spy()
    blockBootstrap([statistic], { secondCount: 10, blockSeconds: 10, resampleCount: 50 }, new Rng(1))
    expect(draws.every((weights) => weights.every((weight) => weight === 1))).toBe(true)
  })

  test('finds the standard error of the mean, of seconds that hang together too', () => {
    const rng = new Rng(5)
    for (const correlation of [0, 0.6]) {
      const values = autoregression(2_000, correlation, rng)
      const [means = new Float64Array()] = blockBootstrap(
        [meanPerSecond(values)],
        { secondCount: 2_000, blockSeconds: correlation === 0 ? 1 : 40, resampleCount: 2_000 },
        rng,
      )
      const known = Math.sqrt((1 + correlation) / (1 - correlation) / 2_000)
      expect(Math.sqrt(variance(means)) / known).toBeCloseTo(1, 0)
      expect(Math.abs(Math.sqrt(variance(means)) / known - 1)).toBeLessThan(0.25)
    }
  })

  test('gives the same numbers for the same seed', () => {
    const statistic = meanPerSecond(autoregression(600, 0.5, new Rng(2)))
    const run = (seed: number) => blockBootstrap([statistic], { ...size, blockSeconds: 9 }, new Rng(seed))
    expect(run(1)).toEqual(run(1))
    expect(run(1)).not.toEqual(run(2))
  })
})

test('percentile intervals leave out as many below as above, and mirror to the last bit', () => {
  const rng = new Rng(1)
  const replicates = Float64Array.from({ length: 2_000 }, () => rng.normal())
  const sorted = replicates.toSorted()
  const at = percentileIntervals(replicates)
  expect(at(0.95)).toEqual({ low: sorted[50], high: sorted[1949] })
  expect(at(0.9)).toEqual({ low: sorted[100], high: sorted[1899] })
  const mirrored = percentileIntervals(replicates.map((value) => -value))(0.95)
  expect(mirrored).toEqual({ low: -at(0.95).high, high: -at(0.95).low })
})
