import * as fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { Rng } from '../../src/core/rng.ts'
import { changePoints, type ChangePoint, type ChangePointOptions } from '../../src/stats/change-points.ts'
import { bestSplit } from '../../src/stats/energy-split.ts'
import { mean } from '../../src/stats/sample.ts'
import { wilsonInterval } from '../../src/stats/share.ts'

const NIGHTLY = process.env['NIGHTLY'] === '1'

const SERIES = JSON.parse(
  readFileSync(new URL('../golden/nightly-series.json', import.meta.url), 'utf8'),
) as { values: number[] }
/** Window, p-value and least change with which Otava tests itself on this series. */
const AS_OTAVA: ChangePointOptions = { windowCount: 30, maxPValue: 0.01, leastChange: 0.05 }

function indexes(changes: readonly ChangePoint[]): number[] {
  return changes.map(({ index }) => index)
}

/** `levels` as [mean, number of nights] one after the other, with noise of standard deviation 1. */
function steps(levels: readonly (readonly [number, number])[], rng: Rng): number[] {
  return levels.flatMap(([level, count]) => Array.from({ length: count }, () => level + rng.normal()))
}

function shuffled(values: readonly number[], rng: Rng): number[] {
  const deck = [...values]
  for (let end = deck.length; end > 1; end--) {
    const [drawn = 0] = deck.splice(rng.int(end), 1)
    deck.push(drawn)
  }
  return deck
}

/** Splits as the formula says, mean by mean. */
function slowEnergy(values: readonly number[], k: number): number {
  const left = values.slice(0, k)
  const right = values.slice(k)
  const distances = (xs: readonly number[], ys: readonly number[], skipSame: boolean) =>
    mean(xs.flatMap((x, i) => ys.flatMap((y, j) => (skipSame && i === j ? [] : [Math.abs(x - y)]))))
  const spread =
    2 * distances(left, right, false) - distances(left, left, true) - distances(right, right, true)
  return ((k * right.length) / values.length) * spread
}

describe('the best split', () => {
  test('is the place where the energy is largest', () => {
    const values = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 6, maxLength: 16 })
    fc.assert(
      fc.property(values, (series) => {
        const places = Array.from({ length: series.length - 5 }, (_, place) => place + 3)
        const largest = Math.max(...places.map((k) => slowEnergy(series, k)))
        const split = bestSplit(series)
        expect(split?.energy).toBeCloseTo(largest, 9)
        expect(slowEnergy(series, split?.index ?? NaN)).toBeCloseTo(largest, 9)
      }),
    )
  })

  test('needs three values on either side', () => {
    expect(bestSplit([1, 1, 1, 9, 9])).toBeUndefined()
    expect(bestSplit([1, 1, 1, 9, 9, 9])?.index).toBe(3)
    expect(bestSplit([1, 1, 1, 1, 1, 9])?.index).toBe(3)
  })
})

describe('change points', () => {
  test("of a public nightly series are those that Otava's own test names", () => {
    expect(indexes(changePoints(SERIES.values, AS_OTAVA))).toEqual([15, 71])
  })

  test('tell the levels around them, and how sure they are', () => {
    const [first, second] = changePoints(SERIES.values, AS_OTAVA)
    expect(first?.before).toBeCloseTo(mean(SERIES.values.slice(0, 15)), 6)
    expect(first?.after).toBeCloseTo(mean(SERIES.values.slice(15, 71)), 6)
    expect(second?.before).toBe(first?.after)
    expect(second?.pValue).toBeLessThan(1e-9)
  })

  test('are where the steps are, up and down', () => {
    const found = indexes(
      changePoints(
        steps(
          [
            [0, 40],
            [6, 35],
            [-2, 45],
          ],
          new Rng(1),
        ),
      ),
    )
    expect(found).toHaveLength(2)
    expect(Math.abs((found[0] ?? 0) - 40)).toBeLessThanOrEqual(1)
    expect(Math.abs((found[1] ?? 0) - 75)).toBeLessThanOrEqual(1)
  })

  test('do not care which way is up, nor for unit and origin', () => {
    const series = steps(
      [
        [0, 30],
        [4, 30],
        [1, 30],
      ],
      new Rng(4),
    )
    const found = indexes(changePoints(series))
    expect(indexes(changePoints(series.map((value) => 1_000 - 250 * value)))).toEqual(found)
  })

  test('one night that stands out is none', () => {
    const series = steps([[0, 60]], new Rng(2))
    series[30] = 15
    expect(changePoints(series)).toEqual([])
  })

  test('of nights without any noise are the steps, however small', () => {
    const flat = Array.from({ length: 20 }, (_, night) => (night < 12 ? 1 : 1.001))
    expect(changePoints(flat)).toEqual([{ index: 12, before: 1, after: 1.001, pValue: 0 }])
    expect(changePoints(flat, { leastChange: 0.01 })).toEqual([])
    expect(changePoints(Array.from({ length: 60 }, () => Math.log(100)))).toEqual([])
  })

  test.each([0, 1, 5])('of %i nights are none', (count) => {
    expect(changePoints(Array.from({ length: count }, (_, night) => night))).toEqual([])
  })
})

/** How many of `count` series that `draw` makes show a change, with the 99.9 % interval for the rate. */
function falseRate(count: number, options: ChangePointOptions, draw: () => readonly number[]) {
  let falseCount = 0
  for (let i = 0; i < count; i++) if (changePoints(draw(), options).length > 0) falseCount++
  return wilsonInterval({ count: falseCount, totalCount: count }, 0.999)
}

describe('false changes are no more than the p-value says, over a whole history', () => {
  const last = SERIES.values.slice(-200)

  test('in shuffled versions of the last 200 nights of the public series', () => {
    const rng = new Rng('shuffle')
    for (let i = 0; i < 30; i++) expect(changePoints(shuffled(last, rng), AS_OTAVA)).toEqual([])
    expect(falseRate(NIGHTLY ? 3_000 : 100, {}, () => shuffled(last, rng)).low).toBeLessThanOrEqual(0.01)
  }, 300_000)

  test('in normal nights', () => {
    const rng = new Rng('nights')
    const count = NIGHTLY ? 3_000 : 150
    expect(falseRate(count, {}, () => steps([[0, 60]], rng)).low).toBeLessThanOrEqual(0.01)
    expect(falseRate(count, { maxPValue: 0.05 }, () => steps([[0, 60]], rng)).low).toBeLessThanOrEqual(0.05)
  }, 300_000)

  test('while a step of three deviations is found within a few nights', () => {
    const rng = new Rng('found')
    let foundCount = 0
    for (let i = 0; i < 50; i++) {
      if (
        changePoints(
          steps(
            [
              [0, 40],
              [3, 6],
            ],
            rng,
          ),
        ).length > 0
      )
        foundCount++
    }
    expect(foundCount).toBeGreaterThanOrEqual(45)
  })
})
