import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { betaCdf, betaQuantile } from '../../src/stats/beta.ts'
import { normalCdf, normalQuantile } from '../../src/stats/normal.ts'
import { studentCdf, studentQuantile } from '../../src/stats/student.ts'

/** Error of a number, relative to those above 1. */
function errorOf(actual: number, expected: number): number {
  return Math.abs(actual - expected) / Math.max(1, Math.abs(expected))
}

const probability = fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true })

describe('the normal distribution', () => {
  // Abramowitz and Stegun, Handbook of Mathematical Functions, table 26.1.
  test.each([
    [0, 0.5],
    [0.5, 0.691462461274013],
    [1, 0.841344746068543],
    [1.5, 0.933192798731142],
    [2, 0.977249868051821],
    [2.5, 0.993790334674224],
    [3, 0.99865010196837],
    [4, 0.999968328758167],
  ])('up to %f holds %f', (x, p) => {
    expect(errorOf(normalCdf(x), p)).toBeLessThan(1e-9)
    expect(errorOf(normalCdf(-x), 1 - p)).toBeLessThan(1e-9)
  })

  // M. Wichura, Algorithm AS 241, 1988 (the rows at 0.25, 0.001 and 1e-20); mpmath with 40 digits.
  test.each([
    [0.25, -0.6744897501960817],
    [0.001, -3.090232306167814],
    [1e-20, -9.26234008979841],
    [1e-5, -4.264890793922825],
    [0.6, 0.2533471031357998],
    [0.9, 1.2815515655446],
    [0.975, 1.959963984540054],
    [0.995, 2.575829303548901],
  ])('has %f below %f', (p, x) => {
    expect(errorOf(normalQuantile(p), x)).toBeLessThan(1e-9)
  })

  test('keeps the relative precision of its tail', () => {
    expect(normalCdf(-10) / 7.61985302416053e-24).toBeCloseTo(1, 12)
    expect(normalQuantile(1e-300)).toBeCloseTo(-37.0470962993612, 9)
  })

  test('ends at 0 and 1', () => {
    expect([normalQuantile(0), normalQuantile(0.5), normalQuantile(1)]).toEqual([-Infinity, 0, Infinity])
  })

  test('is continuous where the series meets the continued fraction', () => {
    const step = normalCdf(-3 + 1e-9) - normalCdf(-3 - 1e-9)
    expect(step / (2e-9 * 0.0044318484119380075)).toBeCloseTo(1, 3)
  })
})

/** Quantiles at 0.95, 0.975, 0.99 and 0.995: mpmath with 40 digits; rounded they are any printed table. */
const STUDENT: readonly (readonly [number, readonly number[]])[] = [
  [1, [6.313751514675, 12.706204736175, 31.820515953774, 63.656741162872]],
  [2, [2.9199855803537, 4.3026527297495, 6.9645567342833, 9.9248432009183]],
  [3, [2.3533634348018, 3.1824463052837, 4.5407028585681, 5.8409093097334]],
  [5, [2.015048373333, 2.5705818356363, 3.3649299989072, 4.0321429835552]],
  [9, [1.8331129326562, 2.2621571627982, 2.8214379250258, 3.2498355415921]],
  [10, [1.8124611228117, 2.2281388519863, 2.7637694581127, 3.169272672617]],
  [19, [1.7291328115214, 2.0930240544083, 2.539483190624, 2.860934606465]],
  [30, [1.697260886594, 2.0422724563012, 2.4572615424006, 2.7499956535672]],
  [120, [1.6576508993552, 1.9799304050824, 2.3578246126488, 2.6174211451069]],
  [1000, [1.6463788172855, 1.9623390808264, 2.3300826747555, 2.580754698066]],
]

describe("Student's t", () => {
  test.each(STUDENT)('with %i degrees has the quantiles of the tables', (degrees, quantiles) => {
    for (const [index, p] of [0.95, 0.975, 0.99, 0.995].entries()) {
      const quantile = quantiles[index] ?? NaN
      expect(errorOf(studentQuantile(p, degrees), quantile)).toBeLessThan(1e-9)
      expect(errorOf(studentQuantile(1 - p, degrees), -quantile)).toBeLessThan(1e-9)
      expect(errorOf(studentCdf(quantile, degrees), p)).toBeLessThan(1e-9)
    }
  })

  test('takes fractions of degrees', () => {
    expect(errorOf(studentQuantile(0.99, 6.7), 3.0357466193352)).toBeLessThan(1e-9)
    expect(errorOf(studentCdf(2.5, 3.5), 0.96215267809525)).toBeLessThan(1e-9)
  })

  test.each([-40, -1, -1e-6, 0, 0.3, 7])('with 1 and 2 degrees has the closed forms, at %f', (t) => {
    expect(errorOf(studentCdf(t, 1), 0.5 + Math.atan(t) / Math.PI)).toBeLessThan(1e-9)
    expect(errorOf(studentCdf(t, 2), 0.5 + t / (2 * Math.sqrt(2 + t * t)))).toBeLessThan(1e-9)
  })

  test('goes to the normal distribution', () => {
    for (const p of [0.001, 0.3, 0.975]) {
      expect(studentQuantile(p, 1e9)).toBeCloseTo(normalQuantile(p), 7)
    }
  })

  test('ends at 0 and 1, and is symmetric about 0', () => {
    expect([studentQuantile(0, 5), studentQuantile(0.5, 5), studentQuantile(1, 5)]).toEqual([
      -Infinity,
      0,
      Infinity,
    ])
    expect([studentCdf(-Infinity, 5), studentCdf(0, 5), studentCdf(Infinity, 5)]).toEqual([0, 0.5, 1])
  })

  test('quantiles undo the distribution function', () => {
    fc.assert(
      fc.property(probability, fc.double({ min: 0.5, max: 1e5, noNaN: true }), (p, degrees) => {
        expect(errorOf(studentCdf(studentQuantile(p, degrees), degrees), p)).toBeLessThan(1e-9)
      }),
    )
  })
})

/** P(at least `least` of `trials` succeed): I_p(least, trials − least + 1), by the sum. */
function binomialTail(least: number, trials: number, p: number): number {
  let term = (1 - p) ** trials
  let tail = 0
  for (let count = 0; count <= trials; count++) {
    if (count >= least) tail += term
    term *= ((trials - count) / (count + 1)) * (p / (1 - p))
  }
  return tail
}

describe('the beta distribution', () => {
  // mpmath with 40 digits.
  test.each([
    [0.025, 3, 8, 0.066739511177734],
    [0.975, 3, 8, 0.55609546230764],
    [0.05, 0.5, 10.5, 0.00019173628897448],
    [0.95, 50, 951, 0.061758578828174],
    [0.5, 2.5, 7.5, 0.23287867775886],
    [0.99, 1, 24_000, 0.00019186368289182],
    [0.001, 120, 80, 0.49125722863626],
  ])('has its %f-quantile for (%f, %f) at %f', (p, a, b, x) => {
    expect(errorOf(betaQuantile(p, a, b) / x, 1)).toBeLessThan(1e-9)
    expect(errorOf(betaCdf(x, a, b), p)).toBeLessThan(1e-9)
  })

  test.each([0.001, 0.2, 0.5, 0.77, 0.999])('has the closed forms at %f', (x) => {
    expect(errorOf(betaCdf(x, 4.5, 1), x ** 4.5)).toBeLessThan(1e-9)
    expect(errorOf(betaCdf(x, 1, 300), 1 - (1 - x) ** 300)).toBeLessThan(1e-9)
    expect(errorOf(betaCdf(x, 0.5, 0.5), (2 / Math.PI) * Math.asin(Math.sqrt(x)))).toBeLessThan(1e-9)
  })

  test('is the tail of a binomial distribution', () => {
    const p = fc.double({ min: 0.01, max: 0.99, noNaN: true })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.nat(59), p, (trials, drawn, share) => {
        const least = 1 + (drawn % trials)
        expect(
          errorOf(betaCdf(share, least, trials - least + 1), binomialTail(least, trials, share)),
        ).toBeLessThan(1e-9)
      }),
    )
  })

  test('quantiles undo the distribution function, far from and near the ends', () => {
    const parameter = fc.double({ min: 0.05, max: 1e5, noNaN: true })
    fc.assert(
      fc.property(probability, parameter, parameter, (p, a, b) => {
        const x = betaQuantile(p, a, b)
        fc.pre(x > 1e-300 && x < 1 - 1e-6)
        expect(Math.abs(betaCdf(x, a, b) - p)).toBeLessThan(1e-8)
      }),
    )
  })

  test('mirrors with its parameters', () => {
    expect(errorOf(betaCdf(0.3, 2, 9) + betaCdf(0.7, 9, 2), 1)).toBeLessThan(1e-9)
    expect(errorOf(betaQuantile(0.1, 2, 9) + betaQuantile(0.9, 9, 2), 1)).toBeLessThan(1e-9)
    expect([betaQuantile(0, 2, 9), betaQuantile(1, 2, 9), betaCdf(0, 2, 9), betaCdf(1, 2, 9)]).toEqual([
      0, 1, 0, 1,
    ])
  })
})

test('what is no probability or parameter is refused', () => {
  for (const p of [-0.1, 1.1, NaN]) {
    expect(() => normalQuantile(p)).toThrow(RangeError)
    expect(() => betaQuantile(p, 1, 1)).toThrow(RangeError)
    expect(() => studentQuantile(p, 3)).toThrow(RangeError)
  }
  for (const parameter of [0, -1, NaN, Infinity]) {
    expect(() => betaCdf(0.5, parameter, 1)).toThrow(RangeError)
    expect(() => studentCdf(1, parameter)).toThrow(RangeError)
  }
})
