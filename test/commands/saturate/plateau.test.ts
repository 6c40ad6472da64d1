import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findPlateau, steadySeconds } from '../../../src/commands/saturate/plateau.ts'
import { Rng } from '../../../src/core/rng.ts'

describe('the plateau', () => {
  it.each<[story: string, steps: number[][], plateau: object | undefined]>([
    ['one step has none', [[100, 100]], undefined],
    [
      'the last step gained',
      [
        [100, 100],
        [200, 200],
      ],
      undefined,
    ],
    [
      'a gain of exactly 5 % is one',
      [
        [100, 100],
        [105, 105],
      ],
      undefined,
    ],
    [
      'the first step that no later one beats',
      [
        [50, 50],
        [100, 100],
        [101, 101],
        [99, 99],
      ],
      { step: 1, isCertain: true },
    ],
    [
      'steps that gain little each are held against all later ones',
      [
        [100, 100],
        [103, 103],
        [106, 106],
      ],
      { step: 1, isCertain: true },
    ],
    [
      'collapse: less than before',
      [
        [100, 101],
        [20, 21],
      ],
      { step: 0, isCertain: true },
    ],
    [
      'nothing after something',
      [
        [10, 10],
        [0, 0],
      ],
      { step: 0, isCertain: true },
    ],
    ['one second is too few to be certain', [[100], [100]], { step: 0, isCertain: false }],
    [
      'seconds that scatter rule nothing out',
      [
        [60, 140, 100],
        [150, 60, 95],
      ],
      { step: 0, isCertain: false },
    ],
  ])('%s', (_story, steps, plateau) => {
    const found = findPlateau(steps)
    expect(found && { step: found.step, isCertain: found.isCertain }).toEqual(plateau)
  })

  it('says how much more the best later step had', () => {
    expect(
      findPlateau([
        [100, 100],
        [102, 102],
        [98, 98],
      ])?.gainRatio,
    ).toBeCloseTo(0.02, 12)
  })

  it('is the first step that no later one beats by 5 %, the last one apart', () => {
    const step = fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 3, maxLength: 3 })
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 6 }), (steps) => {
        const sums = steps.map((seconds) => seconds.reduce((total, value) => total + value, 0))
        // In whole numbers there is no rounding on either side of 5 %.
        const lead = (before: number, after: number): number => 100 * after - 105 * before
        fc.pre(sums.every((before) => sums.every((after) => before === 0 || lead(before, after) !== 0)))
        const isBeaten = (before: number, after: number): boolean => after > 0 && lead(before, after) > 0
        const first = sums.findIndex(
          (sum, index) => !sums.slice(index + 1).some((after) => isBeaten(sum, after)),
        )
        expect(findPlateau(steps)?.step).toBe(first === steps.length - 1 ? undefined : first)
      }),
    )
  })

  it('is called certain by mistake about as often as the confidence allows', () => {
    const rng = new Rng(7)
    const noisy = (mean: number): number[] => Array.from({ length: 5 }, () => mean + 10 * rng.normal())
    let mistakes = 0
    const rounds = 4_000
    for (let round = 0; round < rounds; round++) {
      // The truth is a gain of 5 %.
      if (findPlateau([noisy(100), noisy(105)])?.isCertain === true) mistakes++
    }
    expect(mistakes / rounds).toBeGreaterThan(0.03)
    expect(mistakes / rounds).toBeLessThan(0.07)
  })
})

describe('steadySeconds', () => {
  it.each([
    [[], []],
    [[5], [5]],
    [
      [5, 9],
      [5, 9],
    ],
    [
      [5, 9, 9],
      [9, 9],
    ],
  ])('of %j are %j', (seconds, steady) => {
    expect(steadySeconds(seconds)).toEqual(steady)
  })
})
