import * as fc from 'fast-check'
import { InvalidArgumentError } from 'commander'
import { describe, expect, it } from 'vitest'
import { connectionSteps } from '../../../src/commands/saturate/connection-steps.ts'

describe('connections of the steps', () => {
  it.each([
    ['10', [10]],
    ['1,2,4,8', [1, 2, 4, 8]],
    ['1, 50', [1, 50]],
    ['1..64x2', [1, 2, 4, 8, 16, 32, 64]],
    // The end is a step of its own where the steps do not meet it.
    ['1..50x3', [1, 3, 9, 27, 50]],
    ['10..50+10', [10, 20, 30, 40, 50]],
    ['10..45+10', [10, 20, 30, 40, 45]],
    // Never twice the same, however little it grows.
    ['1..6x1.2', [1, 2, 3, 4, 5, 6]],
    ['5..5x2', [5]],
  ])('%s', (text, steps) => {
    expect(connectionSteps(text)).toEqual(steps)
  })

  it.each([
    '',
    '0',
    '-1',
    '1.5',
    '1e3',
    '4,2',
    '2,2',
    '1,,2',
    '0..4x2',
    '8..4x2',
    '1..8x1',
    '1..8+0',
    '1..8',
    '1..8x',
    '1000001',
    '1..1000000+1',
    '1..100000000000000000000x2',
  ])('"%s" is refused', (text) => {
    expect(() => connectionSteps(text)).toThrow(InvalidArgumentError)
  })

  it('of any range increase from its first number to its last', () => {
    const range = fc.tuple(
      fc.integer({ min: 1, max: 500 }),
      fc.integer({ min: 0, max: 500 }),
      fc.integer({ min: 2, max: 9 }),
    )
    fc.assert(
      fc.property(range, ([from, more, factor]) => {
        const steps = connectionSteps(`${from}..${from + more}x${factor}`)
        expect([steps[0], steps.at(-1)]).toEqual([from, from + more])
        expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b))
      }),
    )
  })
})
