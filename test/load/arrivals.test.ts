import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Rng } from '../../src/core/rng.ts'
import {
  evenArrivals,
  plannedCount,
  poissonArrivals,
  type Arrivals,
  type RateCurve,
} from '../../src/load/arrivals.ts'
import { lengthUs, slowDueUs } from './curve-oracle.ts'

const SECOND = 1_000_000
const MINUTE = 60 * SECOND

type Piece = [durationUs: number, fromRate: number, toRate: number]

function curve(timeUnitUs: number, ...pieces: Piece[]): RateCurve {
  return {
    timeUnitUs,
    pieces: pieces.map(([durationUs, fromRate, toRate]) => ({ durationUs, fromRate, toRate })),
  }
}

function all(arrivals: Arrivals): number[] {
  const times: number[] = []
  for (let dueUs = arrivals.next(); dueUs !== undefined; dueUs = arrivals.next()) times.push(dueUs)
  return times
}

/** Whether `timeUs` lies in a stage at rate 0. */
function rateIsZero(planned: RateCurve, timeUs: number): boolean {
  let endUs = 0
  const piece = planned.pieces.find(({ durationUs }) => timeUs < (endUs += durationUs))
  return piece?.fromRate === 0 && piece.toRate === 0
}

describe('even arrivals', () => {
  const table: [story: string, planned: RateCurve, expected: number[]][] = [
    ['3/s starts at 0 and rounds down', curve(SECOND, [SECOND, 3, 3]), [0, 333_333, 666_666]],
    [
      '7 per minute for half a minute: 3.5 planned, the fourth exceeds 3',
      curve(MINUTE, [MINUTE / 2, 7, 7]),
      [0, 8_571_428, 17_142_857, 25_714_285],
    ],
    ['ramp up 0 to 2/s in 2 s: A(t) = t²/2', curve(SECOND, [2 * SECOND, 0, 2]), [0, 1_414_213]],
    ['ramp down 2/s to 0 in 2 s: A(t) = 2t − t²/2', curve(SECOND, [2 * SECOND, 2, 0]), [0, 585_786]],
    ['a stage at rate 0 sends nothing', curve(SECOND, [10 * SECOND, 0, 0]), []],
    ['no stage, no arrival', curve(SECOND), []],
    [
      'a plateau at 0 on a whole area holds the next arrival until the area grows again',
      curve(SECOND, [SECOND, 2, 2], [5 * SECOND, 0, 0], [SECOND, 2, 2]),
      [0, 500_000, 6_000_000, 6_500_000],
    ],
    [
      'a plateau at 0 on a half area keeps the half',
      curve(SECOND, [750_000, 2, 2], [5 * SECOND, 0, 0], [SECOND, 2, 2]),
      [0, 500_000, 6_000_000, 6_500_000],
    ],
    [
      'a stage of 0 s is a jump',
      curve(SECOND, [SECOND, 1, 1], [0, 1, 4], [SECOND, 4, 4]),
      [0, 1_000_000, 1_250_000, 1_500_000, 1_750_000],
    ],
    [
      'down to 0 and up again, meeting 0 on a whole area',
      curve(SECOND, [2 * SECOND, 2, 0], [2 * SECOND, 0, 2]),
      [0, 585_786, 2_000_000, 3_414_213],
    ],
    ['less than one arrival: it is still due at the start', curve(MINUTE, [SECOND, 1, 1]), [0]],
    ['a stage too short for an arrival of its own', curve(SECOND, [SECOND, 1, 1], [1, 1, 1]), [0, 1_000_000]],
  ]

  test.each(table)('%s', (_story, planned, expected) => {
    expect(all(evenArrivals(planned))).toEqual(expected)
    expect(plannedCount(planned)).toBe(expected.length)
  })

  test('50/s: every 20 ms exactly', () => {
    const times = all(evenArrivals(curve(SECOND, [60 * SECOND, 50, 50])))
    expect(times).toEqual(Array.from({ length: 3_000 }, (_, n) => n * 20_000))
  })

  test('10/s to 110/s in one second: t = (−10 + √(100 + 200n)) / 100', () => {
    const times = all(evenArrivals(curve(SECOND, [SECOND, 10, 110])))
    expect(times.slice(0, 5)).toEqual([0, 73_205, 123_606, 164_575, 200_000])
    expect(times).toHaveLength(60)
  })

  test('the last of ten million arrivals is where it belongs', () => {
    const planned = curve(SECOND, [3_333_333_333_333, 3, 3])
    const arrivals = evenArrivals(planned)
    let dueUs: number | undefined
    for (let n = 0; n < 10_000_000; n++) dueUs = arrivals.next()
    // 9,999,999 / 3 s
    expect(dueUs).toBe(3_333_333_000_000)
    expect(plannedCount(planned)).toBe(10_000_000)
    expect(arrivals.next()).toBeUndefined()
  })

  test('products beyond 2^53 stay exact', () => {
    const day = 86_400 * SECOND
    const planned = curve(day, [day, 999_999_999_989, 999_999_999_989])
    // The product passes 2^53 at arrival 52,125.
    const arrivals = evenArrivals(planned)
    const times = Array.from({ length: 60_000 }, () => arrivals.next())
    const wanted = times.map((_, n) => Number((BigInt(n) * BigInt(day)) / 999_999_999_989n))
    expect(times).toEqual(wanted)
  })

  test('agrees with bisection over whole µs for any curve', () => {
    const rate = fc.integer({ min: 0, max: 40 })
    const piece = fc.tuple(
      fc.oneof(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 3_000_000 })),
      rate,
      rate,
    )
    const timeUnit = fc.constantFrom(1, 7, 1_000, 100_000, SECOND, MINUTE)
    const anyCurve = fc
      .tuple(timeUnit, fc.array(piece, { maxLength: 5 }))
      .map(([unit, pieces]) => curve(unit, ...pieces))
      .filter((planned) => plannedCount(planned) < 2_000)
    fc.assert(
      fc.property(anyCurve, (planned) => {
        const times = all(evenArrivals(planned))
        const wanted = Array.from({ length: times.length + 1 }, (_, n) => slowDueUs(planned, n))
        expect([...times, undefined]).toEqual(wanted)
      }),
      { numRuns: 150 },
    )
  })

  test.each<[story: string, planned: RateCurve]>([
    ['up', curve(SECOND, [86_400 * SECOND, 0, 50])],
    ['down', curve(SECOND, [86_400 * SECOND, 50, 0])],
    ['hardly at all', curve(SECOND, [86_400 * SECOND, 25, 26])],
  ])('a day of ramping %s is exact from the first to the last arrival', (_story, planned) => {
    const count = plannedCount(planned)
    const arrivals = evenArrivals(planned)
    const sampled = new Set([0, 1, 2, 3, 999, 1_000, 1_079_999, count - 3, count - 2, count - 1])
    const wrong: string[] = []
    for (let n = 0; n < count; n++) {
      const dueUs = arrivals.next()
      if (!sampled.has(n)) continue
      const wanted = slowDueUs(planned, n)
      if (dueUs !== wanted) wrong.push(`arrival ${n}: ${dueUs}, not ${wanted}`)
    }
    expect(wrong).toEqual([])
    expect(arrivals.next()).toBeUndefined()
  })

  test.each<[planned: RateCurve, message: string]>([
    [curve(0, [1, 1, 1]), 'timeUnitUs must be a whole number of at least 1, not 0'],
    [curve(SECOND, [1.5, 1, 1]), 'durationUs must be a whole number of at least 0, not 1.5'],
    [curve(SECOND, [1, -1, 1]), 'fromRate must be a whole number of at least 0, not -1'],
    [curve(SECOND, [1, 1, Number.NaN]), 'toRate must be a whole number of at least 0, not NaN'],
  ])('refuses a curve that is not made of whole numbers (%#)', (planned, message) => {
    expect(() => evenArrivals(planned)).toThrow(new RangeError(message))
    expect(() => poissonArrivals(planned, new Rng(1))).toThrow(new RangeError(message))
    expect(() => plannedCount(planned)).toThrow(new RangeError(message))
  })
})

describe('poisson arrivals', () => {
  const hour = curve(SECOND, [3_600 * SECOND, 50, 50])

  test('the same seed gives the same times, another seed others', () => {
    const times = all(poissonArrivals(hour, new Rng(7)))
    expect(all(poissonArrivals(hour, new Rng(7)))).toEqual(times)
    expect(all(poissonArrivals(hour, new Rng(8)))).not.toEqual(times)
  })

  test('counts per second have the mean of the plan and the dispersion of a Poisson process', () => {
    const counts = Array.from({ length: 3_600 }, () => 0)
    for (const dueUs of all(poissonArrivals(hour, new Rng(1)))) {
      const second = Math.floor(dueUs / SECOND)
      counts[second] = (counts[second] ?? Number.NaN) + 1
    }
    const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length
    const variance = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / counts.length
    // Four standard errors: √(50/3600) for the mean, √(2/3600) for variance over mean.
    expect(Math.abs(mean - 50)).toBeLessThan(4 * Math.sqrt(50 / 3_600))
    expect(Math.abs(variance / mean - 1)).toBeLessThan(4 * Math.sqrt(2 / 3_600))
  })

  test('follows a ramp: a quarter of the arrivals of 0 → r come in the first half', () => {
    const ramp = curve(SECOND, [1_000 * SECOND, 0, 200])
    const times = all(poissonArrivals(ramp, new Rng(3)))
    const early = times.filter((dueUs) => dueUs < 500 * SECOND).length
    expect(Math.abs(times.length - 100_000)).toBeLessThan(4 * Math.sqrt(100_000))
    expect(Math.abs(early / times.length - 0.25)).toBeLessThan(4 * Math.sqrt((0.25 * 0.75) / 100_000))
  })

  test('times never decrease, lie before the end and never in a stage at rate 0', () => {
    const rate = fc.integer({ min: 0, max: 100 })
    const piece = fc.tuple(fc.integer({ min: 0, max: 2_000_000 }), rate, rate)
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 5 }), fc.integer(), (pieces, seed) => {
        const planned = curve(SECOND, ...pieces)
        const times = all(poissonArrivals(planned, new Rng(seed)))
        expect(times).toEqual([...times].sort((a, b) => a - b))
        expect(times.every((dueUs) => Number.isSafeInteger(dueUs) && dueUs < lengthUs(planned))).toBe(true)
        expect(times.filter((dueUs) => rateIsZero(planned, dueUs))).toEqual([])
      }),
      { numRuns: 100 },
    )
  })
})
